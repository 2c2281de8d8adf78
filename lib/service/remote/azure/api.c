/* Send requests of the Azure Face API to the service as they are given, with its key, limits and retries. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "protocol/azure/operations.h"
#include "protocol/percent.h"
#include "service/remote/azure/lost.h"

enum { MEMBERS_MAXIMUM = 32, ATTEMPTS = 3 /* of a creation that did not happen */ };

/* A request, and the decoded texts that it points to. It must not be moved. { 0 } is empty. */
struct api_call {
	char *path_text, *query_text;
	const char *path[MEMBERS_MAXIMUM];
	struct fc_http_field query[MEMBERS_MAXIMUM];
	enum fc_azure_shape shape;
	const struct fc_azure_operation *operation;
	struct fc_http_request request;
};

static void api_call_release(struct api_call *call)
{
	free(call->path_text);
	free(call->query_text);
}

/* What to check before a request with an unknown outcome is sent again. NULL: it may be repeated. */
static const char *advice(const struct fc_azure_operation *operation)
{
	if (operation->repeatable) {
		return NULL;
	}
	switch ((int)operation->verb) {
	case FC_AZURE_PERSON_CREATE:
		return "it is not known whether the person was created; list the persons of the group "
		       "before repeating it, because names and user data need not be unique";
	case FC_AZURE_FACE_ADD:
		return "it is not known whether the face was added; list the faces before repeating it, "
		       "because the same photo can be added twice";
	case FC_AZURE_SNAPSHOT_TAKE:
		return "it is not known whether the snapshot is being taken; list the snapshots before "
		       "repeating it";
	default:
		return "it is not known whether the snapshot is being applied; check whether the object "
		       "exists before repeating it";
	}
}

/* Copy the target, and find the operation. */
static enum fc_status find_operation(struct api_call *call, const struct fc_api_request *given,
				     struct fc_error *err)
{
	static const char *const methods[] = {
		[FC_HTTP_GET] = "GET",     [FC_HTTP_POST] = "POST",     [FC_HTTP_PUT] = "PUT",
		[FC_HTTP_PATCH] = "PATCH", [FC_HTTP_DELETE] = "DELETE",
	};
	const char *target = given->target;
	size_t length = strcspn(target, "?");
	struct fc_azure_path places;
	bool allowed;
	size_t method = 0;
	call->path_text = strndup(target, length);
	call->query_text = strdup(target[length] == '?' ? target + length + 1 : "");
	if (!call->path_text || !call->query_text) {
		return fc_fail_memory(err);
	}
	while (method < FC_ARRAY_LENGTH(methods) && strcmp(methods[method], given->method) != 0) {
		method++;
	}
	call->operation = fc_azure_match(given->method, call->path_text, &places, &allowed);
	if (!call->operation || method == FC_ARRAY_LENGTH(methods)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the Azure Face API has no operation '%s %s'", given->method,
			       call->path_text);
	}
	call->request.method = (enum fc_http_method)method;
	call->request.repeatable = call->operation->repeatable;
	return FC_OK;
}

/* The same for an answer. The first try of a repeatable request may have had the effect that the last one complains about. */
static const char *advice_on_answer(const struct api_call *call,
				    const struct fc_http_response *response)
{
	const struct fc_azure_operation *operation = call->operation;
	if (response->status == 408 || response->status >= 500) {
		return advice(operation);
	}
	if (response->status == 409 && response->sent_before &&
	    operation->verb == FC_AZURE_CREATE) {
		return "an earlier try of this request may have created it";
	}
	if (response->status == 404 && response->sent_before &&
	    call->request.method == FC_HTTP_DELETE) {
		return "an earlier try of this request may have deleted it";
	}
	return NULL;
}

/* Split the target into the parts that the HTTP client encodes again. */
static enum fc_status split_target(struct api_call *call, const char *target, struct fc_error *err)
{
	size_t parts = 0, fields = 0;
	char *rest = call->path_text + 1;
	for (char *part = strsep(&rest, "/"); part; part = strsep(&rest, "/")) {
		if (parts == MEMBERS_MAXIMUM || *part == '\0' || !fc_percent_decode(part, false)) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "the path '%s' is not valid",
				       target);
		}
		call->path[parts++] = part;
	}
	rest = call->query_text;
	while (rest && *rest != '\0') {
		char *name = strsep(&rest, "&");
		char *value = strchr(name, '=');
		if (value) {
			*value++ = '\0';
		}
		if (fields == MEMBERS_MAXIMUM || !fc_percent_decode(name, true) ||
		    (value && !fc_percent_decode(value, true))) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "the query of '%s' is not valid",
				       target);
		}
		call->query[fields++] = (struct fc_http_field){ name, value ? value : "", false };
	}
	call->request.path_count = parts;
	call->request.query_count = fields;
	return FC_OK;
}

/* A successful body must be JSON, or empty. */
static bool is_foreign(const struct fc_http_response *response)
{
	enum fc_azure_shape any = FC_AZURE_EMPTY;
	return fc_azure_judge(&any, response) != FC_HTTP_FINAL;
}

/* Send it, again after a conflict that may pass. */
static enum fc_status perform(struct fc_azure *azure, struct api_call *call,
			      struct fc_http_response *response, struct fc_azure_error *error,
			      struct fc_error *err)
{
	struct fc_azure_conflict conflict = { 0 };
	for (;;) {
		FC_CLEANUP(fc_json_release) cJSON *json = NULL;
		*error = (struct fc_azure_error){ 0 };
		fc_http_response_release(response);
		enum fc_status status =
			fc_http_perform(azure->client.http, &call->request, response, err);
		if (status != FC_OK) {
			const char *words =
				fc_azure_is_unclear(response) ? advice(call->operation) : NULL;
			if (words && err) {
				fc_remote_add_words(err, words);
			}
			return status;
		}
		if (is_foreign(response)) {
			return fc_remote_refuse_foreign(response, "Face resource", "JSON", err);
		}
		if (response->status >= 400 &&
		    fc_json_parse((const char *)response->body.data, response->body.length,
				  response->body.length, "the response", &json, NULL) == FC_OK) {
			fc_azure_read_error(json, error);
		}
		if (!fc_azure_retry_conflict(azure, &conflict, error, &call->request.delay_ms)) {
			return FC_OK;
		}
	}
}

/* The time before the n-th poll doubles up to a limit. Errors: FC_BUSY (all of them exceed the time limit). */
static enum fc_status wait_of_poll(const struct fc_azure *azure, unsigned polls, uint64_t *delay_ms,
				   struct fc_error *err)
{
	const struct fc_azure_options *options = &azure->options;
	uint64_t sum = 0;
	*delay_ms = 0;
	for (unsigned i = 0; i < polls && sum <= options->training_ms; i++) {
		*delay_ms = i == 0 ? options->poll_ms : 2 * *delay_ms;
		*delay_ms =
			*delay_ms < options->poll_ceiling_ms ? *delay_ms : options->poll_ceiling_ms;
		sum += *delay_ms;
	}
	return sum <= options->training_ms
		       ? FC_OK
		       : fc_fail(err, FC_BUSY,
				 "it did not end within %.0f s (training-timeout); it continues there, "
				 "so ask again later",
				 (double)options->training_ms / 1000);
}

/* Answer as the service would have done: with the id of the object that was created. */
static enum fc_status answer_created(const struct api_call *call, const struct fc_uuid *id,
				     struct fc_http_response *response, struct fc_error *err)
{
	char text[FC_UUID_TEXT_SIZE];
	fc_uuid_format(id, text);
	if (call->operation->verb == FC_AZURE_SNAPSHOT_TAKE) {
		return fc_fail(
			err, FC_BUSY,
			"the response was lost, but snapshot %s was taken; its operation is not "
			"known, so look with 'facectl snapshots show %s'",
			text, text);
	}
	fc_http_response_release(response);
	*response = (struct fc_http_response){ .status = call->operation->success };
	fc_buffer_printf(&response->body, "{\"%s\":\"%s\"}",
			 call->operation->verb == FC_AZURE_PERSON_CREATE ? "personId"
									 : "persistedFaceId",
			 text);
	return fc_buffer_ok(&response->body) ? FC_OK : fc_fail_memory(err);
}

/* List what exists before a creation. Faces that are added to the same person or list, one after the other, are listed once. */
static bool list_before(struct fc_azure *azure, const struct fc_azure_creation *creation,
			const char *target, struct fc_azure_objects **out)
{
	const char *path = azure->last_owner.path;
	size_t length = strcspn(target, "?");
	bool same = path && creation->operation->verb == FC_AZURE_FACE_ADD &&
		    strlen(path) == length && memcmp(path, target, length) == 0;
	*out = &azure->last_owner.faces;
	if (!same) {
		free(azure->last_owner.path);
		fc_azure_objects_release(*out);
		azure->last_owner.path = strndup(target, length);
		azure->last_owner.listed =
			azure->last_owner.path &&
			fc_azure_objects_list(azure, creation, 0, *out, NULL) == FC_OK;
	}
	return azure->last_owner.listed;
}

/* Note a face that was added. Without its id the next one has to list the faces. */
static void note_face(struct fc_azure *azure, const struct fc_http_response *response)
{
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	struct fc_uuid id;
	const struct fc_buffer *body = &response->body;
	const char *text = fc_json_parse((const char *)body->data, body->length, body->length,
					 "the response", &json, NULL) == FC_OK
				   ? fc_json_text(json, "persistedFaceId")
				   : NULL;
	if (!text || !fc_uuid_parse(text, &id) ||
	    fc_azure_objects_add(&azure->last_owner.faces, &id, NULL) != FC_OK) {
		free(azure->last_owner.path);
		azure->last_owner.path = NULL;
	}
}

/*
 * Send a creation. If it is not known whether it happened, compare the objects before and after: no new one, and it is sent again; one, and
 * that is the answer; several, or an error, and the outcome stays unknown.
 */
static enum fc_status create(struct fc_azure *azure, struct api_call *call,
			     const struct fc_api_request *given, struct fc_http_response *response,
			     struct fc_azure_error *error, struct fc_error *err)
{
	struct fc_azure_objects *before;
	const struct fc_azure_creation creation = {
		.operation = call->operation,
		.path = call->path,
		.path_count = call->request.path_count,
		.body = given->body,
		.length = given->length,
	};
	bool listed = list_before(azure, &creation, given->target, &before);
	enum fc_status status;
	for (int attempt = 1;; attempt++) {
		FC_CLEANUP(fc_azure_objects_release) struct fc_azure_objects after = { 0 };
		size_t added = 0, last = 0;
		status = perform(azure, call, response, error, err);
		bool unclear = status != FC_OK ? fc_azure_is_unclear(response)
					       : advice_on_answer(call, response) != NULL;
		if (!unclear || !listed ||
		    fc_azure_objects_list(azure, &creation, azure->options.poll_ms, &after, NULL) !=
			    FC_OK) {
			break;
		}
		for (size_t i = 0; i < after.count; i++) {
			if (!fc_azure_objects_has(before, &after.ids[i])) {
				last = i;
				added++;
			}
		}
		if (added == 1) {
			status = answer_created(call, &after.ids[last], response, err);
			break;
		}
		if (added > 1 || attempt == ATTEMPTS) {
			break;
		}
	}
	if (status == FC_OK && response->status < 300 &&
	    call->operation->verb == FC_AZURE_FACE_ADD) {
		note_face(azure, response);
	}
	return status;
}

static enum fc_status send(struct fc_azure *azure, const struct fc_api_request *given,
			   struct fc_api_response *out, struct fc_error *err)
{
	FC_CLEANUP(api_call_release) struct api_call call = { .shape = FC_AZURE_EMPTY };
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	struct fc_azure_error error;
	call.request = (struct fc_http_request){
		.path = call.path,
		.query = call.query,
		.headers = azure->headers,
		.header_count = FC_ARRAY_LENGTH(azure->headers),
		.content_type = given->content_type,
		.judge = fc_azure_judge,
		.judge_context = &call.shape,
	};
	if (given->length > 0) {
		call.request.body =
			(struct fc_http_content){ .data = given->body, .length = given->length };
	}
	FC_TRY(find_operation(&call, given, err));
	FC_TRY(split_target(&call, given->target, err));
	FC_TRY(wait_of_poll(azure, given->polls, &call.request.delay_ms, err));
	bool recovers = given->recover && call.operation && !call.operation->repeatable &&
			call.operation->verb != FC_AZURE_SNAPSHOT_APPLY;
	FC_TRY(recovers ? create(azure, &call, given, &response, &error, err)
			: perform(azure, &call, &response, &error, err));
	out->status = response.status;
	out->unclear = advice_on_answer(&call, &response);
	snprintf(out->operation_location, sizeof(out->operation_location), "%s",
		 response.operation_location);
	snprintf(out->error_code, sizeof(out->error_code), "%s", error.code);
	out->body = FC_STEAL_STRUCT(response.body);
	return FC_OK;
}

static enum fc_status call_service(struct fc_service *service, const struct fc_api_request *request,
				   struct fc_api_response *out, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	FC_TRY_PREFIX(send(azure, request, out, err), err, "service '%s'", azure->options.name);
	return FC_OK;
}

const struct fc_api_verbs fc_azure_api_verbs = { .call = call_service };
