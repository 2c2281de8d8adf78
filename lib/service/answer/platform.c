/* Write results of the verbs on profiles and entries as the JSON of NeuroIO and SERP. */
/* SPDX-License-Identifier: MIT */
#include "service/answer/platform.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/number.h"
#include "service/entry_filter.h"
#include "service/origins.h"
#include "service/spaces.h"

/* ---- profiles ---- */

/* The attributes that a remote service returned; else, if they are asked for, those that facectl estimated. */
static struct fc_platform_attributes attributes_of(const struct fc_profile_outcome *outcome,
						   bool asked)
{
	if (!outcome->face) {
		return (struct fc_platform_attributes){
			.has_age = outcome->has_age,
			.age = outcome->age,
			.sex = outcome->sex,
			.mood = outcome->mood,
			.liveness = outcome->liveness,
		};
	}
	if (!asked) {
		return (struct fc_platform_attributes){ .liveness = outcome->liveness };
	}
	const struct fc_attributes *measured = &outcome->face->attributes;
	return (struct fc_platform_attributes){
		.has_age = measured->has_age,
		.age = (uint8_t)(measured->age + 0.5F),
		.sex = measured->sex,
		.mood = measured->emotion,
		.liveness = outcome->liveness,
	};
}

void fc_answer_profile_outcome(struct fc_json_writer *json,
			       const struct fc_platform_dialect *dialect,
			       const struct fc_profile_outcome *outcome, bool attributes)
{
	FC_CLEANUP(fc_free)
	struct fc_platform_match *matches = calloc(outcome->match_count + 1, sizeof(*matches));
	/* a profile that was just created consists of this face */
	bool is_new = outcome->result == FC_RESULT_NEW;
	if (!matches) {
		json->out->failed = true;
		return;
	}
	for (size_t i = 0; i < outcome->match_count; i++) {
		const struct fc_profile_match *match = &outcome->matches[i];
		matches[i] = (struct fc_platform_match){
			.pid = match->profile.pid,
			.result = match->result,
			.confidence = match->confidence,
			.similarity = (double)match->similarity,
		};
	}
	const struct fc_platform_person person = {
		.result = outcome->result,
		.has_pid = outcome->has_profile,
		.person = fc_person_id_of(&outcome->profile.pid, outcome->other_id),
		.has_confidence = is_new || outcome->has_similarity,
		.confidence = is_new ? 100 : outcome->confidence,
		.attributes = attributes_of(outcome, attributes),
		.matches = matches,
		.match_count = outcome->match_count,
	};
	fc_platform_write_person(json, dialect, &person);
}

void fc_answer_begin_profile(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			     const struct fc_profile *profile)
{
	const struct fc_platform_profile written = {
		.person = fc_person_id_of(&profile->pid, profile->other_id),
		.name = profile->name,
		.user_data = profile->user_data,
		.space = profile->space[0] != '\0' ? profile->space : NULL,
		.has_number = profile->has_number,
		.number = profile->number,
		.has_faces = !profile->uncounted,
		.faces = profile->faces,
		.created = profile->created,
		.updated = profile->updated,
	};
	fc_platform_begin_profile(json, dialect, &written);
}

void fc_answer_profile(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
		       const struct fc_profile *profile)
{
	fc_answer_begin_profile(json, dialect, profile);
	fc_json_end_object(json);
}

/* ---- entries ---- */

static struct fc_platform_attributes entry_attributes(const struct fc_entry *entry)
{
	return (struct fc_platform_attributes){
		.has_age = entry->has_age,
		.age = entry->age,
		.sex = entry->sex,
		.mood = entry->mood,
		.liveness = entry->liveness,
	};
}

void fc_answer_entry(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
		     const struct fc_entry_row *row)
{
	const struct fc_entry *entry = row->entry;
	bool is_new = entry->result == FC_RESULT_NEW;
	const struct fc_platform_entry written = {
		.id = entry->id,
		.created = entry->created,
		.person_created = row->person_created,
		.origin = { row->has_origin_id, row->origin_id, entry->origin },
		.space = { row->space_id > 0, row->space_id, row->space },
		.result = entry->result,
		.has_pid = entry->has_pid,
		.person = fc_person_id_of(&entry->pid, row->other_id),
		.has_confidence = is_new || entry->has_match,
		.confidence = is_new ? 100 : (double)entry->match,
		.attributes = entry_attributes(entry),
		.alive_probability =
			row->has_alive_probability ? row->alive_probability : (double)NAN,
		.face_pixels = entry->face_pixels,
		.exposure = (double)entry->exposure,
		.blur = 1 - (double)entry->sharpness,
		.pan = (double)entry->pan,
		.tilt = (double)entry->tilt,
		.face_image = row->face_image,
		.full_image = entry->path,
		.initial_face_image = row->initial_face_image,
		.initial_full_image = row->initial_full_image,
	};
	fc_platform_write_entry(json, dialect, &written);
}

/* ---- filters ---- */

static enum fc_status origin_number(struct fc_service *service, const char *text, uint64_t *out,
				    struct fc_error *err)
{
	struct fc_origin_row row;
	if (strcmp(text, "cli") == 0) {
		*out = 0;
		return FC_OK;
	}
	FC_TRY(fc_service_origin_show(service, text, &row, err));
	*out = row.origin.id;
	return FC_OK;
}

/* A remote service gets a number as it is; a space of the gallery may have the name 5. */
static enum fc_status space_number(struct fc_service *service, const char *text, uint64_t *out,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space_summary *spaces = NULL;
	size_t count = 0;
	bool is_number = fc_parse_u64(text, 1, UINT32_MAX, "a space", out, NULL) == FC_OK;
	if (is_number && service->operations->account) {
		return FC_OK;
	}
	FC_TRY(fc_service_space_list(service, &spaces, &count, err));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(spaces[i].name, text) == 0) {
			*out = spaces[i].id;
		}
	}
	return FC_OK;
}

enum fc_status fc_answer_entry_filters(struct fc_service *service,
				       const struct fc_platform_dialect *dialect,
				       const struct fc_entry_filter *filter, struct fc_buffer *out,
				       struct fc_error *err)
{
	FC_CLEANUP(fc_free) uint64_t *origins = calloc(filter->origin_count + 1, sizeof(*origins));
	FC_CLEANUP(fc_free) uint64_t *spaces = calloc(filter->space_count + 1, sizeof(*spaces));
	if (!origins || !spaces) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < filter->origin_count; i++) {
		FC_TRY(origin_number(service, filter->origins[i], &origins[i], err));
	}
	for (size_t i = 0; i < filter->space_count; i++) {
		FC_TRY(space_number(service, filter->spaces[i], &spaces[i], err));
	}
	struct fc_platform_filter written = fc_platform_filter_of(filter);
	written.origins = origins;
	written.origin_count = filter->origin_count;
	written.spaces = spaces;
	written.space_count = filter->space_count;
	return fc_platform_filter_query(&written, dialect, out, err);
}

/* ---- statistics ---- */

static struct fc_platform_stats stats_of(const struct fc_entry_stats *stats)
{
	struct fc_platform_stats out = { .total = stats->total };
	memcpy(out.results, stats->results, sizeof(out.results));
	memcpy(out.livenesses, stats->livenesses, sizeof(out.livenesses));
	return out;
}

void fc_answer_person_stats(struct fc_json_writer *json, const struct fc_person_id *person,
			    const struct fc_entry_stats *stats)
{
	const struct fc_entry *initial = &stats->initial;
	struct fc_platform_stats written = stats_of(stats);
	written.has_pid = true;
	written.person = *person;
	written.person_created = stats->first_seen;
	written.origin = (struct fc_platform_place){ stats->has_initial_origin_id,
						     stats->initial_origin_id, initial->origin };
	written.attributes = entry_attributes(initial);
	written.has_face_pixels = stats->has_initial;
	written.face_pixels = initial->face_pixels;
	written.face_image = stats->initial_face_image;
	written.full_image = initial->path;
	fc_platform_write_person_stats(json, &written);
}

void fc_answer_origin_stats(struct fc_json_writer *json, uint32_t id, const char *name,
			    const struct fc_entry_stats *stats)
{
	struct fc_platform_stats written = stats_of(stats);
	written.origin = (struct fc_platform_place){ id > 0, id, name };
	fc_platform_write_origin_stats(json, &written);
}

/* ---- errors ---- */

void fc_answer_platform_failure(struct fc_json_writer *json,
				const struct fc_platform_dialect *dialect,
				const struct fc_error *err)
{
	FC_CLEANUP(fc_json_release) cJSON *answer = NULL;
	size_t length = strlen(err->answer);
	if (length > 0 && fc_json_parse(err->answer, length, length, "", &answer, NULL) == FC_OK &&
	    cJSON_IsObject(answer)) {
		fc_json_write(json, answer);
	} else {
		fc_platform_write_error(json, dialect, err->status, err->text);
	}
}

void fc_answer_platform_error(struct fc_buffer *out, const struct fc_platform_dialect *dialect,
			      const struct fc_error *err)
{
	struct fc_json_writer json = fc_json_writer_of(out, true);
	fc_answer_platform_failure(&json, dialect, err);
	fc_buffer_append_text(out, "\n");
}
