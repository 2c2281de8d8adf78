/* Giving a person's faces and entries to another person, or taking them to another space. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/clock.h"
#include "gallery/rows/crop.h"
#include "gallery/rows/entry_query.h"
#include "gallery/rows/ledger_record.h"
#include "gallery/rows/parts.h"

/* Faces taken out of the gallery, with their crops, to be put in elsewhere. */
struct luggage {
	struct fc_face_record *faces;
	struct fc_buffer *crops; /* empty where none was kept */
	size_t count;
};

static void luggage_release(struct luggage *luggage)
{
	for (size_t i = 0; i < luggage->count; i++) {
		fc_face_record_release(&luggage->faces[i]);
		fc_buffer_release(&luggage->crops[i]);
	}
	free(luggage->faces);
	free(luggage->crops);
}

struct id_list {
	uint64_t *items;
	size_t count, room;
};

static bool note_id(const struct fc_face_record *face, void *context)
{
	struct id_list *ids = context;
	if (ids->count < ids->room) {
		ids->items[ids->count++] = face->id;
	}
	return true;
}

static enum fc_status take_face(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
				struct luggage *luggage, struct fc_error *err)
{
	struct fc_face_record *face = &luggage->faces[luggage->count];
	struct fc_buffer *crop = &luggage->crops[luggage->count];
	FC_TRY(fc_face_get(txn, space, id, face, err));
	luggage->count++;
	enum fc_status status = fc_crop_get(txn, space, id, crop, err);
	if (status != FC_OK && status != FC_NOT_FOUND) {
		return status;
	}
	return fc_face_delete(txn, space, id, err);
}

static enum fc_status take_faces(struct fc_gallery_txn *txn, const struct fc_person *person,
				 struct luggage *luggage, struct fc_error *err)
{
	size_t room = person->face_count;
	struct id_list ids = { .items = calloc(room + 1, sizeof(uint64_t)), .room = room };
	luggage->faces = calloc(room + 1, sizeof(*luggage->faces));
	luggage->crops = calloc(room + 1, sizeof(*luggage->crops));
	enum fc_status status = FC_OK;
	if (!ids.items || !luggage->faces || !luggage->crops) {
		status = fc_fail_memory(err);
	}
	if (status == FC_OK) {
		status = fc_face_each_of_person(txn, &person->pid, note_id, &ids, err);
	}
	for (size_t i = 0; i < ids.count && status == FC_OK; i++) {
		status = take_face(txn, person->space, ids.items[i], luggage, err);
	}
	free(ids.items);
	return status;
}

/* Faces keep the time at which they were first stored. */
static enum fc_status put_faces(struct fc_gallery_txn *txn, const struct luggage *luggage,
				const struct fc_uuid *pid, uint32_t space, struct fc_error *err)
{
	for (size_t i = 0; i < luggage->count; i++) {
		struct fc_face_record face = luggage->faces[i];
		face.pid = *pid;
		face.space = space;
		FC_TRY(fc_face_add(txn, &face, err));
		if (luggage->crops[i].length > 0) {
			FC_TRY(fc_crop_put(txn, space, face.id, &luggage->crops[i], err));
		}
	}
	return FC_OK;
}

/* ---- merge ---- */

static enum fc_status give_entry(struct fc_gallery_txn *txn, struct fc_entry *entry,
				 const void *context, struct fc_error *err)
{
	const struct fc_uuid *kept = context;
	struct fc_entry after = *entry;
	after.pid = *kept;
	return fc_entry_replace(txn, entry, &after, err);
}

static enum fc_status check_merge(const struct fc_person *kept, const struct fc_person *other,
				  struct fc_error *err)
{
	char pid[FC_UUID_TEXT_SIZE];
	fc_uuid_format(&other->pid, pid);
	if (fc_uuid_equal(&kept->pid, &other->pid)) {
		return fc_fail(err, FC_CONFLICT, "%s cannot be merged with itself", pid);
	}
	if (kept->space != other->space) {
		return fc_fail(err, FC_CONFLICT,
			       "%s is in another space; move it there before merging", pid);
	}
	return FC_OK;
}

enum fc_status fc_person_merge(struct fc_gallery_txn *txn, const struct fc_uuid *kept,
			       const struct fc_uuid *other, uint64_t *faces, uint64_t *entries,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person target = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person source = { 0 };
	FC_CLEANUP(luggage_release) struct luggage luggage = { 0 };
	FC_TRY(fc_person_get(txn, kept, &target, err));
	FC_TRY(fc_person_get(txn, other, &source, err));
	FC_TRY(check_merge(&target, &source, err));
	FC_TRY(take_faces(txn, &source, &luggage, err));
	FC_TRY(put_faces(txn, &luggage, kept, target.space, err));
	FC_TRY(fc_entry_change_of_person(txn, other, give_entry, kept, entries, err));
	*faces = luggage.count;
	return fc_person_delete(txn, other, err);
}

/* ---- move ---- */

struct entry_list {
	uint64_t *ids;
	size_t count, room;
	bool failed; /* out of memory */
};

static void entry_list_release(struct entry_list *list)
{
	free(list->ids);
}

static bool note_entry(const struct fc_entry *entry, void *context)
{
	struct entry_list *list = context;
	if (list->count == list->room) {
		size_t room = 2 * list->room + 64;
		uint64_t *ids = reallocarray(list->ids, room, sizeof(*ids));
		if (!ids) {
			list->failed = true;
			return false;
		}
		list->ids = ids;
		list->room = room;
	}
	list->ids[list->count++] = entry->id;
	return true;
}

static enum fc_status move_entries(struct fc_gallery_txn *txn, const struct fc_person *person,
				   uint32_t space, uint64_t *moved, struct fc_error *err)
{
	FC_CLEANUP(entry_list_release) struct entry_list list = { 0 };
	struct fc_entry_query query = { .pids = &person->pid, .pid_count = 1 };
	FC_TRY(fc_entry_each(txn, &query, 0, note_entry, &list, err));
	if (list.failed) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < list.count; i++) {
		FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
		FC_TRY(fc_entry_get(txn, list.ids[i], &entry, err));
		struct fc_entry after = entry;
		after.space = space;
		FC_TRY(fc_entry_replace(txn, &entry, &after, err));
	}
	*moved = list.count;
	return FC_OK;
}

/* The person alone, without faces by now. */
static enum fc_status move_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				  uint32_t space, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_person_get(txn, pid, &person, err));
	FC_TRY(fc_ledger_forget_person(txn, pid, err));
	FC_TRY(fc_person_leave_space(txn, &person, err));
	person.space = space;
	person.updated = fc_clock_now();
	FC_TRY(fc_person_join_space(txn, &person, err));
	return fc_person_write(txn, &person, FC_STORE_REPLACE, err);
}

enum fc_status fc_person_move(struct fc_gallery_txn *txn, const struct fc_uuid *pid, uint32_t space,
			      uint64_t *faces, uint64_t *entries, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_CLEANUP(luggage_release) struct luggage luggage = { 0 };
	FC_TRY(fc_person_get(txn, pid, &person, err));
	if (person.space == space) {
		char text[FC_UUID_TEXT_SIZE];
		fc_uuid_format(pid, text);
		return fc_fail(err, FC_CONFLICT, "%s is in that space already", text);
	}
	FC_TRY(take_faces(txn, &person, &luggage, err));
	FC_TRY(move_person(txn, pid, space, err));
	FC_TRY(put_faces(txn, &luggage, pid, space, err));
	*faces = luggage.count;
	return move_entries(txn, &person, space, entries, err);
}
