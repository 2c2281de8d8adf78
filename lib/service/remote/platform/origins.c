/* Origins on a platform: create, list, show, update, delete. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "service/remote/platform/engine.h"

enum { ORIGINS_MAXIMUM = 100000 }; /* limit of origins of one service */

/* ---- settings ---- */

static bool add_count(cJSON *object, const char *name, uint64_t value)
{
	return cJSON_AddNumberToObject(object, name, (double)value) != NULL;
}

static bool add_results(cJSON *object, const char *name, uint32_t results)
{
	cJSON *array = cJSON_AddArrayToObject(object, name);
	bool complete = array != NULL;
	for (unsigned result = FC_RESULT_NM; complete && result < FC_RESULT_END; result++) {
		if (results >> result & 1) {
			complete = cJSON_AddItemToArray(array, cJSON_CreateNumber(result));
		}
	}
	return complete;
}

static enum fc_status add_settings(const struct fc_platform *platform, unsigned fields,
				   const struct fc_origin_settings *settings, cJSON *object,
				   struct fc_error *err)
{
	const struct fc_platform_settings *words = &platform->dialect->settings;
	bool ha = settings->flags & FC_ORIGIN_CREATE_ON_HA;
	bool junk = settings->flags & FC_ORIGIN_CREATE_ON_JUNK;
	bool complete = true;
	FC_TRY(fc_platform_refuse(platform, fields & FC_ORIGIN_SAVE_ENTRIES && !words->save_entries,
				  "choosing which results create entries", err));
	FC_TRY(fc_platform_refuse(platform, fields & FC_ORIGIN_STORAGE_DAYS && !words->storage_days,
				  "limiting how long an origin's entries are kept", err));
	if (fields & FC_ORIGIN_MIN_FACESIZE) {
		complete = add_count(object, words->min_facesize, settings->min_facesize);
	}
	if (fields & FC_ORIGIN_CREATE_MIN_FACESIZE) {
		complete = complete && add_count(object, words->create_min_facesize,
						 settings->create_min_facesize);
	}
	if (fields & FC_ORIGIN_ON_HA) {
		complete = complete && cJSON_AddBoolToObject(object, words->on_ha, ha);
	}
	if (fields & FC_ORIGIN_ON_JUNK) {
		complete = complete && cJSON_AddBoolToObject(object, words->on_junk, junk);
	}
	if (fields & FC_ORIGIN_SAVE_ENTRIES) {
		complete = complete &&
			   add_results(object, words->save_entries, settings->save_entries);
	}
	if (fields & FC_ORIGIN_STORAGE_DAYS) {
		/* 0 days means for ever, which the platform writes as null */
		uint32_t days = settings->entry_storage_days;
		complete = complete &&
			   (days > 0 ? add_count(object, words->storage_days, days)
				     : cJSON_AddNullToObject(object, words->storage_days) != NULL);
	}
	return complete ? FC_OK : fc_fail_memory(err);
}

/* The settings that differ from facectl's defaults. The others are not sent, so that the platform uses its own defaults. */
static unsigned fields_of(const struct fc_origin_settings *settings)
{
	const struct fc_origin_settings defaults = fc_origin_settings_default(NULL);
	uint32_t flags = settings->flags ^ defaults.flags;
	unsigned fields = 0;
	fields |= settings->min_facesize != defaults.min_facesize ? FC_ORIGIN_MIN_FACESIZE : 0;
	fields |= settings->create_min_facesize != defaults.create_min_facesize
			  ? FC_ORIGIN_CREATE_MIN_FACESIZE
			  : 0;
	fields |= flags & FC_ORIGIN_CREATE_ON_HA ? FC_ORIGIN_ON_HA : 0;
	fields |= flags & FC_ORIGIN_CREATE_ON_JUNK ? FC_ORIGIN_ON_JUNK : 0;
	fields |= settings->save_entries != defaults.save_entries ? FC_ORIGIN_SAVE_ENTRIES : 0;
	fields |= settings->entry_storage_days != defaults.entry_storage_days
			  ? FC_ORIGIN_STORAGE_DAYS
			  : 0;
	return fields;
}

/* ---- responses ---- */

static enum fc_status read_origin(const struct fc_platform *platform, const cJSON *json,
				  const char *space, struct fc_origin_row *out,
				  struct fc_error *err)
{
	FC_TRY_PREFIX(fc_platform_origin_of(json, platform->dialect, out, err), err, "service '%s'",
		      platform->options.name);
	snprintf(out->space, sizeof(out->space), "%s", space ? space : "");
	return FC_OK;
}

/* ---- one origin ---- */

/* Send a request without parameters about an origin, given by its name or number. */
static enum fc_status ask(struct fc_platform *platform, enum fc_http_method method,
			  const char *origin, struct fc_platform_answer *out, struct fc_error *err)
{
	const struct fc_platform_name *found;
	uint64_t id;
	char number[24];
	const char *path[] = { platform->dialect->origins, number, NULL };
	if (!fc_platform_is_number(origin, &id)) {
		FC_TRY(fc_platform_find_origin(platform, origin, &found, err));
		id = found->id;
	}
	snprintf(number, sizeof(number), "%" PRIu64, id);
	return fc_platform_ask_item(platform, platform->client.http, method, path, out, err);
}

static enum fc_status origin_show(struct fc_service *service, const char *origin,
				  struct fc_origin_row *out, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct fc_platform *platform = fc_platform_of(service);
	FC_TRY(ask(platform, FC_HTTP_GET, origin, &answer, err));
	return read_origin(platform, answer.json, NULL, out, err);
}

static enum fc_status origin_update(struct fc_service *service,
				    const struct fc_origin_update_request *request,
				    struct fc_origin_row *out, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_call_release) struct fc_platform_call call = { 0 };
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct fc_platform *platform = fc_platform_of(service);
	const struct fc_platform_name *found;
	char number[24];
	const char *path[] = { platform->dialect->origins, number, NULL };
	FC_TRY(fc_platform_find_origin(platform, request->origin, &found, err));
	snprintf(number, sizeof(number), "%" PRIu64, found->id);
	fc_platform_call_begin(platform, FC_HTTP_PATCH, path, &call);
	call.may_be_missing = true;
	FC_CLEANUP(fc_json_release) cJSON *object = cJSON_CreateObject();
	/* both platforms require the name with every change */
	if (!object || !cJSON_AddStringToObject(object, "name", found->name)) {
		return fc_fail_memory(err);
	}
	FC_TRY(add_settings(platform, request->fields, &request->settings, object, err));
	fc_platform_json(&call, FC_STEAL(object));
	FC_TRY(fc_platform_call_end(&call, err));
	FC_TRY(fc_platform_perform(platform, platform->client.http, &call, &answer, err));
	if (answer.json) {
		return read_origin(platform, answer.json, NULL, out, err);
	}
	return origin_show(service, request->origin, out, err);
}

static enum fc_status origin_delete(struct fc_service *service, const char *origin,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct fc_platform *platform = fc_platform_of(service);
	FC_TRY(ask(platform, FC_HTTP_DELETE, origin, &answer, err));
	fc_platform_names_release(&platform->origins);
	return FC_OK;
}

/* ---- create ---- */

/* After a creation with unknown outcome: succeed if the origin exists, else return the failure. */
static enum fc_status find_created(struct fc_platform *platform, const char *name,
				   struct fc_origin_row *out, struct fc_error *failure,
				   struct fc_error *err)
{
	fc_platform_names_release(&platform->origins);
	enum fc_status status = origin_show(&platform->service, name, out, err);
	if (status == FC_OK) {
		return FC_OK;
	}
	return fc_fail(err, failure->status, "%s%s", failure->text,
		       status == FC_NOT_FOUND ? "; the origin was not created"
					      : "; the origin may have been created");
}

static enum fc_status origin_create(struct fc_service *service, const char *name, const char *space,
				    const struct fc_origin_settings *settings,
				    struct fc_origin_row *out, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_call_release) struct fc_platform_call call = { 0 };
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct fc_platform *platform = fc_platform_of(service);
	const char *path[] = { platform->dialect->origins, NULL };
	struct fc_error failure = { 0 };
	bool sent;
	FC_TRY(fc_platform_check_space(platform, space, err));
	const struct fc_platform_name *found;
	enum fc_status status = fc_platform_find_origin(platform, name, &found, err);
	if (status != FC_OK && status != FC_NOT_FOUND) {
		return status;
	}
	if (fc_platform_find_name(&platform->origins, name)) {
		return fc_fail(err, FC_CONFLICT, "service '%s' already has an origin '%s'",
			       platform->options.name, name);
	}
	FC_CLEANUP(fc_json_release) cJSON *object = cJSON_CreateObject();
	if (!object || !cJSON_AddStringToObject(object, "name", name)) {
		return fc_fail_memory(err);
	}
	FC_TRY(add_settings(platform, fields_of(settings), settings, object, err));
	fc_platform_call_begin(platform, FC_HTTP_POST, path, &call);
	fc_platform_json(&call, FC_STEAL(object));
	FC_TRY(fc_platform_call_end(&call, err));
	status = fc_platform_perform_once(platform, &call, &answer, &sent, &failure);
	if (status == FC_OK &&
	    fc_platform_origin_of(answer.json, platform->dialect, out, &failure) == FC_OK) {
		fc_platform_names_release(&platform->origins);
		snprintf(out->space, sizeof(out->space), "%s", space ? space : "");
		return FC_OK;
	}
	if (status != FC_OK && !sent) {
		return fc_fail(err, failure.status, "%s", failure.text);
	}
	return find_created(platform, name, out, &failure, err);
}

/* ---- list ---- */

struct listing {
	const struct fc_platform *platform;
	const char *space;
	struct fc_origin_row *rows;
	size_t count, capacity;
};

static void listing_release(struct listing *listing)
{
	free(listing->rows);
}

static enum fc_status add_origin(void *context, const cJSON *item, struct fc_error *err)
{
	struct listing *listing = context;
	FC_TRY(fc_array_grow(&listing->rows, sizeof(*listing->rows), listing->count,
			     &listing->capacity, err));
	FC_TRY(read_origin(listing->platform, item, listing->space, &listing->rows[listing->count],
			   err));
	listing->count++;
	return FC_OK;
}

static void add_space(struct fc_platform_call *call, const void *context)
{
	const struct fc_platform_name *space = context;
	fc_platform_query_count(call, "spaces_ids", space->id);
}

static enum fc_status origin_list(struct fc_service *service, const char *space,
				  struct fc_origin_row **out, size_t *count, struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	const struct fc_platform_name *found = NULL;
	const char *path[] = { platform->dialect->origins, NULL };
	FC_CLEANUP(listing_release) struct listing listing = { .platform = platform };
	if (space) {
		FC_TRY(fc_platform_find_space(platform, space, &found, err));
		listing.space = found->name;
	}
	const struct fc_platform_list list = {
		.http = platform->client.http,
		.path = path,
		.filter = found ? add_space : NULL,
		.filter_context = found,
		.limit = ORIGINS_MAXIMUM,
		.what = "n origin",
		.visit = add_origin,
		.context = &listing,
	};
	FC_TRY(fc_platform_each(platform, &list, err));
	*count = listing.count;
	*out = FC_STEAL(listing.rows);
	if (!*out) {
		*out = calloc(1, sizeof(**out));
	}
	return *out ? FC_OK : fc_fail_memory(err);
}

const struct fc_origin_verbs fc_platform_origin_verbs = {
	.create = origin_create,
	.list = origin_list,
	.show = origin_show,
	.update = origin_update,
	.delete = origin_delete,
};
