/* The connection to a remote service: its token, its address and an HTTP client. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/common/client.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

char *fc_remote_bare_url(const char *url, const char *const *tails)
{
	size_t length = strlen(url);
	while (length > 0 && url[length - 1] == '/') {
		length--;
	}
	for (; *tails; tails++) {
		size_t tail = strlen(*tails);
		if (length > tail && memcmp(url + length - tail, *tails, tail) == 0) {
			length -= tail;
			break;
		}
	}
	while (length > 0 && url[length - 1] == '/') {
		length--;
	}
	return strndup(url, length);
}

/* Four bytes are enough to tell accounts apart, and too few to find the token. */
static bool digest_token(const char *token, char out[9])
{
	static const char purpose[] = "facectl account ";
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	char hex[FC_SHA256_TEXT_SIZE];
	fc_buffer_append_text(&text, purpose);
	fc_buffer_append_text(&text, token);
	bool done = fc_buffer_ok(&text);
	struct fc_sha256 digest = fc_sha256_of(text.data, text.length);
	if (text.data) {
		explicit_bzero(text.data, text.length);
	}
	if (done) {
		fc_sha256_format(&digest, hex);
		memcpy(out, hex, 8);
	}
	return done;
}

enum fc_status fc_remote_connect(struct fc_remote_client *client, const char *service,
				 const struct fc_token_source *token, const char *const *tails,
				 struct fc_http_options *http, struct fc_error *err)
{
	if (!http->url) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "service '%s': no url is configured",
			       service);
	}
	enum fc_status status = fc_token_load(token, &client->token, err);
	client->url = fc_remote_bare_url(http->url, tails);
	client->secrets[0] = client->token.text;
	http->url = client->url;
	http->secrets = client->secrets;
	http->secret_count = FC_ARRAY_LENGTH(client->secrets);
	if (status == FC_OK && !digest_token(client->token.text, client->account)) {
		status = fc_fail_memory(err);
	}
	if (status == FC_OK) {
		status = client->url ? fc_http_open(http, &client->http, err) : fc_fail_memory(err);
	}
	if (status != FC_OK) {
		fc_error_prefix(err, "service '%s'", service);
	}
	return status;
}

void fc_remote_disconnect(struct fc_remote_client *client)
{
	fc_http_close(client->http);
	fc_token_release(&client->token);
	free(client->url);
}
