/* Reads what a URL of a stranger refers to. */
/* SPDX-License-Identifier: MIT */
#include "net/fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct fetching {
	struct fc_buffer *out;
	uint64_t limit;
	bool too_large;
};

static bool receive(void *context, const struct fc_http_response *response, const void *data,
		    size_t length)
{
	struct fetching *fetching = context;
	fetching->too_large = (response->has_length && response->length > fetching->limit) ||
			      length > fetching->limit - fetching->out->length;
	if (!fetching->too_large) {
		fc_buffer_append(fetching->out, data, length);
	}
	return !fetching->too_large && fc_buffer_ok(fetching->out);
}

enum fc_status fc_fetch(const char *url, bool private_addresses, uint64_t limit,
			const struct fc_http_options *http, struct fc_buffer *out,
			struct fc_error *err)
{
	FC_CLEANUP(fc_http_closep) struct fc_http *client = NULL;
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	FC_CLEANUP(fc_free) char *base = strndup(url, strcspn(url, "#"));
	struct fetching fetching = { .out = out, .limit = limit };
	struct fc_http_options options = *http;
	if (!base) {
		return fc_fail_memory(err);
	}
	char *query = strchr(base, '?');
	if (query) {
		*query++ = '\0';
	}
	size_t length = strlen(base);
	options.url = base;
	options.insecure_http = true;
	options.proxy = NULL;
	options.public_only = !private_addresses;
	options.answer_bytes = INT64_MAX; /* receive limits them */
	options.parallel = 1;
	options.retry.tries = 1;
	FC_TRY(fc_http_open(&options, &client, err));
	const struct fc_http_request request = {
		.method = FC_HTTP_GET,
		.trailing_slash = length > 0 && base[length - 1] == '/',
		.raw_query = query,
		.repeatable = true,
		.receive = receive,
		.receive_context = &fetching,
	};
	enum fc_status status = fc_http_perform(client, &request, &response, err);
	if (fetching.too_large) {
		return fc_fail(err, FC_TOO_LARGE, "it has more than %llu bytes",
			       (unsigned long long)limit);
	}
	FC_TRY(status);
	return response.status >= 200 && response.status < 300
		       ? FC_OK
		       : fc_fail(err, FC_REFUSED, "the server answered with HTTP %d",
				 response.status);
}
