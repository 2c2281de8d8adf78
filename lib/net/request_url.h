/* The URL of a request: the service's URL, then path and query. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_NET_REQUEST_URL_H
#define FC_NET_REQUEST_URL_H

#include "net/http.h"
#include "net/url.h"

/*
 * Create the URL as a new string; free it with fc_secret_free(). If `redacted`, secret values are replaced by REDACTED. NULL when out of
 * memory.
 */
char *fc_request_url(const struct fc_url *url, const struct fc_http_request *request,
		     bool redacted);

#endif
