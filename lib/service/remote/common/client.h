/* The connection to a remote service: its token, its address and an HTTP client. Private to lib/service/remote. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_COMMON_CLIENT_H
#define FC_SERVICE_REMOTE_COMMON_CLIENT_H

#include "net/http.h"
#include "net/token.h"

/* { 0 } is empty. */
struct fc_remote_client {
	struct fc_token token;
	char *url;
	const char *secrets[1];
	char account[9]; /* a digest of the token, which identifies the account */
	struct fc_http *http;
};

/*
 * Read the token and open the HTTP client; nothing is sent. service: its name, for messages. http: its options; url and secrets are
 * replaced. tails: see fc_remote_bare_url. Disconnect even after an error. Errors: FC_INVALID_ARGUMENT (no URL), and those of
 * fc_token_load and fc_http_open.
 */
enum fc_status fc_remote_connect(struct fc_remote_client *client, const char *service,
				 const struct fc_token_source *token, const char *const *tails,
				 struct fc_http_options *http, struct fc_error *err);
void fc_remote_disconnect(struct fc_remote_client *client);

/*
 * A copy of url without trailing slashes, and without a path at its end that the requests add themselves. tails: such paths, the
 * longest first; ends with NULL. To be freed; NULL when out of memory.
 */
char *fc_remote_bare_url(const char *url, const char *const *tails);

#endif
