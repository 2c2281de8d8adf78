/* One file fetched over HTTP, in several tries if need be, each of which goes on where the last one ended. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_DOWNLOAD_H
#define FC_NET_DOWNLOAD_H

#include "net/http.h"

struct fc_download {
	const char *url;
	int fd; /* what is there already is its start; open for writing, its position does not matter */
	uint64_t have;                                                  /* bytes that are there */
	uint64_t bytes;                                                 /* of the whole file */
	void (*progress)(void *context, uint64_t have, uint64_t bytes); /* may be NULL */
	void *progress_context;
};

/*
 * Fetch what is missing of a file whose size is known. A server that knows no ranges sends all of it again. Redirects are not
 * followed. http: who to trust, times and tries; its url, stop and limits on answers are filled in or obeyed as below.
 * *download->have tells how far it came in every case.
 *
 * Errors: FC_BUSY (not reached, too slow, cut off after all tries, or asked to stop: what is there is a good start), FC_REFUSED
 * (no such file, a redirect, a file of another size), FC_PERMISSION (the certificate), FC_INVALID_ARGUMENT (the address), FC_FULL,
 * FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_download(struct fc_download *download,
				       const struct fc_http_options *http, struct fc_error *err);

#endif
