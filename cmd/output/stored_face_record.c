/* Write stored faces as records. */
/* SPDX-License-Identifier: MIT */
#include "output/stored_face_record.h"

#include <math.h>

const struct record_field stored_face_fields[] = {
	{ RECORD_TEXT, "persisted_face_id", IN_STORED_FACE(uuid), 0, "FACE", .whole = true },
	STORED_FACE_FIELDS,
	/* fields that only other records of the commands have */
	{ RECORD_TEXT, "result", IN_STORED_FACE(result) },
	{ RECORD_TEXT, "status", IN_STORED_FACE(status) },
	{ RECORD_TEXT, "error", IN_STORED_FACE(error) },
	{ RECORD_FLAG, "dry_run", IN_STORED_FACE(dry_run) },
	{ RECORD_END },
};

void stored_face_record_fill(struct stored_face_record *record, const struct out *out,
			     const struct fc_stored_face *face)
{
	*record = (struct stored_face_record){
		.face_id = RECORD_ABSENT,
		.person_id = RECORD_ABSENT,
		.photo_index = RECORD_ABSENT,
		.awesomeness = (double)NAN,
		.confidence = (double)NAN,
	};
	if (!face) {
		return;
	}
	const struct fc_face_record *stored = &face->record;
	const struct fc_profile *person = &face->person;
	record->uuid = record->uuid_text;
	record->pid = record->pid_text;
	record->sha256 = record->sha256_text;
	record->name = person->name;
	record->space = person->space;
	record->origin = stored->origin;
	record->path = stored->path;
	record->user_data = stored->user_data;
	record->face_id = (int64_t)stored->id;
	record->person_id = person->has_number ? (int64_t)person->number : RECORD_ABSENT;
	record->photo_index = stored->photo_index;
	record->awesomeness = (double)stored->quality;
	record->confidence = (double)stored->confidence;
	record->has_template = stored->dimension > 0 ? RECORD_TRUE : RECORD_FALSE;
	record->crop = face->crop ? RECORD_TRUE : RECORD_FALSE;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(record->box_values); i++) {
		record->box_values[i] = (double)stored->box[i];
	}
	record->box =
		(struct record_reals){ record->box_values, FC_ARRAY_LENGTH(record->box_values) };
	record->created = time_cell_fill(record->created_text, out, stored->created);
	fc_uuid_format(&stored->uuid, record->uuid_text);
	fc_uuid_format(&stored->pid, record->pid_text);
	fc_sha256_format(&stored->photo, record->sha256_text);
}
