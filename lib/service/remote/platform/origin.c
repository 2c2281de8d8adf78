/* What NeuroIO and SERP answer: origins, spaces, thresholds. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "service/remote/platform/answer.h"

enum fc_status fc_platform_read_named(const cJSON *json, const char *what, uint64_t *id,
				      const char **name, struct fc_error *err)
{
	*name = fc_json_text(json, "name");
	if (!fc_member_count(json, "id", id) || *id == 0 || !*name) {
		return fc_fail(err, FC_REFUSED,
			       "a%s of the answer has no number or name that makes sense", what);
	}
	return FC_OK;
}

static bool read_flag(const cJSON *json, const char *name, enum fc_origin_flag flag,
		      uint32_t *flags)
{
	const cJSON *value = fc_member(json, name, NULL);
	if (cJSON_IsTrue(value)) {
		*flags |= flag;
	}
	return !value || cJSON_IsBool(value);
}

static bool read_size(const cJSON *json, const char *name, uint64_t *out)
{
	return !fc_member(json, name, NULL) || fc_member_count(json, name, out);
}

/* [2, 3]: the results that make entries. Absent and null are all of them. */
static bool read_saved(const cJSON *json, const char *name, uint32_t *out)
{
	const cJSON *results = name ? fc_member(json, name, NULL) : NULL;
	const cJSON *result;
	*out = FC_ORIGIN_ALL_RESULTS;
	if (!results) {
		return true;
	}
	*out = 0;
	cJSON_ArrayForEach (result, results) {
		double number = cJSON_IsNumber(result) ? result->valuedouble : 0;
		if (!(number >= FC_RESULT_NM && number <= FC_RESULT_NF)) {
			return false;
		}
		*out |= 1u << (unsigned)number;
	}
	return cJSON_IsArray(results);
}

static bool read_settings(const cJSON *json, const struct fc_platform_settings *words,
			  struct fc_origin_settings *out)
{
	uint64_t days = 0;
	bool sound = read_size(json, words->min_facesize, &out->min_facesize) &&
		     read_size(json, words->create_min_facesize, &out->create_min_facesize) &&
		     read_flag(json, words->on_ha, FC_ORIGIN_CREATE_ON_HA, &out->flags) &&
		     read_flag(json, words->on_junk, FC_ORIGIN_CREATE_ON_JUNK, &out->flags) &&
		     read_saved(json, words->save_entries, &out->save_entries) &&
		     (!words->storage_days || read_size(json, words->storage_days, &days)) &&
		     days <= UINT32_MAX;
	out->entry_storage_days = (uint32_t)days;
	return sound;
}

enum fc_status fc_platform_read_origin(const cJSON *json, const struct fc_platform_settings *words,
				       struct fc_origin_row *out, struct fc_error *err)
{
	struct fc_origin_row row = { .uncounted = true };
	const char *name = NULL;
	uint64_t id = 0;
	FC_TRY(fc_platform_read_named(json, "n origin", &id, &name, err));
	if (id > UINT32_MAX || strlen(name) >= sizeof(row.origin.name) ||
	    !fc_member_time(json, "created", &row.origin.created) ||
	    !read_settings(json, words, &row.origin.settings)) {
		return fc_fail(err, FC_REFUSED, "origin '%.80s' has a setting that makes no sense",
			       name);
	}
	row.origin.id = (uint32_t)id;
	snprintf(row.origin.name, sizeof(row.origin.name), "%s", name);
	*out = row;
	return FC_OK;
}

enum fc_status fc_platform_read_bands(const cJSON *json, struct fc_bands *out, struct fc_error *err)
{
	struct fc_bands bands;
	if (!fc_json_number(json, "exact", 0, 100, &bands.exact) ||
	    !fc_json_number(json, "ha", 0, 100, &bands.ha) ||
	    !fc_json_number(json, "junk", 0, 100, &bands.junk)) {
		return fc_fail(err, FC_REFUSED, "the answer has no thresholds that make sense");
	}
	*out = bands;
	return FC_OK;
}
