/* Checked records: get, put, delete, walk. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/store.h"

#include <stdio.h>
#include <string.h>

#include "gallery/store/env.h"

static MDB_val key_value(const struct fc_key *key)
{
	/* LMDB does not change the key. */
	return (MDB_val){ .mv_size = key->length, .mv_data = (void *)(uintptr_t)key->bytes };
}

/* ---- damage ---- */

enum fc_status fc_store_contradiction(const struct fc_gallery_txn *txn, enum fc_database database,
				      const struct fc_key *key, const char *what,
				      struct fc_error *err)
{
	char text[FC_KEY_TEXT_SIZE];
	fc_key_format(key, text);
	return fc_fail(err, FC_DAMAGED, "gallery '%s' is damaged: record %s/%s: %s",
		       fc_store_path(txn->gallery), fc_database_name(database), text, what);
}

enum fc_status fc_store_followed(const struct fc_gallery_txn *txn, enum fc_database database,
				 const struct fc_key *key, enum fc_status status, const char *what,
				 struct fc_error *err)
{
	return status == FC_NOT_FOUND ? fc_store_contradiction(txn, database, key, what, err)
				      : status;
}

enum fc_status fc_store_decoded(const struct fc_gallery_txn *txn, enum fc_database database,
				const struct fc_key *key, enum fc_status status,
				struct fc_error *err)
{
	switch (status) {
	case FC_OK:
		return FC_OK;
	case FC_NO_MEMORY:
		return fc_fail_memory(err);
	case FC_INCOMPATIBLE:
		return fc_fail(err, FC_INCOMPATIBLE,
			       "gallery '%s': a record of database '%s' has a newer layout: use a "
			       "newer facectl",
			       fc_store_path(txn->gallery), fc_database_name(database));
	default:
		return fc_store_contradiction(txn, database, key,
					      "its bytes are not what was written", err);
	}
}

enum fc_status fc_store_found(enum fc_status status, struct fc_error *err, const char *format, ...)
{
	char text[sizeof(err->text)];
	if (status != FC_NOT_FOUND) {
		return status;
	}
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return fc_fail(err, FC_NOT_FOUND, "%s", text);
}

/* ---- one record ---- */

/*
 * A value that is too large for a page of the tree has pages of its own, and begins after the header of the first one: number (u64), two
 * bytes, flags (u16), count of pages (u32), in the machine's byte order (mdb.c, MDB_page).
 */
enum { PAGE_HEADER = 16, PAGE_FLAGS_AT = 10, PAGE_COUNT_AT = 12, OVERFLOW_FLAG = 4 };

static bool overflow_holds(const struct fc_gallery_txn *txn, const MDB_val *value)
{
	const uint8_t *header = (const uint8_t *)value->mv_data - PAGE_HEADER;
	MDB_envinfo info;
	uint64_t number;
	uint32_t count;
	uint16_t flags;
	memcpy(&number, header, sizeof(number));
	memcpy(&flags, header + PAGE_FLAGS_AT, sizeof(flags));
	memcpy(&count, header + PAGE_COUNT_AT, sizeof(count));
	FC_IGNORE(mdb_env_info(txn->gallery->env, &info));
	return (flags & OVERFLOW_FLAG) != 0 && number <= info.me_last_pgno &&
	       count <= info.me_last_pgno + 1 - number &&
	       value->mv_size <= (uint64_t)count * txn->gallery->page_size - PAGE_HEADER;
}

/*
 * In a read transaction a key, or a value without pages of its own, is inside one page of the map. A larger size means damage, and reading
 * that far could go beyond the end of the file.
 */
static bool lies_in_page(const struct fc_gallery_txn *txn, const MDB_val *value, bool may_overflow)
{
	size_t page_size = txn->gallery->page_size;
	size_t offset = (uintptr_t)value->mv_data & (page_size - 1);
	if (txn->writes || value->mv_size <= page_size - offset) {
		return true;
	}
	return may_overflow && offset == PAGE_HEADER && overflow_holds(txn, value);
}

static enum fc_status open_record(const struct fc_gallery_txn *txn, enum fc_database database,
				  const struct fc_key *key, const MDB_val *value,
				  struct fc_reader *payload, struct fc_error *err)
{
	enum fc_status status =
		lies_in_page(txn, value, true)
			? fc_record_open(database, key, value->mv_data, value->mv_size, payload)
			: FC_DAMAGED;
	return fc_store_decoded(txn, database, key, status, err);
}

static enum fc_status find(struct fc_gallery_txn *txn, enum fc_database database,
			   const struct fc_key *key, MDB_val *value, struct fc_error *err)
{
	MDB_val name = key_value(key);
	int code = key->too_long ? MDB_NOTFOUND
				 : fc_guarded_get(&txn->gallery->guard, txn->handle,
						  txn->gallery->databases[database], &name, value);
	if (code == MDB_NOTFOUND) {
		char text[FC_KEY_TEXT_SIZE];
		fc_key_format(key, text);
		return fc_fail(err, FC_NOT_FOUND, "there is no record %s/%s",
			       fc_database_name(database), text);
	}
	return code ? fc_lmdb_fail(txn->gallery, code, err) : FC_OK;
}

enum fc_status fc_store_get(struct fc_gallery_txn *txn, enum fc_database database,
			    const struct fc_key *key, struct fc_reader *payload,
			    struct fc_error *err)
{
	MDB_val value;
	FC_TRY(find(txn, database, key, &value, err));
	return open_record(txn, database, key, &value, payload, err);
}

enum fc_status fc_store_read(struct fc_gallery_txn *txn, enum fc_database database,
			     const struct fc_key *key, const struct fc_field *fields, void *record,
			     struct fc_error *err)
{
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, database, key, &payload, err));
	return fc_store_decoded(txn, database, key, fc_fields_get(&payload, fields, record), err);
}

enum fc_status fc_store_write(struct fc_gallery_txn *txn, enum fc_database database,
			      const struct fc_key *key, const struct fc_field *fields,
			      const void *record, enum fc_store_put_mode mode, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	fc_fields_put(&payload, fields, record);
	return fc_store_put(txn, database, key, &payload, mode, err);
}

enum fc_status fc_store_has(struct fc_gallery_txn *txn, enum fc_database database,
			    const struct fc_key *key, bool *out, struct fc_error *err)
{
	MDB_val value;
	enum fc_status status = find(txn, database, key, &value, err);
	*out = status == FC_OK;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

enum fc_status fc_store_peek(struct fc_gallery_txn *txn, enum fc_database database,
			     const struct fc_key *key, size_t length, const uint8_t **payload,
			     struct fc_error *err)
{
	MDB_val value;
	struct fc_reader reader;
	FC_TRY(find(txn, database, key, &value, err));
	if (!lies_in_page(txn, &value, true) ||
	    fc_record_peek(database, value.mv_data, value.mv_size, &reader) != FC_OK ||
	    reader.left != length) {
		return fc_store_decoded(txn, database, key, FC_DAMAGED, err);
	}
	*payload = reader.data;
	return FC_OK;
}

enum fc_status fc_store_put(struct fc_gallery_txn *txn, enum fc_database database,
			    const struct fc_key *key, const struct fc_buffer *payload,
			    enum fc_store_put_mode mode, struct fc_error *err)
{
	static const struct fc_buffer nothing;
	const struct fc_buffer *body = payload ? payload : &nothing;
	if (!fc_buffer_ok(body)) {
		return fc_fail_memory(err);
	}
	if (key->too_long) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a name is too long for a key (maximum: %d bytes)",
			       FC_LABEL_MAXIMUM);
	}
	txn->balance += mode == FC_STORE_ADD;
	MDB_val name = key_value(key);
	MDB_val value = { .mv_size = FC_RECORD_HEADER_SIZE + body->length };
	unsigned flags = MDB_RESERVE | (mode == FC_STORE_ADD ? MDB_NOOVERWRITE : 0);
	int code = fc_guarded_put(&txn->gallery->guard, txn->handle,
				  txn->gallery->databases[database], &name, &value, flags);
	if (code == MDB_KEYEXIST) {
		char text[FC_KEY_TEXT_SIZE];
		fc_key_format(key, text);
		return fc_fail(err, FC_CONFLICT, "record %s/%s already exists",
			       fc_database_name(database), text);
	}
	if (code != 0) {
		txn->map_full = txn->map_full || code == MDB_MAP_FULL;
		return fc_lmdb_fail(txn->gallery, code, err);
	}
	fc_record_seal(database, key, body->data, body->length, value.mv_data);
	if (body->length > 0) {
		memcpy((uint8_t *)value.mv_data + FC_RECORD_HEADER_SIZE, body->data, body->length);
	}
	return FC_OK;
}

enum fc_status fc_store_delete(struct fc_gallery_txn *txn, enum fc_database database,
			       const struct fc_key *key, struct fc_error *err)
{
	MDB_val name = key_value(key);
	txn->balance--;
	int code = key->too_long ? MDB_NOTFOUND
				 : fc_guarded_delete(&txn->gallery->guard, txn->handle,
						     txn->gallery->databases[database], &name);
	if (code == MDB_NOTFOUND) {
		return fc_store_contradiction(txn, database, key, "it is missing", err);
	}
	if (code != 0) {
		txn->map_full = txn->map_full || code == MDB_MAP_FULL;
		return fc_lmdb_fail(txn->gallery, code, err);
	}
	return FC_OK;
}

enum fc_status fc_store_count(struct fc_gallery_txn *txn, enum fc_database database, uint64_t *out,
			      struct fc_error *err)
{
	MDB_stat stat;
	int code = fc_guarded_stat(&txn->gallery->guard, txn->handle,
				   txn->gallery->databases[database], &stat);
	if (code != 0) {
		return fc_lmdb_fail(txn->gallery, code, err);
	}
	*out = stat.ms_entries;
	return FC_OK;
}

/* ---- walks ---- */

enum fc_status fc_store_walk(struct fc_gallery_txn *txn, enum fc_database database,
			     const struct fc_key *prefix, const struct fc_key *start,
			     struct fc_store_cursor *out, struct fc_error *err)
{
	MDB_cursor *cursor;
	int code = fc_guarded_cursor(&txn->gallery->guard, txn->handle,
				     txn->gallery->databases[database], &cursor);
	if (code != 0) {
		return fc_lmdb_fail(txn->gallery, code, err);
	}
	*out = (struct fc_store_cursor){
		.txn = txn,
		.cursor = cursor,
		.database = database,
		.prefix = *prefix,
		.start = start ? *start : *prefix,
		.ended = prefix->too_long,
	};
	return FC_OK;
}

enum fc_status fc_store_walk_back(struct fc_gallery_txn *txn, enum fc_database database,
				  const struct fc_key *prefix, const struct fc_key *end,
				  struct fc_store_cursor *out, struct fc_error *err)
{
	/* If there is no end: the first key after all keys that start with prefix; empty if there is no such key. */
	struct fc_key after = *prefix;
	while (after.length > 0 && after.bytes[after.length - 1] == UINT8_MAX) {
		after.length--;
	}
	if (after.length > 0) {
		after.bytes[after.length - 1]++;
	}
	FC_TRY(fc_store_walk(txn, database, prefix, end ? end : &after, out, err));
	out->backward = true;
	return FC_OK;
}

static int step_to(struct fc_store_cursor *cursor, MDB_val *name, MDB_val *value,
		   MDB_cursor_op operation)
{
	return fc_guarded_step(&cursor->txn->gallery->guard, cursor->cursor, name, value,
			       operation);
}

/* Step to the previous record. The first step goes to the record before `start`, the first record after the walk's range. */
static int step_back(struct fc_store_cursor *cursor, MDB_val *name, MDB_val *value)
{
	int code = 0;
	if (!cursor->started) {
		cursor->started = true;
		*name = key_value(&cursor->start);
		code = cursor->start.length > 0 ? step_to(cursor, name, value, MDB_SET_RANGE)
						: MDB_NOTFOUND;
	}
	if (code == MDB_NOTFOUND) {
		return step_to(cursor, name, value, MDB_LAST);
	}
	return code != 0 ? code : step_to(cursor, name, value, MDB_PREV);
}

static int step(struct fc_store_cursor *cursor, MDB_val *name, MDB_val *value)
{
	MDB_cursor_op operation = MDB_NEXT;
	if (cursor->backward) {
		return step_back(cursor, name, value);
	}
	if (!cursor->started) {
		cursor->started = true;
		operation = cursor->start.length > 0 ? MDB_SET_RANGE : MDB_FIRST;
		*name = key_value(&cursor->start);
	}
	return step_to(cursor, name, value, operation);
}

enum fc_status fc_store_next(struct fc_store_cursor *cursor, struct fc_key *key,
			     struct fc_reader *payload, struct fc_error *err)
{
	MDB_val name, value;
	key->length = 0;
	key->too_long = false;
	int code = cursor->ended ? MDB_NOTFOUND : step(cursor, &name, &value);
	if (code != 0) {
		cursor->ended = true;
		return code == MDB_NOTFOUND ? FC_NOT_FOUND
					    : fc_lmdb_fail(cursor->txn->gallery, code, err);
	}
	if (name.mv_size > FC_KEY_MAXIMUM || !lies_in_page(cursor->txn, &name, false)) {
		return fc_store_contradiction(cursor->txn, cursor->database, key,
					      "its key is unreadable", err);
	}
	key->length = name.mv_size;
	memcpy(key->bytes, name.mv_data, name.mv_size);
	if (key->length < cursor->prefix.length ||
	    memcmp(key->bytes, cursor->prefix.bytes, cursor->prefix.length) != 0) {
		cursor->ended = true;
		return FC_NOT_FOUND;
	}
	return open_record(cursor->txn, cursor->database, key, &value, payload, err);
}

void fc_store_cursor_release(struct fc_store_cursor *cursor)
{
	if (cursor->cursor && !cursor->txn->gallery->guard.broken) {
		mdb_cursor_close(cursor->cursor);
	}
	cursor->cursor = NULL;
}

enum fc_status fc_store_first(struct fc_gallery_txn *txn, enum fc_database database,
			      const struct fc_key *prefix, struct fc_key *key,
			      struct fc_reader *payload, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	FC_TRY(fc_store_walk(txn, database, prefix, NULL, &cursor, err));
	return fc_store_next(&cursor, key, payload, err);
}

enum fc_status fc_store_delete_all(struct fc_gallery_txn *txn, enum fc_database database,
				   const struct fc_key *prefix, struct fc_error *err)
{
	struct fc_key key;
	struct fc_reader payload;
	for (;;) {
		enum fc_status status = fc_store_first(txn, database, prefix, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		bool key_is_known = status == FC_DAMAGED && key.length > 0;
		if (!key_is_known) {
			FC_TRY(status);
		}
		FC_TRY(fc_store_delete(txn, database, &key, err));
	}
}
