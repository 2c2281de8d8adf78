/* Downloads a file over HTTP; each retry resumes where the last try ended. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_DOWNLOAD_H
#define FC_NET_DOWNLOAD_H

#include "net/http.h"

struct fc_download {
	const char *url;
	int fd;         /* open for writing; its content is the start of the file */
	uint64_t have;  /* bytes in fd */
	uint64_t bytes; /* of the whole file */
	void (*progress)(void *context, uint64_t have, uint64_t bytes); /* may be NULL */
	void *progress_context;
};

/*
 * Download the missing part of a file whose size is known. A server without ranges sends all of it again. Redirects are not
 * followed. http has certificates, timeouts, retries and stop; url and limits of the response are set here. download->have is updated
 * in every case.
 *
 * Errors: FC_BUSY (not reached, too slow, disconnected after all tries, or stopped: the download can be resumed), FC_REFUSED (no such
 * file, a redirect, another size), FC_PERMISSION (the certificate), FC_INVALID_ARGUMENT (the URL), FC_FULL, FC_IO, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_download(struct fc_download *download,
				       const struct fc_http_options *http, struct fc_error *err);

#endif
