/* The payloads of the gallery's records. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/record.h"

#include <stdlib.h>
#include <string.h>

/* ---- the pin ---- */

const struct fc_field fc_pin_fields[] = {
	FC_FIELD(struct fc_embedder_pin, sha256),
	FC_FIELD(struct fc_embedder_pin, preprocessing),
	FC_FIELD(struct fc_embedder_pin, dimension),
	FC_FIELD(struct fc_embedder_pin, mirror),
	FC_FIELD_AS(FC_FIELD_NAME, struct fc_embedder_pin, name),
	{ 0 },
};

/* ---- spaces and persons ---- */

const struct fc_field fc_space_fields[] = {
	FC_FIELD(struct fc_space, created),
	FC_FIELD(struct fc_space, person_count),
	FC_FIELD(struct fc_space, face_count),
	FC_FIELD(struct fc_space, entry_count),
	FC_FIELD(struct fc_space, next_number),
	FC_FIELD(struct fc_space, bands.exact),
	FC_FIELD(struct fc_space, bands.ha),
	FC_FIELD(struct fc_space, bands.junk),
	FC_FIELD_AS(FC_FIELD_NAME, struct fc_space, name),
	FC_FIELD_APPENDED(struct fc_space, mean_count),
	{ 0 },
};

const struct fc_field fc_person_fields[] = {
	FC_FIELD(struct fc_person, space),
	FC_FIELD(struct fc_person, has_number),
	FC_FIELD(struct fc_person, number),
	FC_FIELD(struct fc_person, created),
	FC_FIELD(struct fc_person, updated),
	FC_FIELD(struct fc_person, face_count),
	FC_FIELD_OF_TEXT(struct fc_person, name, FC_LABEL_MAXIMUM),
	FC_FIELD_OF_TEXT(struct fc_person, user_data, FC_USER_DATA_MAXIMUM),
	FC_FIELD_APPENDED(struct fc_person, mean),
	FC_FIELD_OF_TEXT_APPENDED(struct fc_person, title, FC_TITLE_MAXIMUM),
	{ 0 },
};

void fc_person_release(struct fc_person *person)
{
	free(person->name);
	free(person->user_data);
	free(person->title);
	person->name = NULL;
	person->user_data = NULL;
	person->title = NULL;
}

void fc_record_put_pid(struct fc_buffer *out, const struct fc_uuid *pid)
{
	fc_buffer_append(out, pid->bytes, sizeof(pid->bytes));
}

enum fc_status fc_record_get_pid(struct fc_reader *in, struct fc_uuid *out)
{
	fc_reader_bytes(in, out->bytes, sizeof(out->bytes));
	return in->failed ? FC_DAMAGED : FC_OK;
}

/* ---- faces: pid and template, then the fields of this table ---- */

static const struct fc_field face_fields[] = {
	FC_FIELD(struct fc_face_record, created),
	FC_FIELD(struct fc_face_record, photo),
	FC_FIELD(struct fc_face_record, photo_index),
	FC_FIELD(struct fc_face_record, box),
	FC_FIELD(struct fc_face_record, landmarks),
	FC_FIELD(struct fc_face_record, confidence),
	FC_FIELD(struct fc_face_record, quality),
	FC_FIELD_OF_TEXT(struct fc_face_record, origin, FC_LABEL_MAXIMUM),
	FC_FIELD_OF_TEXT(struct fc_face_record, path, FC_PATH_TEXT_MAXIMUM),
	FC_FIELD_APPENDED(struct fc_face_record, uuid),
	FC_FIELD_APPENDED(struct fc_face_record, may_repeat),
	FC_FIELD_OF_TEXT_APPENDED(struct fc_face_record, user_data, FC_FACE_USER_DATA_MAXIMUM),
	{ 0 },
};

void fc_record_put_face(struct fc_buffer *out, const struct fc_face_record *face)
{
	fc_record_put_pid(out, &face->pid);
	fc_buffer_put_u32(out, face->dimension);
	fc_buffer_put_f32s(out, face->embedding, face->dimension);
	fc_fields_put(out, face_fields, face);
}

enum fc_status fc_record_get_template(struct fc_reader *in, struct fc_face_template *out)
{
	fc_reader_bytes(in, out->pid.bytes, sizeof(out->pid.bytes));
	out->dimension = fc_reader_u32(in);
	if (in->failed || out->dimension > FC_DIMENSION_MAXIMUM) {
		return FC_DAMAGED;
	}
	out->embedding = fc_reader_borrow(in, out->dimension * sizeof(float));
	return in->failed ? FC_DAMAGED : FC_OK;
}

enum fc_status fc_record_get_face(struct fc_reader *in, struct fc_face_record *out)
{
	struct fc_face_template stored;
	FC_TRY(fc_record_get_template(in, &stored));
	FC_TRY(fc_fields_get(in, face_fields, out));
	out->pid = stored.pid;
	out->dimension = stored.dimension;
	out->embedding = calloc((size_t)stored.dimension + 1, sizeof(float));
	if (!out->embedding) {
		fc_face_record_release(out);
		return FC_NO_MEMORY;
	}
	fc_record_copy_floats(out->embedding, stored.embedding, stored.dimension);
	return FC_OK;
}

void fc_face_record_release(struct fc_face_record *face)
{
	free(face->origin);
	free(face->path);
	free(face->embedding);
	free(face->user_data);
	face->origin = NULL;
	face->path = NULL;
	face->embedding = NULL;
	face->user_data = NULL;
	face->dimension = 0;
}

void fc_record_copy_floats(float *out, const uint8_t *bytes, size_t count)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(out, bytes, count * sizeof(float));
#else
	struct fc_reader reader = fc_reader_of(bytes, count * sizeof(float));
	fc_reader_f32s(&reader, out, count);
#endif
}

/* ---- entries ---- */

enum {
	ENTRY_HAS_PID = 1 << 0,
	ENTRY_HAS_SIMILARITY = 1 << 1,
	ENTRY_HAS_MATCH = 1 << 2,
	ENTRY_HAS_AGE = 1 << 3,
};

static const struct fc_field entry_first_fields[] = {
	FC_FIELD(struct fc_entry, created),
	FC_FIELD(struct fc_entry, space),
	FC_FIELD_OF_CHOICES(struct fc_entry, result, sizeof(uint8_t), FC_RESULT_NF),
	{ 0 },
};

/* A new value requires a new version of the record. */
_Static_assert(FC_SEX_END == 3 && FC_MOOD_END == 9 && FC_LIVENESS_END == 4 && FC_RESULT_END == 9,
	       "entries store these numbers");

/* These fields follow the flags. */
static const struct fc_field entry_fields[] = {
	FC_FIELD(struct fc_entry, pid),
	FC_FIELD(struct fc_entry, similarity),
	FC_FIELD(struct fc_entry, match),
	FC_FIELD(struct fc_entry, confidence),
	FC_FIELD(struct fc_entry, box),
	FC_FIELD(struct fc_entry, face_pixels),
	FC_FIELD(struct fc_entry, exposure),
	FC_FIELD(struct fc_entry, sharpness),
	FC_FIELD(struct fc_entry, pan),
	FC_FIELD(struct fc_entry, tilt),
	FC_FIELD(struct fc_entry, age),
	FC_FIELD_OF_CHOICES(struct fc_entry, sex, sizeof(uint8_t), FC_SEX_FEMALE),
	FC_FIELD_OF_CHOICES(struct fc_entry, mood, sizeof(uint8_t), FC_MOOD_SURPRISE),
	FC_FIELD_OF_CHOICES(struct fc_entry, liveness, sizeof(uint8_t), FC_LIVENESS_UNDETERMINED),
	FC_FIELD(struct fc_entry, photo),
	FC_FIELD(struct fc_entry, model),
	FC_FIELD_OF_TEXT(struct fc_entry, origin, FC_LABEL_MAXIMUM),
	FC_FIELD_OF_TEXT(struct fc_entry, path, FC_PATH_TEXT_MAXIMUM),
	{ 0 },
};

void fc_record_put_entry(struct fc_buffer *out, const struct fc_entry *entry)
{
	struct fc_entry known = *entry;
	if (!entry->has_pid) {
		known.pid = (struct fc_uuid){ 0 };
	}
	known.similarity = entry->has_similarity ? entry->similarity : 0;
	known.match = entry->has_match ? entry->match : 0;
	known.age = entry->has_age ? entry->age : 0;
	fc_fields_put(out, entry_first_fields, &known);
	fc_buffer_put_u8(out, (uint8_t)((entry->has_pid ? ENTRY_HAS_PID : 0) |
					(entry->has_similarity ? ENTRY_HAS_SIMILARITY : 0) |
					(entry->has_match ? ENTRY_HAS_MATCH : 0) |
					(entry->has_age ? ENTRY_HAS_AGE : 0)));
	fc_fields_put(out, entry_fields, &known);
}

enum fc_status fc_record_get_entry(struct fc_reader *in, struct fc_entry *out)
{
	FC_TRY(fc_fields_get(in, entry_first_fields, out));
	if (out->result < FC_RESULT_NM) {
		return FC_DAMAGED;
	}
	uint8_t flags = fc_reader_u8(in);
	out->has_pid = flags & ENTRY_HAS_PID;
	out->has_similarity = flags & ENTRY_HAS_SIMILARITY;
	out->has_match = flags & ENTRY_HAS_MATCH;
	out->has_age = flags & ENTRY_HAS_AGE;
	return fc_fields_get(in, entry_fields, out);
}

void fc_entry_release(struct fc_entry *entry)
{
	free(entry->origin);
	free(entry->path);
	entry->origin = NULL;
	entry->path = NULL;
}
