/* Downloads a file over HTTP; each retry resumes where the last try ended. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_DOWNLOAD_H
#define FC_NET_DOWNLOAD_H

#include "net/http.h"

struct fc_download {
	const char *url;
	int fd;         /* open for writing; its content is the start of the file */
	uint64_t have;  /* bytes in fd */
	uint64_t bytes; /* size of the whole file */
	void (*progress)(void *context, uint64_t have, uint64_t bytes); /* may be NULL */
	void *progress_context;
};

/*
 * Download the missing part of a file whose size is known. A server that does not support ranges sends the whole file again. Redirects are
 * not followed. http provides certificates, timeouts, retries and stop; the URL and the limits of the response are set by this function.
 * download->have is updated even on failure.
 *
 * Errors: FC_BUSY (the server cannot be reached, is too slow or closed the connection after all tries, or the download was stopped: it can
 * be resumed), FC_REFUSED (the file does not exist, is redirected or has another size), FC_PERMISSION (the certificate is not trusted),
 * FC_INVALID_ARGUMENT (invalid URL), FC_FULL, FC_IO, FC_NO_MEMORY.
 */
enum fc_status fc_download(struct fc_download *download, const struct fc_http_options *http,
			   struct fc_error *err);

#endif
