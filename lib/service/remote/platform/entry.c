/* What NeuroIO and SERP answer: entries and statistics. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "service/remote/platform/answer.h"

void fc_platform_entry_release(struct fc_platform_entry *entry)
{
	fc_entry_release(&entry->entry);
	*entry = (struct fc_platform_entry){ 0 };
}

/* ---- entries ---- */

static const char *text_of(const cJSON *json, const char *name)
{
	const char *text = fc_json_text(json, name);
	return text && *text != '\0' ? text : NULL;
}

/* {"id":1,"name":"door"}, or a bare number under the other name. False when it makes no sense. */
static bool read_container(const cJSON *json, const char *object, const char *number, bool *has_id,
			   uint32_t *id, const char **name)
{
	const cJSON *container = fc_json_get(json, object);
	bool nested = cJSON_IsObject(container);
	const cJSON *value =
		nested ? fc_member(container, "id", NULL) : fc_member(json, number, NULL);
	uint64_t whole;
	*has_id = value != NULL;
	*name = nested ? text_of(container, "name") : NULL;
	if (!value) {
		return true;
	}
	if (!fc_member_count(nested ? container : json, nested ? "id" : number, &whole) ||
	    whole > UINT32_MAX) {
		return false;
	}
	*id = (uint32_t)whole;
	return true;
}

/* SERP tells blur, NeuroIO neither that nor sharpness. */
static bool read_measures(const cJSON *json, struct fc_entry *entry)
{
	uint64_t pixels = 0;
	float blur;
	bool sound = fc_member_real(json, "exposure", &entry->exposure) &&
		     fc_member_real(json, "pan", &entry->pan) &&
		     fc_member_real(json, "tilt", &entry->tilt) &&
		     fc_member_real(json, "blur", &blur);
	if (fc_member(json, "facesize", NULL)) {
		sound = sound && fc_member_count(json, "facesize", &pixels) && pixels <= UINT32_MAX;
	}
	entry->sharpness = sound ? 1 - blur : NAN;
	entry->face_pixels = (uint32_t)pixels;
	entry->confidence = NAN;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(entry->box); i++) {
		entry->box[i] = NAN;
	}
	return sound;
}

static bool read_match(const cJSON *json, struct fc_entry *entry)
{
	double confidence = 0;
	bool sound = fc_member_confidence(json, &entry->has_match, &confidence);
	entry->match = (float)confidence;
	return sound;
}

static bool read_attributes(const cJSON *json, const char *liveness, struct fc_entry *entry)
{
	struct fc_member_attributes attributes;
	bool sound = fc_member_attributes(json, liveness, &attributes);
	entry->has_age = attributes.has_age;
	entry->age = attributes.age;
	entry->sex = attributes.sex;
	entry->mood = attributes.mood;
	entry->liveness = attributes.liveness;
	return sound;
}

static bool copy_text(const char *from, char **out)
{
	*out = from ? strdup(from) : NULL;
	return *out || !from;
}

/* Members of the entry itself. Words for the one that makes no sense; NULL when all do. */
static const char *read_members(const cJSON *json, struct fc_entry *entry)
{
	if (!fc_member_count(json, "id", &entry->id)) {
		return "number";
	}
	if (!fc_member_time(json, "created", &entry->created)) {
		return "time";
	}
	if (!fc_member_result(json, &entry->result)) {
		return "result";
	}
	if (!fc_member_pid(json, &entry->has_pid, &entry->pid)) {
		return "profile";
	}
	if (!read_match(json, entry)) {
		return "confidence";
	}
	if (!read_measures(json, entry)) {
		return "measure";
	}
	return read_attributes(json, "liveness", entry) ? NULL : "age, sex, mood or liveness";
}

/* What stands around it: where it comes from, when its person was made, pictures. */
static bool read_surroundings(const cJSON *json, struct fc_entry_row *row, const char **origin)
{
	bool has_space;
	bool sound = read_container(json, "source", "origin_id", &row->has_origin_id,
				    &row->origin_id, origin) &&
		     read_container(json, "space", "space_id", &has_space, &row->space_id,
				    &row->space) &&
		     fc_member_time(json, "pid_created", &row->person_created);
	const cJSON *alive = fc_member(json, "alive_probability", NULL);
	row->has_alive_probability = alive != NULL;
	if (alive) {
		row->alive_probability = alive->valuedouble;
		sound = sound && cJSON_IsNumber(alive) && alive->valuedouble >= 0 &&
			alive->valuedouble <= 1;
	}
	row->face_image = text_of(json, "face_image");
	row->initial_face_image = text_of(json, "initial_face_image");
	if (!row->initial_face_image) {
		row->initial_face_image = text_of(json, "profile_photo");
	}
	row->initial_full_image = text_of(json, "initial_full_image");
	return sound;
}

enum fc_status fc_platform_read_entry(const cJSON *json, struct fc_platform_entry *out,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_platform_entry_release) struct fc_platform_entry entry = { 0 };
	const char *origin = NULL;
	const char *path = text_of(json, "full_image");
	if (!cJSON_IsObject(json)) {
		return fc_fail(err, FC_REFUSED, "an entry of the answer is no object");
	}
	const char *senseless = read_members(json, &entry.entry);
	if (!senseless && !read_surroundings(json, &entry.row, &origin)) {
		senseless = "source, space or date";
	}
	if (senseless) {
		return fc_fail(err, FC_REFUSED,
			       "entry %" PRIu64 " of the answer has a %s that makes no sense",
			       entry.entry.id, senseless);
	}
	if (!copy_text(origin, &entry.entry.origin) ||
	    !copy_text(path ? path : text_of(json, "photo"), &entry.entry.path)) {
		return fc_fail_memory(err);
	}
	*out = entry;
	out->row.entry = &out->entry;
	entry = (struct fc_platform_entry){ 0 };
	return FC_OK;
}

/* ---- statistics ---- */

/* Each is absent or a count. */
static bool read_counts(const cJSON *json, struct fc_entry_stats *stats)
{
	static const struct {
		const char *name;
		enum fc_result result;
	} results[] = {
		{ "exact", FC_RESULT_EXACT },
		{ "ha", FC_RESULT_HA },
		{ "junk", FC_RESULT_JUNK },
		{ "reinit", FC_RESULT_REINIT },
	};
	static const struct {
		const char *name;
		enum fc_liveness liveness;
	} livenesses[] = {
		{ "passed", FC_LIVENESS_PASSED },
		{ "failed", FC_LIVENESS_FAILED },
		{ "undetermined", FC_LIVENESS_UNDETERMINED },
	};
	uint64_t others = 0;
	const cJSON *lives = fc_json_get(json, "liveness");
	bool sound = fc_member_count(json, "total", &stats->total);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(results); i++) {
		uint64_t *count = &stats->results[results[i].result];
		sound = sound && (!fc_json_get(json, results[i].name) ||
				  fc_member_count(json, results[i].name, count));
		others += sound ? *count : 0;
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(livenesses); i++) {
		const char *name = livenesses[i].name;
		sound = sound &&
			(!fc_json_get(lives, name) ||
			 fc_member_count(lives, name, &stats->livenesses[livenesses[i].liveness]));
	}
	/* Entries of a profile are these four or new, and new is the one that is not counted for itself. */
	stats->results[FC_RESULT_NEW] = stats->total > others ? stats->total - others : 0;
	return sound;
}

static bool read_initial(const cJSON *json, struct fc_entry_stats *stats, const char **origin)
{
	struct fc_entry *initial = &stats->initial;
	uint64_t pixels = 0;
	bool sound = fc_member_time(json, "pid_created", &stats->first_seen) &&
		     fc_member_pid(json, &initial->has_pid, &initial->pid) &&
		     read_container(json, "pid_source", "origin_id", &stats->has_initial_origin_id,
				    &stats->initial_origin_id, origin) &&
		     (!fc_member(json, "initial_facesize", NULL) ||
		      (fc_member_count(json, "initial_facesize", &pixels) && pixels <= UINT32_MAX));
	initial->face_pixels = (uint32_t)pixels;
	initial->created = stats->first_seen;
	stats->has_initial = true;
	return sound;
}

enum fc_status fc_platform_read_stats(const cJSON *json, struct fc_entry_stats *out,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_entry_stats_release) struct fc_entry_stats stats = { 0 };
	const char *origin = NULL;
	if (!cJSON_IsObject(json) || !read_counts(json, &stats) ||
	    !read_initial(json, &stats, &origin) ||
	    !read_attributes(json, "initial_liveness", &stats.initial)) {
		return fc_fail(err, FC_REFUSED, "the answer has no statistics that make sense");
	}
	if (!copy_text(origin, &stats.initial.origin) ||
	    !copy_text(text_of(json, "initial_full_image"), &stats.initial.path) ||
	    !copy_text(text_of(json, "initial_face_image"), &stats.initial_face_image)) {
		return fc_fail_memory(err);
	}
	*out = stats;
	stats = (struct fc_entry_stats){ 0 };
	return FC_OK;
}
