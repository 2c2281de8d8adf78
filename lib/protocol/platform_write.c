/* Write the JSON of NeuroIO and SERP. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "protocol/platform.h"

enum { DECIMALS = 4, CONFIDENCE_DECIMALS = 2 };

/* ---- members; an unknown value is null ---- */

static void put_text(struct fc_json_writer *json, const char *key, const char *text)
{
	fc_json_key(json, key);
	if (text) {
		fc_json_string(json, text);
	} else {
		fc_json_null(json);
	}
}

static void put_integer(struct fc_json_writer *json, const char *key, bool known, uint64_t value)
{
	fc_json_key(json, key);
	if (known) {
		fc_json_integer(json, (int64_t)value);
	} else {
		fc_json_null(json);
	}
}

static void put_pid(struct fc_json_writer *json, const char *key, const struct fc_uuid *pid)
{
	char text[FC_UUID_TEXT_SIZE];
	fc_uuid_format(pid, text);
	put_text(json, key, text);
}

static void put_person(struct fc_json_writer *json, const char *key, bool known,
		       const struct fc_person_id *person)
{
	char text[FC_UUID_TEXT_SIZE];
	put_text(json, key, known ? fc_person_id_text(&person->pid, person->other, text) : NULL);
}

/* NeuroIO's times end in Z, SERP's in +00:00. */
static void put_time(struct fc_json_writer *json, const char *key,
		     const struct fc_platform_dialect *dialect, int64_t time)
{
	char text[FC_TIME_TEXT_SIZE];
	char serp[FC_TIME_TEXT_SIZE + 8];
	fc_time_format(time, text);
	snprintf(serp, sizeof(serp), "%.*s+00:00", (int)strcspn(text, "Z"), text);
	const char *shown = dialect->kind == FC_PLATFORM_SERP ? serp : text;
	put_text(json, key, time != 0 ? shown : NULL);
}

static void put_place(struct fc_json_writer *json, const char *key,
		      const struct fc_platform_place *place)
{
	fc_json_put_object(json, key);
	put_integer(json, "id", place->has_id, place->id);
	put_text(json, "name", place->name);
	fc_json_end_object(json);
}

static void put_result(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
		       enum fc_result result)
{
	bool known = result >= FC_RESULT_NM && result < FC_RESULT_END;
	if (result == FC_RESULT_NF && !(dialect->results >> result & 1)) {
		result = FC_RESULT_NM; /* NeuroIO has no word for a photo without a face */
	}
	if (dialect->numbered_results) {
		put_integer(json, dialect->result, known, result);
	} else {
		put_text(json, dialect->result, known ? fc_result_name(result) : NULL);
	}
}

static void put_confidence(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			   bool known, double confidence)
{
	fc_json_put_real(json, dialect->confidence, known ? confidence : (double)NAN,
			 CONFIDENCE_DECIMALS);
}

/* 0 is male, 1 is female. */
static void put_age_and_sex(struct fc_json_writer *json,
			    const struct fc_platform_attributes *attributes)
{
	put_integer(json, "age", attributes->has_age, attributes->age);
	put_integer(json, "sex", attributes->sex != FC_SEX_UNKNOWN,
		    attributes->sex == FC_SEX_FEMALE);
}

static void put_attributes(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			   const struct fc_platform_attributes *attributes)
{
	put_age_and_sex(json, attributes);
	put_text(json, "mood", fc_platform_mood_word(dialect, attributes->mood));
}

/* ---- errors ---- */

static int error_code(enum fc_status status)
{
	switch (status) {
	case FC_NOT_FOUND:
		return 404;
	case FC_CONFLICT:
		return 409;
	case FC_PERMISSION:
		return 403;
	case FC_INVALID_ARGUMENT:
	case FC_UNSUPPORTED:
	case FC_UNREADABLE:
	case FC_BAD_IMAGE:
	case FC_TOO_LARGE:
	case FC_NO_FACE:
	case FC_SEVERAL_FACES:
	case FC_POOR_QUALITY:
		return 400;
	default:
		return 500;
	}
}

void fc_platform_write_fault(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			     const struct fc_platform_fault *fault)
{
	fc_json_begin_object(json);
	if (dialect->kind == FC_PLATFORM_SERP) {
		fc_json_put_array(json, "detail");
		fc_json_begin_object(json);
		fc_json_put_array(json, "loc");
		fc_json_string(json, fault->place ? fault->place : "body");
		if (fault->field) {
			fc_json_string(json, fault->field);
		}
		fc_json_end_array(json);
		put_text(json, "msg", fault->message);
		fc_json_put_integer(json, "code", fault->code);
		fc_json_end_object(json);
		fc_json_end_array(json);
	} else {
		fc_json_put_array(json, "error_codes");
		fc_json_integer(json, fault->code);
		fc_json_end_array(json);
		put_text(json, "message", fault->field ? "Validation error." : fault->message);
		fc_json_put_array(json, "fields");
		if (fault->field) {
			fc_json_begin_object(json);
			put_text(json, "name", fault->field);
			put_text(json, "message", fault->message);
			fc_json_put_integer(json, "error_code", fault->code);
			fc_json_end_object(json);
		}
		fc_json_end_array(json);
	}
	fc_json_end_object(json);
}

void fc_platform_write_error(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			     enum fc_status status, const char *message)
{
	/* NeuroIO's messages begin with a capital and end with a full stop. */
	char sentence[sizeof(((struct fc_error *)NULL)->text) + 2];
	snprintf(sentence, sizeof(sentence), "%s.", message);
	sentence[0] = (char)toupper((unsigned char)sentence[0]);
	const struct fc_platform_fault fault = {
		.code = error_code(status),
		.message = dialect->kind == FC_PLATFORM_SERP ? message : sentence,
	};
	fc_platform_write_fault(json, dialect, &fault);
}

/* ---- persons and profiles ---- */

void fc_platform_write_person(struct fc_json_writer *json,
			      const struct fc_platform_dialect *dialect,
			      const struct fc_platform_person *person)
{
	bool serp = dialect->kind == FC_PLATFORM_SERP;
	fc_json_begin_object(json);
	put_result(json, dialect, person->result);
	put_person(json, dialect->pid, person->has_pid, &person->person);
	put_confidence(json, dialect, person->has_confidence, person->confidence);
	put_attributes(json, dialect, &person->attributes);
	put_text(json, serp ? "alive_probability" : "liveness",
		 serp ? NULL : fc_liveness_name(person->attributes.liveness));
	if (person->match_count > 0) {
		fc_json_put_array(json, "matches");
		for (size_t i = 0; i < person->match_count; i++) {
			const struct fc_platform_match *match = &person->matches[i];
			fc_json_begin_object(json);
			put_pid(json, dialect->pid, &match->pid);
			put_result(json, dialect, match->result);
			put_confidence(json, dialect, true, match->confidence);
			fc_json_put_real(json, "similarity", match->similarity, DECIMALS);
			fc_json_end_object(json);
		}
		fc_json_end_array(json);
	}
	fc_json_end_object(json);
}

void fc_platform_begin_profile(struct fc_json_writer *json,
			       const struct fc_platform_dialect *dialect,
			       const struct fc_platform_profile *profile)
{
	fc_json_begin_object(json);
	put_person(json, dialect->kind == FC_PLATFORM_SERP ? "id" : "pid", true, &profile->person);
	put_text(json, "name", profile->name);
	put_text(json, "user_data", profile->user_data);
	put_integer(json, "number", profile->has_number, profile->number);
	put_text(json, "space", profile->space);
	put_integer(json, "faces", profile->has_faces, profile->faces);
	put_time(json, "created", dialect, profile->created);
	put_time(json, "updated", dialect, profile->updated);
}

/* ---- entries ---- */

static void write_neuroio_entry(struct fc_json_writer *json, const struct fc_platform_entry *entry)
{
	const struct fc_platform_dialect *dialect = &fc_platform_neuroio;
	put_integer(json, "id", true, entry->id);
	put_time(json, "created", dialect, entry->created);
	put_text(json, "face_image", entry->face_image);
	put_text(json, "full_image", entry->full_image);
	put_place(json, "source", &entry->origin);
	put_place(json, "space", &entry->space);
	put_integer(json, "facesize", entry->face_pixels > 0, entry->face_pixels);
	put_attributes(json, dialect, &entry->attributes);
	put_text(json, "liveness", fc_liveness_name(entry->attributes.liveness));
	put_person(json, "pid", entry->has_pid, &entry->person);
	put_result(json, dialect, entry->result);
	put_confidence(json, dialect, entry->has_confidence, entry->confidence);
	put_time(json, "pid_created", dialect, entry->person_created);
	put_text(json, "initial_face_image", entry->initial_face_image);
	put_text(json, "initial_full_image", entry->initial_full_image);
	fc_json_put_real(json, "exposure", entry->exposure, DECIMALS);
	fc_json_put_real(json, "pan", entry->pan, DECIMALS);
	fc_json_put_real(json, "tilt", entry->tilt, DECIMALS);
}

static void write_serp_entry(struct fc_json_writer *json, const struct fc_platform_entry *entry)
{
	const struct fc_platform_dialect *dialect = &fc_platform_serp;
	put_integer(json, "id", true, entry->id);
	put_integer(json, "space_id", entry->space.has_id, entry->space.id);
	put_integer(json, "origin_id", entry->origin.has_id, entry->origin.id);
	put_person(json, "person_id", entry->has_pid, &entry->person);
	put_result(json, dialect, entry->result);
	put_text(json, "photo", entry->full_image ? entry->full_image : "");
	put_time(json, "created", dialect, entry->created);
	fc_json_put_real(json, "alive_probability", entry->alive_probability, DECIMALS);
	put_text(json, "profile_photo", entry->initial_face_image ? entry->initial_face_image : "");
	put_confidence(json, dialect, entry->has_confidence, entry->confidence);
	fc_json_put_real(json, "exposure", entry->exposure, DECIMALS);
	fc_json_put_real(json, "blur", entry->blur, DECIMALS);
	fc_json_put_real(json, "tilt", entry->tilt, DECIMALS);
	fc_json_put_real(json, "pan", entry->pan, DECIMALS);
	put_attributes(json, dialect, &entry->attributes);
}

void fc_platform_write_entry(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			     const struct fc_platform_entry *entry)
{
	fc_json_begin_object(json);
	if (dialect->kind == FC_PLATFORM_SERP) {
		write_serp_entry(json, entry);
	} else {
		write_neuroio_entry(json, entry);
	}
	fc_json_end_object(json);
}

/* ---- statistics ---- */

static void put_count(struct fc_json_writer *json, const struct fc_platform_stats *stats,
		      enum fc_result result)
{
	put_integer(json, fc_result_name(result), true, stats->results[result]);
}

static void put_livenesses(struct fc_json_writer *json, const struct fc_platform_stats *stats)
{
	fc_json_put_object(json, "liveness");
	for (int i = FC_LIVENESS_PASSED; i < FC_LIVENESS_END; i++) {
		put_integer(json, fc_liveness_name((enum fc_liveness)i), true,
			    stats->livenesses[i]);
	}
	fc_json_end_object(json);
}

void fc_platform_write_person_stats(struct fc_json_writer *json,
				    const struct fc_platform_stats *stats)
{
	const char *liveness = fc_liveness_name(stats->attributes.liveness);
	fc_json_begin_object(json);
	put_person(json, "pid", stats->has_pid, &stats->person);
	put_time(json, "pid_created", &fc_platform_neuroio, stats->person_created);
	put_place(json, "pid_source", &stats->origin);
	put_age_and_sex(json, &stats->attributes);
	put_text(json, "initial_face_image", stats->face_image);
	put_text(json, "initial_full_image", stats->full_image);
	put_integer(json, "initial_facesize", stats->has_face_pixels, stats->face_pixels);
	put_text(json, "initial_liveness", liveness ? liveness : "");
	put_integer(json, "total", true, stats->total);
	put_count(json, stats, FC_RESULT_EXACT);
	put_count(json, stats, FC_RESULT_HA);
	put_count(json, stats, FC_RESULT_JUNK);
	put_count(json, stats, FC_RESULT_REINIT);
	put_livenesses(json, stats);
	fc_json_end_object(json);
}

void fc_platform_write_origin_stats(struct fc_json_writer *json,
				    const struct fc_platform_stats *stats)
{
	static const enum fc_result results[] = {
		FC_RESULT_REINIT, FC_RESULT_EXACT, FC_RESULT_HA,  FC_RESULT_JUNK,
		FC_RESULT_NM,     FC_RESULT_DET,   FC_RESULT_NEW, FC_RESULT_NF,
	};
	fc_json_begin_object(json);
	put_integer(json, "id", stats->origin.has_id, stats->origin.id);
	put_text(json, "name", stats->origin.name);
	put_integer(json, "total", true, stats->total);
	fc_json_put_object(json, "conf");
	for (size_t i = 0; i < FC_ARRAY_LENGTH(results); i++) {
		put_count(json, stats, results[i]);
	}
	fc_json_end_object(json);
	put_livenesses(json, stats);
	fc_json_end_object(json);
}

/* ---- pages ---- */

static void put_link(struct fc_json_writer *json, const char *key,
		     const struct fc_platform_page_request *page, bool exists, uint64_t offset)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer link = { 0 };
	fc_buffer_printf(&link, "%s?limit=%" PRIu64 "&offset=%" PRIu64 "%s", page->path,
			 page->limit, offset, page->filters ? page->filters : "");
	const char *text = fc_buffer_text(&link);
	json->out->failed = json->out->failed || !text;
	put_text(json, key, exists ? text : NULL);
}

void fc_platform_begin_page(struct fc_json_writer *json, const struct fc_platform_dialect *dialect,
			    const struct fc_platform_page_request *page)
{
	bool serp = dialect->kind == FC_PLATFORM_SERP;
	uint64_t before = page->offset > page->limit ? page->offset - page->limit : 0;
	bool has_next = page->offset < page->total && page->limit < page->total - page->offset;
	fc_json_begin_object(json);
	if (!serp) {
		put_integer(json, "count", true, page->total);
	}
	put_link(json, "next", page, has_next, page->offset + page->limit);
	put_link(json, serp ? "prev" : "previous", page, page->offset > 0, before);
	fc_json_put_array(json, serp ? "data" : "results");
}

void fc_platform_end_page(struct fc_json_writer *json)
{
	fc_json_end_array(json);
	fc_json_end_object(json);
	fc_buffer_append_text(json->out, "\n");
}
