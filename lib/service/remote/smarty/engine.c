/* Open and close the client of a Smarty service; the commands without photos. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/smarty/smarty.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "service/remote/smarty/engine.h"

/* Send a request without photos and read the response. */
static enum fc_status perform(struct fc_smarty *smarty, struct fc_smarty_call *call,
			      struct fc_smarty_envelope *envelope, struct fc_error *err)
{
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	call->request.repeatable = true;
	FC_TRY_PREFIX(fc_http_perform(smarty->client.http, &call->request, &response, err), err,
		      "service '%s'", smarty->options.name);
	FC_TRY_PREFIX(fc_smarty_read(&response, envelope, err), err, "service '%s'",
		      smarty->options.name);
	return FC_OK;
}

static enum fc_status delete_some(struct fc_smarty *smarty, const char *space,
				  struct fc_delete_item *items, size_t count,
				  struct fc_error *failure, struct fc_error *err)
{
	FC_CLEANUP(fc_smarty_call_release) struct fc_smarty_call call = { 0 };
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	FC_CLEANUP(fc_free) uint64_t *numbers = calloc(count, sizeof(*numbers));
	FC_CLEANUP(fc_free) const char **names = calloc(count, sizeof(*names));
	if (!numbers || !names) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		numbers[i] = items[i].number;
		names[i] = items[i].name;
	}
	struct fc_smarty_meta meta = {
		.space = space, .has_images = true, .numbers = numbers, .count = count
	};
	FC_TRY(fc_smarty_call_fill(smarty, "delete", &meta, names, NULL, &call, err));
	FC_TRY(perform(smarty, &call, &envelope, err));
	for (size_t i = 0; i < count; i++) {
		enum fc_smarty_object_status object_status = FC_SMARTY_PERMANENT;
		cJSON *object =
			fc_smarty_take_object(&envelope, call.names[i].text, &object_status);
		items[i].status = object && object_status == FC_SMARTY_DONE        ? FC_OK
				  : object && object_status == FC_SMARTY_TEMPORARY ? FC_BUSY
										   : FC_REFUSED;
		items[i].uncounted = true;
		if (items[i].status != FC_OK) {
			snprintf(items[i].service_error, sizeof(items[i].service_error), "%.150s",
				 object ? fc_smarty_object_error(object)
					: "the response has no result for it");
		}
		if (items[i].status != FC_OK && failure->status == FC_OK) {
			FC_IGNORE(fc_fail(failure, items[i].status,
					  "service '%s': person %" PRIu64 ": %.200s",
					  smarty->options.name, items[i].number,
					  items[i].service_error));
		}
		cJSON_Delete(object);
	}
	return FC_OK;
}

static enum fc_status delete_persons(struct fc_service *service,
				     const struct fc_delete_request *request, struct fc_error *err)
{
	struct fc_smarty *smarty = fc_smarty_of(service);
	size_t most = smarty->options.limits.images;
	struct fc_error failure = { 0 };
	enum fc_status status = FC_OK;
	size_t done = 0;
	FC_TRY(fc_smarty_check_space(smarty, request->space, err));
	FC_TRY(fc_smarty_refuse(smarty, request->dry_run, "dry runs", err));
	for (size_t first = 0; first < request->count && status == FC_OK; first += most) {
		size_t left = request->count - first;
		struct fc_error why = { 0 };
		status = delete_some(smarty, request->space, request->items + first,
				     left < most ? left : most, &failure, &why);
		if (status != FC_OK) {
			/* Fail the items of this request, and all later items, which are not sent. */
			for (size_t i = first; i < request->count; i++) {
				struct fc_delete_item *item = &request->items[i];
				item->status = status;
				item->uncounted = true;
				snprintf(item->service_error, sizeof(item->service_error), "%.150s",
					 why.text);
			}
			failure = failure.status == FC_OK ? why : failure;
		}
	}
	for (size_t i = 0; i < request->count; i++) {
		done += request->items[i].status == FC_OK;
	}
	if (failure.status == FC_OK) {
		return FC_OK;
	}
	return fc_fail(err, done > 0 ? FC_PARTIAL : failure.status, "%s", failure.text);
}

static enum fc_status truncate_space(struct fc_service *service,
				     const struct fc_truncate_request *request,
				     struct fc_truncate_result *out, struct fc_error *err)
{
	FC_CLEANUP(fc_smarty_call_release) struct fc_smarty_call call = { 0 };
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	struct fc_smarty *smarty = fc_smarty_of(service);
	struct fc_smarty_meta meta = { .space = request->space };
	FC_TRY(fc_smarty_check_space(smarty, request->space, err));
	FC_TRY(fc_smarty_refuse(smarty, request->dry_run, "dry runs", err));
	FC_TRY(fc_smarty_call_fill(smarty, "truncate", &meta, NULL, NULL, &call, err));
	FC_TRY(perform(smarty, &call, &envelope, err));
	*out = (struct fc_truncate_result){ .uncounted = true };
	return FC_OK;
}

/* Send a recognition request without its image: the service checks the token first, and then reports that the image is missing. */
static enum fc_status probe(struct fc_service *service, struct fc_error *err)
{
	FC_CLEANUP(fc_smarty_call_release) struct fc_smarty_call call = { 0 };
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	struct fc_smarty *smarty = fc_smarty_of(service);
	struct fc_smarty_meta meta = {
		.space = "0", .recognizes = true, .has_images = true, .count = 1
	};
	const char *const no_name = NULL;
	FC_TRY(fc_smarty_call_fill(smarty, "recognize", &meta, &no_name, NULL, &call, err));
	enum fc_status status = perform(smarty, &call, &envelope, err);
	return fc_smarty_is_refusal(status, &envelope) ? FC_OK : status;
}

/* ---- opening and closing ---- */

static void close_smarty(struct fc_service *service)
{
	struct fc_smarty *smarty = fc_smarty_of(service);
	fc_remote_disconnect(&smarty->client);
	free(smarty);
}

static const struct fc_photo_verbs photo_verbs = {
	.set = fc_smarty_set,
	.recognize = fc_smarty_recognize,
	.delete = delete_persons,
	.truncate = truncate_space,
};

static const struct fc_service_verbs service_verbs = { .probe = probe };

static const struct fc_service_operations operations = {
	.type = "smarty",
	.close = close_smarty,
	.photos = &photo_verbs,
	.services = &service_verbs,
};

enum fc_status fc_smarty_open(const struct fc_smarty_options *options, struct fc_service **out,
			      struct fc_error *err)
{
	static const char *const tails[] = { "/api/v1/persons", "/api/v1", "/api", NULL };
	if (!options->provider || *options->provider == '\0') {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "service '%s': no oauth-provider is configured", options->name);
	}
	if (options->limits.images < 1) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "service '%s': the limit of images in a request must be at least 1",
			       options->name);
	}
	struct fc_smarty *smarty = calloc(1, sizeof(*smarty));
	if (!smarty) {
		return fc_fail_memory(err);
	}
	FC_CLEANUP(fc_service_closep) struct fc_service *service = &smarty->service;
	service->operations = &operations;
	smarty->options = *options;
	FC_TRY(fc_remote_connect(&smarty->client, options->name, &options->token, tails,
				 &smarty->options.http, err));
	smarty->query[0] = (struct fc_http_field){ "oauth_token", smarty->client.token.text, true };
	smarty->query[1] = (struct fc_http_field){ "oauth_provider", options->provider, false };
	*out = FC_STEAL(service);
	return FC_OK;
}
