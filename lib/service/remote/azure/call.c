/* Build a request to an Azure service, and send it while no other request is in flight. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/remote/azure/engine.h"

void fc_azure_call_release(struct fc_azure_call *call)
{
	cJSON_free(call->json);
	*call = (struct fc_azure_call){ 0 };
}

void fc_azure_begin(const struct fc_azure *azure, struct fc_azure_call *call,
		    enum fc_http_method method, enum fc_azure_shape shape)
{
	fc_azure_call_release(call);
	call->shape = shape;
	call->request = (struct fc_http_request){
		.method = method,
		.path = call->path,
		.query = call->query,
		.headers = azure->headers,
		.header_count = FC_ARRAY_LENGTH(azure->headers),
		.repeatable = true,
		.judge = fc_azure_judge,
		.judge_context = &call->shape,
	};
	fc_azure_add_path(call, "face");
	fc_azure_add_path(call, "v1.0");
}

/* The callers add a fixed number of parts. More parts than fit are a bug and are ignored. */
void fc_azure_add_path(struct fc_azure_call *call, const char *piece)
{
	if (call->request.path_count < FC_AZURE_PATH_PARTS) {
		call->path[call->request.path_count++] = piece;
	}
}

void fc_azure_add_query(struct fc_azure_call *call, const char *name, const char *value)
{
	if (call->request.query_count < FC_AZURE_QUERIES) {
		call->query[call->request.query_count++] =
			(struct fc_http_field){ name, value, false };
	}
}

static char *own_text(struct fc_azure_call *call)
{
	return call->texts[call->text_count < FC_AZURE_TEXTS - 1 ? call->text_count++
								 : FC_AZURE_TEXTS - 1];
}

void fc_azure_add_path_uuid(struct fc_azure_call *call, const struct fc_uuid *uuid)
{
	char *text = own_text(call);
	fc_uuid_format(uuid, text);
	fc_azure_add_path(call, text);
}

void fc_azure_add_query_number(struct fc_azure_call *call, const char *name, uint64_t value)
{
	char *text = own_text(call);
	snprintf(text, FC_AZURE_TEXT_SIZE, "%" PRIu64, value);
	fc_azure_add_query(call, name, text);
}

void fc_azure_add_query_uuid(struct fc_azure_call *call, const char *name,
			     const struct fc_uuid *uuid)
{
	char *text = own_text(call);
	fc_uuid_format(uuid, text);
	fc_azure_add_query(call, name, text);
}

void fc_azure_photo_body(struct fc_azure_call *call, const struct fc_remote_photo *photo)
{
	call->request.body = (struct fc_http_content){
		.fd = photo->fd,
		.length = photo->sent_bytes,
	};
	call->request.content_type =
		photo->given.is_url ? "application/json" : "application/octet-stream";
}

enum fc_status fc_azure_json_body(struct fc_azure_call *call, cJSON *json, struct fc_error *err)
{
	call->json = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	if (!call->json) {
		return fc_fail_memory(err);
	}
	call->request.body = (struct fc_http_content){
		.data = call->json,
		.length = strlen(call->json),
	};
	call->request.content_type = "application/json";
	return FC_OK;
}

void fc_azure_begin_group(const struct fc_azure *azure, struct fc_azure_call *call,
			  enum fc_http_method method, enum fc_azure_shape shape)
{
	fc_azure_begin(azure, call, method, shape);
	fc_azure_add_path(call, "largepersongroups");
	fc_azure_add_path(call, azure->group.id);
}

bool fc_azure_retry_conflict(const struct fc_azure *azure, struct fc_azure_conflict *conflict,
			     const struct fc_azure_error *error, uint64_t *delay_ms)
{
	const struct fc_azure_options *options = &azure->options;
	int64_t now = fc_clock_monotonic_ms();
	if (!fc_azure_is_conflict(error) || fc_http_stopped(&azure->options.http)) {
		return false;
	}
	if (conflict->since == 0) {
		conflict->since = now;
		*delay_ms = options->poll_ms;
		return true;
	}
	/* wait as long as the conflict has lasted so far, so that the interval doubles */
	uint64_t waited = (uint64_t)(now - conflict->since);
	*delay_ms = waited < options->poll_ms           ? options->poll_ms
		    : waited < options->poll_ceiling_ms ? waited
							: options->poll_ceiling_ms;
	return waited < options->training_ms;
}

enum fc_status fc_azure_perform(struct fc_azure *azure, struct fc_azure_call *call, cJSON **out,
				struct fc_azure_error *error, struct fc_error *err)
{
	struct fc_azure_conflict conflict = { 0 };
	struct fc_azure_error unwanted;
	struct fc_azure_error *details = error ? error : &unwanted;
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	*details = (struct fc_azure_error){ 0 };
	for (;;) {
		FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
		enum fc_status status =
			fc_http_perform(azure->client.http, &call->request, &response, err);
		if (status == FC_OK) {
			status = fc_azure_read(&response, call->shape, &json, details, err);
		}
		if (status == FC_OK && out) {
			*out = FC_STEAL(json);
		}
		if (status == FC_OK) {
			return FC_OK;
		}
		if (!fc_azure_retry_conflict(azure, &conflict, details, &call->request.delay_ms)) {
			fc_error_prefix(err, "service '%s'", azure->options.name);
			return status;
		}
	}
}

static void release_call(void *call)
{
	fc_azure_call_release(call);
}

struct fc_remote_batch fc_azure_batch(const struct fc_azure *azure, struct fc_photo_source source)
{
	return (struct fc_remote_batch){
		.service = azure->options.name,
		.http = azure->client.http,
		.options = &azure->options.http,
		.limits = &azure->options.limits,
		.source = source,
		.images = 1,
		.release = release_call,
	};
}
