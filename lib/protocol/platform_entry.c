/* Read the platforms' entries and statistics. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>

#include "base/json.h"
#include "protocol/platform.h"
#include "protocol/platform_member.h"

/* Read {"id":1,"name":"door"} from the member `object`, or a number from the member `number`. */
static bool read_place(const cJSON *json, const char *object, const char *number,
		       struct fc_platform_place *out)
{
	const cJSON *place = fc_json_get(json, object);
	bool nested = cJSON_IsObject(place);
	const cJSON *holder = nested ? place : json;
	const char *member = nested ? "id" : number;
	uint64_t id = 0;
	out->name = nested ? fc_platform_member_text(place, "name") : NULL;
	out->has_id = fc_platform_member(holder, member, NULL) != NULL;
	if (out->has_id && (!fc_platform_member_count(holder, member, &id) || id > UINT32_MAX)) {
		return false;
	}
	out->id = (uint32_t)id;
	return true;
}

static bool read_face_pixels(const cJSON *json, const char *name, uint32_t *out)
{
	uint64_t pixels = 0;
	bool valid = !fc_platform_member(json, name, NULL) ||
		     (fc_platform_member_count(json, name, &pixels) && pixels <= UINT32_MAX);
	*out = (uint32_t)pixels;
	return valid;
}

/* Read the members. Returns which one is invalid, or NULL. Missing measures are NaN. */
static const char *read_members(const cJSON *json, struct fc_platform_entry *out)
{
	if (!fc_platform_read_id(json, &out->id)) {
		return "number";
	}
	if (!fc_platform_member_time(json, "created", &out->created)) {
		return "time";
	}
	if (!fc_platform_member_result(json, &out->result)) {
		return "result";
	}
	if (!fc_platform_member_pid(json, &out->has_pid, &out->person)) {
		return "profile";
	}
	if (!fc_platform_member_confidence(json, &out->has_confidence, &out->confidence)) {
		return "confidence";
	}
	if (!fc_platform_member_real(json, "exposure", &out->exposure) ||
	    !fc_platform_member_real(json, "pan", &out->pan) ||
	    !fc_platform_member_real(json, "tilt", &out->tilt) ||
	    !fc_platform_member_real(json, "blur", &out->blur) ||
	    !read_face_pixels(json, "facesize", &out->face_pixels)) {
		return "measure";
	}
	if (!fc_platform_member_attributes(json, "liveness", &out->attributes)) {
		return "age, sex, mood or liveness";
	}
	if (!read_place(json, "source", "origin_id", &out->origin) ||
	    !read_place(json, "space", "space_id", &out->space) ||
	    !fc_platform_member_time(json, "pid_created", &out->person_created) ||
	    !fc_platform_member_real(json, "alive_probability", &out->alive_probability) ||
	    out->alive_probability < 0 || out->alive_probability > 1) {
		return "source, space or date";
	}
	return NULL;
}

enum fc_status fc_platform_read_entry(const cJSON *json, struct fc_platform_entry *out,
				      struct fc_error *err)
{
	struct fc_platform_entry entry = { 0 };
	if (!cJSON_IsObject(json)) {
		return fc_fail(err, FC_REFUSED, "an entry in the response is no object");
	}
	const char *invalid = read_members(json, &entry);
	if (invalid) {
		return fc_fail(err, FC_REFUSED,
			       "entry %" PRIu64 " of the response has an invalid %s", entry.id,
			       invalid);
	}
	entry.face_image = fc_platform_member_text(json, "face_image");
	entry.full_image = fc_platform_member_text(json, "full_image");
	if (!entry.full_image) {
		entry.full_image = fc_platform_member_text(json, "photo");
	}
	entry.initial_face_image = fc_platform_member_text(json, "initial_face_image");
	if (!entry.initial_face_image) {
		entry.initial_face_image = fc_platform_member_text(json, "profile_photo");
	}
	entry.initial_full_image = fc_platform_member_text(json, "initial_full_image");
	*out = entry;
	return FC_OK;
}

/* ---- statistics ---- */

/* Read a count. Returns false when it is invalid; it may be absent. */
static bool read_count(const cJSON *json, const char *name, uint64_t *out)
{
	return !fc_json_get(json, name) || fc_platform_member_count(json, name, out);
}

static bool read_counts(const cJSON *json, struct fc_platform_stats *out)
{
	static const enum fc_result results[] = { FC_RESULT_EXACT, FC_RESULT_HA, FC_RESULT_JUNK,
						  FC_RESULT_REINIT };
	const cJSON *livenesses = fc_json_get(json, "liveness");
	uint64_t others = 0;
	bool valid = fc_platform_member_count(json, "total", &out->total);
	for (size_t i = 0; valid && i < FC_ARRAY_LENGTH(results); i++) {
		uint64_t *count = &out->results[results[i]];
		valid = read_count(json, fc_result_name(results[i]), count);
		others += *count;
	}
	for (int i = FC_LIVENESS_PASSED; valid && i < FC_LIVENESS_END; i++) {
		valid = read_count(livenesses, fc_liveness_name((enum fc_liveness)i),
				   &out->livenesses[i]);
	}
	/* the entries of a profile have one of these four results or "new", which the response does not count */
	out->results[FC_RESULT_NEW] = out->total > others ? out->total - others : 0;
	return valid;
}

enum fc_status fc_platform_read_person_stats(const cJSON *json, struct fc_platform_stats *out,
					     struct fc_error *err)
{
	struct fc_platform_stats stats = { 0 };
	if (!cJSON_IsObject(json) || !read_counts(json, &stats) ||
	    !fc_platform_member_time(json, "pid_created", &stats.person_created) ||
	    !fc_platform_member_pid(json, &stats.has_pid, &stats.person) ||
	    !read_place(json, "pid_source", "origin_id", &stats.origin) ||
	    !read_face_pixels(json, "initial_facesize", &stats.face_pixels) ||
	    !fc_platform_member_attributes(json, "initial_liveness", &stats.attributes)) {
		return fc_fail(err, FC_REFUSED, "the response has no valid statistics");
	}
	stats.has_face_pixels = true;
	stats.face_image = fc_platform_member_text(json, "initial_face_image");
	stats.full_image = fc_platform_member_text(json, "initial_full_image");
	*out = stats;
	return FC_OK;
}
