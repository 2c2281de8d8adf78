/* Entries: the log of processed faces. */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/clock.h"
#include "gallery/rows/entry_day.h"
#include "gallery/rows/parts.h"
#include "gallery/rows/record_check.h"

enum fc_status fc_entry_get(struct fc_gallery_txn *txn, uint64_t id, struct fc_entry *out,
			    struct fc_error *err)
{
	struct fc_key key = fc_key_u64(id);
	struct fc_reader payload;
	struct fc_entry entry = { .id = id };
	enum fc_status status = fc_store_get(txn, FC_DB_ENTRY, &key, &payload, err);
	FC_TRY(fc_store_found(status, err, "there is no entry %llu", (unsigned long long)id));
	FC_TRY(fc_store_decoded(txn, FC_DB_ENTRY, &key, fc_record_get_entry(&payload, &entry),
				err));
	*out = entry;
	return FC_OK;
}

/* ---- adding ---- */

static enum fc_status check_entry(const struct fc_entry *entry, struct fc_error *err)
{
	const float measured[] = { entry->confidence, entry->exposure, entry->sharpness, entry->pan,
				   entry->tilt };
	if (entry->result < FC_RESULT_NM || entry->result > FC_RESULT_NF) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%d is not a valid result of an entry",
			       (int)entry->result);
	}
	if (!fc_is_finite(measured, FC_ARRAY_LENGTH(measured)) ||
	    !fc_is_finite(entry->box, FC_ARRAY_LENGTH(entry->box)) ||
	    (entry->has_similarity && !isfinite(entry->similarity)) ||
	    (entry->has_match && !isfinite(entry->match))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the measurements of an entry must be finite numbers");
	}
	return fc_check_source(entry->origin, entry->path, err);
}

static enum fc_status check_person(struct fc_gallery_txn *txn, const struct fc_entry *entry,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_person_get(txn, &entry->pid, &person, err));
	return person.space == entry->space
		       ? FC_OK
		       : fc_fail(err, FC_NOT_FOUND, "the person is in another space");
}

static enum fc_status write_entry(struct fc_gallery_txn *txn, const struct fc_entry *entry,
				  enum fc_store_put_mode mode, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_u64(entry->id);
	fc_record_put_entry(&payload, entry);
	return fc_store_put(txn, FC_DB_ENTRY, &key, &payload, mode, err);
}

struct fc_entry_rows fc_entry_rows_of(const struct fc_entry *entry)
{
	struct fc_entry_rows out = { 0 };
	out.rows[out.count].database = FC_DB_ENTRY_TIME;
	out.rows[out.count++].key = fc_key_space(entry->space);
	if (entry->has_pid) {
		out.rows[out.count].database = FC_DB_ENTRY_PERSON;
		out.rows[out.count++].key = fc_key_pid(&entry->pid);
	}
	if (entry->origin) {
		out.rows[out.count].database = FC_DB_ENTRY_ORIGIN;
		out.rows[out.count++].key = fc_key_name(entry->space, entry->origin);
	}
	for (size_t i = 0; i < out.count; i++) {
		out.rows[i].key = fc_key_entry(out.rows[i].key, entry->created, entry->id);
	}
	return out;
}

/* Add 1 or -1 to the counters of an entry's day and space. */
static enum fc_status count_entry(struct fc_gallery_txn *txn, const struct fc_entry *entry, int by,
				  struct fc_error *err)
{
	struct fc_space space;
	FC_TRY(fc_entry_day_add(txn, entry, by, err));
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, entry->space, &space, err), err));
	space.entry_count += (uint64_t)by;
	return fc_space_write(txn, &space, err);
}

static enum fc_status add_rows(struct fc_gallery_txn *txn, const struct fc_entry *entry,
			       struct fc_error *err)
{
	struct fc_entry_rows of = fc_entry_rows_of(entry);
	for (size_t i = 0; i < of.count; i++) {
		FC_TRY(fc_store_put(txn, of.rows[i].database, &of.rows[i].key, NULL, FC_STORE_ADD,
				    err));
	}
	return count_entry(txn, entry, 1, err);
}

static enum fc_status remove_rows(struct fc_gallery_txn *txn, const struct fc_entry *entry,
				  struct fc_error *err)
{
	struct fc_entry_rows of = fc_entry_rows_of(entry);
	for (size_t i = 0; i < of.count; i++) {
		FC_TRY(fc_store_delete(txn, of.rows[i].database, &of.rows[i].key, err));
	}
	return count_entry(txn, entry, -1, err);
}

enum fc_status fc_entry_add(struct fc_gallery_txn *txn, struct fc_entry *entry,
			    struct fc_error *err)
{
	if (entry->has_pid) {
		FC_TRY(check_person(txn, entry, err));
	}
	return fc_entry_add_past(txn, entry, err);
}

enum fc_status fc_entry_add_past(struct fc_gallery_txn *txn, struct fc_entry *entry,
				 struct fc_error *err)
{
	struct fc_space space;
	FC_TRY(fc_space_read(txn, entry->space, &space, err));
	FC_TRY(check_entry(entry, err));
	struct fc_entry added = *entry;
	FC_TRY(fc_store_next_id(txn, FC_ID_ENTRY, &added.id, err));
	if (added.created == 0) {
		added.created = fc_clock_now();
	}
	FC_TRY(write_entry(txn, &added, FC_STORE_ADD, err));
	FC_TRY(add_rows(txn, &added, err));
	*entry = added;
	return FC_OK;
}

enum fc_status fc_entry_replace(struct fc_gallery_txn *txn, const struct fc_entry *before,
				const struct fc_entry *after, struct fc_error *err)
{
	FC_TRY(remove_rows(txn, before, err));
	FC_TRY(write_entry(txn, after, FC_STORE_REPLACE, err));
	return add_rows(txn, after, err);
}

/* ---- removing ---- */

static enum fc_status remove_entry(struct fc_gallery_txn *txn, const struct fc_entry *entry,
				   struct fc_error *err)
{
	struct fc_key key = fc_key_u64(entry->id);
	FC_TRY(remove_rows(txn, entry, err));
	return fc_store_delete(txn, FC_DB_ENTRY, &key, err);
}

enum fc_status fc_entry_delete(struct fc_gallery_txn *txn, uint64_t id, struct fc_error *err)
{
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
	FC_TRY(fc_entry_get(txn, id, &entry, err));
	return remove_entry(txn, &entry, err);
}

/* Read the entry of the first index row with this prefix. FC_NOT_FOUND if there is no such row. */
static enum fc_status first_entry(struct fc_gallery_txn *txn, enum fc_database database,
				  const struct fc_key *prefix, struct fc_entry *out,
				  struct fc_error *err)
{
	struct fc_key key;
	struct fc_reader payload;
	FC_TRY(fc_store_first(txn, database, prefix, &key, &payload, err));
	enum fc_status status =
		fc_entry_get(txn, fc_key_get_u64(&key, prefix->length + 8), out, err);
	return fc_store_followed(txn, database, &key, status, "its entry is missing", err);
}

enum fc_status fc_entry_change_of_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					 fc_entry_change *change, const void *context,
					 uint64_t *changed, struct fc_error *err)
{
	struct fc_key prefix = fc_key_pid(pid);
	for (*changed = 0;; (*changed)++) {
		FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
		enum fc_status status = first_entry(txn, FC_DB_ENTRY_PERSON, &prefix, &entry, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(change(txn, &entry, context, err));
	}
}

static enum fc_status remove_one(struct fc_gallery_txn *txn, struct fc_entry *entry,
				 const void *context, struct fc_error *err)
{
	(void)context;
	return remove_entry(txn, entry, err);
}

enum fc_status fc_entry_delete_of_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					 uint64_t *removed, struct fc_error *err)
{
	return fc_entry_change_of_person(txn, pid, remove_one, NULL, removed, err);
}

enum fc_status fc_entry_remove_all_of(struct fc_gallery_txn *txn, uint32_t space,
				      struct fc_error *err)
{
	struct fc_key prefix = fc_key_space(space);
	for (;;) {
		FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
		enum fc_status status = first_entry(txn, FC_DB_ENTRY_TIME, &prefix, &entry, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(remove_entry(txn, &entry, err));
	}
}
