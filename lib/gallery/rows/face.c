/* Faces: the stored templates. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "gallery/rows/parts.h"
#include "gallery/rows/record_check.h"

enum fc_status fc_face_get(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
			   struct fc_face_record *out, struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(space, id);
	struct fc_reader payload;
	struct fc_face_record face = { .id = id, .space = space };
	enum fc_status status = fc_store_get(txn, FC_DB_FACE, &key, &payload, err);
	FC_TRY(fc_store_found(status, err, "there is no face %llu in the space",
			      (unsigned long long)id));
	FC_TRY(fc_store_decoded(txn, FC_DB_FACE, &key, fc_record_get_face(&payload, &face), err));
	*out = face;
	return FC_OK;
}

/* Read the first face whose row in an index begins with prefix: the one with the lowest id. The rest of the row's key is the id. */
static enum fc_status read_indexed(struct fc_gallery_txn *txn, enum fc_database database,
				   const struct fc_key *prefix, uint32_t space,
				   struct fc_face_record *out, struct fc_error *err)
{
	struct fc_reader payload;
	struct fc_key key;
	FC_TRY(fc_store_first(txn, database, prefix, &key, &payload, err));
	enum fc_status status =
		fc_face_get(txn, space, fc_key_get_u64(&key, prefix->length), out, err);
	return fc_store_followed(txn, database, &key, status, "its face is missing", err);
}

enum fc_status fc_face_find(struct fc_gallery_txn *txn, uint32_t space,
			    const struct fc_sha256 *photo, uint16_t photo_index,
			    struct fc_face_record *out, struct fc_error *err)
{
	struct fc_key prefix = fc_key_photo(photo, photo_index, space);
	enum fc_status status = read_indexed(txn, FC_DB_FACE_PHOTO, &prefix, space, out, err);
	return fc_store_found(status, err, "face %u of that photo is not in the space",
			      photo_index);
}

enum fc_status fc_face_by_uuid(struct fc_gallery_txn *txn, uint32_t space,
			       const struct fc_uuid *uuid, struct fc_face_record *out,
			       struct fc_error *err)
{
	char text[FC_UUID_TEXT_SIZE];
	struct fc_key prefix = fc_key_uuid(uuid, space);
	enum fc_status status = read_indexed(txn, FC_DB_FACE_UUID, &prefix, space, out, err);
	fc_uuid_format(uuid, text);
	return fc_store_found(status, err, "there is no face %s in the space", text);
}

enum fc_status fc_face_by_photo(struct fc_gallery_txn *txn, uint32_t space,
				const struct fc_sha256 *photo, uint16_t photo_index,
				struct fc_face_record *out, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	FC_TRY(fc_face_find(txn, space, photo, photo_index, &face, err));
	if (face.dimension == 0) {
		return fc_fail(err, FC_NOT_FOUND,
			       "face %u of that photo has no template in the space", photo_index);
	}
	*out = FC_STEAL_STRUCT(face);
	return FC_OK;
}

/* ---- writing ---- */

static enum fc_status check_user_data(const char *user_data, struct fc_error *err)
{
	return !user_data || (strlen(user_data) <= FC_FACE_USER_DATA_MAXIMUM &&
			      fc_text_is_utf8(user_data, strlen(user_data)))
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "the user data of a face must be at most %d bytes of UTF-8",
				 FC_FACE_USER_DATA_MAXIMUM);
}

enum fc_status fc_face_check(struct fc_gallery_txn *txn, const struct fc_face_record *face,
			     struct fc_error *err)
{
	struct fc_embedder_pin pin;
	enum fc_status status = fc_gallery_pin(txn, &pin, err);
	if (status == FC_NOT_FOUND) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "the gallery is not pinned to an embedder, so no face can be added");
	}
	FC_TRY(status);
	if (face->dimension > 0 && face->dimension != pin.dimension) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "the gallery's templates have %u dimensions, but this one has %u",
			       pin.dimension, face->dimension);
	}
	if (face->dimension > 0 && !fc_is_normalised(face->embedding, face->dimension)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a template must have length 1 (tolerance: %g)", FC_NORM_TOLERANCE);
	}
	if (!fc_is_finite(face->box, FC_ARRAY_LENGTH(face->box)) ||
	    !fc_is_finite(face->landmarks, FC_ARRAY_LENGTH(face->landmarks)) ||
	    !isfinite(face->confidence) || !isfinite(face->quality)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"a face's box, landmarks, confidence and quality must be finite numbers");
	}
	FC_TRY(check_user_data(face->user_data, err));
	return fc_check_source(face->origin, face->path, err);
}

enum fc_status fc_face_write(struct fc_gallery_txn *txn, const struct fc_face_record *face,
			     enum fc_store_put_mode mode, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_in_space(face->space, face->id);
	fc_record_put_face(&payload, face);
	return fc_store_put(txn, FC_DB_FACE, &key, &payload, mode, err);
}

enum fc_status fc_face_put_rows(struct fc_gallery_txn *txn, struct fc_face_record *face,
				struct fc_error *err)
{
	FC_TRY(fc_store_next_id(txn, FC_ID_FACE, &face->id, err));
	if (face->created == 0) {
		face->created = fc_clock_now();
	}
	struct fc_key of_person = fc_key_pid_face(&face->pid, face->id);
	FC_TRY(fc_face_write(txn, face, FC_STORE_ADD, err));
	FC_TRY(fc_store_put(txn, FC_DB_FACE_PERSON, &of_person, NULL, FC_STORE_ADD, err));
	return fc_face_index(txn, face, err);
}

enum fc_status fc_face_index(struct fc_gallery_txn *txn, const struct fc_face_record *face,
			     struct fc_error *err)
{
	struct fc_key of_photo =
		fc_key_photo_face(&face->photo, face->photo_index, face->space, face->id);
	struct fc_key of_uuid = fc_key_uuid_face(&face->uuid, face->space, face->id);
	FC_TRY(fc_store_put(txn, FC_DB_FACE_PHOTO, &of_photo, NULL, FC_STORE_ADD, err));
	return fc_store_put(txn, FC_DB_FACE_UUID, &of_uuid, NULL, FC_STORE_ADD, err);
}

enum fc_status fc_face_delete_rows(struct fc_gallery_txn *txn, const struct fc_face_record *face,
				   struct fc_error *err)
{
	struct fc_key key = fc_key_in_space(face->space, face->id);
	struct fc_key of_person = fc_key_pid_face(&face->pid, face->id);
	struct fc_key of_photo =
		fc_key_photo_face(&face->photo, face->photo_index, face->space, face->id);
	struct fc_key of_uuid = fc_key_uuid_face(&face->uuid, face->space, face->id);
	FC_TRY(fc_store_delete(txn, FC_DB_FACE, &key, err));
	FC_TRY(fc_store_delete(txn, FC_DB_FACE_PERSON, &of_person, err));
	FC_TRY(fc_store_delete(txn, FC_DB_FACE_PHOTO, &of_photo, err));
	return fc_store_delete(txn, FC_DB_FACE_UUID, &of_uuid, err);
}

enum fc_status fc_face_set_user_data(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
				     const char *user_data, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	FC_TRY(check_user_data(user_data, err));
	FC_TRY(fc_face_get(txn, space, id, &face, err));
	struct fc_face_record changed = face;
	changed.user_data = fc_lend(user_data);
	return fc_face_write(txn, &changed, FC_STORE_REPLACE, err);
}

/* ---- walks ---- */

enum fc_status fc_face_each_of_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				      fc_face_visit *visit, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_pid(pid), key;
	struct fc_reader payload;
	FC_TRY(fc_person_get(txn, pid, &person, err));
	FC_TRY(fc_store_walk(txn, FC_DB_FACE_PERSON, &prefix, NULL, &cursor, err));
	for (uint32_t count = 0;; count++) {
		FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return count == person.face_count
				       ? FC_OK
				       : fc_store_contradiction(
						 txn, FC_DB_PERSON, &prefix,
						 "faces of the person are missing in an index",
						 err);
		}
		FC_TRY(status);
		uint64_t id = fc_key_get_u64(&key, prefix.length);
		FC_TRY(fc_gallery_referred(txn, fc_face_get(txn, person.space, id, &face, err),
					   err));
		if (!visit(&face, context)) {
			return FC_OK;
		}
	}
}

enum fc_status fc_face_each_of_prefix(struct fc_gallery_txn *txn, const char *text,
				      fc_face_visit *visit, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_uuid uuid;
	struct fc_reader payload;
	size_t bytes;
	if (!fc_uuid_parse_prefix(text, &uuid, &bytes)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' does not identify a face: use a UUID or its first 4 or more "
			       "hexadecimal digits",
			       text);
	}
	struct fc_key prefix = fc_key_pid(&uuid), key;
	prefix.length = bytes;
	FC_TRY(fc_store_walk(txn, FC_DB_FACE_UUID, &prefix, NULL, &cursor, err));
	for (bool more = true; more;) {
		FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		uint32_t space = fc_key_get_u32(&key, sizeof(uuid));
		status =
			fc_face_get(txn, space, fc_key_get_u64(&key, sizeof(uuid) + 4), &face, err);
		FC_TRY(fc_store_followed(txn, FC_DB_FACE_UUID, &key, status, "its face is missing",
					 err));
		more = !fc_uuid_begins_with(&face.uuid, text) || visit(&face, context);
	}
	return FC_OK;
}

enum fc_status fc_face_each(struct fc_gallery_txn *txn, uint32_t space, uint64_t after,
			    fc_face_visit *visit, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key all = { 0 }, start = fc_key_in_space(space, after + 1), key;
	struct fc_reader payload;
	FC_TRY(fc_store_walk(txn, FC_DB_FACE, &all, &start, &cursor, err));
	for (bool more = true; more;) {
		FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		status = fc_record_get_face(&payload, &face);
		FC_TRY(fc_store_decoded(txn, FC_DB_FACE, &key, status, err));
		face.space = fc_key_get_u32(&key, 0);
		face.id = fc_key_get_u64(&key, sizeof(uint32_t));
		more = visit(&face, context);
	}
	return FC_OK;
}
