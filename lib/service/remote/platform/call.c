/* Build one request to a platform (path, query, form or JSON body), send it, and read the response. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "service/remote/platform/engine.h"

void fc_platform_call_release(struct fc_platform_call *call)
{
	for (size_t i = 0; i < call->text_count; i++) {
		free(call->texts[i]);
	}
	free(call->body);
	*call = (struct fc_platform_call){ 0 };
}

static const char *keep(struct fc_platform_call *call, const char *text)
{
	char *copy = call->text_count < FC_ARRAY_LENGTH(call->texts) ? strdup(text) : NULL;
	if (!copy) {
		call->failed = true;
		return "";
	}
	call->texts[call->text_count++] = copy;
	return copy;
}

void fc_platform_call_begin(const struct fc_platform *platform, enum fc_http_method method,
			    const char *const *pieces, struct fc_platform_call *call)
{
	struct fc_http_request *request = &call->request;
	fc_platform_call_release(call);
	request->method = method;
	request->headers = platform->headers;
	request->header_count = FC_ARRAY_LENGTH(platform->headers);
	request->trailing_slash = true;
	call->path[request->path_count++] = "v1";
	for (; *pieces; pieces++) {
		if (request->path_count == FC_ARRAY_LENGTH(call->path)) {
			call->failed = true;
			return;
		}
		call->path[request->path_count++] = keep(call, *pieces);
	}
}

void fc_platform_query(struct fc_platform_call *call, const char *name, const char *value)
{
	struct fc_http_request *request = &call->request;
	if (!value) {
		return;
	}
	if (request->query_count == FC_ARRAY_LENGTH(call->query)) {
		call->failed = true;
		return;
	}
	call->query[request->query_count++] =
		(struct fc_http_field){ .name = name, .value = keep(call, value) };
}

void fc_platform_query_count(struct fc_platform_call *call, const char *name, uint64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRIu64, value);
	fc_platform_query(call, name, text);
}

static struct fc_http_part *add_part(struct fc_platform_call *call)
{
	struct fc_http_request *request = &call->request;
	if (request->part_count == FC_ARRAY_LENGTH(call->parts)) {
		call->failed = true;
		return NULL;
	}
	return &call->parts[request->part_count++];
}

void fc_platform_field(struct fc_platform_call *call, const char *name, const char *value)
{
	struct fc_http_part *part = value ? add_part(call) : NULL;
	if (part) {
		const char *text = keep(call, value);
		*part = (struct fc_http_part){
			.name = name,
			.content = { .data = text, .length = strlen(text) },
		};
	}
}

void fc_platform_field_count(struct fc_platform_call *call, const char *name, uint64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRIu64, value);
	fc_platform_field(call, name, text);
}

void fc_platform_field_truth(struct fc_platform_call *call, const char *name, bool value)
{
	fc_platform_field(call, name, value ? "true" : "false");
}

void fc_platform_image(struct fc_platform_call *call, const char *name,
		       const struct fc_remote_photo *photo)
{
	struct fc_http_part *part = add_part(call);
	bool png = photo->sent_format == FC_IMAGE_PNG;
	if (part) {
		/* the name of the photo's file may contain characters that a header must not have */
		*part = (struct fc_http_part){
			.name = name,
			.filename = png ? "image.png" : "image.jpg",
			.content_type = fc_remote_photo_type(photo->sent_format),
			.content = { .fd = photo->fd, .length = photo->sent_bytes },
		};
	}
}

void fc_platform_json(struct fc_platform_call *call, cJSON *object)
{
	call->body = object ? cJSON_PrintUnformatted(object) : NULL;
	call->failed = call->failed || !call->body;
	cJSON_Delete(object);
}

enum fc_status fc_platform_call_end(struct fc_platform_call *call, struct fc_error *err)
{
	struct fc_http_request *request = &call->request;
	if (call->failed) {
		return call->text_count == FC_ARRAY_LENGTH(call->texts)
			       ? fc_fail(err, FC_INTERNAL, "a request has too many fields")
			       : fc_fail_memory(err);
	}
	request->path = call->path;
	request->query = call->query;
	request->parts = call->parts;
	if (call->body) {
		request->body.data = call->body;
		request->body.length = strlen(call->body);
		request->content_type = "application/json";
	}
	return FC_OK;
}

static enum fc_status perform(struct fc_platform *platform, struct fc_http *http,
			      struct fc_platform_call *call, struct fc_platform_answer *out,
			      bool *sent, struct fc_error *err)
{
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	enum fc_status status = fc_http_perform(http, &call->request, &response, err);
	if (status == FC_OK) {
		status = fc_platform_read(&response, out, err);
	}
	*sent = response.sent && !out->refused && status != FC_NOT_FOUND;
	platform->date = response.date > 0 ? response.date : platform->date;
	if (status == FC_NOT_FOUND && call->request.method == FC_HTTP_DELETE &&
	    response.sent_before) {
		return FC_OK;
	}
	if (status == FC_NOT_FOUND && !call->may_be_missing) {
		status = fc_platform_misdirected(err);
	}
	if (status != FC_OK) {
		fc_error_prefix(err, "service '%s'", platform->options.name);
	}
	return status;
}

enum fc_status fc_platform_perform(struct fc_platform *platform, struct fc_http *http,
				   struct fc_platform_call *call, struct fc_platform_answer *out,
				   struct fc_error *err)
{
	bool sent;
	call->request.repeatable = true;
	return perform(platform, http, call, out, &sent, err);
}

enum fc_status fc_platform_ask_item(struct fc_platform *platform, struct fc_http *http,
				    enum fc_http_method method, const char *const *path,
				    struct fc_platform_answer *out, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_call_release) struct fc_platform_call call = { 0 };
	fc_platform_call_begin(platform, method, path, &call);
	call.may_be_missing = true;
	FC_TRY(fc_platform_call_end(&call, err));
	return fc_platform_perform(platform, http, &call, out, err);
}

enum fc_status fc_platform_perform_once(struct fc_platform *platform, struct fc_platform_call *call,
					struct fc_platform_answer *out, bool *sent,
					struct fc_error *err)
{
	call->request.repeatable = false;
	return perform(platform, platform->client.http, call, out, sent, err);
}
