/* The ledger: storing items and paths. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gallery/rows/ledger_record.h"
#include "gallery/rows/parts.h"

static enum fc_status put_task(struct fc_gallery_txn *txn, const struct fc_ledger_task *task,
			       const struct fc_ledger_target *target, struct fc_error *err)
{
	struct fc_key key = fc_ledger_key_target(target);
	struct fc_ledger_task_record record;
	enum fc_status status =
		fc_store_read(txn, FC_DB_LEDGER_TASK, &key, fc_task_fields, &record, err);
	if (status != FC_NOT_FOUND) {
		return status;
	}
	FC_TRY(fc_ledger_task_record_of(task, &record, err));
	return fc_store_write(txn, FC_DB_LEDGER_TASK, &key, fc_task_fields, &record, FC_STORE_ADD,
			      err);
}

/* Store the row that finds the item by its person and face. It replaces the row of the previous version of the item. */
static enum fc_status put_subject(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item before = { 0 };
	enum fc_status status = fc_ledger_find(txn, item, &before, err);
	if (status == FC_OK && before.space != 0) {
		struct fc_key key = fc_ledger_key_subject(&before);
		FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_SUBJECT, &key, err));
	} else if (status != FC_OK && status != FC_NOT_FOUND) {
		return status;
	}
	if (item->space == 0) {
		return FC_OK;
	}
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_person_get(txn, &item->pid, &person, err));
	struct fc_key key = fc_ledger_key_subject(item);
	return fc_store_put(txn, FC_DB_LEDGER_SUBJECT, &key, NULL, FC_STORE_ADD, err);
}

enum fc_status fc_ledger_change_item(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				     struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	FC_TRY(put_subject(txn, item, err));
	struct fc_key key = fc_ledger_key_item(item);
	fc_record_put_item(&payload, item);
	return fc_store_put(txn, FC_DB_LEDGER_ITEM, &key, &payload, FC_STORE_REPLACE, err);
}

static enum fc_status put_item(struct fc_gallery_txn *txn, const struct fc_ledger_task *task,
			       const struct fc_ledger_item *item, struct fc_error *err)
{
	FC_TRY(put_task(txn, task, &item->target, err));
	return fc_ledger_change_item(txn, item, err);
}

enum fc_status fc_ledger_put(struct fc_gallery_txn *txn, const struct fc_ledger_task *task,
			     struct fc_ledger_item *item, struct fc_error *err)
{
	item->time = fc_clock_now();
	return put_item(txn, task, item, err);
}

enum fc_status fc_ledger_put_path(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				  const char *path, const struct fc_file_identity *identity,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_ledger_path_record record;
	if (strlen(path) > FC_PATH_TEXT_MAXIMUM) {
		return FC_OK;
	}
	struct fc_ledger_path_id id = fc_ledger_path_id_of(path);
	enum fc_status status = fc_ledger_find_path_record(txn, &item->target, &id, &record, err);
	bool leads_elsewhere =
		status == FC_OK && (record.item.size != item->size ||
				    !fc_sha256_equal(&record.item.content, &item->content) ||
				    memcmp(record.item.person_key.bytes, item->person_key.bytes,
					   sizeof(item->person_key.bytes)) != 0);
	if (leads_elsewhere) {
		FC_TRY(fc_ledger_forget_path(txn, &item->target, path, err));
	} else if (status != FC_OK && status != FC_NOT_FOUND) {
		return status;
	}
	record = (struct fc_ledger_path_record){ .identity = *identity, .item = *item };
	fc_record_put_path(&payload, &record, path);
	struct fc_key key = fc_ledger_key_path(&item->target, &id);
	FC_TRY(fc_store_put(txn, FC_DB_LEDGER_PATH, &key, &payload, FC_STORE_REPLACE, err));
	key = fc_ledger_key_item_path(item, &id);
	return fc_store_put(txn, FC_DB_LEDGER_ITEM_PATH, &key, NULL, FC_STORE_REPLACE, err);
}

/* ---- merging and moving persons ---- */

void fc_ledger_detached_release(struct fc_ledger_detached *detached)
{
	for (size_t i = 0; i < detached->count; i++) {
		fc_ledger_item_release(&detached->items[i]);
	}
	free(detached->items);
}

struct detachment {
	struct fc_gallery_txn *txn;
	struct fc_ledger_detached *items;
};

static enum fc_status add_item(const struct fc_ledger_item *item, void *context,
			       struct fc_error *err)
{
	const struct detachment *detachment = context;
	struct fc_ledger_detached *out = detachment->items;
	FC_TRY(fc_array_grow(&out->items, sizeof(*out->items), out->count, &out->capacity, err));
	FC_TRY(fc_ledger_find(detachment->txn, item, &out->items[out->count], err));
	out->count += 1;
	return FC_OK;
}

enum fc_status fc_ledger_detach(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				uint64_t face, struct fc_ledger_detached *out, struct fc_error *err)
{
	size_t kept = 0;
	struct detachment detachment = { txn, out };
	FC_TRY(fc_ledger_each_of_person(txn, pid, face, add_item, &detachment, err));
	for (size_t i = 0; i < out->count; i++) {
		struct fc_ledger_item item = out->items[i];
		if (item.state != FC_LEDGER_DONE) {
			fc_ledger_item_release(&out->items[i]);
			continue;
		}
		out->items[kept] = item;
		out->items[i].text = i == kept ? item.text : NULL;
		kept++;
		item.space = 0;
		item.face = 0;
		FC_TRY(fc_ledger_change_item(txn, &item, err));
	}
	out->count = kept;
	return FC_OK;
}

/* ---- changing models ---- */

/* Make the first path of one item a path of the other. FC_NOT_FOUND if the item has no path. */
static enum fc_status move_path(struct fc_gallery_txn *txn, const struct fc_ledger_item *from,
				const struct fc_ledger_item *to, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_path_record_release) struct fc_ledger_path_record record = { 0 };
	struct fc_ledger_path_id id;
	struct fc_reader payload;
	FC_TRY(fc_ledger_first_path_id(txn, from, &id, err));
	struct fc_key item_path = fc_ledger_key_item_path(from, &id);
	struct fc_key path = fc_ledger_key_path(&from->target, &id);
	enum fc_status status = fc_store_get(txn, FC_DB_LEDGER_PATH, &path, &payload, err);
	FC_TRY(fc_store_followed(txn, FC_DB_LEDGER_ITEM_PATH, &item_path, status,
				 "its path is missing", err));
	FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_PATH, &path,
				fc_record_get_path(&payload, &record), err));
	FC_TRY(fc_ledger_put_path(txn, to, record.path, &record.identity, err));
	FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_PATH, &path, err));
	return fc_store_delete(txn, FC_DB_LEDGER_ITEM_PATH, &item_path, err);
}

/* Only results that stored a face stay valid with other models. */
static enum fc_status move_item(struct fc_gallery_txn *txn, const struct fc_ledger_item *key,
				const struct fc_ledger_task *task,
				const struct fc_ledger_target *target, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	FC_TRY(fc_ledger_find(txn, key, &item, err));
	if (item.state == FC_LEDGER_DONE && item.face != 0) {
		struct fc_ledger_item moved = item;
		moved.target = *target;
		FC_TRY(put_item(txn, task, &moved, err));
		enum fc_status status;
		do {
			status = move_path(txn, &item, &moved, err);
		} while (status == FC_OK);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	}
	return fc_ledger_forget_item(txn, &item, err);
}

static enum fc_status move_task(struct fc_gallery_txn *txn, const struct fc_key *from,
				const struct fc_ledger_task *task, struct fc_error *err)
{
	struct fc_ledger_target target;
	FC_TRY(fc_ledger_target_of(task, &target, err));
	for (;;) {
		struct fc_ledger_item item;
		enum fc_status status =
			fc_ledger_first_item(txn, FC_DB_LEDGER_ITEM, from, 0, &item, err);
		if (status == FC_NOT_FOUND) {
			return fc_store_delete(txn, FC_DB_LEDGER_TASK, from, err);
		}
		FC_TRY(status);
		FC_TRY(move_item(txn, &item, task, &target, err));
	}
}

enum fc_status fc_ledger_change_models(struct fc_gallery_txn *txn, const char *service,
				       const struct fc_sha256 *from, const struct fc_sha256 *to,
				       struct fc_error *err)
{
	struct fc_key key = { 0 };
	struct fc_ledger_task_record record;
	if (fc_sha256_equal(from, to)) {
		return FC_OK;
	}
	for (;;) {
		enum fc_status status = fc_ledger_next_task(txn, service, NULL, &key, &record, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		const struct fc_ledger_task task = {
			.verb = record.verb,
			.service = record.service,
			.space = record.space,
			.models = *to,
		};
		if (fc_sha256_equal(&record.models, from)) {
			FC_TRY(move_task(txn, &key, &task, err));
		}
	}
}
