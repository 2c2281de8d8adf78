/*
 * The payloads of the gallery's records: structs to bytes and back. Pure functions that do not access the store. Data in a record's key are
 * not repeated in its payload.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_RECORD_H
#define FC_GALLERY_ROWS_RECORD_H

#include "base/fields.h"
#include "gallery/gallery.h"

/* Records that consist of the fields of one table. */
extern const struct fc_field fc_pin_fields[], fc_space_fields[], fc_person_fields[];

void fc_record_put_face(struct fc_buffer *out, const struct fc_face_record *face);
void fc_record_put_entry(struct fc_buffer *out, const struct fc_entry *entry);
void fc_record_put_pid(struct fc_buffer *out, const struct fc_uuid *pid);

/*
 * Decode a payload. Fields that are in the key are not changed. Errors: FC_DAMAGED (the bytes are not a valid record of this kind; nothing
 * stays allocated), FC_NO_MEMORY. *out must be empty before; the caller releases it.
 */
enum fc_status fc_record_get_face(struct fc_reader *in, struct fc_face_record *out);
enum fc_status fc_record_get_entry(struct fc_reader *in, struct fc_entry *out);
enum fc_status fc_record_get_pid(struct fc_reader *in, struct fc_uuid *out);

/* The part of a face that search needs. Points into the record. */
struct fc_face_template {
	struct fc_uuid pid;
	uint32_t dimension;       /* 0: the face has no template */
	const uint8_t *embedding; /* little-endian floats, not aligned */
};

enum fc_status fc_record_get_template(struct fc_reader *in, struct fc_face_template *out);

/* Copy floats out of a record. */
void fc_record_copy_floats(float *out, const uint8_t *bytes, size_t count);

#endif
