/* The ledger: looking up and writing. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/ledger.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "gallery/rows/ledger_record.h"

/* ---- keys ---- */

static enum fc_status digest_of(const struct fc_buffer *text, void *out, size_t size,
				struct fc_error *err)
{
	struct fc_sha256 digest;
	if (!fc_buffer_ok(text)) {
		return fc_fail_memory(err);
	}
	if (!fc_sha256_of(text->data, text->length, &digest)) {
		return fc_fail(err, FC_INTERNAL, "SHA-256 failed");
	}
	memcpy(out, digest.bytes, size);
	return FC_OK;
}

static enum fc_status record_of(const struct fc_ledger_task *task,
				struct fc_ledger_task_record *out, struct fc_error *err)
{
	*out = (struct fc_ledger_task_record){ .models = task->models };
	if ((size_t)snprintf(out->verb, sizeof(out->verb), "%s", task->verb) >= sizeof(out->verb) ||
	    (size_t)snprintf(out->service, sizeof(out->service), "%s", task->service) >=
		    sizeof(out->service) ||
	    (size_t)snprintf(out->space, sizeof(out->space), "%s", task->space) >=
		    sizeof(out->space)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "a name has at most %d bytes",
			       FC_LABEL_MAXIMUM);
	}
	return FC_OK;
}

static enum fc_status target_of(const struct fc_ledger_task_record *task,
				struct fc_ledger_target *out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	fc_record_put_task(&bytes, task);
	return digest_of(&bytes, out->bytes, sizeof(out->bytes), err);
}

enum fc_status fc_ledger_target_of(const struct fc_ledger_task *task, struct fc_ledger_target *out,
				   struct fc_error *err)
{
	struct fc_ledger_task_record record;
	FC_TRY(record_of(task, &record, err));
	return target_of(&record, out, err);
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

/* ---- looking up ---- */

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

/* A path's record, but for its text. */
static enum fc_status find_path(struct fc_gallery_txn *txn, const struct fc_ledger_target *target,
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
	struct fc_ledger_path_id id;
	struct fc_ledger_path_record record;
	FC_TRY(fc_ledger_path_id_of(path, &id, err));
	FC_TRY(find_path(txn, target, &id, &record, err));
	FC_TRY(fc_ledger_find(txn, &record.item, out, err));
	*same = fc_file_identity_equal(&record.identity, identity);
	return FC_OK;
}

/* Whether some key of the database starts so. */
static enum fc_status has_prefix(struct fc_gallery_txn *txn, enum fc_database database,
				 const struct fc_key *prefix, bool *has, struct fc_error *err)
{
	struct fc_key key;
	struct fc_reader payload;
	enum fc_status status = fc_store_first(txn, database, prefix, &key, &payload, err);
	*has = status == FC_OK;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

enum fc_status fc_ledger_knows_size(struct fc_gallery_txn *txn,
				    const struct fc_ledger_target *target, uint64_t size,
				    bool *known, struct fc_error *err)
{
	struct fc_key prefix = fc_ledger_key_size(target, size);
	return has_prefix(txn, FC_DB_LEDGER_ITEM, &prefix, known, err);
}

enum fc_status fc_ledger_has_other_path(struct fc_gallery_txn *txn,
					const struct fc_ledger_item *item, const char *path,
					bool *has, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_ledger_key_item(item), key;
	struct fc_ledger_path_id id = { 0 };
	struct fc_reader payload;
	if (path) {
		FC_TRY(fc_ledger_path_id_of(path, &id, err));
	}
	struct fc_key own = fc_ledger_key_item_path(item, &id);
	FC_TRY(fc_store_walk(txn, FC_DB_LEDGER_ITEM_PATH, &prefix, NULL, &cursor, err));
	for (*has = false; !*has;) {
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		*has = !path || memcmp(key.bytes, own.bytes, own.length) != 0;
	}
	return FC_OK;
}

enum fc_status fc_ledger_first_path(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				    char **out, struct fc_error *err)
{
	struct fc_key prefix = fc_ledger_key_item(item), key;
	struct fc_ledger_path_record record = { 0 };
	struct fc_ledger_path_id id;
	struct fc_reader payload;
	FC_TRY(fc_store_first(txn, FC_DB_LEDGER_ITEM_PATH, &prefix, &key, &payload, err));
	memcpy(id.bytes, key.bytes + prefix.length, sizeof(id.bytes));
	key = fc_ledger_key_path(&item->target, &id);
	FC_TRY(fc_store_get(txn, FC_DB_LEDGER_PATH, &key, &payload, err));
	FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_PATH, &key, fc_record_get_path(&payload, &record),
				err));
	*out = record.path;
	return FC_OK;
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
		FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_PATH, &key,
					fc_record_get_path(&payload, &record), err));
		status = fc_ledger_find(txn, &record.item, &item, err);
		FC_TRY(fc_store_followed(txn, FC_DB_LEDGER_PATH, &key, status,
					 "its item is not there", err));
		more = visit(record.path, &item, context);
	}
	return FC_OK;
}

/* ---- forgetting ---- */

static enum fc_status forget_paths_of(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				      struct fc_error *err)
{
	struct fc_key prefix = fc_ledger_key_item(item), key;
	struct fc_reader payload;
	for (;;) {
		struct fc_ledger_path_id id;
		enum fc_status status =
			fc_store_first(txn, FC_DB_LEDGER_ITEM_PATH, &prefix, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		if (key.length != prefix.length + sizeof(id.bytes)) {
			return fc_store_contradiction(txn, FC_DB_LEDGER_ITEM_PATH, &key,
						      "its key has another length", err);
		}
		memcpy(id.bytes, key.bytes + prefix.length, sizeof(id.bytes));
		struct fc_key path = fc_ledger_key_path(&item->target, &id);
		FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_PATH, &path, err));
		FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_ITEM_PATH, &key, err));
	}
}

/* An item with all that leads to it. */
static enum fc_status forget_item(struct fc_gallery_txn *txn, const struct fc_ledger_item *key,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	FC_TRY(fc_ledger_find(txn, key, &item, err));
	FC_TRY(forget_paths_of(txn, &item, err));
	if (item.space != 0) {
		struct fc_key subject = fc_ledger_key_subject(&item);
		FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_SUBJECT, &subject, err));
	}
	struct fc_key name = fc_ledger_key_item(&item);
	return fc_store_delete(txn, FC_DB_LEDGER_ITEM, &name, err);
}

enum fc_status fc_ledger_forget_subject(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
					const uint64_t *face, struct fc_error *err)
{
	struct fc_key prefix = face ? fc_key_pid_face(pid, *face) : fc_key_pid(pid), key;
	struct fc_reader payload;
	for (;;) {
		struct fc_ledger_item item = { 0 };
		enum fc_status status =
			fc_store_first(txn, FC_DB_LEDGER_SUBJECT, &prefix, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		if (!fc_ledger_key_get_item(&key, sizeof(pid->bytes) + 8, 0, &item)) {
			return fc_store_contradiction(txn, FC_DB_LEDGER_SUBJECT, &key,
						      "its key has another length", err);
		}
		FC_TRY(forget_item(txn, &item, err));
	}
}

enum fc_status fc_ledger_forget_path(struct fc_gallery_txn *txn,
				     const struct fc_ledger_target *target, const char *path,
				     struct fc_error *err)
{
	struct fc_ledger_path_id id;
	struct fc_ledger_path_record record;
	bool has_other;
	FC_TRY(fc_ledger_path_id_of(path, &id, err));
	enum fc_status status = find_path(txn, target, &id, &record, err);
	if (status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY(fc_ledger_has_other_path(txn, &record.item, path, &has_other, err));
	if (!has_other) {
		return forget_item(txn, &record.item, err);
	}
	struct fc_key key = fc_ledger_key_path(target, &id);
	FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_PATH, &key, err));
	key = fc_ledger_key_item_path(&record.item, &id);
	return fc_store_delete(txn, FC_DB_LEDGER_ITEM_PATH, &key, err);
}

static enum fc_status forget_target(struct fc_gallery_txn *txn, const struct fc_key *target,
				    struct fc_error *err)
{
	struct fc_key key;
	struct fc_reader payload;
	for (;;) {
		struct fc_ledger_item item = { 0 };
		enum fc_status status =
			fc_store_first(txn, FC_DB_LEDGER_ITEM, target, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return fc_store_delete(txn, FC_DB_LEDGER_TASK, target, err);
		}
		FC_TRY(status);
		if (!fc_ledger_key_get_item(&key, 0, 0, &item)) {
			return fc_store_contradiction(txn, FC_DB_LEDGER_ITEM, &key,
						      "its key has another length", err);
		}
		FC_TRY(forget_item(txn, &item, err));
	}
}

/* The first task of a service and space behind *after, in *task. FC_NOT_FOUND when there is none. */
static enum fc_status next_task(struct fc_gallery_txn *txn, const char *service, const char *space,
				struct fc_key *after, struct fc_ledger_task_record *task,
				struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	struct fc_reader payload;
	struct fc_key key;
	FC_TRY(fc_store_walk(txn, FC_DB_LEDGER_TASK, &everything, after, &cursor, err));
	for (;;) {
		FC_TRY(fc_store_next(&cursor, &key, &payload, err));
		FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_TASK, &key,
					fc_record_get_task(&payload, task), err));
		bool is_behind = key.length != after->length ||
				 memcmp(key.bytes, after->bytes, key.length) != 0;
		if (is_behind && strcmp(task->service, service) == 0 &&
		    (!space || strcmp(task->space, space) == 0)) {
			*after = key;
			return FC_OK;
		}
	}
}

enum fc_status fc_ledger_forget_space(struct fc_gallery_txn *txn, const char *service,
				      const char *space, struct fc_error *err)
{
	struct fc_key key = { 0 };
	struct fc_ledger_task_record task;
	for (;;) {
		enum fc_status status = next_task(txn, service, space, &key, &task, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(forget_target(txn, &key, err));
	}
}

/* ---- writing ---- */

static enum fc_status put_task(struct fc_gallery_txn *txn, const struct fc_ledger_task *task,
			       const struct fc_ledger_target *target, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_ledger_key_target(target);
	struct fc_ledger_task_record record;
	struct fc_reader stored;
	enum fc_status status = fc_store_get(txn, FC_DB_LEDGER_TASK, &key, &stored, err);
	if (status != FC_NOT_FOUND) {
		return status;
	}
	FC_TRY(record_of(task, &record, err));
	fc_record_put_task(&payload, &record);
	return fc_store_put(txn, FC_DB_LEDGER_TASK, &key, &payload, FC_STORE_ADD, err);
}

/* The row by which an item is found when its person or face goes; that of what it was before is removed. */
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

static enum fc_status put_item(struct fc_gallery_txn *txn, const struct fc_ledger_task *task,
			       const struct fc_ledger_item *item, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	FC_TRY(put_task(txn, task, &item->target, err));
	FC_TRY(put_subject(txn, item, err));
	struct fc_key key = fc_ledger_key_item(item);
	fc_record_put_item(&payload, item);
	return fc_store_put(txn, FC_DB_LEDGER_ITEM, &key, &payload, FC_STORE_REPLACE, err);
}

enum fc_status fc_ledger_put(struct fc_gallery_txn *txn, const struct fc_ledger_task *task,
			     struct fc_ledger_item *item, struct fc_error *err)
{
	item->time = fc_clock_now();
	return put_item(txn, task, item, err);
}

static bool same_item(const struct fc_ledger_item *a, const struct fc_ledger_item *b)
{
	return a->size == b->size && fc_sha256_equal(&a->content, &b->content) &&
	       memcmp(a->person_key.bytes, b->person_key.bytes, sizeof(a->person_key.bytes)) == 0;
}

enum fc_status fc_ledger_put_path(struct fc_gallery_txn *txn, const struct fc_ledger_item *item,
				  const char *path, const struct fc_file_identity *identity,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_ledger_path_record record;
	struct fc_ledger_path_id id;
	if (strlen(path) > FC_PATH_TEXT_MAXIMUM) {
		return FC_OK;
	}
	FC_TRY(fc_ledger_path_id_of(path, &id, err));
	enum fc_status status = find_path(txn, &item->target, &id, &record, err);
	bool leads_elsewhere = status == FC_OK && !same_item(&record.item, item);
	if (leads_elsewhere) {
		FC_TRY(fc_ledger_forget_path(txn, &item->target, path, err));
	} else if (status != FC_OK && status != FC_NOT_FOUND) {
		return status;
	}
	record = (struct fc_ledger_path_record){ .identity = *identity, .item = *item };
	/* The buffer copies it; the record only borrows. */
	memcpy(&record.path, &path, sizeof(path));
	fc_record_put_path(&payload, &record);
	struct fc_key key = fc_ledger_key_path(&item->target, &id);
	FC_TRY(fc_store_put(txn, FC_DB_LEDGER_PATH, &key, &payload, FC_STORE_REPLACE, err));
	key = fc_ledger_key_item_path(item, &id);
	return fc_store_put(txn, FC_DB_LEDGER_ITEM_PATH, &key, NULL, FC_STORE_REPLACE, err);
}

/* ---- other models ---- */

/* The first path that leads to one item leads to the other. FC_NOT_FOUND when there is none. */
static enum fc_status carry_path(struct fc_gallery_txn *txn, const struct fc_ledger_item *from,
				 const struct fc_ledger_item *to, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_path_record_release) struct fc_ledger_path_record record = { 0 };
	struct fc_key prefix = fc_ledger_key_item(from), key;
	struct fc_ledger_path_id id;
	struct fc_reader payload;
	FC_TRY(fc_store_first(txn, FC_DB_LEDGER_ITEM_PATH, &prefix, &key, &payload, err));
	if (key.length != prefix.length + sizeof(id.bytes)) {
		return fc_store_contradiction(txn, FC_DB_LEDGER_ITEM_PATH, &key,
					      "its key has another length", err);
	}
	memcpy(id.bytes, key.bytes + prefix.length, sizeof(id.bytes));
	struct fc_key path = fc_ledger_key_path(&from->target, &id);
	enum fc_status status = fc_store_get(txn, FC_DB_LEDGER_PATH, &path, &payload, err);
	FC_TRY(fc_store_followed(txn, FC_DB_LEDGER_ITEM_PATH, &key, status, "its path is not there",
				 err));
	FC_TRY(fc_store_decoded(txn, FC_DB_LEDGER_PATH, &path,
				fc_record_get_path(&payload, &record), err));
	FC_TRY(fc_ledger_put_path(txn, to, record.path, &record.identity, err));
	FC_TRY(fc_store_delete(txn, FC_DB_LEDGER_PATH, &path, err));
	return fc_store_delete(txn, FC_DB_LEDGER_ITEM_PATH, &key, err);
}

/* A face that was stored stays stored; what else was found was found by other models. */
static enum fc_status carry_item(struct fc_gallery_txn *txn, const struct fc_ledger_item *key,
				 const struct fc_ledger_task *task,
				 const struct fc_ledger_target *target, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	FC_TRY(fc_ledger_find(txn, key, &item, err));
	if (item.state == FC_LEDGER_DONE && item.face != 0) {
		struct fc_ledger_item carried = item;
		carried.target = *target;
		FC_TRY(put_item(txn, task, &carried, err));
		enum fc_status status;
		do {
			status = carry_path(txn, &item, &carried, err);
		} while (status == FC_OK);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	}
	return forget_item(txn, &item, err);
}

static enum fc_status carry_task(struct fc_gallery_txn *txn, const struct fc_key *from,
				 const struct fc_ledger_task *task, struct fc_error *err)
{
	struct fc_ledger_target target;
	struct fc_reader payload;
	struct fc_key key;
	FC_TRY(fc_ledger_target_of(task, &target, err));
	for (;;) {
		struct fc_ledger_item item = { 0 };
		enum fc_status status =
			fc_store_first(txn, FC_DB_LEDGER_ITEM, from, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return fc_store_delete(txn, FC_DB_LEDGER_TASK, from, err);
		}
		FC_TRY(status);
		if (!fc_ledger_key_get_item(&key, 0, 0, &item)) {
			return fc_store_contradiction(txn, FC_DB_LEDGER_ITEM, &key,
						      "its key has another length", err);
		}
		FC_TRY(carry_item(txn, &item, task, &target, err));
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
		enum fc_status status = next_task(txn, service, NULL, &key, &record, err);
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
			FC_TRY(carry_task(txn, &key, &task, err));
		}
	}
}
