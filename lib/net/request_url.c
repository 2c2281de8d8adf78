/* The URL of a request. */
/* SPDX-License-Identifier: MIT */
#include "net/request_url.h"

#include <stdlib.h>
#include <string.h>

/* Upper bound of the length, to allocate the URL once: a growing buffer would leave copies of a secret in freed memory. */
static size_t longest(const struct fc_url *url, const struct fc_http_request *request)
{
	size_t room = strlen(url->base) + 2;
	for (size_t i = 0; i < request->path_count; i++) {
		room += 1 + 3 * strlen(request->path[i]);
	}
	for (size_t i = 0; i < request->query_count; i++) {
		room += 2 + 3 * strlen(request->query[i].name);
		room += 3 * strlen(request->query[i].value) + sizeof("REDACTED");
	}
	return room + (request->raw_query ? strlen(request->raw_query) + 1 : 0);
}

char *fc_request_url(const struct fc_url *url, const struct fc_http_request *request, bool redacted)
{
	struct fc_buffer out = { 0 };
	out.capacity = longest(url, request);
	out.data = malloc(out.capacity);
	out.failed = !out.data;
	fc_buffer_append_text(&out, url->base);
	for (size_t i = 0; i < request->path_count; i++) {
		fc_buffer_append_text(&out, "/");
		fc_url_append_encoded(&out, request->path[i]);
	}
	if (request->trailing_slash) {
		fc_buffer_append_text(&out, "/");
	}
	if (request->raw_query) {
		fc_buffer_append_text(&out, "?");
		fc_buffer_append_text(&out, request->raw_query);
	}
	for (size_t i = 0; i < request->query_count; i++) {
		const struct fc_http_field *field = &request->query[i];
		fc_buffer_append_text(&out, i == 0 ? "?" : "&");
		fc_url_append_encoded(&out, field->name);
		fc_buffer_append_text(&out, "=");
		fc_url_append_encoded(&out, redacted && field->secret ? "REDACTED" : field->value);
	}
	return fc_buffer_steal_text(&out);
}
