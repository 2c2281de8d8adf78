/* Walks over checked records. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "gallery/store/env.h"
#include "gallery/store/store.h"

static struct fc_store_cursor cursor_of(struct fc_gallery_txn *txn, void *cursor,
					enum fc_database database, const struct fc_key *prefix,
					const struct fc_key *start)
{
	return (struct fc_store_cursor){
		.txn = txn,
		.cursor = cursor,
		.database = database,
		.prefix = *prefix,
		.start = start ? *start : *prefix,
		.ended = prefix->too_long,
	};
}

enum fc_status fc_store_walk(struct fc_gallery_txn *txn, enum fc_database database,
			     const struct fc_key *prefix, const struct fc_key *start,
			     struct fc_store_cursor *out, struct fc_error *err)
{
	if (txn->engine) {
		*out = cursor_of(txn, NULL, database, prefix, start);
		return FC_OK;
	}
	void *cursor = NULL;
	if (txn->writes) {
		int code = fc_guarded_cursor(&txn->gallery->guard, txn->handle,
					     txn->gallery->databases[database],
					     (MDB_cursor **)&cursor);
		if (code != 0) {
			return fc_lmdb_fail_in(txn, code, err);
		}
	} else {
		const struct fc_tree *tree;
		FC_TRY(fc_lmdb_tree(txn, database, &tree, err));
		struct fc_tree_cursor *place = malloc(sizeof(*place));
		if (!place) {
			return fc_fail_memory(err);
		}
		place->snapshot = &txn->snapshot;
		place->tree = *tree;
		cursor = place;
	}
	*out = cursor_of(txn, cursor, database, prefix, start);
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
	if (txn->engine && !end) {
		out->start.length = 0; /* an engine finds the last record itself */
	}
	out->backward = true;
	return FC_OK;
}

static int step_in_tree(struct fc_tree_cursor *place, MDB_val *name, MDB_val *value,
			MDB_cursor_op operation)
{
	int code = operation == MDB_SET_RANGE ? fc_tree_seek(place, name)
		   : operation == MDB_FIRST   ? fc_tree_first(place)
		   : operation == MDB_LAST    ? fc_tree_last(place)
		   : operation == MDB_NEXT    ? fc_tree_next(place)
					      : fc_tree_previous(place);
	return code ? code : fc_tree_read(place, name, value);
}

/* Check the pages that LMDB reads when its cursor moves inside a change. */
static int check_step(struct fc_store_cursor *cursor, const MDB_val *name, MDB_cursor_op operation)
{
	struct fc_gallery_txn *txn = cursor->txn;
	char none = 0;
	const MDB_val nothing = { 0, &none };
	MDB_val current, value;
	if (operation == MDB_SET_RANGE) {
		return fc_lmdb_check_path(txn, cursor->database, name, NULL);
	}
	if (operation == MDB_FIRST) {
		return fc_lmdb_check_path(txn, cursor->database, &nothing, NULL);
	}
	if (operation == MDB_LAST) {
		const struct fc_tree *tree;
		if (fc_lmdb_tree(txn, cursor->database, &tree, NULL) != FC_OK) {
			return MDB_CORRUPTED;
		}
		struct fc_tree_cursor last = { .snapshot = &txn->snapshot, .tree = *tree };
		int code = fc_tree_last(&last);
		return code == MDB_NOTFOUND ? 0 : code;
	}
	int code = fc_guarded_step(&txn->gallery->guard, cursor->cursor, &current, &value,
				   MDB_GET_CURRENT);
	return code ? code : fc_lmdb_check_path(txn, cursor->database, &current, NULL);
}

static int step_to(struct fc_store_cursor *cursor, MDB_val *name, MDB_val *value,
		   MDB_cursor_op operation)
{
	if (cursor->txn->gallery->guard.broken) {
		return MDB_CORRUPTED;
	}
	if (!cursor->txn->writes) {
		return step_in_tree(cursor->cursor, name, value, operation);
	}
	int code = check_step(cursor, name, operation);
	return code ? code
		    : fc_guarded_step(&cursor->txn->gallery->guard, cursor->cursor, name, value,
				      operation);
}

/* Step to the previous record. The first step goes to the record before `start`, the first record after the walk's range. */
static int step_back(struct fc_store_cursor *cursor, MDB_val *name, MDB_val *value)
{
	int code = 0;
	if (!cursor->started) {
		cursor->started = true;
		*name = fc_lmdb_key(&cursor->start);
		code = cursor->start.length > 0 ? step_to(cursor, name, value, MDB_SET_RANGE)
						: MDB_NOTFOUND;
	}
	if (code == MDB_NOTFOUND) {
		return step_to(cursor, name, value, MDB_LAST);
	}
	return code != 0 ? code : step_to(cursor, name, value, MDB_PREV);
}

int fc_lmdb_step(struct fc_store_cursor *cursor, MDB_val *name, MDB_val *value)
{
	MDB_cursor_op operation = MDB_NEXT;
	if (cursor->backward) {
		return step_back(cursor, name, value);
	}
	if (!cursor->started) {
		cursor->started = true;
		operation = cursor->start.length > 0 ? MDB_SET_RANGE : MDB_FIRST;
		*name = fc_lmdb_key(&cursor->start);
	}
	return step_to(cursor, name, value, operation);
}

/* The records of a database are counted in another page than those that contain them. FC_OK if it counts `steps`. */
static enum fc_status compare_count(const struct fc_store_cursor *cursor, struct fc_error *err)
{
	uint64_t count;
	FC_TRY(fc_store_count(cursor->txn, cursor->database, &count, err));
	return cursor->steps == count
		       ? FC_OK
		       : fc_fail(err, FC_DAMAGED,
				 "gallery '%s' is damaged: database '%s' has %llu records, but "
				 "counts %llu",
				 fc_store_path(cursor->txn->gallery),
				 fc_database_name(cursor->database),
				 (unsigned long long)cursor->steps, (unsigned long long)count);
}

/* The end of a walk over a whole database. */
static enum fc_status end_walk(struct fc_store_cursor *cursor, struct fc_error *err)
{
	bool whole = !cursor->ended && cursor->prefix.length == 0 && cursor->start.length == 0;
	cursor->ended = true;
	if (whole && !cursor->txn->writes) {
		FC_TRY(compare_count(cursor, err));
	}
	return FC_NOT_FOUND;
}

enum fc_status fc_store_recount(struct fc_gallery_txn *txn, enum fc_database database,
				struct fc_error *err)
{
	if (txn->engine) {
		return FC_OK; /* its indexes are its own */
	}
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	struct fc_reader payload;
	struct fc_key key;
	enum fc_status status;
	FC_TRY(fc_store_walk(txn, database, &everything, NULL, &cursor, err));
	while ((status = fc_store_next(&cursor, &key, &payload, err)) == FC_OK) {
	}
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	return compare_count(&cursor, err);
}

enum fc_status fc_store_next(struct fc_store_cursor *cursor, struct fc_key *key,
			     struct fc_reader *payload, struct fc_error *err)
{
	if (cursor->txn->engine) {
		key->length = 0;
		key->too_long = false;
		return cursor->txn->engine->next(cursor, key, payload, err);
	}
	MDB_val name, value;
	key->length = 0;
	key->too_long = false;
	int code = cursor->ended ? MDB_NOTFOUND : fc_lmdb_step(cursor, &name, &value);
	if (code == MDB_NOTFOUND) {
		return end_walk(cursor, err);
	}
	if (code != 0) {
		cursor->ended = true;
		return fc_lmdb_fail_in(cursor->txn, code, err);
	}
	cursor->steps++;
	if (name.mv_size > FC_KEY_MAXIMUM) {
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
	return fc_lmdb_open_record(cursor->txn, cursor->database, key, &value, payload, err);
}

enum fc_status fc_store_count_prefix(struct fc_gallery_txn *txn, enum fc_database database,
				     const struct fc_key *prefix, uint64_t *out,
				     struct fc_error *err)
{
	if (txn->engine) {
		return txn->engine->count(txn, database, prefix, out, err);
	}
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	MDB_val name, value;
	int code;
	FC_TRY(fc_store_walk(txn, database, prefix, NULL, &cursor, err));
	for (*out = 0; (code = fc_lmdb_step(&cursor, &name, &value)) == 0; (*out)++) {
		if (name.mv_size < prefix->length ||
		    memcmp(name.mv_data, prefix->bytes, prefix->length) != 0) {
			return FC_OK;
		}
	}
	return code == MDB_NOTFOUND ? FC_OK : fc_lmdb_fail_in(txn, code, err);
}

void fc_store_cursor_release(struct fc_store_cursor *cursor)
{
	if (cursor->txn && cursor->txn->engine) {
		cursor->txn->engine->cursor_release(cursor);
		return;
	}
	if (cursor->cursor && !cursor->txn->writes) {
		free(cursor->cursor);
	} else if (cursor->cursor && !cursor->txn->gallery->guard.broken) {
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
	if (txn->engine) {
		return txn->engine->delete_all(txn, database, prefix, err);
	}
	struct fc_key key;
	struct fc_reader payload;
	for (;;) {
		enum fc_status status = fc_store_first(txn, database, prefix, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		/* Also records of another layout, which an upgrade replaces. */
		bool key_is_known =
			(status == FC_DAMAGED || status == FC_INCOMPATIBLE) && key.length > 0;
		if (!key_is_known) {
			FC_TRY(status);
		}
		FC_TRY(fc_store_delete(txn, database, &key, err));
	}
}
