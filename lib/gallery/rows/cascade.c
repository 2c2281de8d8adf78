/*
 * Adds faces, and removes faces, persons and spaces, together with everything that depends on them: rows of other records that refer to
 * them, counters, means, and the segments of search. The other files of rows/ only read and write their own rows.
 */
/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "base/memory.h"
#include "gallery/rows/calibration.h"
#include "gallery/rows/crop.h"
#include "gallery/rows/ledger_record.h"
#include "gallery/rows/mean.h"
#include "gallery/rows/parts.h"
#include "gallery/search/segments.h"

/* ---- means ---- */

static enum fc_status remove_mean(struct fc_gallery_txn *txn, const struct fc_person *person,
				  struct fc_error *err)
{
	if (person->mean == 0) {
		return FC_OK;
	}
	FC_TRY(fc_mean_delete(txn, person->space, person->mean, err));
	return fc_segments_mean_removed(txn, person->space, person->mean, err);
}

/* Replace the mean of a person by another one, or by none if its count is 0. */
static enum fc_status replace_mean(struct fc_gallery_txn *txn, struct fc_person *person,
				   struct fc_mean *mean, struct fc_error *err)
{
	uint64_t before = person->mean;
	FC_TRY(remove_mean(txn, person, err));
	mean->id = 0;
	if (mean->count > 0) {
		FC_TRY(fc_mean_put(txn, person->space, mean, err));
	}
	person->mean = mean->id;
	FC_TRY(fc_person_write(txn, person, FC_STORE_REPLACE, err));
	return mean->id == 0 ? FC_OK
			     : fc_segments_mean_added(txn, person->space, mean->id, before, err);
}

enum fc_status fc_person_renew_mean(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_mean mean;
	FC_TRY(fc_person_get(txn, pid, &person, err));
	enum fc_status status = fc_mean_compute(txn, person.space, pid, &mean, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	return replace_mean(txn, &person, &mean, err);
}

/*
 * Compute the mean of a person after a face with a template is added or removed, from the present mean. out->count is 0 if that needs the
 * other faces.
 */
static enum fc_status change_mean(struct fc_gallery_txn *txn, const struct fc_face_record *face,
				  bool added, struct fc_mean *out, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_key key = fc_key_pid(&face->pid);
	out->count = 0;
	FC_TRY(fc_gallery_referred(txn, fc_person_get(txn, &face->pid, &person, err), err));
	if (person.mean == 0) {
		return FC_OK;
	}
	enum fc_status status = fc_mean_get(txn, person.space, person.mean, out, err);
	FC_TRY(fc_store_followed(txn, FC_DB_PERSON, &key, status, "its mean is missing", err));
	if (out->dimension != face->dimension || !fc_mean_change(out, face->embedding, added)) {
		out->count = 0;
	}
	return FC_OK;
}

/* Store what change_mean computed. The faces have been changed. */
static enum fc_status store_mean(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				 struct fc_mean *mean, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	if (mean->count == 0) {
		return fc_person_renew_mean(txn, pid, err);
	}
	FC_TRY(fc_person_get(txn, pid, &person, err));
	return replace_mean(txn, &person, mean, err);
}

/* ---- faces ---- */

/* Remove everything that belongs to a face, except that its person's mean and the counters of its person and space do not change. */
static enum fc_status remove_face(struct fc_gallery_txn *txn, const struct fc_face_record *face,
				  struct fc_error *err)
{
	FC_TRY(fc_face_delete_rows(txn, face, err));
	FC_TRY(fc_crop_delete(txn, face->space, face->id, err));
	FC_TRY(fc_ledger_forget_face(txn, &face->pid, face->id, err));
	/* Photos that were compared with the person may have another result without this face. */
	return fc_ledger_forget_face(txn, &face->pid, 0, err);
}

/* Add `by` to the face counters of a person and its space. */
static enum fc_status count_faces(struct fc_gallery_txn *txn, struct fc_person *person, int by,
				  struct fc_error *err)
{
	struct fc_space space;
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, person->space, &space, err), err));
	person->face_count += (uint32_t)by;
	person->updated = fc_clock_now();
	space.face_count += (uint64_t)by;
	FC_TRY(fc_person_write(txn, person, FC_STORE_REPLACE, err));
	return fc_space_write(txn, &space, err);
}

enum fc_status fc_face_take_out(struct fc_gallery_txn *txn, const struct fc_face_record *face,
				struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_gallery_referred(txn, fc_person_get(txn, &face->pid, &person, err), err));
	FC_TRY(remove_face(txn, face, err));
	return count_faces(txn, &person, -1, err);
}

enum fc_status fc_face_delete(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
	struct fc_mean mean;
	FC_TRY(fc_face_get(txn, space, id, &face, err));
	if (face.dimension == 0) {
		return fc_face_take_out(txn, &face, err);
	}
	FC_TRY(change_mean(txn, &face, false, &mean, err));
	FC_TRY(fc_face_take_out(txn, &face, err));
	return store_mean(txn, &face.pid, &mean, err);
}

/*
 * Make place for a face. The same face of the same photo is a conflict, unless it belongs to this person and has no template. Then it is
 * removed, and the new face gets its UUID. *user_data: of the removed face; the caller frees it.
 */
static enum fc_status make_place(struct fc_gallery_txn *txn, struct fc_face_record *face,
				 char **user_data, struct fc_error *err)
{
	FC_CLEANUP(fc_face_record_release) struct fc_face_record other = { 0 };
	char text[FC_UUID_TEXT_SIZE];
	enum fc_status status = FC_NOT_FOUND;
	if (!fc_uuid_is_nil(&face->uuid)) {
		status = fc_face_by_uuid(txn, face->space, &face->uuid, &other, err);
	}
	if (status == FC_OK) {
		fc_uuid_format(&face->uuid, text);
		return fc_fail(err, FC_CONFLICT, "face %s is already in the space", text);
	}
	if (status == FC_NOT_FOUND && !face->may_repeat) {
		status = fc_face_find(txn, face->space, &face->photo, face->photo_index, &other,
				      err);
	}
	if (status == FC_OK && (other.dimension != 0 || !fc_uuid_equal(&other.pid, &face->pid))) {
		fc_uuid_format(&other.pid, text);
		return fc_fail(
			err, FC_CONFLICT,
			"face %u of this photo is already in the space, as face %llu of person %s",
			face->photo_index, (unsigned long long)other.id, text);
	}
	if (status != FC_OK) {
		return status == FC_NOT_FOUND ? FC_OK : status;
	}
	FC_TRY(fc_face_take_out(txn, &other, err));
	if (fc_uuid_is_nil(&face->uuid)) {
		face->uuid = other.uuid;
	}
	*user_data = FC_STEAL(other.user_data);
	return FC_OK;
}

enum fc_status fc_face_put_in(struct fc_gallery_txn *txn, struct fc_face_record *face,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(fc_free) char *user_data = NULL;
	struct fc_face_record added = *face;
	FC_TRY(fc_face_check(txn, face, err));
	FC_TRY(make_place(txn, &added, &user_data, err));
	FC_TRY(fc_person_get(txn, &face->pid, &person, err));
	if (person.space != face->space) {
		return fc_fail(err, FC_NOT_FOUND, "the person is in another space");
	}
	if (fc_uuid_is_nil(&added.uuid)) {
		added.uuid = fc_uuid_new();
	}
	if (!added.user_data) {
		added.user_data = user_data;
	}
	FC_TRY(fc_face_put_rows(txn, &added, err));
	FC_TRY(count_faces(txn, &person, 1, err));
	added.user_data = face->user_data;
	*face = added;
	return FC_OK;
}

enum fc_status fc_face_add(struct fc_gallery_txn *txn, struct fc_face_record *face,
			   struct fc_error *err)
{
	struct fc_face_record added = *face;
	struct fc_mean mean;
	FC_TRY(fc_face_put_in(txn, &added, err));
	if (added.dimension > 0) {
		FC_TRY(change_mean(txn, &added, true, &mean, err));
		FC_TRY(store_mean(txn, &added.pid, &mean, err));
	}
	*face = added;
	return FC_OK;
}

/* ---- persons ---- */

enum fc_status fc_person_delete(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_key prefix = fc_key_pid(pid);
	struct fc_space space;
	uint64_t faces = 0;
	FC_TRY(fc_person_get(txn, pid, &person, err));
	FC_TRY(remove_mean(txn, &person, err));
	for (;;) {
		FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
		struct fc_key key;
		struct fc_reader payload;
		enum fc_status status =
			fc_store_first(txn, FC_DB_FACE_PERSON, &prefix, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		uint64_t id = fc_key_get_u64(&key, prefix.length);
		FC_TRY(fc_gallery_referred(txn, fc_face_get(txn, person.space, id, &face, err),
					   err));
		FC_TRY(remove_face(txn, &face, err));
		faces++;
	}
	FC_TRY(fc_ledger_forget_person(txn, pid, err));
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, person.space, &space, err), err));
	space.face_count -= faces;
	FC_TRY(fc_space_write(txn, &space, err));
	FC_TRY(fc_person_leave_space(txn, &person, err));
	return fc_store_delete(txn, FC_DB_PERSON, &prefix, err);
}

/* ---- spaces ---- */

enum fc_status fc_space_truncate(struct fc_gallery_txn *txn, uint32_t space, uint64_t *persons,
				 uint64_t *faces, struct fc_error *err)
{
	struct fc_space record;
	FC_TRY(fc_space_read(txn, space, &record, err));
	struct fc_key prefix = fc_key_space(space), key;
	struct fc_reader payload;
	FC_TRY(fc_segments_drop(txn, space, err));
	FC_TRY(fc_ledger_forget_space(txn, FC_LEDGER_LOCAL, record.name, err));
	for (;;) {
		enum fc_status status =
			fc_store_first(txn, FC_DB_PERSON_SPACE, &prefix, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		struct fc_uuid pid = fc_key_get_pid(&key, 4);
		FC_TRY(fc_gallery_referred(txn, fc_person_delete(txn, &pid, err), err));
	}
	*persons = record.person_count;
	*faces = record.face_count;
	return FC_OK;
}

enum fc_status fc_space_delete(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err)
{
	uint64_t persons, faces;
	struct fc_space record;
	FC_TRY(fc_space_read(txn, space, &record, err));
	FC_TRY(fc_space_truncate(txn, space, &persons, &faces, err));
	FC_TRY(fc_entry_remove_all_of(txn, space, err));
	FC_TRY(fc_origin_remove_all_of(txn, space, err));
	FC_TRY(fc_container_remove(txn, space, err));
	FC_TRY(fc_space_set_calibration(txn, space, NULL, err));
	struct fc_key name = fc_key_text(record.name);
	struct fc_key id = fc_key_space(space);
	FC_TRY(fc_store_delete(txn, FC_DB_SPACE_NAME, &name, err));
	return fc_store_delete(txn, FC_DB_SPACE, &id, err);
}
