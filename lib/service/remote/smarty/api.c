/* Send requests of the Smarty API to the service as they are given, with its token, limits and retries. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/common/api.h"
#include "base/json.h"
#include "protocol/multipart.h"
#include "service/remote/smarty/engine.h"

enum { PARTS_MAXIMUM = 1000 };

static bool is_method(const struct fc_api_target *target)
{
	static const char *const names[] = { "set", "recognize", "delete", "truncate" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		if (target->segment_count == 4 && strcmp(target->segments[0], "api") == 0 &&
		    strcmp(target->segments[1], "v1") == 0 &&
		    strcmp(target->segments[2], "persons") == 0 &&
		    strcmp(target->segments[3], names[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* Check the limits of the service before anything is sent. */
static enum fc_status check_limits(const struct fc_smarty *smarty, const struct fc_form *form,
				   size_t length, struct fc_error *err)
{
	const struct fc_smarty_limits *limits = &smarty->options.limits;
	if (limits->request_bytes > 0 && length > limits->request_bytes) {
		return fc_fail(err, FC_TOO_LARGE, "the request has %zu bytes; the maximum is %zu",
			       length, (size_t)limits->request_bytes);
	}
	size_t images = 0;
	for (size_t i = 0; i < form->count; i++) {
		const struct fc_form_part *part = &form->parts[i];
		images += part->filename != NULL;
		if (limits->photo.image_bytes > 0 && part->length > limits->photo.image_bytes) {
			return fc_fail(err, FC_TOO_LARGE, "'%s' has %zu bytes; the maximum is %zu",
				       part->name, part->length, (size_t)limits->photo.image_bytes);
		}
	}
	return images > limits->images ? fc_fail(err, FC_TOO_LARGE,
						 "the request has %zu images; the maximum is %zu",
						 images, (size_t)limits->images)
				       : FC_OK;
}

/* A recognition changes nothing only if its meta object says so: the service's default for update_embedding is true. */
static bool may_repeat(const char *method, const struct fc_form *form)
{
	FC_CLEANUP(fc_json_release) cJSON *meta = NULL;
	const struct fc_form_part *part = fc_form_find(form, "meta");
	if (strcmp(method, "recognize") != 0) {
		return true;
	}
	return part &&
	       fc_json_parse(part->data, part->length, part->length, "meta", &meta, NULL) ==
		       FC_OK &&
	       !cJSON_IsTrue(fc_json_get(meta, "create_new")) &&
	       cJSON_IsFalse(fc_json_get(meta, "update_embedding"));
}

static enum fc_status send(struct fc_smarty *smarty, const struct fc_api_request *request,
			   struct fc_api_response *out, struct fc_error *err)
{
	FC_CLEANUP(fc_api_target_release) struct fc_api_target target = { 0 };
	FC_CLEANUP(fc_form_release) struct fc_form form = { 0 };
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	FC_TRY(fc_api_target_read(request->target, &target, err));
	if (!is_method(&target) || strcmp(request->method, "POST") != 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the Smarty API has no operation '%s %s'; use POST "
			       "/api/v1/persons/ with set, recognize, delete or truncate",
			       request->method, request->target);
	}
	FC_TRY(fc_form_read(request->content_type, request->body, request->length, PARTS_MAXIMUM,
			    &form, err));
	FC_TRY(check_limits(smarty, &form, request->length, err));
	struct fc_remote_api api = {
		.http = smarty->client.http,
		.query = smarty->query,
		.query_count = FC_ARRAY_LENGTH(smarty->query),
		.repeatable = may_repeat(target.segments[3], &form),
		.judge = fc_smarty_judge,
	};
	if (!api.repeatable) {
		api.advice = "persons may have been created, so it was not repeated";
	}
	FC_TRY(fc_remote_api_send(&api, request, &target, out, err));
	/* an error envelope may come with a successful HTTP status */
	if (out->status < 400 &&
	    fc_smarty_read_envelope(out->body.data, out->body.length, &envelope, NULL) == FC_OK) {
		out->status = envelope.status;
	}
	return FC_OK;
}

static enum fc_status call_service(struct fc_service *service, const struct fc_api_request *request,
				   struct fc_api_response *out, struct fc_error *err)
{
	struct fc_smarty *smarty = fc_smarty_of(service);
	FC_TRY_PREFIX(send(smarty, request, out, err), err, "service '%s'", smarty->options.name);
	return FC_OK;
}

const struct fc_api_verbs fc_smarty_api_verbs = { .call = call_service };
