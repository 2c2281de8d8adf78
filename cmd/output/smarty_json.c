/* Write the output of set, recognize, delete and truncate as the JSON of the Smarty API. */
/* SPDX-License-Identifier: MIT */
#include "output/smarty_json.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "output/face_record.h"
#include "protocol/smarty.h"

enum fc_code smarty_code(const struct fc_photo_outcome *outcome)
{
	bool empty = outcome->status == FC_BAD_IMAGE && outcome->analysis->bytes == 0;
	return empty ? FC_CODE_EMPTY_IMAGE : outcome->code;
}

/* The error text: the message of the remote service, else the one that the Smarty API has for this error, else facectl's own. */
static const char *error_of(const struct fc_photo_outcome *outcome)
{
	const char *words = outcome->service_error;
	if (!words) {
		words = fc_smarty_words(outcome->status, smarty_code(outcome));
	}
	if (!words) {
		words = outcome->error;
	}
	return words ? words : fc_status_name(outcome->status);
}

/* Round a coordinate to a whole pixel inside the image. */
static double pixel(float value, uint32_t size)
{
	return fmin(fmax(round((double)value), 0), size);
}

/* The similarity in the document. In the Smarty API it is 1 for a newly created person and for an undefined one. */
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
					 char (*tags)[PERSON_TAG_SIZE], const char **aliases)
{
	const struct fc_face *seen = face->face;
	const struct fc_analysis *photo = outcome->analysis;
	bool has_nearest = !face->known && face->has_nearest;
	struct face_part part;
	face_part_fill(&part, seen, 0);
	if (face->attributes) {
		face_part_say(&part, face->attributes);
	}
	if (face->known || has_nearest) {
		person_tag(face->known ? &face->identity : &face->nearest, tags[0]);
	}
	for (size_t i = 0; i < face->alias_count; i++) {
		person_tag(&face->aliases[i], tags[i + 1]);
		aliases[i] = tags[i + 1];
	}
	return (struct fc_smarty_person){
		.tag = face->known ? tags[0] : "undefined",
		.coord = { pixel(seen->box.left, photo->width), pixel(seen->box.top, photo->height),
			   pixel(seen->box.right, photo->width),
			   pixel(seen->box.bottom, photo->height) },
		.confidence = part.confidence,
		.awesomeness = part.awesomeness,
		.similarity = similarity_of(face),
		.sex = part.sex,
		.emotion = part.mood,
		.age = part.age,
		.valence = part.valence,
		.arousal = part.arousal,
		.frontality = part.frontality,
		.visibility = part.visibility,
		.liveness = part.liveness,
		.liveness_score = part.liveness_score,
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
	FC_CLEANUP(fc_free) char(*tags)[PERSON_TAG_SIZE] = calloc(tag_count, sizeof(*tags));
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

/* ---- the shape ---- */

static void begin(struct fc_json_writer *json)
{
	fc_smarty_begin_body(json);
	fc_json_put_array(json, "objects");
}

/* Write a photo. A photo that was skipped by a rule is an error in the Smarty API. */
static void photo(struct fc_json_writer *json, const struct fc_photo_outcome *outcome)
{
	bool skipped = outcome->action == FC_ACTION_SKIPPED;
	enum fc_status status = skipped ? FC_CONFLICT : outcome->status;
	const char *error = skipped ? outcome->error : error_of(outcome);
	fc_smarty_begin_object(json, fc_smarty_object_status(status),
			       status == FC_OK ? NULL : error, outcome->name);
	if (status == FC_OK && outcome->face_count > 0) {
		write_persons(json, outcome);
	}
	fc_json_end_object(json);
}

static void end(struct fc_json_writer *json)
{
	fc_json_end_array(json);
	fc_smarty_end_body(json);
}

static void end_recognize(struct fc_json_writer *json)
{
	fc_json_end_array(json);
	fc_json_put_bool(json, "aliases_changed", false);
	fc_smarty_end_body(json);
}

static void error(struct fc_buffer *out, const struct fc_platform_dialect *dialect,
		  const struct fc_error *err)
{
	const char *words = fc_smarty_words(err->status, err->code);
	(void)dialect;
	fc_smarty_write_error(out, fc_smarty_error_status(err->status), words ? words : err->text);
}

const struct answer_shape smarty_shape = {
	.begin = begin,
	.photo = photo,
	.end = end,
	.error = error,
};

const struct answer_shape smarty_recognize_shape = {
	.begin = begin,
	.photo = photo,
	.end = end_recognize,
	.error = error,
};
