/* Write results of the verbs set, recognize, delete and truncate as the JSON of the Smarty API. */
/* SPDX-License-Identifier: MIT */
#include "service/answer/smarty.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "protocol/smarty.h"

/* ---- persons ---- */

/* The attributes that a remote service returned, in its words; else those that facectl estimated. */
static struct fc_face_attributes attributes_of(const struct fc_recognized_face *face)
{
	const struct fc_attributes *measured = &face->face->attributes;
	if (face->attributes) {
		return *face->attributes;
	}
	return (struct fc_face_attributes){
		.sex = fc_sex_name(measured->sex),
		.emotion = fc_mood_name(measured->emotion),
		.age = measured->has_age ? measured->age : NAN,
		.valence = measured->has_valence ? measured->valence : NAN,
		.arousal = measured->has_arousal ? measured->arousal : NAN,
	};
}

/* In the Smarty API, the similarity is 1 for a newly created person and for an undefined one. */
static double similarity_of(const struct fc_recognized_face *face)
{
	if (!face->known || face->created) {
		return 1;
	}
	return face->has_similarity ? fmin(fmax((double)face->similarity, 0), 1) : (double)NAN;
}

/* Convert a face to a person of the document. tags: storage for the tags of the face and its aliases. */
static struct fc_smarty_person person_of(const struct fc_recognized_face *face,
					 const struct fc_photo_outcome *outcome,
					 char (*tags)[FC_PERSON_TAG_SIZE], const char **aliases)
{
	const struct fc_face *seen = face->face;
	const struct fc_face_attributes attributes = attributes_of(face);
	bool has_nearest = !face->known && face->has_nearest;
	if (face->known || has_nearest) {
		fc_person_tag(face->known ? &face->identity : &face->nearest, tags[0]);
	}
	for (size_t i = 0; i < face->alias_count; i++) {
		fc_person_tag(&face->aliases[i], tags[i + 1]);
		aliases[i] = tags[i + 1];
	}
	return (struct fc_smarty_person){
		.tag = face->known ? tags[0] : "undefined",
		.coord = { round((double)seen->box.left), round((double)seen->box.top),
			   round((double)seen->box.right), round((double)seen->box.bottom) },
		.confidence = (double)seen->confidence,
		.awesomeness = (double)seen->quality.awesomeness,
		.similarity = similarity_of(face),
		.sex = attributes.sex,
		.emotion = attributes.emotion,
		.age = (double)attributes.age,
		.valence = (double)attributes.valence,
		.arousal = (double)attributes.arousal,
		.frontality = (double)seen->quality.frontality,
		.visibility = (double)seen->quality.visibility,
		.liveness = fc_liveness_name(seen->life),
		.liveness_score =
			seen->life == FC_LIVENESS_UNKNOWN ? (double)NAN : (double)seen->liveness,
		.aliases = aliases,
		.alias_count = face->alias_count,
		.why_unknown = face->known ? NULL : fc_unnamed_name(face->unnamed),
		.nearest = has_nearest ? tags[0] : NULL,
		.nearest_similarity = (double)face->similarity,
		.threshold = fc_threshold_for(&outcome->threshold, face->templates),
	};
}

static void write_persons(struct fc_json_writer *json, const struct fc_photo_outcome *outcome)
{
	size_t tag_count = 0;
	for (size_t i = 0; i < outcome->face_count; i++) {
		tag_count += 1 + outcome->faces[i].alias_count;
	}
	FC_CLEANUP(fc_free)
	struct fc_smarty_person *persons = calloc(outcome->face_count, sizeof(*persons));
	FC_CLEANUP(fc_free) char(*tags)[FC_PERSON_TAG_SIZE] = calloc(tag_count, sizeof(*tags));
	FC_CLEANUP(fc_free) const char **aliases = calloc(tag_count, sizeof(*aliases));
	if (!persons || !tags || !aliases) {
		json->out->failed = true;
		return;
	}
	size_t used = 0;
	for (size_t i = 0; i < outcome->face_count; i++) {
		const struct fc_recognized_face *face = &outcome->faces[i];
		persons[i] = person_of(face, outcome, tags + used, aliases + used);
		used += 1 + face->alias_count;
	}
	fc_smarty_write_persons(json, persons, outcome->face_count);
}

/* ---- errors ---- */

static enum fc_code code_of(const struct fc_photo_outcome *outcome)
{
	/* a photo in memory was checked before */
	bool read = !outcome->photo || !outcome->photo->in_memory;
	bool empty = read && outcome->status == FC_BAD_IMAGE && outcome->analysis->bytes == 0;
	return empty ? FC_CODE_EMPTY_IMAGE : outcome->code;
}

bool fc_answer_refuses_photo(const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	if (outcome->service_answer) {
		FC_IGNORE(fc_fail(err, outcome->status, "%s", outcome->error));
		snprintf(err->answer, sizeof(err->answer), "%s", outcome->service_answer);
		return true;
	}
	if (!outcome->service_error && code_of(outcome) == FC_CODE_EMPTY_IMAGE) {
		FC_IGNORE(fc_fail_code(err, outcome->status, FC_CODE_EMPTY_IMAGE, "%s",
				       outcome->error ? outcome->error : ""));
		return true;
	}
	return false;
}

void fc_answer_smarty_error(struct fc_buffer *out, const struct fc_error *err)
{
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	const char *words = fc_smarty_words(err->status, err->code);
	if (fc_smarty_read_envelope(err->answer, strlen(err->answer), &envelope, NULL) == FC_OK) {
		struct fc_json_writer json = fc_json_writer_of(out, true);
		fc_json_write(&json, envelope.json);
		fc_buffer_append_text(out, "\n");
		return;
	}
	fc_smarty_write_error(out, fc_smarty_error_status(err->status), words ? words : err->text);
}

/* ---- objects ---- */

/* A Smarty service's object, with the photo's name: in the request, the photo may have had another one. */
static void pass_on(struct fc_json_writer *json, const struct fc_photo_outcome *outcome)
{
	const cJSON *member;
	fc_json_begin_object(json);
	cJSON_ArrayForEach (member, outcome->service_object) {
		if (strcmp(member->string, "name") == 0) {
			fc_json_put_text(json, "name", outcome->name);
		} else {
			fc_json_write_member(json, member);
		}
	}
	fc_json_end_object(json);
}

/* An object with the message of the remote service, else the one that the API has for the error, else facectl's own. */
static void write_failure(struct fc_json_writer *json, const struct fc_photo_outcome *outcome)
{
	FC_CLEANUP(fc_smarty_envelope_release) struct fc_smarty_envelope envelope = { 0 };
	const char *answer = outcome->service_answer;
	const char *words = outcome->service_error;
	if (answer && fc_smarty_read_envelope(answer, strlen(answer), &envelope, NULL) == FC_OK) {
		words = envelope.message;
	}
	if (!words) {
		words = fc_smarty_words(outcome->status, code_of(outcome));
	}
	if (!words) {
		words = outcome->error ? outcome->error : fc_status_name(outcome->status);
	}
	fc_smarty_begin_object(json, fc_smarty_object_status(outcome->status), words,
			       outcome->name);
	fc_json_end_object(json);
}

void fc_answer_photo(struct fc_json_writer *json, const struct fc_photo_outcome *outcome)
{
	if (outcome->action == FC_ACTION_SKIPPED) {
		/* skipped by a rule: an error in the Smarty API */
		fc_smarty_begin_object(json, FC_SMARTY_PERMANENT, outcome->error, outcome->name);
		fc_json_end_object(json);
	} else if (outcome->status != FC_OK) {
		write_failure(json, outcome);
	} else if (outcome->service_object) {
		pass_on(json, outcome);
	} else {
		fc_smarty_begin_object(json, FC_SMARTY_DONE, NULL, outcome->name);
		if (outcome->face_count > 0) {
			write_persons(json, outcome);
		}
		fc_json_end_object(json);
	}
}

void fc_answer_deleted(struct fc_json_writer *json, const struct fc_delete_item *item,
		       const char *space)
{
	char missing[160];
	const char *error = item->service_error[0] != '\0' ? item->service_error : missing;
	snprintf(missing, sizeof(missing), "person %" PRIu64 " is not in space '%s'", item->number,
		 space);
	fc_smarty_begin_object(json, fc_smarty_object_status(item->status),
			       item->status == FC_OK ? NULL : error, item->name);
	fc_json_end_object(json);
}

/* ---- envelopes ---- */

void fc_answer_begin_photos(struct fc_json_writer *json)
{
	fc_smarty_begin_body(json);
	fc_json_put_array(json, "objects");
}

void fc_answer_end_photos(struct fc_json_writer *json, const struct fc_smarty_notes *notes)
{
	fc_json_end_array(json);
	fc_smarty_end_body(json, notes);
}

void fc_answer_end_recognized(struct fc_json_writer *json, const struct fc_smarty_notes *notes)
{
	fc_json_end_array(json);
	fc_json_put_bool(json, "aliases_changed", notes && notes->aliases_changed);
	fc_smarty_end_body(json, notes);
}

void fc_answer_truncated(struct fc_json_writer *json, const struct fc_smarty_notes *notes)
{
	fc_smarty_begin_body(json);
	fc_smarty_end_body(json, notes);
}
