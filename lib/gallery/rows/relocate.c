/* Merging two persons, moving a person to another space, and a face to another person. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gallery/rows/crop.h"
#include "gallery/rows/entry_query.h"
#include "gallery/rows/ledger_record.h"
#include "gallery/rows/parts.h"

/* ---- faces ---- */

/* A face that was removed from the gallery and will be added again elsewhere, with its crop, which may be empty. */
struct removed_face {
	struct fc_face_record record;
	struct fc_buffer crop;
	uint64_t new_id;
};

struct removed_faces {
	struct removed_face *items;
	size_t count, capacity;
	struct fc_ledger_detached ledger; /* the ledger items of the person */
};

static void removed_faces_release(struct removed_faces *faces)
{
	for (size_t i = 0; i < faces->count; i++) {
		fc_face_record_release(&faces->items[i].record);
		fc_buffer_release(&faces->items[i].crop);
	}
	free(faces->items);
	fc_ledger_detached_release(&faces->ledger);
}

static enum fc_status remove_faces(struct fc_gallery_txn *txn, const struct fc_person *person,
				   struct removed_faces *out, struct fc_error *err)
{
	struct fc_key prefix = fc_key_pid(&person->pid), key;
	struct fc_reader payload;
	enum fc_status status;
	FC_TRY(fc_ledger_detach(txn, &person->pid, 0, &out->ledger, err));
	while ((status = fc_store_first(txn, FC_DB_FACE_PERSON, &prefix, &key, &payload, err)) ==
	       FC_OK) {
		uint64_t id = fc_key_get_u64(&key, prefix.length);
		FC_TRY(fc_array_grow(&out->items, sizeof(*out->items), out->count, &out->capacity,
				     err));
		struct removed_face *face = &out->items[out->count];
		*face = (struct removed_face){ 0 };
		FC_TRY(fc_gallery_referred(
			txn, fc_face_get(txn, person->space, id, &face->record, err), err));
		out->count++;
		status = fc_crop_get(txn, person->space, id, &face->crop, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		FC_TRY(fc_gallery_referred(txn, fc_face_take_out(txn, &face->record, err), err));
	}
	return status == FC_NOT_FOUND ? fc_person_renew_mean(txn, &person->pid, err) : status;
}

/* The photos of the faces, and those that belong to the person without a stored face, stay known under the tasks that processed them. */
static enum fc_status add_ledger_items(struct fc_gallery_txn *txn,
				       const struct removed_faces *faces, const struct fc_uuid *pid,
				       uint32_t space, struct fc_error *err)
{
	for (size_t i = 0; i < faces->ledger.count; i++) {
		struct fc_ledger_item item = faces->ledger.items[i];
		uint64_t old = item.face;
		item.pid = *pid;
		item.space = space;
		for (size_t k = 0; k < faces->count && old != 0; k++) {
			if (faces->items[k].record.id == old) {
				item.face = faces->items[k].new_id;
			}
		}
		FC_TRY(fc_ledger_change_item(txn, &item, err));
	}
	return FC_OK;
}

/* Add the faces again. They keep the time at which they were first stored. */
static enum fc_status add_faces(struct fc_gallery_txn *txn, struct removed_faces *faces,
				const struct fc_uuid *pid, uint32_t space, struct fc_error *err)
{
	for (size_t i = 0; i < faces->count; i++) {
		struct fc_face_record face = faces->items[i].record;
		face.pid = *pid;
		face.space = space;
		FC_TRY(fc_face_put_in(txn, &face, err));
		faces->items[i].new_id = face.id;
		if (faces->items[i].crop.length > 0) {
			FC_TRY(fc_crop_put(txn, space, face.id, &faces->items[i].crop, err));
		}
	}
	FC_TRY(add_ledger_items(txn, faces, pid, space, err));
	return fc_person_renew_mean(txn, pid, err);
}

/* ---- merge ---- */

static enum fc_status change_person(struct fc_gallery_txn *txn, struct fc_entry *entry,
				    const void *context, struct fc_error *err)
{
	const struct fc_uuid *kept = context;
	struct fc_entry after = *entry;
	after.pid = *kept;
	return fc_entry_replace(txn, entry, &after, err);
}

enum fc_status fc_person_merge(struct fc_gallery_txn *txn, const struct fc_uuid *kept,
			       const struct fc_uuid *other, uint64_t *faces, uint64_t *entries,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person target = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person source = { 0 };
	FC_CLEANUP(removed_faces_release) struct removed_faces moved = { 0 };
	char pid[FC_UUID_TEXT_SIZE];
	FC_TRY(fc_person_get(txn, kept, &target, err));
	FC_TRY(fc_person_get(txn, other, &source, err));
	fc_uuid_format(other, pid);
	if (fc_uuid_equal(kept, other)) {
		return fc_fail(err, FC_CONFLICT, "%s cannot be merged with itself", pid);
	}
	if (target.space != source.space) {
		return fc_fail(err, FC_CONFLICT,
			       "%s is in another space; move it there before merging", pid);
	}
	FC_TRY(fc_store_add_relocation(txn, err));
	FC_TRY(remove_faces(txn, &source, &moved, err));
	FC_TRY(add_faces(txn, &moved, kept, target.space, err));
	FC_TRY(fc_entry_change_of_person(txn, other, change_person, kept, entries, err));
	*faces = moved.count;
	return fc_person_delete(txn, other, err);
}

/* ---- move ---- */

enum fc_status fc_entry_move_of_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				       uint32_t space, uint64_t *moved, struct fc_error *err)
{
	FC_CLEANUP(fc_entry_ids_release) struct fc_entry_ids ids = { .limit = UINT64_MAX };
	struct fc_entry_query query = { .pids = pid, .pid_count = 1 };
	FC_TRY(fc_entry_each(txn, &query, 0, fc_entry_ids_add, &ids, err));
	if (ids.failed) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < ids.count; i++) {
		FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
		FC_TRY(fc_gallery_referred(txn, fc_entry_get(txn, ids.items[i], &entry, err), err));
		struct fc_entry after = entry;
		after.space = space;
		FC_TRY(fc_entry_replace(txn, &entry, &after, err));
	}
	*moved = ids.count;
	return FC_OK;
}

enum fc_status fc_person_move(struct fc_gallery_txn *txn, const struct fc_uuid *pid, uint32_t space,
			      uint64_t *faces, uint64_t *entries, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(removed_faces_release) struct removed_faces moved = { 0 };
	FC_TRY(fc_person_get(txn, pid, &person, err));
	if (person.space == space) {
		char text[FC_UUID_TEXT_SIZE];
		fc_uuid_format(pid, text);
		return fc_fail(err, FC_CONFLICT, "%s is already in that space", text);
	}
	FC_TRY(fc_store_add_relocation(txn, err));
	FC_TRY(remove_faces(txn, &person, &moved, err));
	/* Read the person again, because the removal of the faces changed its record. */
	fc_person_release(&person);
	FC_TRY(fc_person_get(txn, pid, &person, err));
	FC_TRY(fc_ledger_forget_person(txn, pid, err));
	FC_TRY(fc_person_leave_space(txn, &person, err));
	person.space = space;
	person.updated = fc_clock_now();
	FC_TRY(fc_person_join_space(txn, &person, err));
	FC_TRY(fc_person_write(txn, &person, FC_STORE_REPLACE, err));
	FC_TRY(add_faces(txn, &moved, pid, space, err));
	*faces = moved.count;
	return fc_entry_move_of_person(txn, pid, space, entries, err);
}

/* ---- moving a face ---- */

enum fc_status fc_face_move(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
			    const struct fc_uuid *pid, uint64_t *new_id, struct fc_error *err)
{
	FC_CLEANUP(removed_faces_release) struct removed_faces moved = { 0 };
	FC_TRY(fc_array_grow(&moved.items, sizeof(*moved.items), 0, &moved.capacity, err));
	struct removed_face *face = &moved.items[0];
	*face = (struct removed_face){ 0 };
	moved.count = 1;
	FC_TRY(fc_face_get(txn, space, id, &face->record, err));
	if (fc_uuid_equal(&face->record.pid, pid)) {
		return fc_fail(err, FC_CONFLICT, "the face already belongs to that person");
	}
	enum fc_status status = fc_crop_get(txn, space, id, &face->crop, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	FC_TRY(fc_store_add_relocation(txn, err));
	FC_TRY(fc_ledger_detach(txn, &face->record.pid, id, &moved.ledger, err));
	FC_TRY(fc_face_delete(txn, space, id, err));
	struct fc_face_record added = face->record;
	added.pid = *pid;
	FC_TRY(fc_face_add(txn, &added, err));
	face->new_id = added.id;
	if (face->crop.length > 0) {
		FC_TRY(fc_crop_put(txn, space, added.id, &face->crop, err));
	}
	*new_id = added.id;
	return add_ledger_items(txn, &moved, pid, space, err);
}
