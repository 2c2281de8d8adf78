/* Snapshots: their records, and those of the operations on them. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "gallery/rows/parts.h"

/* A record is: these fields; the number of subscriptions in the scope (u32); and the subscriptions. */
static const struct fc_field snapshot_fields[] = {
	FC_FIELD_OF_CHOICES(struct fc_container_snapshot, kind, sizeof(uint8_t),
			    FC_CONTAINER_KINDS - 1),
	FC_FIELD(struct fc_container_snapshot, complete),
	FC_FIELD(struct fc_container_snapshot, account),
	FC_FIELD(struct fc_container_snapshot, created),
	FC_FIELD(struct fc_container_snapshot, updated),
	FC_FIELD(struct fc_container_snapshot, expires),
	FC_FIELD_OF_TEXT(struct fc_container_snapshot, user_data, FC_USER_DATA_MAXIMUM),
	{ 0 },
};

const struct fc_field fc_snapshot_job_fields[] = {
	FC_FIELD(struct fc_snapshot_job, applies),
	FC_FIELD_OF_CHOICES(struct fc_snapshot_job, state, sizeof(uint8_t), FC_SNAPSHOT_FAILED),
	FC_FIELD_OF_CHOICES(struct fc_snapshot_job, kind, sizeof(uint8_t), FC_CONTAINER_KINDS - 1),
	FC_FIELD(struct fc_snapshot_job, account),
	FC_FIELD(struct fc_snapshot_job, snapshot),
	FC_FIELD_AS(FC_FIELD_NAME, struct fc_snapshot_job, object),
	FC_FIELD(struct fc_snapshot_job, created),
	FC_FIELD(struct fc_snapshot_job, acted),
	FC_FIELD(struct fc_snapshot_job, space),
	FC_FIELD(struct fc_snapshot_job, last),
	FC_FIELD(struct fc_snapshot_job, persons),
	FC_FIELD(struct fc_snapshot_job, faces),
	FC_FIELD(struct fc_snapshot_job, last_mean),
	FC_FIELD_AS(FC_FIELD_NAME, struct fc_snapshot_job, message),
	{ 0 },
};

void fc_container_snapshot_release(struct fc_container_snapshot *snapshot)
{
	free(snapshot->user_data);
	free(snapshot->scope);
	*snapshot = (struct fc_container_snapshot){ 0 };
}

void fc_record_put_snapshot(struct fc_buffer *out, const struct fc_container_snapshot *snapshot)
{
	fc_fields_put(out, snapshot_fields, snapshot);
	fc_buffer_put_u32(out, (uint32_t)snapshot->scope_count);
	for (size_t i = 0; i < snapshot->scope_count; i++) {
		fc_record_put_pid(out, &snapshot->scope[i]);
	}
}

enum fc_status fc_record_get_snapshot(struct fc_reader *in, struct fc_container_snapshot *out)
{
	FC_CLEANUP(fc_container_snapshot_release) struct fc_container_snapshot found = { 0 };
	FC_TRY(fc_fields_get(in, snapshot_fields, &found));
	uint32_t count = fc_reader_u32(in);
	if (in->failed || found.kind == FC_CONTAINER_NONE || count > FC_SNAPSHOT_SCOPE_MAXIMUM) {
		return FC_DAMAGED;
	}
	found.scope = calloc(count + 1, sizeof(*found.scope));
	if (!found.scope) {
		return FC_NO_MEMORY;
	}
	for (; found.scope_count < count; found.scope_count++) {
		FC_TRY(fc_record_get_pid(in, &found.scope[found.scope_count]));
	}
	found.id = out->id;
	*out = FC_STEAL_STRUCT(found);
	return FC_OK;
}

/* ---- snapshots ---- */

enum fc_status fc_snapshot_put(struct fc_gallery_txn *txn,
			       const struct fc_container_snapshot *snapshot, bool is_new,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_pid(&snapshot->id);
	if (snapshot->scope_count > FC_SNAPSHOT_SCOPE_MAXIMUM ||
	    (snapshot->user_data && strlen(snapshot->user_data) > FC_USER_DATA_MAXIMUM)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a snapshot can have %d subscriptions and %d bytes of user data",
			       FC_SNAPSHOT_SCOPE_MAXIMUM, FC_USER_DATA_MAXIMUM);
	}
	fc_record_put_snapshot(&payload, snapshot);
	return fc_store_put(txn, FC_DB_SNAPSHOT, &key, &payload,
			    is_new ? FC_STORE_ADD : FC_STORE_REPLACE, err);
}

enum fc_status fc_snapshot_get(struct fc_gallery_txn *txn, const struct fc_uuid *id, int64_t now,
			       struct fc_container_snapshot *out, struct fc_error *err)
{
	struct fc_key key = fc_key_pid(id);
	struct fc_reader payload;
	FC_TRY(fc_store_found(fc_store_get(txn, FC_DB_SNAPSHOT, &key, &payload, err), err,
			      "there is no such snapshot"));
	out->id = *id;
	FC_TRY(fc_store_decoded(txn, FC_DB_SNAPSHOT, &key, fc_record_get_snapshot(&payload, out),
				err));
	if (out->expires <= now) {
		fc_container_snapshot_release(out);
		return fc_fail(err, FC_NOT_FOUND, "the snapshot has expired");
	}
	return FC_OK;
}

/* Read the next snapshot of a walk. FC_NOT_FOUND at the end. *out must be empty. */
static enum fc_status next_snapshot(struct fc_gallery_txn *txn, struct fc_store_cursor *cursor,
				    struct fc_container_snapshot *out, struct fc_error *err)
{
	struct fc_reader payload;
	struct fc_key key;
	FC_TRY(fc_store_next(cursor, &key, &payload, err));
	out->id = fc_key_get_pid(&key, 0);
	return fc_store_decoded(txn, FC_DB_SNAPSHOT, &key, fc_record_get_snapshot(&payload, out),
				err);
}

enum fc_status fc_snapshot_each(struct fc_gallery_txn *txn, int64_t now, fc_snapshot_visit *visit,
				void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	FC_TRY(fc_store_walk(txn, FC_DB_SNAPSHOT, &everything, NULL, &cursor, err));
	for (bool more = true; more;) {
		FC_CLEANUP(fc_container_snapshot_release)
		struct fc_container_snapshot snapshot = { 0 };
		enum fc_status status = next_snapshot(txn, &cursor, &snapshot, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		more = snapshot.expires <= now || visit(&snapshot, context);
	}
	return FC_OK;
}

enum fc_status fc_snapshot_delete(struct fc_gallery_txn *txn, const struct fc_uuid *id,
				  struct fc_error *err)
{
	struct fc_key key = fc_key_pid(id);
	FC_TRY(fc_store_delete_all(txn, FC_DB_SNAPSHOT_PART, &key, err));
	return fc_store_delete(txn, FC_DB_SNAPSHOT, &key, err);
}

/* ---- several snapshots ---- */

/* A database is not changed during a walk, so a change collects some ids, removes them, and starts again. */
enum { LISTED = 64 };

struct id_list {
	struct fc_uuid ids[LISTED];
	size_t count;
	int64_t now;
};

/* List the first snapshots that have expired. */
static enum fc_status list_expired(struct fc_gallery_txn *txn, struct id_list *list,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	list->count = 0;
	FC_TRY(fc_store_walk(txn, FC_DB_SNAPSHOT, &everything, NULL, &cursor, err));
	while (list->count < LISTED) {
		FC_CLEANUP(fc_container_snapshot_release)
		struct fc_container_snapshot snapshot = { 0 };
		enum fc_status status = next_snapshot(txn, &cursor, &snapshot, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		/* an operation that did not take the snapshot to its end exists no longer */
		bool abandoned =
			!snapshot.complete && snapshot.updated < list->now - FC_SNAPSHOT_LIFE;
		if (snapshot.expires <= list->now || abandoned) {
			list->ids[list->count++] = snapshot.id;
		}
	}
	return FC_OK;
}

/* The next operation. Errors: FC_NOT_FOUND at the end. */
static enum fc_status next_job(struct fc_gallery_txn *txn, struct fc_store_cursor *cursor,
			       struct fc_snapshot_job *out, struct fc_error *err)
{
	struct fc_reader payload;
	struct fc_key key;
	*out = (struct fc_snapshot_job){ 0 };
	FC_TRY(fc_store_next(cursor, &key, &payload, err));
	out->id = fc_key_get_pid(&key, 0);
	return fc_store_decoded(txn, FC_DB_SNAPSHOT_JOB, &key,
				fc_fields_get(&payload, fc_snapshot_job_fields, out), err);
}

/* List the first operations that are older than FC_SNAPSHOT_JOB_KEPT. */
static enum fc_status list_old_jobs(struct fc_gallery_txn *txn, struct id_list *list,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	list->count = 0;
	FC_TRY(fc_store_walk(txn, FC_DB_SNAPSHOT_JOB, &everything, NULL, &cursor, err));
	while (list->count < LISTED) {
		struct fc_snapshot_job job;
		enum fc_status status = next_job(txn, &cursor, &job, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		if (job.created < list->now - FC_SNAPSHOT_JOB_KEPT) {
			list->ids[list->count++] = job.id;
		}
	}
	return FC_OK;
}

enum fc_status fc_snapshot_count_jobs(struct fc_gallery_txn *txn, const struct fc_uuid *account,
				      bool applies, int64_t since, uint64_t *out,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	uint64_t count = 0;
	FC_TRY(fc_store_walk(txn, FC_DB_SNAPSHOT_JOB, &everything, NULL, &cursor, err));
	for (;;) {
		struct fc_snapshot_job job;
		enum fc_status status = next_job(txn, &cursor, &job, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		count += job.applies == applies && job.created > since &&
			 fc_uuid_equal(&job.account, account);
	}
	*out = count;
	return FC_OK;
}

enum fc_status fc_snapshot_sweep(struct fc_gallery_txn *txn, int64_t now, struct fc_error *err)
{
	struct id_list list = { .now = now };
	do {
		FC_TRY(list_expired(txn, &list, err));
		for (size_t i = 0; i < list.count; i++) {
			FC_TRY(fc_snapshot_delete(txn, &list.ids[i], err));
		}
	} while (list.count == LISTED);
	do {
		FC_TRY(list_old_jobs(txn, &list, err));
		for (size_t i = 0; i < list.count; i++) {
			struct fc_key key = fc_key_pid(&list.ids[i]);
			FC_TRY(fc_store_delete(txn, FC_DB_SNAPSHOT_JOB, &key, err));
		}
	} while (list.count == LISTED);
	return FC_OK;
}

enum fc_status fc_snapshot_drop_all(struct fc_gallery_txn *txn, struct fc_error *err)
{
	const struct fc_key everything = { 0 };
	FC_TRY(fc_store_delete_all(txn, FC_DB_SNAPSHOT_PART, &everything, err));
	FC_TRY(fc_store_delete_all(txn, FC_DB_SNAPSHOT, &everything, err));
	return fc_store_delete_all(txn, FC_DB_SNAPSHOT_JOB, &everything, err);
}

enum fc_status fc_snapshot_forget_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					 struct fc_error *err)
{
	struct fc_key after = { 0 }, key;
	for (;;) {
		/* the next snapshot, also one that is not complete */
		FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
		const struct fc_key everything = { 0 };
		struct fc_reader payload;
		FC_TRY(fc_store_walk(txn, FC_DB_SNAPSHOT, &everything, &after, &cursor, err));
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		fc_store_cursor_release(&cursor);
		const struct fc_uuid id = fc_key_get_pid(&key, 0);
		struct fc_key person = fc_key_snapshot_part(&id, pid);
		FC_TRY(fc_store_delete_all(txn, FC_DB_SNAPSHOT_PART, &person, err));
		/* the first key that is greater */
		after = key;
		after.bytes[after.length++] = 0;
	}
}

/* ---- operations ---- */

enum fc_status fc_snapshot_job_put(struct fc_gallery_txn *txn, const struct fc_snapshot_job *job,
				   struct fc_error *err)
{
	struct fc_key key = fc_key_pid(&job->id);
	return fc_store_write(txn, FC_DB_SNAPSHOT_JOB, &key, fc_snapshot_job_fields, job,
			      FC_STORE_REPLACE, err);
}

enum fc_status fc_snapshot_job_get(struct fc_gallery_txn *txn, const struct fc_uuid *id,
				   struct fc_snapshot_job *out, struct fc_error *err)
{
	struct fc_key key = fc_key_pid(id);
	struct fc_snapshot_job job = { .id = *id };
	enum fc_status status =
		fc_store_read(txn, FC_DB_SNAPSHOT_JOB, &key, fc_snapshot_job_fields, &job, err);
	FC_TRY(fc_store_found(status, err, "there is no such operation"));
	*out = job;
	return FC_OK;
}
