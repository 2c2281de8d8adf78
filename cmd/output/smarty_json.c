/* The envelope of the Smarty documents. */
/* SPDX-License-Identifier: MIT */
#include "output/smarty_json.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "output/face_record.h"

/* The documents' examples: confidence with five decimals, everything else with four. */
enum { CONFIDENCE_DECIMALS = 5, DECIMALS = 4 };

int smarty_error_status(enum fc_status status)
{
	switch (status) {
	case FC_NOT_FOUND:
	case FC_INVALID_ARGUMENT:
	case FC_UNSUPPORTED:
	case FC_UNREADABLE:
	case FC_BAD_IMAGE:
	case FC_TOO_LARGE:
	case FC_NO_FACE:
	case FC_SEVERAL_FACES:
	case FC_POOR_QUALITY:
	case FC_CONFLICT:
		return 400;
	case FC_PERMISSION:
		return 403;
	default:
		return 500;
	}
}

void smarty_wrong_space(const char *space, struct fc_buffer *out)
{
	struct fc_json_writer quoted = fc_json_writer_of(out, false);
	fc_buffer_append_text(out, "wrong space param : strconv.Atoi: parsing ");
	fc_json_string(&quoted, space);
	fc_buffer_append_text(out, ": invalid syntax");
}

static void end_envelope(struct fc_json_writer *json)
{
	fc_json_put_bool(json, "htmlencoded", false);
	fc_json_put_integer(json, "last_modified", 0);
	fc_json_end_object(json);
	fc_buffer_append_text(json->out, "\n");
}

void smarty_append_error(struct fc_buffer *out, enum fc_status status, const char *words)
{
	struct fc_json_writer json = fc_json_writer_of(out, true);
	fc_json_begin_object(&json);
	fc_json_put_integer(&json, "status", smarty_error_status(status));
	fc_json_put_text(&json, "body", words);
	end_envelope(&json);
}

struct smarty_envelope smarty_begin(struct fc_buffer *out)
{
	struct smarty_envelope envelope = { .json = fc_json_writer_of(out, true) };
	fc_json_begin_object(&envelope.json);
	fc_json_put_integer(&envelope.json, "status", 200);
	fc_json_key(&envelope.json, "body");
	fc_json_begin_object(&envelope.json);
	return envelope;
}

void smarty_end(struct smarty_envelope *envelope)
{
	fc_json_end_object(&envelope->json);
	end_envelope(&envelope->json);
}

void smarty_begin_objects(struct smarty_envelope *envelope)
{
	fc_json_key(&envelope->json, "objects");
	fc_json_begin_array(&envelope->json);
}

void smarty_end_objects(struct smarty_envelope *envelope)
{
	fc_json_end_array(&envelope->json);
}

static enum smarty_object_status object_status(enum fc_status status)
{
	switch (status) {
	case FC_OK:
		return SMARTY_DONE;
	case FC_WORKER_DIED:
	case FC_WORKER_KILLED:
	case FC_TIMED_OUT:
	case FC_BUSY:
	case FC_NO_MEMORY:
		return SMARTY_TEMPORARY;
	default:
		return SMARTY_PERMANENT;
	}
}

static void begin_object(struct fc_json_writer *json, enum fc_status status, const char *words,
			 const char *name)
{
	fc_json_begin_object(json);
	fc_json_put_integer(json, "status", object_status(status));
	fc_json_put_text(json, "error", words);
	fc_json_put_text(json, "name", name);
}

void smarty_append_object(struct smarty_envelope *envelope, enum fc_status status,
			  const char *words, const char *name)
{
	begin_object(&envelope->json, status, words, name);
	fc_json_end_object(&envelope->json);
}

/* Whole pixels inside the picture. */
static int64_t pixel(float value, uint32_t size)
{
	double rounded = round((double)value);
	if (!(rounded > 0)) {
		return 0;
	}
	return rounded < size ? (int64_t)rounded : (int64_t)size;
}

static void append_coordinates(struct fc_json_writer *json, const struct fc_box *box,
			       const struct fc_analysis *photo)
{
	fc_json_key(json, "coord");
	fc_json_begin_array(json);
	fc_json_integer(json, pixel(box->left, photo->width));
	fc_json_integer(json, pixel(box->top, photo->height));
	fc_json_integer(json, pixel(box->right, photo->width));
	fc_json_integer(json, pixel(box->bottom, photo->height));
	fc_json_end_array(json);
}

static void append_aliases(struct fc_json_writer *json, const struct fc_recognized_face *face)
{
	char tag[PERSON_TAG_SIZE];
	if (face->alias_count == 0) {
		return;
	}
	fc_json_key(json, "aliases");
	fc_json_begin_array(json);
	for (size_t i = 0; i < face->alias_count; i++) {
		person_tag(&face->aliases[i], tag);
		fc_json_string(json, tag);
	}
	fc_json_end_array(json);
}

/* What a service does not tell is NaN, and left out. */
static void append_real(struct fc_json_writer *json, const char *key, double value,
			unsigned decimals)
{
	if (!isnan(value)) {
		fc_json_put_real(json, key, value, decimals);
	}
}

/* Nothing that the documents know: there only when it was asked for. */
static void append_liveness(struct fc_json_writer *json, const struct fc_face *face)
{
	if (face->life != FC_LIFE_UNKNOWN) {
		fc_json_put_text(json, "liveness", life_word(face->life));
		append_real(json, "liveness_score", (double)face->liveness, DECIMALS);
	}
}

/* The reference writes these words with a capital: "Happiness". */
static void append_capital(struct fc_json_writer *json, const char *name, const char *word)
{
	char text[32];
	if (word && strlen(word) < sizeof(text)) {
		snprintf(text, sizeof(text), "%s", word);
		text[0] = (char)toupper((unsigned char)text[0]);
		fc_json_put_text(json, name, text);
	}
}

static void append_attributes(struct fc_json_writer *json, const struct fc_recognized_face *face)
{
	struct face_part part;
	face_part_fill(&part, face->face, 0);
	if (face->attributes) {
		face_part_say(&part, face->attributes);
	}
	fc_json_put_text(json, "sex", part.sex);
	append_capital(json, "emotion", part.mood);
	append_real(json, "age", part.age, 0);
	append_real(json, "valence", part.valence, DECIMALS);
	append_real(json, "arousal", part.arousal, DECIMALS);
}

static void append_person(struct fc_json_writer *json, const struct fc_recognized_face *face,
			  const struct fc_analysis *photo)
{
	char tag[PERSON_TAG_SIZE] = "undefined";
	/* the documents say 1 of a person that was just made, and of one that is undefined */
	double similarity = 1;
	if (face->known) {
		person_tag(&face->identity, tag);
	}
	if (face->known && !face->created) {
		similarity = face->has_similarity ? fmin(fmax((double)face->similarity, 0), 1)
						  : (double)NAN;
	}
	fc_json_begin_object(json);
	fc_json_put_text(json, "tag", tag);
	append_coordinates(json, &face->face->box, photo);
	append_real(json, "confidence", (double)face->face->confidence, CONFIDENCE_DECIMALS);
	append_real(json, "awesomeness", (double)face->face->quality.awesomeness, DECIMALS);
	append_real(json, "similarity", similarity, DECIMALS);
	append_attributes(json, face);
	append_real(json, "frontality", (double)face->face->quality.frontality, DECIMALS);
	append_real(json, "visibility", (double)face->face->quality.visibility, DECIMALS);
	append_liveness(json, face->face);
	append_aliases(json, face);
	fc_json_end_object(json);
}

void smarty_append_recognized(struct smarty_envelope *envelope,
			      const struct fc_photo_outcome *outcome)
{
	struct fc_json_writer *json = &envelope->json;
	begin_object(json, FC_OK, NULL, outcome->name);
	if (outcome->face_count > 0) {
		fc_json_key(json, "persons");
		fc_json_begin_array(json);
		for (size_t i = 0; i < outcome->face_count; i++) {
			append_person(json, &outcome->faces[i], outcome->analysis);
		}
		fc_json_end_array(json);
	}
	fc_json_end_object(json);
}

const char *smarty_words(const struct fc_photo_outcome *outcome)
{
	if (outcome->service_error) {
		return outcome->service_error;
	}
	if (outcome->status == FC_NO_FACE || outcome->status == FC_SEVERAL_FACES) {
		return SMARTY_ONE_FACE;
	}
	if (outcome->status == FC_BAD_IMAGE && outcome->analysis->bytes == 0) {
		return SMARTY_EMPTY_IMAGE;
	}
	if (outcome->error && strstr(outcome->error, SMARTY_NO_PERSON_ID)) {
		return SMARTY_NO_PERSON_ID;
	}
	return outcome->error ? outcome->error : fc_status_name(outcome->status);
}
