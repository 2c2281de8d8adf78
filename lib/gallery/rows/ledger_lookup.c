/* The ledger: keys and lookups. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/rows/ledger_record.h"

/* ---- keys ---- */

static enum fc_status digest_of(const struct fc_buffer *text, void *out, size_t size,
				struct fc_error *err)
{
	if (!fc_buffer_ok(text)) {
		return fc_fail_memory(err);
	}
	struct fc_sha256 digest = fc_sha256_of(text->data, text->length);
	memcpy(out, digest.bytes, size);
	return FC_OK;
}

enum fc_status fc_ledger_task_record_of(const struct fc_ledger_task *task,
					struct fc_ledger_task_record *out, struct fc_error *err)
{
	*out = (struct fc_ledger_task_record){ .models = task->models };
	if ((size_t)snprintf(out->verb, sizeof(out->verb), "%s", task->verb) >= sizeof(out->verb) ||
	    (size_t)snprintf(out->service, sizeof(out->service), "%s", task->service) >=
		    sizeof(out->service) ||
	    (size_t)snprintf(out->space, sizeof(out->space), "%s", task->space) >=
		    sizeof(out->space)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a name is too long for the ledger (maximum: %d bytes)",
			       FC_LABEL_MAXIMUM);
	}
	return FC_OK;
}

enum fc_status fc_ledger_target_of(const struct fc_ledger_task *task, struct fc_ledger_target *out,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_ledger_task_record record;
	FC_TRY(fc_ledger_task_record_of(task, &record, err));
	fc_fields_put(&bytes, fc_task_fields, &record);
	return digest_of(&bytes, out->bytes, sizeof(out->bytes), err);
}

enum fc_status fc_ledger_person_key_of(const uint64_t *number, const struct fc_uuid *pid,
				       const char *name, struct fc_ledger_person_key *out,
				       struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	*out = (struct fc_ledger_person_key){ 0 };
	if (number) {
		fc_buffer_put_u8(&bytes, 'n');
		fc_buffer_put_u64(&bytes, *number);
	} else if (pid) {
		fc_buffer_put_u8(&bytes, 'p');
		fc_buffer_append(&bytes, pid->bytes, sizeof(pid->bytes));
	} else if (name) {
		fc_buffer_put_u8(&bytes, 'a');
		fc_buffer_append_text(&bytes, name);
	} else {
		return FC_OK;
	}
	return digest_of(&bytes, out->bytes, sizeof(out->bytes), err);
}

bool fc_file_identity_equal(const struct fc_file_identity *a, const struct fc_file_identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       a->modified == b->modified && a->changed == b->changed;
}

/* ---- items and paths ---- */

enum fc_status fc_ledger_find(struct fc_gallery_txn *txn, const struct fc_ledger_item *key,
			      struct fc_ledger_item *out, struct fc_error *err)
{
	struct fc_key name = fc_ledger_key_item(key);
	struct fc_reader payload;
	struct fc_ledger_item item = {
		.target = key->target,
		.person_key = key->person_key,
		.size = key->size,
		.content = key->content,
	};
	FC_TRY(fc_store_get(txn, FC_DB_LEDGER_ITEM, &name, &payload, err));
	FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_ITEM, &name, fc_record_get_item(&payload, &item),
				err));
	*out = item;
	return FC_OK;
}

enum fc_status fc_ledger_find_path_record(struct fc_gallery_txn *txn,
					  const struct fc_ledger_target *target,
					  const struct fc_ledger_path_id *id,
					  struct fc_ledger_path_record *out, struct fc_error *err)
{
	struct fc_key key = fc_ledger_key_path(target, id);
	struct fc_reader payload;
	const char *text;
	size_t length;
	*out = (struct fc_ledger_path_record){ .item = { .target = *target } };
	FC_TRY(fc_store_get(txn, FC_DB_LEDGER_PATH, &key, &payload, err));
	return fc_store_decoded(txn, FC_DB_LEDGER_PATH, &key,
				fc_record_peek_path(&payload, out, &text, &length), err);
}

enum fc_status fc_ledger_find_path(struct fc_gallery_txn *txn,
				   const struct fc_ledger_target *target, const char *path,
				   const struct fc_file_identity *identity,
				   struct fc_ledger_item *out, bool *same, struct fc_error *err)
{
	struct fc_ledger_path_id id = fc_ledger_path_id_of(path);
	struct fc_ledger_path_record record;
	FC_TRY(fc_ledger_find_path_record(txn, target, &id, &record, err));
	FC_TRY(fc_ledger_find(txn, &record.item, out, err));
	*same = fc_file_identity_equal(&record.identity, identity);
	return FC_OK;
}

enum fc_status fc_ledger_knows_size(struct fc_gallery_txn *txn,
				    const struct fc_ledger_target *target, uint64_t size,
				    bool *known, struct fc_error *err)
{
	struct fc_key prefix = fc_ledger_key_size(target, size), key;
	struct fc_reader payload;
	enum fc_status status =
		fc_store_first(txn, FC_DB_LEDGER_ITEM, &prefix, &key, &payload, err);
	*known = status == FC_OK;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

enum fc_status fc_ledger_has_other_path(struct fc_gallery_txn *txn,
					const struct fc_ledger_item *item, const char *path,
					bool *has, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_ledger_key_item(item), key;
	struct fc_ledger_path_id id =
		path ? fc_ledger_path_id_of(path) : (struct fc_ledger_path_id){ 0 };
	struct fc_reader payload;
	struct fc_key excluded = fc_ledger_key_item_path(item, &id);
	FC_TRY(fc_store_walk(txn, FC_DB_LEDGER_ITEM_PATH, &prefix, NULL, &cursor, err));
	for (*has = false; !*has;) {
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		*has = !path || memcmp(key.bytes, excluded.bytes, excluded.length) != 0;
	}
	return FC_OK;
}

enum fc_status fc_ledger_first_item(struct fc_gallery_txn *txn, enum fc_database database,
				    const struct fc_key *prefix, size_t offset,
				    struct fc_ledger_item *out, struct fc_error *err)
{
	struct fc_key key;
	struct fc_reader payload;
	*out = (struct fc_ledger_item){ 0 };
	FC_TRY(fc_store_first(txn, database, prefix, &key, &payload, err));
	return fc_ledger_key_get_item(&key, offset, 0, out)
		       ? FC_OK
		       : fc_store_contradiction(txn, database, &key, "its key has another length",
						err);
}

/* The path in the key of a row of an item, after the item's own key. */
static enum fc_status path_id_of_key(struct fc_gallery_txn *txn, const struct fc_key *item,
				     const struct fc_key *key, struct fc_ledger_path_id *out,
				     struct fc_error *err)
{
	if (key->length != item->length + sizeof(out->bytes)) {
		return fc_store_contradiction(txn, FC_DB_LEDGER_ITEM_PATH, key,
					      "its key has another length", err);
	}
	memcpy(out->bytes, key->bytes + item->length, sizeof(out->bytes));
	return FC_OK;
}

enum fc_status fc_ledger_first_path_id(struct fc_gallery_txn *txn,
				       const struct fc_ledger_item *item,
				       struct fc_ledger_path_id *out, struct fc_error *err)
{
	struct fc_key prefix = fc_ledger_key_item(item), key;
	struct fc_reader payload;
	FC_TRY(fc_store_first(txn, FC_DB_LEDGER_ITEM_PATH, &prefix, &key, &payload, err));
	return path_id_of_key(txn, &prefix, &key, out, err);
}

enum fc_status fc_ledger_first_path(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				    char **out, struct fc_error *err)
{
	struct fc_ledger_path_record record = { 0 };
	struct fc_ledger_path_id id;
	struct fc_reader payload;
	FC_TRY(fc_ledger_first_path_id(txn, item, &id, err));
	struct fc_key key = fc_ledger_key_path(&item->target, &id);
	FC_TRY(fc_store_get(txn, FC_DB_LEDGER_PATH, &key, &payload, err));
	FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_PATH, &key, fc_record_get_path(&payload, &record),
				err));
	*out = record.path;
	return FC_OK;
}

enum fc_status fc_ledger_count_paths(struct fc_gallery_txn *txn, uint64_t *out,
				     struct fc_error *err)
{
	uint64_t bytes;
	return fc_store_database_usage(txn, FC_DB_LEDGER_PATH, out, &bytes, err);
}

enum fc_status fc_ledger_each_path(struct fc_gallery_txn *txn,
				   const struct fc_ledger_target *target,
				   fc_ledger_path_visit *visit, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_ledger_key_target(target), key;
	struct fc_reader payload;
	FC_TRY(fc_store_walk(txn, FC_DB_LEDGER_PATH, &prefix, NULL, &cursor, err));
	for (bool more = true; more;) {
		FC_CLEANUP(fc_ledger_path_record_release)
		struct fc_ledger_path_record record = { .item = { .target = *target } };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_PATH, &key,
					fc_record_get_path(&payload, &record), err));
		more = visit(record.path, &record.identity, &record.item, context);
	}
	return FC_OK;
}

enum fc_status fc_ledger_each_path_of(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				      fc_ledger_path_visit *visit, void *context,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_ledger_key_item(item), key;
	struct fc_reader payload;
	FC_TRY(fc_store_walk(txn, FC_DB_LEDGER_ITEM_PATH, &prefix, NULL, &cursor, err));
	for (bool more = true; more;) {
		FC_CLEANUP(fc_ledger_path_record_release)
		struct fc_ledger_path_record record = { .item = { .target = item->target } };
		struct fc_ledger_path_id id;
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		FC_TRY(path_id_of_key(txn, &prefix, &key, &id, err));
		struct fc_key path = fc_ledger_key_path(&item->target, &id);
		status = fc_store_get(txn, FC_DB_LEDGER_PATH, &path, &payload, err);
		FC_TRY(fc_store_followed(txn, FC_DB_LEDGER_ITEM_PATH, &key, status,
					 "its path is missing", err));
		FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_PATH, &path,
					fc_record_get_path(&payload, &record), err));
		more = visit(record.path, &record.identity, &record.item, context);
	}
	return FC_OK;
}

static enum fc_status each_item(struct fc_gallery_txn *txn, const struct fc_key *prefix,
				fc_ledger_visit *visit, void *context, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key name;
	struct fc_reader payload;
	FC_TRY(fc_store_walk(txn, FC_DB_LEDGER_ITEM, prefix, NULL, &cursor, err));
	for (;;) {
		FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
		enum fc_status status = fc_store_next(&cursor, &name, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		if (!fc_ledger_key_get_item(&name, 0, 0, &item)) {
			return fc_store_contradiction(txn, FC_DB_LEDGER_ITEM, &name,
						      "its key has another length", err);
		}
		FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_ITEM, &name,
					fc_record_get_item(&payload, &item), err));
		FC_TRY(visit(&item, context, err));
	}
}

enum fc_status fc_ledger_each_of_content(struct fc_gallery_txn *txn,
					 const struct fc_ledger_item *key, fc_ledger_visit *visit,
					 void *context, struct fc_error *err)
{
	struct fc_key prefix = fc_ledger_key_item(key);
	prefix.length -= sizeof(key->person_key.bytes);
	return each_item(txn, &prefix, visit, context, err);
}

enum fc_status fc_ledger_each_item(struct fc_gallery_txn *txn,
				   const struct fc_ledger_target *target, fc_ledger_visit *visit,
				   void *context, struct fc_error *err)
{
	struct fc_key prefix = fc_ledger_key_target(target);
	return each_item(txn, &prefix, visit, context, err);
}

/* ---- tasks ---- */

enum fc_status fc_ledger_next_task(struct fc_gallery_txn *txn, const char *service,
				   const char *space, struct fc_key *after,
				   struct fc_ledger_task_record *task, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	struct fc_reader payload;
	struct fc_key key;
	FC_TRY(fc_store_walk(txn, FC_DB_LEDGER_TASK, &everything, after, &cursor, err));
	for (;;) {
		FC_TRY(fc_store_next(&cursor, &key, &payload, err));
		FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_TASK, &key,
					fc_fields_get(&payload, fc_task_fields, task), err));
		bool is_next = key.length != after->length ||
			       memcmp(key.bytes, after->bytes, key.length) != 0;
		if (is_next && (!service || strcmp(task->service, service) == 0) &&
		    (!space || strcmp(task->space, space) == 0)) {
			*after = key;
			return FC_OK;
		}
	}
}

enum fc_status fc_ledger_targets_of(struct fc_gallery_txn *txn, const struct fc_ledger_task *task,
				    struct fc_ledger_target **out, size_t *count,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_ledger_target *targets = NULL;
	size_t found = 0, capacity = 0;
	struct fc_ledger_task_record record;
	struct fc_key key = { 0 };
	enum fc_status status;
	while ((status = fc_ledger_next_task(txn, task->service, task->space, &key, &record,
					     err)) == FC_OK) {
		if (strcmp(record.verb, task->verb) != 0) {
			continue;
		}
		FC_TRY(fc_array_grow(&targets, sizeof(*targets), found, &capacity, err));
		memcpy(targets[found++].bytes, key.bytes, sizeof(targets->bytes));
	}
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	*out = FC_STEAL(targets);
	*count = found;
	return FC_OK;
}

enum fc_status fc_ledger_each_of_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					uint64_t face, fc_ledger_visit *visit, void *context,
					struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = face == 0 ? fc_key_pid(pid) : fc_key_pid_face(pid, face), key;
	struct fc_reader payload;
	FC_TRY(fc_store_walk(txn, FC_DB_LEDGER_SUBJECT, &prefix, NULL, &cursor, err));
	for (;;) {
		struct fc_ledger_item item = { 0 };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		if (!fc_ledger_key_get_item(&key, FC_LEDGER_SUBJECT_ITEM_AT, 0, &item)) {
			return fc_store_contradiction(txn, FC_DB_LEDGER_SUBJECT, &key,
						      "its key has another length", err);
		}
		FC_TRY(visit(&item, context, err));
	}
}
