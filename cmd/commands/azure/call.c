/* One operation of the Azure Face API for a command. */
/* SPDX-License-Identifier: MIT */
#include "commands/azure/call.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/memory.h"
#include "protocol/percent.h"

static void release_answer(struct azure_call *call)
{
	fc_api_response_release(&call->response);
	cJSON_Delete(call->json);
	call->json = NULL;
}

void azure_call_release(struct azure_call *call)
{
	release_answer(call);
	free(call->target);
	fc_buffer_release(&call->query);
	fc_buffer_release(&call->body);
}

void azure_query(struct azure_call *call, const char *name, const char *value)
{
	if (value) {
		fc_buffer_printf(&call->query, "%c%s=", call->query.length > 0 ? '&' : '?', name);
		fc_percent_append(&call->query, value);
	}
}

void azure_query_number(struct azure_call *call, const char *name, uint64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRIu64, value);
	azure_query(call, name, text);
}

/* Append the path of the operation, with the texts of the call in place of its placeholders. */
static void append_path(const struct azure_call *call, const char *path, struct fc_buffer *out)
{
	const struct {
		const char *name, *text;
	} places[] = {
		{ "{container}", call->container }, { "{person}", call->person },
		{ "{face}", call->face },           { "{snapshot}", call->snapshot },
		{ "{operation}", call->operation },
	};
	fc_buffer_append_text(out, "/face/v1.0/");
	while (*path != '\0') {
		size_t length = strcspn(path + 1, "{/") + 1;
		bool replaced = false;
		for (size_t i = 0; i < FC_ARRAY_LENGTH(places); i++) {
			size_t name_length = strlen(places[i].name);
			if (strncmp(path, places[i].name, name_length) == 0) {
				fc_percent_append(out, places[i].text ? places[i].text : "");
				length = name_length;
				replaced = true;
			}
		}
		if (!replaced) {
			fc_buffer_append(out, path, length);
		}
		path += length;
	}
}

/* "service 'face': HTTP 404: Person group is not found." of a service, "'cast': person group is not found" of the local engine. */
static enum fc_status explain(const struct azure_call *call, struct fc_error *err)
{
	const char *subject = call->operation  ? call->operation
			      : call->snapshot ? call->snapshot
			      : call->face     ? call->face
			      : call->person   ? call->person
					       : call->container;
	const char *text = strncmp(err->text, "HTTP ", 5) == 0 ? strstr(err->text, ": ") : NULL;
	if (text && strcmp(call->service->operations->type, "local") == 0) {
		memmove(err->text, text + 2, strlen(text + 2) + 1);
		err->text[0] = (char)tolower((unsigned char)err->text[0]);
		size_t length = strlen(err->text);
		if (length > 0 && err->text[length - 1] == '.') {
			err->text[length - 1] = '\0';
		}
		/* a request that the local engine does not accept is an error of usage */
		err->status = err->status == FC_REFUSED ? FC_INVALID_ARGUMENT : err->status;
	}
	/* a photo that cannot be fetched is like a file that cannot be read */
	if (strcasecmp(call->response.error_code, "InvalidURL") == 0) {
		err->status = FC_UNREADABLE;
	}
	if (subject) {
		fc_error_prefix(err, "'%s'", subject);
	}
	return err->status;
}

/* Build the request of a call; it borrows from the call. */
static enum fc_status build(struct azure_call *call, struct fc_api_request *out,
			    struct fc_error *err)
{
	struct fc_buffer target = { 0 };
	const struct fc_azure_operation *operation =
		fc_azure_find_operation(call->kind, call->verb);
	if (!operation) {
		return fc_fail(err, FC_INTERNAL, "the API has no such operation");
	}
	append_path(call, operation->path, &target);
	fc_buffer_append(&target, call->query.data, call->query.length);
	free(call->target);
	call->target = fc_buffer_steal_text(&target);
	if (!call->target || !fc_buffer_ok(&call->query) || !fc_buffer_ok(&call->body)) {
		return fc_fail_memory(err);
	}
	*out = (struct fc_api_request){
		.method = operation->method,
		.target = call->target,
		.content_type = call->image             ? "application/octet-stream"
				: call->body.length > 0 ? "application/json"
							: NULL,
		.body = call->image ? call->image : call->body.data,
		.length = call->image ? call->image_length : call->body.length,
		.polls = call->polls,
		.keep_crops = call->keep_crops,
		.analysis = call->analysis,
		.snapshot_life = call->snapshot_life,
		.cut = call->cut,
		.recover = true,
	};
	return FC_OK;
}

static enum fc_status read_answer(struct azure_call *call, struct fc_error *err)
{
	const struct fc_buffer *body = &call->response.body;
	if (fc_api_check(&call->response, err) != FC_OK) {
		return explain(call, err);
	}
	return body->length == 0 ? FC_OK
				 : fc_json_parse((const char *)body->data, body->length,
						 body->length, "the answer", &call->json, err);
}

enum fc_status azure_send(struct azure_call *call, struct fc_error *err)
{
	struct fc_api_request request;
	FC_TRY(build(call, &request, err));
	release_answer(call);
	FC_TRY(fc_service_api(call->service, &request, &call->response, err));
	return read_answer(call, err);
}

enum fc_status azure_send_for_name(struct azure_call *call, const char **name, struct fc_error *err)
{
	*name = NULL;
	enum fc_status status = azure_send(call, err);
	if (status == FC_OK) {
		*name = fc_json_text(call->json, "name");
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

enum fc_status azure_send_many(struct azure_call *calls, size_t count, enum fc_status *statuses,
			       struct fc_error *failures, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_api_request *requests = calloc(count + 1, sizeof(*requests));
	FC_CLEANUP(fc_free)
	struct fc_api_response *responses = calloc(count + 1, sizeof(*responses));
	size_t done = 0;
	if (!requests || !responses) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		FC_TRY(build(&calls[i], &requests[i], err));
	}
	enum fc_status status = count == 0 ? FC_OK
					   : fc_service_api_many(calls[0].service, requests, count,
								 responses, &done, err);
	for (size_t i = 0; i < count; i++) {
		release_answer(&calls[i]);
		calls[i].response = responses[i];
		failures[i] = i < done ? (struct fc_error){ 0 } : *err;
		statuses[i] = i < done ? read_answer(&calls[i], &failures[i]) : status;
	}
	return FC_OK;
}

enum fc_status azure_wait(struct azure_call *call, struct fc_error *err)
{
	for (call->polls = 1;; call->polls++) {
		enum fc_status status = azure_send(call, err);
		/* a service that has not noticed the training yet answers that there was none */
		size_t length = strlen(call->response.error_code);
		bool pending = status != FC_OK && length >= 10 &&
			       strcmp(call->response.error_code + length - 10, "NotTrained") == 0 &&
			       strcmp(call->service->operations->type, "local") != 0;
		if (status != FC_OK && !pending) {
			return status;
		}
		const char *state = fc_json_text(call->json, "status");
		if (state && strcasecmp(state, "succeeded") == 0) {
			return FC_OK;
		}
		if (state && strcasecmp(state, "failed") == 0) {
			const char *message = fc_json_text(call->json, "message");
			return fc_fail(err, FC_REFUSED, "'%s' failed%s%.300s",
				       call->operation ? call->operation : call->container,
				       message ? ": " : "", message ? message : "");
		}
	}
}

void azure_add_hint(enum fc_azure_kind kind, const char *container, struct fc_error *err)
{
	static const char *const options[FC_AZURE_KIND_COUNT] = {
		[FC_AZURE_PERSON_GROUP] = "persongroups train",
		[FC_AZURE_LARGE_PERSON_GROUP] = "persongroups train --large",
		[FC_AZURE_LARGE_FACE_LIST] = "facelists train --large",
	};
	size_t length = strlen(err->text);
	if (options[kind] && strstr(err->text, "not trained")) {
		FC_IGNORE(snprintf(err->text + length, sizeof(err->text) - length,
				   "; run 'facectl %s %s'", options[kind], container));
	}
}

const char *azure_last_part(const char *location)
{
	const char *slash = location ? strrchr(location, '/') : NULL;
	return slash && slash[1] != '\0' ? slash + 1 : NULL;
}
