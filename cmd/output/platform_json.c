/* The JSON of the NeuroIO and SERP documents. */
/* SPDX-License-Identifier: MIT */
#include "output/platform_json.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "service/remote/platform/entry_words.h"

enum { DECIMALS = 4, CONFIDENCE_DECIMALS = 2 };

const char *const platform_dialects[] = { "neuroio", "serp", NULL };

/* ---- members; what is not known is null ---- */

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
	if (pid) {
		fc_uuid_format(pid, text);
	}
	put_text(json, key, pid ? text : NULL);
}

/* NeuroIO ends times with Z, SERP with +00:00. */
static void put_time(struct fc_json_writer *json, const char *key, enum platform_dialect dialect,
		     int64_t time)
{
	char text[FC_TIME_TEXT_SIZE];
	char whole[FC_TIME_TEXT_SIZE + 8];
	fc_time_format(time, text);
	size_t length = strlen(text);
	if (dialect == DIALECT_SERP && length > 0) {
		snprintf(whole, sizeof(whole), "%.*s+00:00", (int)length - 1, text);
	} else {
		snprintf(whole, sizeof(whole), "%s", text);
	}
	put_text(json, key, time != 0 ? whole : NULL);
}

static void put_container(struct fc_json_writer *json, const char *key, bool has_id, uint32_t id,
			  const char *name)
{
	fc_json_key(json, key);
	fc_json_begin_object(json);
	put_integer(json, "id", has_id, id);
	put_text(json, "name", name);
	fc_json_end_object(json);
}

/* SERP has no contempt. */
static const char *mood_of(enum platform_dialect dialect, enum fc_mood mood)
{
	if (dialect == DIALECT_SERP) {
		switch (mood) {
		case FC_MOOD_ANGER:
			return "angry";
		case FC_MOOD_HAPPINESS:
			return "happy";
		case FC_MOOD_SADNESS:
			return "sad";
		case FC_MOOD_CONTEMPT:
			return NULL;
		default:
			break;
		}
	}
	return fc_mood_name(mood);
}

/* On the wire 0 is male and 1 is female. */
static void put_sex(struct fc_json_writer *json, enum fc_sex sex)
{
	put_integer(json, "sex", sex != FC_SEX_UNKNOWN, sex == FC_SEX_FEMALE);
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

/* NeuroIO's messages begin with a capital and end with a full stop. */
static void put_sentence(struct fc_json_writer *json, const char *key, const char *words)
{
	char text[sizeof(((struct fc_error *)NULL)->text) + 2];
	snprintf(text, sizeof(text), "%s.", words);
	text[0] = (char)toupper((unsigned char)text[0]);
	put_text(json, key, text);
}

void platform_error(struct fc_json_writer *json, enum platform_dialect dialect,
		    enum fc_status status, const char *words)
{
	int code = error_code(status);
	fc_json_begin_object(json);
	if (dialect == DIALECT_NEUROIO) {
		fc_json_key(json, "error_codes");
		fc_json_begin_array(json);
		fc_json_integer(json, code);
		fc_json_end_array(json);
		put_sentence(json, "message", words);
		fc_json_key(json, "fields");
		fc_json_begin_array(json);
		fc_json_end_array(json);
	} else {
		fc_json_key(json, "detail");
		fc_json_begin_array(json);
		fc_json_begin_object(json);
		fc_json_key(json, "loc");
		fc_json_begin_array(json);
		fc_json_string(json, "body");
		fc_json_end_array(json);
		put_text(json, "msg", words);
		fc_json_put_integer(json, "code", code);
		fc_json_end_object(json);
		fc_json_end_array(json);
	}
	fc_json_end_object(json);
}

void platform_append_error(struct fc_buffer *out, enum platform_dialect dialect,
			   enum fc_status status, const char *words)
{
	struct fc_json_writer json = fc_json_writer_of(out, true);
	platform_error(&json, dialect, status, words);
	fc_buffer_append_text(out, "\n");
}

/* ---- profiles ---- */

/* A profile that was just made is this very face: 100. */
static double confidence_of(const struct fc_profile_outcome *outcome)
{
	if (outcome->result == FC_RESULT_NEW) {
		return 100;
	}
	return outcome->has_similarity ? outcome->confidence : NAN;
}

static void put_matches(struct fc_json_writer *json, enum platform_dialect dialect,
			const struct fc_profile_outcome *outcome)
{
	bool serp = dialect == DIALECT_SERP;
	fc_json_key(json, "matches");
	fc_json_begin_array(json);
	for (size_t i = 0; i < outcome->match_count; i++) {
		const struct fc_profile_match *match = &outcome->matches[i];
		fc_json_begin_object(json);
		put_pid(json, serp ? "person_id" : "pid", &match->profile.pid);
		if (serp) {
			put_integer(json, "conf", true, match->result);
		} else {
			put_text(json, "result", fc_result_name(match->result));
		}
		fc_json_put_real(json, serp ? "distance" : "confidence", match->confidence,
				 CONFIDENCE_DECIMALS);
		fc_json_put_real(json, "similarity", (double)match->similarity, DECIMALS);
		fc_json_end_object(json);
	}
	fc_json_end_array(json);
}

/* A face that facectl looked at has its own; a remote service tells them without one. */
static void put_attributes(struct fc_json_writer *json, enum platform_dialect dialect,
			   const struct fc_profile_outcome *outcome)
{
	if (!outcome->face) {
		put_integer(json, "age", outcome->has_age, outcome->age);
		put_sex(json, outcome->sex);
		put_text(json, "mood", mood_of(dialect, outcome->mood));
		return;
	}
	const struct fc_attributes *attributes = &outcome->face->attributes;
	put_integer(json, "age", attributes->has_age, (uint64_t)(attributes->age + 0.5F));
	put_sex(json, fc_sex_of_face(attributes->sex));
	put_text(json, "mood", mood_of(dialect, fc_mood_of_emotion(attributes->emotion)));
}

void platform_profile_outcome(struct fc_json_writer *json, enum platform_dialect dialect,
			      const struct fc_profile_outcome *outcome)
{
	bool serp = dialect == DIALECT_SERP;
	const struct fc_uuid *pid = outcome->has_profile ? &outcome->profile.pid : NULL;
	fc_json_begin_object(json);
	if (serp) {
		put_integer(json, "conf", true, outcome->result);
	} else {
		put_text(json, "result", fc_result_name(outcome->result));
	}
	put_pid(json, serp ? "person_id" : "pid", pid);
	fc_json_put_real(json, serp ? "distance" : "confidence", confidence_of(outcome),
			 CONFIDENCE_DECIMALS);
	put_attributes(json, dialect, outcome);
	put_text(json, serp ? "alive_probability" : "liveness",
		 serp ? NULL : fc_liveness_name(outcome->liveness));
	if (outcome->match_count > 0) {
		put_matches(json, dialect, outcome);
	}
	fc_json_end_object(json);
}

void platform_profile(struct fc_json_writer *json, enum platform_dialect dialect,
		      const struct fc_profile *profile)
{
	fc_json_begin_object(json);
	put_pid(json, dialect == DIALECT_SERP ? "id" : "pid", &profile->pid);
	put_text(json, "name", profile->name);
	put_text(json, "user_data", profile->user_data);
	put_integer(json, "number", profile->has_number, profile->number);
	put_text(json, "space", profile->space[0] != '\0' ? profile->space : NULL);
	put_integer(json, "faces", !profile->uncounted, profile->faces);
	put_time(json, "created", dialect, profile->created);
	put_time(json, "updated", dialect, profile->updated);
	fc_json_end_object(json);
}

/* ---- entries ---- */

static double match_of(const struct fc_entry *entry)
{
	if (entry->result == FC_RESULT_NEW) {
		return 100;
	}
	return entry->has_match ? (double)entry->match : NAN;
}

static void put_neuroio_entry(struct fc_json_writer *json, const struct fc_entry_row *row)
{
	const struct fc_entry *entry = row->entry;
	put_integer(json, "id", true, entry->id);
	put_time(json, "created", DIALECT_NEUROIO, entry->created);
	put_text(json, "face_image", row->face_image);
	put_text(json, "full_image", entry->path);
	put_container(json, "source", row->has_origin_id, row->origin_id, entry->origin);
	put_container(json, "space", true, row->space_id, row->space);
	put_integer(json, "facesize", true, entry->face_pixels);
	put_integer(json, "age", entry->has_age, entry->age);
	put_sex(json, entry->sex);
	put_text(json, "mood", mood_of(DIALECT_NEUROIO, entry->mood));
	put_text(json, "liveness", fc_liveness_name(entry->liveness));
	put_pid(json, "pid", entry->has_pid ? &entry->pid : NULL);
	put_text(json, "result", fc_result_name(entry->result));
	fc_json_put_real(json, "confidence", match_of(entry), CONFIDENCE_DECIMALS);
	put_time(json, "pid_created", DIALECT_NEUROIO, row->person_created);
	put_text(json, "initial_face_image", row->initial_face_image);
	put_text(json, "initial_full_image", row->initial_full_image);
	fc_json_put_real(json, "exposure", (double)entry->exposure, DECIMALS);
	fc_json_put_real(json, "pan", (double)entry->pan, DECIMALS);
	fc_json_put_real(json, "tilt", (double)entry->tilt, DECIMALS);
}

static void put_serp_entry(struct fc_json_writer *json, const struct fc_entry_row *row)
{
	const struct fc_entry *entry = row->entry;
	put_integer(json, "id", true, entry->id);
	put_integer(json, "space_id", true, row->space_id);
	put_integer(json, "origin_id", row->has_origin_id, row->origin_id);
	put_pid(json, "person_id", entry->has_pid ? &entry->pid : NULL);
	put_integer(json, "conf", true, entry->result);
	put_text(json, "photo", entry->path ? entry->path : "");
	put_time(json, "created", DIALECT_SERP, entry->created);
	fc_json_put_real(json, "alive_probability",
			 row->has_alive_probability ? row->alive_probability : NAN, DECIMALS);
	put_text(json, "profile_photo", row->initial_face_image ? row->initial_face_image : "");
	fc_json_put_real(json, "distance", match_of(entry), CONFIDENCE_DECIMALS);
	fc_json_put_real(json, "exposure", (double)entry->exposure, DECIMALS);
	fc_json_put_real(json, "blur", 1 - (double)entry->sharpness, DECIMALS);
	fc_json_put_real(json, "tilt", (double)entry->tilt, DECIMALS);
	fc_json_put_real(json, "pan", (double)entry->pan, DECIMALS);
	put_integer(json, "age", entry->has_age, entry->age);
	put_sex(json, entry->sex);
	put_text(json, "mood", mood_of(DIALECT_SERP, entry->mood));
}

void platform_entry(struct fc_json_writer *json, enum platform_dialect dialect,
		    const struct fc_entry_row *row)
{
	fc_json_begin_object(json);
	if (dialect == DIALECT_SERP) {
		put_serp_entry(json, row);
	} else {
		put_neuroio_entry(json, row);
	}
	fc_json_end_object(json);
}

/* ---- statistics ---- */

static void put_livenesses(struct fc_json_writer *json, const struct fc_entry_stats *stats)
{
	fc_json_key(json, "liveness");
	fc_json_begin_object(json);
	for (int i = FC_LIVENESS_PASSED; i < FC_LIVENESS_END; i++) {
		put_integer(json, fc_liveness_name((enum fc_liveness)i), true,
			    stats->livenesses[i]);
	}
	fc_json_end_object(json);
}

static void put_count(struct fc_json_writer *json, const struct fc_entry_stats *stats,
		      enum fc_result result)
{
	put_integer(json, fc_result_name(result), true, stats->results[result]);
}

void platform_person_stats(struct fc_json_writer *json, const struct fc_uuid *pid,
			   const struct fc_entry_stats *stats)
{
	const struct fc_entry *initial = &stats->initial;
	const char *liveness = fc_liveness_name(initial->liveness);
	fc_json_begin_object(json);
	put_pid(json, "pid", pid);
	put_time(json, "pid_created", DIALECT_NEUROIO, stats->first_seen);
	put_container(json, "pid_source", stats->has_initial_origin_id, stats->initial_origin_id,
		      initial->origin);
	put_integer(json, "age", initial->has_age, initial->age);
	put_sex(json, initial->sex);
	put_text(json, "initial_face_image", stats->initial_face_image);
	put_text(json, "initial_full_image", initial->path);
	put_integer(json, "initial_facesize", stats->has_initial, initial->face_pixels);
	put_text(json, "initial_liveness", liveness ? liveness : "");
	put_integer(json, "total", true, stats->total);
	put_count(json, stats, FC_RESULT_EXACT);
	put_count(json, stats, FC_RESULT_HA);
	put_count(json, stats, FC_RESULT_JUNK);
	put_count(json, stats, FC_RESULT_REINIT);
	put_livenesses(json, stats);
	fc_json_end_object(json);
}

void platform_origin_stats(struct fc_json_writer *json, uint32_t id, const char *name,
			   const struct fc_entry_stats *stats)
{
	static const enum fc_result results[] = {
		FC_RESULT_REINIT, FC_RESULT_EXACT, FC_RESULT_HA,  FC_RESULT_JUNK,
		FC_RESULT_NM,     FC_RESULT_DET,   FC_RESULT_NEW, FC_RESULT_NF,
	};
	fc_json_begin_object(json);
	put_integer(json, "id", id > 0, id);
	put_text(json, "name", name);
	put_integer(json, "total", true, stats->total);
	fc_json_key(json, "conf");
	fc_json_begin_object(json);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(results); i++) {
		put_count(json, stats, results[i]);
	}
	fc_json_end_object(json);
	put_livenesses(json, stats);
	fc_json_end_object(json);
}

/* ---- pages ---- */

static void put_link(struct fc_json_writer *json, const char *key, const struct platform_page *page,
		     bool there, uint64_t offset)
{
	char link[128];
	snprintf(link, sizeof(link), "%s?limit=%" PRIu64 "&offset=%" PRIu64, page->path,
		 page->limit, offset);
	put_text(json, key, there ? link : NULL);
}

void platform_begin_page(struct fc_json_writer *json, enum platform_dialect dialect,
			 const struct platform_page *page)
{
	bool serp = dialect == DIALECT_SERP;
	uint64_t before = page->offset > page->limit ? page->offset - page->limit : 0;
	bool has_next = page->offset < page->total && page->limit < page->total - page->offset;
	fc_json_begin_object(json);
	if (!serp) {
		put_integer(json, "count", true, page->total);
	}
	put_link(json, "next", page, has_next, page->offset + page->limit);
	put_link(json, serp ? "prev" : "previous", page, page->offset > 0, before);
	fc_json_key(json, serp ? "data" : "results");
	fc_json_begin_array(json);
}

void platform_end_page(struct fc_json_writer *json)
{
	fc_json_end_array(json);
	fc_json_end_object(json);
	fc_buffer_append_text(json->out, "\n");
}
