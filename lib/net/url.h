/* Addresses: the client's own, checked once, and those of its requests, in full and as they may be shown. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_URL_H
#define FC_NET_URL_H

#include "net/http.h"

/* An http or https address without user, query and fragment. { 0 } is empty. */
struct fc_url {
	char *base; /* without a slash at its end */
	char *host; /* an IPv6 address without brackets */
	bool secure;
	bool loopback; /* the host is this machine, by its name or number alone */
};

void fc_url_release(struct fc_url *url);

/*
 * Take an address apart and check it. Plain http is for this machine alone unless insecure_http.
 * Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_url_parse(const char *text, bool insecure_http, struct fc_url *out,
					struct fc_error *err);

/* The request's whole address; fc_secret_free() it. With `shown`, secret values read REDACTED. NULL when out of memory. */
char *fc_url_of_request(const struct fc_url *url, const struct fc_http_request *request,
			bool shown);

/* Everything but letters, digits and -._~ as %XX (RFC 3986, 2.3); free() it. NULL when out of memory. */
char *fc_url_encode(const char *text);

/* The host of any address, for a message; free() it. NULL when there is none. */
char *fc_url_host(const char *text);

#endif
