/* Copying between a container and a snapshot, a part at a time. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "gallery/rows/parts.h"
#include "gallery/rows/snapshot.h"

static enum fc_status fail(struct fc_snapshot_job *job, const char *message)
{
	job->state = FC_SNAPSHOT_FAILED;
	snprintf(job->message, sizeof(job->message), "%s", message);
	return FC_OK;
}

/* ---- taking ---- */

/* What changes if a person or face of the space does: the counts, and the id of the newest mean. */
static enum fc_status read_marks(struct fc_gallery_txn *txn, uint32_t space,
				 struct fc_snapshot_job *out, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_space(space), key;
	struct fc_reader payload;
	struct fc_space record;
	FC_TRY(fc_space_read(txn, space, &record, err));
	FC_TRY(fc_store_walk_back(txn, FC_DB_MEAN, &prefix, NULL, &cursor, err));
	enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	out->persons = record.person_count;
	out->faces = record.face_count;
	out->last_mean = status == FC_OK ? fc_key_get_u64(&key, sizeof(uint32_t)) : 0;
	return FC_OK;
}

static enum fc_status begin_take(struct fc_gallery_txn *txn, struct fc_snapshot_job *job,
				 const struct fc_container *source, struct fc_error *err)
{
	struct fc_key key = fc_key_snapshot_container(&job->snapshot);
	job->state = FC_SNAPSHOT_RUNNING;
	job->space = source->space;
	FC_TRY(read_marks(txn, source->space, job, err));
	return fc_store_write(txn, FC_DB_SNAPSHOT_PART, &key, fc_container_fields, source,
			      FC_STORE_ADD, err);
}

/* Copy the record of a person or face as it is. */
static enum fc_status copy_record(struct fc_gallery_txn *txn, enum fc_database from,
				  const struct fc_key *from_key, const struct fc_key *to,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer copy = { 0 };
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, from, from_key, &payload, err));
	fc_buffer_append(&copy, payload.data, payload.left);
	return fc_store_put(txn, FC_DB_SNAPSHOT_PART, to, &copy, FC_STORE_ADD, err);
}

struct copying {
	struct fc_gallery_txn *txn;
	const struct fc_snapshot_job *job;
	struct fc_uuid *pids;
	size_t count, limit;
};

static bool list_person(const struct fc_person *person, void *context)
{
	struct copying *copying = context;
	copying->pids[copying->count++] = person->pid;
	return copying->count < copying->limit;
}

static enum fc_status take_person(struct fc_gallery_txn *txn, const struct fc_snapshot_job *job,
				  const struct fc_uuid *pid, struct fc_error *err)
{
	struct fc_key key = fc_key_pid(pid), face;
	struct fc_key part = fc_key_snapshot_part(&job->snapshot, pid);
	struct fc_key last = { 0 };
	FC_TRY(copy_record(txn, FC_DB_PERSON, &key, &part, err));
	for (;;) {
		/* the cursor is over an index that does not change */
		FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
		struct fc_reader payload;
		FC_TRY(fc_store_walk(txn, FC_DB_FACE_PERSON, &key, last.length > 0 ? &last : NULL,
				     &cursor, err));
		enum fc_status status = fc_store_next(&cursor, &face, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		fc_store_cursor_release(&cursor);
		uint64_t id = fc_key_get_u64(&face, sizeof(pid->bytes));
		struct fc_key from = fc_key_in_space(job->space, id);
		struct fc_key to = fc_key_snapshot_face(&job->snapshot, pid, id);
		FC_TRY(copy_record(txn, FC_DB_FACE, &from, &to, err));
		last = face;
		last.bytes[last.length++] = 0;
	}
}

static enum fc_status end_take(struct fc_gallery_txn *txn, struct fc_snapshot_job *job,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	enum fc_status status = fc_snapshot_get(txn, &job->snapshot, 0, &snapshot, err);
	if (status == FC_NOT_FOUND) {
		return fail(job, "The snapshot expired while it was taken.");
	}
	FC_TRY(status);
	snapshot.complete = true;
	job->state = FC_SNAPSHOT_SUCCEEDED;
	return fc_snapshot_put(txn, &snapshot, false, err);
}

static enum fc_status take(struct fc_gallery_txn *txn, struct fc_snapshot_job *job,
			   struct copying *copying, struct fc_error *err)
{
	FC_CLEANUP(fc_container_release) struct fc_container source = { 0 };
	struct fc_snapshot_job present = { 0 };
	enum fc_status status = fc_container_find(txn, job->kind, job->object, &source, err);
	if (status == FC_NOT_FOUND ||
	    (status == FC_OK && job->state == FC_SNAPSHOT_RUNNING && source.space != job->space)) {
		return fail(job, "The source object was deleted while the snapshot was taken.");
	}
	FC_TRY(status);
	if (job->state == FC_SNAPSHOT_NOT_STARTED) {
		FC_TRY(begin_take(txn, job, &source, err));
	}
	FC_TRY(read_marks(txn, job->space, &present, err));
	if (present.persons != job->persons || present.faces != job->faces ||
	    present.last_mean != job->last_mean) {
		return fail(job, "The source object was changed while the snapshot was taken.");
	}
	FC_TRY(fc_person_each(txn, job->space, fc_uuid_is_nil(&job->last) ? NULL : &job->last,
			      list_person, copying, err));
	for (size_t i = 0; i < copying->count; i++) {
		FC_TRY(take_person(txn, job, &copying->pids[i], err));
		job->last = copying->pids[i];
	}
	return copying->count < copying->limit ? end_take(txn, job, err) : FC_OK;
}

/* ---- applying ---- */

static enum fc_status begin_apply(struct fc_gallery_txn *txn, struct fc_snapshot_job *job,
				  struct fc_container *source, struct fc_error *err)
{
	struct fc_container target = *source;
	target.kind = job->kind;
	/* until everything is copied, it cannot be searched */
	target.trained = 0;
	snprintf(target.id, sizeof(target.id), "%s", job->object);
	enum fc_status status = fc_container_add(txn, &target, err);
	if (status == FC_CONFLICT) {
		return fail(job, "The target object already exists.");
	}
	FC_TRY(status);
	job->space = target.space;
	job->state = FC_SNAPSHOT_RUNNING;
	return FC_OK;
}

static enum fc_status apply_faces(struct fc_gallery_txn *txn, const struct fc_snapshot_job *job,
				  const struct fc_uuid *stored, const struct fc_person *person,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_snapshot_part(&job->snapshot, stored), key;
	struct fc_reader payload;
	FC_TRY(fc_store_walk(txn, FC_DB_SNAPSHOT_PART, &prefix, NULL, &cursor, err));
	FC_TRY(fc_store_next(&cursor, &key, &payload, err)); /* the person */
	for (;;) {
		FC_CLEANUP(fc_face_record_release) struct fc_face_record face = { 0 };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(fc_store_decoded(txn, FC_DB_SNAPSHOT_PART, &key,
					fc_record_get_face(&payload, &face), err));
		bool is_list = job->kind == FC_CONTAINER_FACE_LIST ||
			       job->kind == FC_CONTAINER_LARGE_FACE_LIST;
		face.id = 0;
		face.space = job->space;
		face.pid = person->pid;
		face.uuid = is_list ? person->pid : face.uuid;
		face.may_repeat = true;
		FC_TRY(fc_face_add(txn, &face, err));
	}
}

static enum fc_status apply_person(struct fc_gallery_txn *txn, const struct fc_snapshot_job *job,
				   const struct fc_uuid *pid, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_key key = fc_key_snapshot_part(&job->snapshot, pid), taken = fc_key_pid(pid);
	bool is_taken = false;
	FC_TRY(fc_store_read(txn, FC_DB_SNAPSHOT_PART, &key, fc_person_fields, &person, err));
	FC_TRY(fc_store_has(txn, FC_DB_PERSON, &taken, &is_taken, err));
	person.pid = is_taken ? fc_uuid_new() : *pid;
	person.space = job->space;
	FC_TRY(fc_person_add(txn, &person, err));
	return apply_faces(txn, job, pid, &person, err);
}

/* List the next persons of the snapshot: the first key after all keys of the last person. */
static enum fc_status list_parts(struct fc_gallery_txn *txn, const struct fc_snapshot_job *job,
				 struct copying *copying, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_pid(&job->snapshot), key;
	struct fc_key start = fc_key_snapshot_face(&job->snapshot, &job->last, UINT64_MAX);
	struct fc_reader payload;
	FC_TRY(fc_store_walk(txn, FC_DB_SNAPSHOT_PART, &prefix, &start, &cursor, err));
	while (copying->count < copying->limit) {
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		if (key.length == 2 * sizeof(struct fc_uuid)) {
			copying->pids[copying->count++] =
				fc_key_get_pid(&key, sizeof(struct fc_uuid));
		}
	}
	return FC_OK;
}

static enum fc_status end_apply(struct fc_gallery_txn *txn, struct fc_snapshot_job *job,
				struct fc_container *target, int64_t trained, struct fc_error *err)
{
	target->trained = trained;
	job->state = FC_SNAPSHOT_SUCCEEDED;
	return fc_container_update(txn, target, err);
}

static enum fc_status apply(struct fc_gallery_txn *txn, struct fc_snapshot_job *job, int64_t now,
			    struct copying *copying, struct fc_error *err)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot snapshot = { 0 };
	FC_CLEANUP(fc_container_release) struct fc_container source = { 0 };
	FC_CLEANUP(fc_container_release) struct fc_container target = { 0 };
	struct fc_key key = fc_key_snapshot_container(&job->snapshot);
	enum fc_status status = fc_snapshot_get(txn, &job->snapshot, now, &snapshot, err);
	if (status == FC_NOT_FOUND) {
		return fail(job, "The snapshot was deleted while it was applied.");
	}
	FC_TRY(status);
	FC_TRY(fc_store_read(txn, FC_DB_SNAPSHOT_PART, &key, fc_container_fields, &source, err));
	if (job->state == FC_SNAPSHOT_NOT_STARTED) {
		FC_TRY(begin_apply(txn, job, &source, err));
		if (job->state == FC_SNAPSHOT_FAILED) {
			return FC_OK;
		}
	}
	status = fc_container_find(txn, job->kind, job->object, &target, err);
	if (status == FC_NOT_FOUND || (status == FC_OK && target.space != job->space)) {
		return fail(job, "The target object was deleted while the snapshot was applied.");
	}
	FC_TRY(status);
	FC_TRY(list_parts(txn, job, copying, err));
	for (size_t i = 0; i < copying->count; i++) {
		FC_TRY(apply_person(txn, job, &copying->pids[i], err));
		job->last = copying->pids[i];
	}
	return copying->count < copying->limit ? end_apply(txn, job, &target, source.trained, err)
					       : FC_OK;
}

/* Remove what a failed operation has made so far. */
static enum fc_status undo(struct fc_gallery_txn *txn, const struct fc_snapshot_job *job,
			   struct fc_error *err)
{
	FC_CLEANUP(fc_container_release) struct fc_container target = { 0 };
	struct fc_key key = fc_key_pid(&job->snapshot);
	bool exists = false;
	if (!job->applies) {
		FC_TRY(fc_store_has(txn, FC_DB_SNAPSHOT, &key, &exists, err));
		return exists ? fc_snapshot_delete(txn, &job->snapshot, err) : FC_OK;
	}
	enum fc_status status = fc_container_find(txn, job->kind, job->object, &target, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	return status == FC_OK && target.space == job->space ? fc_space_delete(txn, job->space, err)
							     : FC_OK;
}

enum fc_status fc_snapshot_step(struct fc_gallery_txn *txn, const struct fc_uuid *job, int64_t now,
				uint32_t persons, struct fc_snapshot_job *out, struct fc_error *err)
{
	struct fc_uuid pids[FC_SNAPSHOT_STEP_MAXIMUM];
	struct copying copying = {
		.pids = pids,
		.limit = persons < FC_SNAPSHOT_STEP_MAXIMUM ? persons : FC_SNAPSHOT_STEP_MAXIMUM,
	};
	struct fc_snapshot_job next;
	FC_TRY(fc_snapshot_job_get(txn, job, &next, err));
	if (next.state == FC_SNAPSHOT_NOT_STARTED || next.state == FC_SNAPSHOT_RUNNING) {
		next.acted = now;
		FC_TRY(next.applies ? apply(txn, &next, now, &copying, err)
				    : take(txn, &next, &copying, err));
		if (next.state == FC_SNAPSHOT_FAILED) {
			FC_TRY(undo(txn, &next, err));
		}
		FC_TRY(fc_snapshot_job_put(txn, &next, err));
	}
	*out = next;
	return FC_OK;
}
