/* Spaces on a platform: list, delete, thresholds. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "service/match/confidence.h"
#include "service/remote/platform/engine.h"

static enum fc_status space_list(struct fc_service *service, struct fc_space_summary **out,
				 size_t *count, struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	fc_platform_names_release(&platform->spaces);
	FC_TRY(fc_platform_load_spaces(platform, err));
	const struct fc_platform_names *names = &platform->spaces;
	struct fc_space_summary *spaces = calloc(names->count + 1, sizeof(*spaces));
	if (!spaces) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < names->count; i++) {
		spaces[i].uncounted = true;
		spaces[i].id = names->items[i].id;
		snprintf(spaces[i].name, sizeof(spaces[i].name), "%s", names->items[i].name);
	}
	*count = names->count;
	*out = spaces;
	return FC_OK;
}

static enum fc_status space_delete(struct fc_service *service, const char *space,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	struct fc_platform *platform = fc_platform_of(service);
	const struct fc_platform_name *found;
	char number[24];
	const char *path[] = { "spaces", number, NULL };
	FC_TRY(fc_platform_find_space(platform, space, &found, err));
	snprintf(number, sizeof(number), "%" PRIu64, found->id);
	FC_TRY(fc_platform_ask_item(platform, platform->iam, FC_HTTP_DELETE, path, &answer, err));
	fc_platform_names_release(&platform->spaces);
	return FC_OK;
}

/* ---- thresholds ---- */

static const char *const thresholds_path[] = { "settings", "thresholds", NULL };

static enum fc_status exchange_bands(struct fc_platform *platform, struct fc_platform_call *call,
				     struct fc_bands *out, struct fc_error *err)
{
	FC_CLEANUP(fc_platform_answer_release) struct fc_platform_answer answer = { 0 };
	FC_TRY(fc_platform_call_end(call, err));
	FC_TRY(fc_platform_perform(platform, platform->client.http, call, &answer, err));
	struct fc_platform_thresholds read;
	FC_TRY_PREFIX(fc_platform_read_thresholds(answer.json, &read, err), err, "service '%s'",
		      platform->options.name);
	*out = (struct fc_bands){ .exact = read.exact, .ha = read.ha, .junk = read.junk };
	return FC_OK;
}

static enum fc_status space_bands(struct fc_service *service, const char *space,
				  const struct fc_bands_change *change, struct fc_space_bands *out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_platform_call_release) struct fc_platform_call call = { 0 };
	struct fc_platform *platform = fc_platform_of(service);
	struct fc_bands bands;
	FC_TRY(fc_platform_check_space(platform, space, err));
	fc_platform_call_begin(platform, FC_HTTP_GET, thresholds_path, &call);
	FC_TRY(exchange_bands(platform, &call, &bands, err));
	if (change->has_exact || change->has_ha || change->has_junk) {
		bands.exact = change->has_exact ? change->bands.exact : bands.exact;
		bands.ha = change->has_ha ? change->bands.ha : bands.ha;
		bands.junk = change->has_junk ? change->bands.junk : bands.junk;
		FC_TRY(fc_bands_check(&bands, err));
		FC_CLEANUP(fc_json_release) cJSON *object = cJSON_CreateObject();
		if (!object || !cJSON_AddNumberToObject(object, "exact", bands.exact) ||
		    !cJSON_AddNumberToObject(object, "ha", bands.ha) ||
		    !cJSON_AddNumberToObject(object, "junk", bands.junk)) {
			return fc_fail_memory(err);
		}
		fc_platform_call_begin(platform, FC_HTTP_PUT, thresholds_path, &call);
		fc_platform_json(&call, FC_STEAL(object));
		FC_TRY(exchange_bands(platform, &call, &bands, err));
	}
	*out = (struct fc_space_bands){ .confidence = bands };
	return FC_OK;
}

const struct fc_space_verbs fc_platform_space_verbs[] = {
	[FC_PLATFORM_NEUROIO] = { .list = space_list,
				  .delete = space_delete,
				  .bands = space_bands },
	[FC_PLATFORM_SERP] = { .list = space_list, .delete = space_delete },
};
