/* The ledger: removing items and paths. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/ledger_record.h"

#include <string.h>

#include "base/memory.h"

enum fc_status fc_ledger_forget_item(struct fc_gallery_txn *txn, const struct fc_ledger_item *key,
				     struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	FC_TRY(fc_ledger_find(txn, key, &item, err));
	for (;;) {
		struct fc_ledger_path_id id;
		enum fc_status status = fc_ledger_first_path_id(txn, &item, &id, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		struct fc_key path = fc_ledger_key_path(&item.target, &id);
		struct fc_key item_path = fc_ledger_key_item_path(&item, &id);
		FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_PATH, &path, err));
		FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_ITEM_PATH, &item_path, err));
	}
	if (item.space != 0) {
		struct fc_key subject = fc_ledger_key_subject(&item);
		FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_SUBJECT, &subject, err));
	}
	struct fc_key name = fc_ledger_key_item(&item);
	return fc_store_delete(txn, FC_DB_LEDGER_ITEM, &name, err);
}

/* Remove every item that an index refers to in keys with this prefix. */
static enum fc_status forget_items(struct fc_gallery_txn *txn, enum fc_database database,
				   const struct fc_key *prefix, size_t offset, struct fc_error *err)
{
	for (;;) {
		struct fc_ledger_item item;
		enum fc_status status =
			fc_ledger_first_item(txn, database, prefix, offset, &item, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(fc_ledger_forget_item(txn, &item, err));
	}
}

enum fc_status fc_ledger_forget_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				       struct fc_error *err)
{
	struct fc_key prefix = fc_key_pid(pid);
	return forget_items(txn, FC_DB_LEDGER_SUBJECT, &prefix, FC_LEDGER_SUBJECT_ITEM_AT, err);
}

enum fc_status fc_ledger_forget_face(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				     uint64_t face, struct fc_error *err)
{
	struct fc_key prefix = fc_key_pid_face(pid, face);
	return forget_items(txn, FC_DB_LEDGER_SUBJECT, &prefix, FC_LEDGER_SUBJECT_ITEM_AT, err);
}

struct refusals {
	struct fc_gallery_txn *txn;
	struct fc_ledger_detached items;
};

static enum fc_status collect_refusal(const struct fc_ledger_item *item, void *context,
				      struct fc_error *err)
{
	struct refusals *refusals = context;
	struct fc_ledger_detached *list = &refusals->items;
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item stored = { 0 };
	FC_TRY(fc_ledger_find(refusals->txn, item, &stored, err));
	if (stored.state == FC_LEDGER_DONE) {
		return FC_OK;
	}
	FC_TRY(fc_array_grow(&list->items, sizeof(*list->items), list->count, &list->capacity,
			     err));
	list->items[list->count++] = *item;
	return FC_OK;
}

enum fc_status fc_ledger_forget_refusals(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					 struct fc_error *err)
{
	struct refusals refusals = { .txn = txn };
	enum fc_status status =
		fc_ledger_each_of_person(txn, pid, 0, collect_refusal, &refusals, err);
	for (size_t i = 0; status == FC_OK && i < refusals.items.count; i++) {
		status = fc_ledger_forget_item(txn, &refusals.items.items[i], err);
	}
	fc_ledger_detached_release(&refusals.items);
	return status;
}

enum fc_status fc_ledger_forget_path(struct fc_gallery_txn *txn,
				     const struct fc_ledger_target *target, const char *path,
				     struct fc_error *err)
{
	struct fc_ledger_path_id id = fc_ledger_path_id_of(path);
	struct fc_ledger_path_record record;
	bool has_other;
	enum fc_status status = fc_ledger_find_path_record(txn, target, &id, &record, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY(fc_ledger_has_other_path(txn, &record.item, path, &has_other, err));
	if (!has_other) {
		return fc_ledger_forget_item(txn, &record.item, err);
	}
	struct fc_key key = fc_ledger_key_path(target, &id);
	FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_PATH, &key, err));
	key = fc_ledger_key_item_path(&record.item, &id);
	return fc_store_delete(txn, FC_DB_LEDGER_ITEM_PATH, &key, err);
}

enum fc_status fc_ledger_forget_space(struct fc_gallery_txn *txn, const char *service,
				      const char *space, struct fc_error *err)
{
	struct fc_key target = { 0 };
	struct fc_ledger_task_record task;
	for (;;) {
		enum fc_status status =
			fc_ledger_next_task(txn, service, space, &target, &task, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(forget_items(txn, FC_DB_LEDGER_ITEM, &target, 0, err));
		FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_TASK, &target, err));
	}
}

/* The space of a task in this gallery, or 0. */
static enum fc_status space_of_task(struct fc_gallery_txn *txn,
				    const struct fc_ledger_target *target, uint32_t *out,
				    struct fc_error *err)
{
	struct fc_key key = fc_ledger_key_target(target);
	struct fc_ledger_task_record task = { 0 };
	struct fc_space space = { 0 };
	FC_TRY(fc_store_read(txn, FC_DB_LEDGER_TASK, &key, fc_task_fields, &task, err));
	if (strcmp(task.service, FC_LEDGER_LOCAL) == 0) {
		enum fc_status status = fc_space_find(txn, task.space, &space, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	}
	*out = space.id;
	return FC_OK;
}

/* Find the first item from *key on that matches, and set *key to it. FC_NOT_FOUND at the end. */
static enum fc_status next_match(struct fc_gallery_txn *txn, fc_ledger_match *matches,
				 void *context, struct fc_key *key, struct fc_ledger_item *out,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	struct fc_ledger_target target = { 0 };
	struct fc_reader payload;
	uint32_t space = 0;
	FC_TRY(fc_store_walk(txn, FC_DB_LEDGER_ITEM, &everything, key, &cursor, err));
	for (bool first = true;; first = false) {
		FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
		FC_TRY(fc_store_next(&cursor, key, &payload, err));
		if (!fc_ledger_key_get_item(key, 0, 0, &item)) {
			return fc_store_contradiction(txn, FC_DB_LEDGER_ITEM, key,
						      "its key has another length", err);
		}
		FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_ITEM, key,
					fc_record_get_item(&payload, &item), err));
		if (first || memcmp(&target, &item.target, sizeof(target)) != 0) {
			target = item.target;
			enum fc_status status = space_of_task(txn, &target, &space, err);
			FC_TRY(fc_store_followed(txn, FC_DB_LEDGER_ITEM, key, status,
						 "its task is missing", err));
		}
		if (matches(&item, space, context)) {
			*out = item;
			out->text = NULL;
			return FC_OK;
		}
	}
}

enum fc_status fc_ledger_forget_matching(struct fc_gallery_txn *txn, fc_ledger_match *matches,
					 void *context, struct fc_error *err)
{
	struct fc_key key = { 0 };
	struct fc_ledger_item item;
	for (;;) {
		enum fc_status status = next_match(txn, matches, context, &key, &item, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(fc_ledger_forget_item(txn, &item, err));
	}
}
