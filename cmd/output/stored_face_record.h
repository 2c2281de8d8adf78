/* Write stored faces as records. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OUTPUT_STORED_FACE_RECORD_H
#define FC_CMD_OUTPUT_STORED_FACE_RECORD_H

#include "output/out.h"
#include "output/record.h"
#include "output/time_cell.h"
#include "service/stored_faces.h"

struct stored_face_record {
	const char *result; /* of a change; NULL for none */
	const char *uuid, *pid, *name, *space, *created, *origin, *path, *sha256, *user_data,
		*status, *error;
	int64_t face_id, person_id, photo_index;
	double awesomeness, confidence;
	struct record_reals box;
	enum record_flag has_template, crop, dry_run;
	double box_values[4];
	char uuid_text[FC_UUID_TEXT_SIZE], pid_text[FC_UUID_TEXT_SIZE];
	char created_text[TIME_CELL_SIZE], sha256_text[FC_SHA256_TEXT_SIZE];
};

#define IN_STORED_FACE(member) offsetof(struct stored_face_record, member)

/* clang-format off */
#define STORED_FACE_FIELDS \
	{ RECORD_TEXT, "name", IN_STORED_FACE(name), 0, "NAME" }, \
	{ RECORD_TEXT, "space", IN_STORED_FACE(space), 0, "SPACE" }, \
	{ RECORD_INTEGER, "person_id", IN_STORED_FACE(person_id), 0, "NUMBER", .rank = 2 }, \
	{ RECORD_TEXT, "pid", IN_STORED_FACE(pid) }, \
	{ RECORD_TEXT, "created", IN_STORED_FACE(created), 0, "STORED", .rank = 3 }, \
	{ RECORD_TEXT, "origin", IN_STORED_FACE(origin) }, \
	{ RECORD_REAL, "awesomeness", IN_STORED_FACE(awesomeness), 4, "QUALITY", .rank = 4 }, \
	{ RECORD_REAL, "confidence", IN_STORED_FACE(confidence), 5 }, \
	{ RECORD_REALS, "box", IN_STORED_FACE(box) }, \
	{ RECORD_FLAG, "template", IN_STORED_FACE(has_template) }, \
	{ RECORD_FLAG, "crop", IN_STORED_FACE(crop) }, \
	{ RECORD_TEXT, "path", IN_STORED_FACE(path), 0, "PHOTO" }, \
	{ RECORD_TEXT, "sha256", IN_STORED_FACE(sha256) }, \
	{ RECORD_INTEGER, "photo_index", IN_STORED_FACE(photo_index) }, \
	{ RECORD_INTEGER, "face_id", IN_STORED_FACE(face_id) }, \
	{ RECORD_TEXT, "user_data", IN_STORED_FACE(user_data) }
/* clang-format on */

/* Of faces that are listed. */
extern const struct record_field stored_face_fields[];

/* Fill in a record. It points into itself and into the face: do not copy it. face NULL: only the numbers are set, as absent. */
void stored_face_record_fill(struct stored_face_record *record, const struct out *out,
			     const struct fc_stored_face *face);

#endif
