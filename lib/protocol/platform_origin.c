/* The JSON of the platforms' origins, which NeuroIO calls sources. */
/* SPDX-License-Identifier: MIT */
#include "base/json.h"
#include "protocol/platform.h"
#include "protocol/platform_member.h"

/* ---- read ---- */

static bool read_flag(const cJSON *json, const char *name, bool *out)
{
	const cJSON *value = fc_platform_member(json, name, NULL);
	*out = cJSON_IsTrue(value);
	return !value || cJSON_IsBool(value);
}

static bool read_size(const cJSON *json, const char *name, uint64_t *out)
{
	return !name || !fc_platform_member(json, name, NULL) ||
	       fc_platform_member_count(json, name, out);
}

/* Read a list of results such as [2, 3]. Absent or null means all results. */
static bool read_saved(const cJSON *json, const char *name, struct fc_platform_origin *out)
{
	const cJSON *results = name ? fc_platform_member(json, name, NULL) : NULL;
	const cJSON *result;
	out->has_save_entries = results != NULL;
	cJSON_ArrayForEach (result, results) {
		double number = cJSON_IsNumber(result) ? result->valuedouble : 0;
		if (!(number >= FC_RESULT_NM && number <= FC_RESULT_NF)) {
			return false;
		}
		out->save_entries |= 1u << (unsigned)number;
	}
	return !results || cJSON_IsArray(results);
}

const char *fc_platform_read_settings(const cJSON *json, const struct fc_platform_dialect *dialect,
				      struct fc_platform_origin *out)
{
	const struct fc_platform_settings *names = &dialect->settings;
	uint64_t days = 0;
	const struct {
		const char *name;
		bool valid;
	} members[] = {
		{ names->min_facesize, read_size(json, names->min_facesize, &out->min_facesize) },
		{ names->create_min_facesize,
		  read_size(json, names->create_min_facesize, &out->create_min_facesize) },
		{ names->on_ha, read_flag(json, names->on_ha, &out->on_ha) },
		{ names->on_junk, read_flag(json, names->on_junk, &out->on_junk) },
		{ names->save_entries, read_saved(json, names->save_entries, out) },
		{ names->storage_days,
		  read_size(json, names->storage_days, &days) && days <= UINT32_MAX },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(members); i++) {
		if (!members[i].valid) {
			return members[i].name;
		}
	}
	out->storage_days = (uint32_t)days;
	return NULL;
}

enum fc_status fc_platform_read_origin(const cJSON *json, const struct fc_platform_dialect *dialect,
				       struct fc_platform_origin *out, struct fc_error *err)
{
	struct fc_platform_origin origin = { 0 };
	uint64_t id = 0;
	FC_TRY(fc_platform_read_named(json, "n origin", &id, &origin.name, err));
	if (id > UINT32_MAX || !fc_platform_member_time(json, "created", &origin.created) ||
	    fc_platform_read_settings(json, dialect, &origin)) {
		return fc_fail(err, FC_REFUSED, "origin '%.80s' has an invalid setting",
			       origin.name);
	}
	origin.id = (uint32_t)id;
	*out = origin;
	return FC_OK;
}

/* ---- write ---- */

void fc_platform_write_origin(struct fc_json_writer *json,
			      const struct fc_platform_dialect *dialect,
			      const struct fc_platform_origin *origin)
{
	const struct fc_platform_settings *names = &dialect->settings;
	char time[FC_PLATFORM_TIME_SIZE];
	fc_json_begin_object(json);
	fc_json_put_integer(json, "id", origin->id);
	fc_json_put_text(json, "name", origin->name);
	fc_platform_format_time(origin->created, time);
	fc_json_put_text(json, "created", time);
	fc_json_put_integer(json, names->min_facesize, (int64_t)origin->min_facesize);
	fc_json_put_integer(json, names->create_min_facesize, (int64_t)origin->create_min_facesize);
	fc_json_put_bool(json, names->on_ha, origin->on_ha);
	fc_json_put_bool(json, names->on_junk, origin->on_junk);
	if (names->save_entries) {
		fc_json_put_array(json, names->save_entries);
		for (unsigned result = FC_RESULT_NM; result < FC_RESULT_END; result++) {
			if (origin->save_entries >> result & 1) {
				fc_json_integer(json, result);
			}
		}
		fc_json_end_array(json);
	}
	if (names->storage_days && origin->storage_days > 0) {
		fc_json_put_integer(json, names->storage_days, origin->storage_days);
	} else if (names->storage_days) {
		fc_json_key(json, names->storage_days);
		fc_json_null(json);
	}
	fc_json_end_object(json);
}
