/* Open and close the client of a Smarty service; the commands without photos. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/smarty/smarty.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "service/remote/smarty/engine.h"

/* Send a request without photos and read the response. *sent_before: an earlier try may have been carried out; may be NULL. */
static enum fc_status perform(struct fc_smarty *smarty, struct fc_smarty_call *call,
			      struct fc_smarty_envelope *envelope, bool *sent_before,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_http_response_release) struct fc_http_response response = { 0 };
	call->request.repeatable = true;
	FC_TRY_PREFIX(fc_http_perform(smarty->client.http, &call->request, &response, err), err,
		      "service '%s'", smarty->options.name);
	if (sent_before) {
		*sent_before = response.sent_before;
	}
	FC_TRY_PREFIX(fc_smarty_read(&response, envelope, err), err, "service '%s'",
		      smarty->options.name);
	return FC_OK;
}

/* The protocol has no code for a person that does not exist, so the words decide. */
static bool says_missing(const char *error)
{
	return strcasestr(error, "not found") || strcasestr(error, "not exist") ||
	       strcasestr(error, "no such");
}

/* Apply the object of one person. After a retry, a missing person was deleted by the earlier try, whose response was lost. */
static void take_deleted(struct fc_delete_item *item, const cJSON *object,
			 enum fc_smarty_object_status object_status, bool sent_before)
{
	const char *error =
		object ? fc_smarty_object_error(object) : "the response has no result for it";
	item->uncounted = true;
	if (object && object_status == FC_SMARTY_DONE) {
		item->status = FC_OK;
	} else if (object && object_status == FC_SMARTY_TEMPORARY) {
		item->status = FC_BUSY;
	} else if (object && says_missing(error)) {
		item->status = sent_before ? FC_OK : FC_NOT_FOUND;
	} else {
		item->status = FC_REFUSED;
	}
	if (item->status != FC_OK) {
		snprintf(item->service_error, sizeof(item->service_error), "%.150s", error);
	}
}

static enum fc_status delete_some(struct fc_smarty *smarty, const struct fc_delete_request *request,
				  size_t first, size_t count, struct fc_error *failure,
				  struct fc_error *err)
{
	struct fc_delete_item *items = request->items + first;
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
		.space = request->space, .has_images = true, .numbers = numbers, .count = count
	};
	FC_TRY(fc_smarty_call_fill(smarty, "delete", &meta, names, NULL, &call, err));
	bool sent_before;
	FC_TRY(perform(smarty, &call, &envelope, &sent_before, err));
	if (request->notes) {
		fc_smarty_notes_add(request->notes, &envelope.notes);
	}
	for (size_t i = 0; i < count; i++) {
		enum fc_smarty_object_status object_status = FC_SMARTY_PERMANENT;
		FC_CLEANUP(fc_json_release)
		cJSON *object =
			fc_smarty_take_object(&envelope, call.names[i].text, &object_status);
		take_deleted(&items[i], object, object_status, sent_before);
		bool failed = items[i].status != FC_OK && items[i].status != FC_NOT_FOUND;
		if (failed && failure->status == FC_OK) {
			FC_IGNORE(fc_fail(failure, items[i].status,
					  "service '%s': person %" PRIu64 ": %.200s",
					  smarty->options.name, items[i].number,
					  items[i].service_error));
		}
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
		status = delete_some(smarty, request, first, left < most ? left : most, &failure,
				     &why);
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
	status = fc_fail(err, done > 0 ? FC_PARTIAL : failure.status, "%s", failure.text);
	fc_error_copy_answer(err, &failure);
	return status;
}

/* set --sync: remove persons. A person that the service does not have is no error. */
static enum fc_status remove_persons(struct fc_service *service, const char *space,
				     struct fc_sync_face *removals, size_t count, bool dry_run,
				     struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_delete_item *items = calloc(count + 1, sizeof(*items));
	const struct fc_delete_request request = { .space = space, .items = items, .count = count };
	struct fc_error failure = { 0 };
	if (!items) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		removals[i].found_number = true;
		removals[i].person_number = removals[i].number;
		items[i].number = removals[i].number;
		items[i].status = FC_INTERNAL; /* until the request is sent */
	}
	if (dry_run) {
		return FC_OK;
	}
	FC_IGNORE(delete_persons(service, &request, &failure));
	for (size_t i = 0; i < count; i++) {
		struct fc_sync_face *removal = &removals[i];
		bool gone = items[i].status == FC_OK || items[i].status == FC_NOT_FOUND;
		removal->status = gone ? FC_OK : items[i].status;
		removal->person_removed = items[i].status == FC_OK;
		snprintf(removal->error, sizeof(removal->error), "%.159s",
			 items[i].service_error[0] ? items[i].service_error : failure.text);
	}
	return FC_OK;
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
	FC_TRY(perform(smarty, &call, &envelope, NULL, err));
	*out = (struct fc_truncate_result){ .uncounted = true, .notes = envelope.notes };
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
	enum fc_status status = perform(smarty, &call, &envelope, NULL, err);
	/* only a Smarty service has an envelope with status 400 and a text */
	bool expected = status == FC_REFUSED && envelope.status == 400 && envelope.message;
	return expected ? FC_OK : status;
}

/* ---- opening and closing ---- */

static const char *account(const struct fc_service *service)
{
	return ((const struct fc_smarty *)service)->client.account;
}

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
	.sync = fc_remote_sync_alone,
};

static const struct fc_sync_verbs sync_verbs = {
	.whole_persons = true,
	.check = fc_smarty_check_set,
	.remove = remove_persons,
};

static const struct fc_service_verbs service_verbs = { .probe = probe };

static const struct fc_service_operations operations = {
	.type = "smarty",
	.close = close_smarty,
	.account = account,
	.photos = &photo_verbs,
	.sync = &sync_verbs,
	.services = &service_verbs,
	.api = &fc_smarty_api_verbs,
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
