/* The URL of a service, checked once. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_URL_H
#define FC_NET_URL_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"

/* An http or https URL without user, query and fragment. { 0 } is empty. */
struct fc_url {
	char *base; /* without a trailing slash */
	char *host; /* an IPv6 address without brackets */
	bool secure;
	bool loopback; /* the host is localhost or a loopback address */
};

void fc_url_release(struct fc_url *url);

/*
 * Parse and check a URL. Plain http is allowed to this machine only, unless insecure_http.
 * Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY.
 */
enum fc_status fc_url_parse(const char *text, bool insecure_http, struct fc_url *out,
			    struct fc_error *err);

/* Percent-encode everything but letters, digits and -._~ (RFC 3986, 2.3). */
void fc_url_append_encoded(struct fc_buffer *out, const char *text);

/* The same as a new string; free() it. NULL when out of memory. */
char *fc_url_encode(const char *text);

/* The host of any URL, for a message; free() it. NULL if it has none. */
char *fc_url_host(const char *text);

#endif
