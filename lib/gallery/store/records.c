/* Checked records: get, put, delete, walk. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/store.h"

#include <stdio.h>
#include <string.h>

#include "gallery/store/env.h"

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

enum fc_status fc_gallery_referred(const struct fc_gallery_txn *txn, enum fc_status status,
				   struct fc_error *err)
{
	if (status != FC_NOT_FOUND) {
		return status;
	}
	if (err) {
		fc_error_prefix(err, "gallery '%s' is damaged", fc_store_path(txn->gallery));
		err->status = FC_DAMAGED;
	}
	return FC_DAMAGED;
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

enum fc_status fc_lmdb_open_record(const struct fc_gallery_txn *txn, enum fc_database database,
				   const struct fc_key *key, const MDB_val *value,
				   struct fc_reader *payload, struct fc_error *err)
{
	enum fc_status status =
		fc_record_open(database, key, value->mv_data, value->mv_size, payload);
	return fc_store_decoded(txn, database, key, status, err);
}

int fc_lmdb_check_path(struct fc_gallery_txn *txn, enum fc_database database, const MDB_val *name,
		       struct fc_error *err)
{
	const struct fc_tree *tree;
	if (!txn->snapshot.base) {
		return 0;
	}
	return fc_lmdb_tree(txn, database, &tree, err) == FC_OK
		       ? fc_tree_check(&txn->snapshot, tree, name)
		       : MDB_CORRUPTED;
}

/* LMDB's code for reading a record. */
static int read_record(struct fc_gallery_txn *txn, enum fc_database database, MDB_val *name,
		       MDB_val *value, struct fc_error *err)
{
	if (txn->writes) {
		int code = fc_lmdb_check_path(txn, database, name, err);
		return code ? code
			    : fc_guarded_get(&txn->gallery->guard, txn->handle,
					     txn->gallery->databases[database], name, value);
	}
	const struct fc_tree *tree;
	if (txn->gallery->guard.broken || fc_lmdb_tree(txn, database, &tree, err) != FC_OK) {
		return MDB_CORRUPTED;
	}
	return fc_tree_get(&txn->snapshot, tree, name, value);
}

static enum fc_status find(struct fc_gallery_txn *txn, enum fc_database database,
			   const struct fc_key *key, MDB_val *value, struct fc_error *err)
{
	MDB_val name = fc_lmdb_key(key);
	int code = key->too_long ? MDB_NOTFOUND : read_record(txn, database, &name, value, err);
	if (code == MDB_NOTFOUND) {
		char text[FC_KEY_TEXT_SIZE];
		if (!err) {
			return FC_NOT_FOUND; /* many records are only looked for */
		}
		fc_key_format(key, text);
		return fc_fail(err, FC_NOT_FOUND, "there is no record %s/%s",
			       fc_database_name(database), text);
	}
	return code ? fc_lmdb_fail_in(txn, code, err) : FC_OK;
}

enum fc_status fc_store_get(struct fc_gallery_txn *txn, enum fc_database database,
			    const struct fc_key *key, struct fc_reader *payload,
			    struct fc_error *err)
{
	if (txn->engine) {
		return txn->engine->get(txn, database, key, payload, err);
	}
	MDB_val value;
	FC_TRY(find(txn, database, key, &value, err));
	return fc_lmdb_open_record(txn, database, key, &value, payload, err);
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
	if (txn->engine) {
		struct fc_reader payload;
		enum fc_status found = txn->engine->get(txn, database, key, &payload, err);
		*out = found == FC_OK;
		return found == FC_NOT_FOUND ? FC_OK : found;
	}
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
	if (fc_record_peek(database, value.mv_data, value.mv_size, &reader) != FC_OK ||
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
	if (txn->engine) {
		return txn->engine->put(txn, database, key, body, mode, err);
	}
	txn->balance += mode == FC_STORE_ADD;
	MDB_val name = fc_lmdb_key(key);
	MDB_val value = { .mv_size = FC_RECORD_HEADER_SIZE + body->length };
	unsigned flags = MDB_RESERVE | (mode == FC_STORE_ADD ? MDB_NOOVERWRITE : 0);
	int code = fc_lmdb_check_path(txn, database, &name, err);
	if (code == 0) {
		code = fc_guarded_put(&txn->gallery->guard, txn->handle,
				      txn->gallery->databases[database], &name, &value, flags);
	}
	if (code == MDB_KEYEXIST) {
		char text[FC_KEY_TEXT_SIZE];
		fc_key_format(key, text);
		return fc_fail(err, FC_CONFLICT, "record %s/%s already exists",
			       fc_database_name(database), text);
	}
	if (code != 0) {
		txn->map_full = txn->map_full || code == MDB_MAP_FULL;
		return fc_lmdb_fail_in(txn, code, err);
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
	if (txn->engine) {
		enum fc_status status = txn->engine->delete (txn, database, key, err);
		return fc_store_followed(txn, database, key, status, "it is missing", err);
	}
	MDB_val name = fc_lmdb_key(key);
	txn->balance--;
	int code = key->too_long ? MDB_NOTFOUND : fc_lmdb_check_path(txn, database, &name, err);
	if (code == 0) {
		code = fc_guarded_delete(&txn->gallery->guard, txn->handle,
					 txn->gallery->databases[database], &name);
	}
	if (code == MDB_NOTFOUND) {
		return fc_store_contradiction(txn, database, key, "it is missing", err);
	}
	if (code != 0) {
		txn->map_full = txn->map_full || code == MDB_MAP_FULL;
		return fc_lmdb_fail_in(txn, code, err);
	}
	return FC_OK;
}

enum fc_status fc_store_count(struct fc_gallery_txn *txn, enum fc_database database, uint64_t *out,
			      struct fc_error *err)
{
	if (txn->engine) {
		const struct fc_key everything = { 0 };
		return txn->engine->count(txn, database, &everything, out, err);
	}
	MDB_stat stat;
	const struct fc_tree *tree;
	if (!txn->writes) {
		FC_TRY(fc_lmdb_tree(txn, database, &tree, err));
		*out = tree->entries;
		return FC_OK;
	}
	int code = fc_guarded_stat(&txn->gallery->guard, txn->handle,
				   txn->gallery->databases[database], &stat);
	if (code != 0) {
		return fc_lmdb_fail_in(txn, code, err);
	}
	*out = stat.ms_entries;
	return FC_OK;
}
