/* Single records: rows that are found, stored and removed by their keys. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gallery/postgres/server.h"

int fc_pg_put_names(struct fc_buffer *text, const char *prefix, const struct fc_pg_column *columns)
{
	int count = 0;
	for (; columns->kind != FC_PG_END; columns++) {
		if (columns->name) {
			fc_buffer_printf(text, "%s%s%s", count > 0 ? ", " : "", prefix,
					 columns->name);
			count++;
		}
	}
	return count;
}

static const struct fc_pg_column nothing_but_one[] = { { "1", FC_PG_U32, 0, 0 },
						       { NULL, FC_PG_END, 0, 0 } };

static enum fc_status fail_unstored(enum fc_database database, struct fc_error *err)
{
	return fc_fail(err, FC_UNSUPPORTED,
		       "this does not work on a gallery in PostgreSQL: it has no '%s'",
		       fc_database_name(database));
}

/* The smallest and the largest value that begins with the bytes of an incomplete UUID. */
static void add_uuid_range(struct fc_pg_params *params, const struct fc_reader *rest)
{
	struct fc_uuid bound;
	for (int i = 0; i < 2; i++) {
		memset(bound.bytes, i == 0 ? 0 : 0xff, sizeof(bound.bytes));
		memcpy(bound.bytes, rest->data, rest->left < 16 ? rest->left : 16);
		fc_pg_add_uuid(params, &bound);
	}
}

enum fc_status fc_pg_put_prefix(struct fc_buffer *text, struct fc_pg_params *params,
				const struct fc_pg_table *table, const struct fc_key *prefix,
				size_t *parts, struct fc_error *err)
{
	struct fc_reader rest;
	const char *word = " WHERE ";
	int first = params->count;
	*parts = fc_pg_add_key(params, table->keys, prefix, &rest);
	if (*parts > 0 && table->keys[*parts - 1].kind == FC_PG_LAST_U64 &&
	    prefix->length < 2 * sizeof(struct fc_uuid) + sizeof(uint64_t)) {
		/* Without this part, a prefix selects all of its values. */
		--*parts;
		--params->count;
	}
	const struct fc_pg_column *next = &table->keys[*parts];
	if (table->condition) {
		fc_buffer_printf(text, "%s%s", word, table->condition);
		word = " AND ";
	}
	/* A text that ends a key has no end of its own: it is the beginning of others. */
	bool is_beginning = *parts > 0 && table->keys[*parts - 1].kind == FC_PG_KEY_TEXT;
	for (size_t i = 0; i < *parts; i++, word = " AND ") {
		bool is_last = i + 1 == *parts && is_beginning;
		fc_buffer_printf(text,
				 is_last ? "%s%s >= $%d AND starts_with(%s, $%d)" : "%s%s = $%d",
				 word, table->keys[i].name, first + (int)i + 1, table->keys[i].name,
				 first + (int)i + 1);
	}
	*parts -= is_beginning;
	if (rest.left == 0) {
		return FC_OK;
	}
	if (next->kind != FC_PG_UUID) {
		return fc_fail(err, FC_INTERNAL, "a walk over '%s' begins inside of '%s'",
			       table->name, next->name ? next->name : "nothing");
	}
	add_uuid_range(params, &rest);
	fc_buffer_printf(text, "%s%s BETWEEN $%d AND $%d", word, next->name, params->count - 1,
			 params->count);
	return FC_OK;
}

/* " WHERE" for the row with this key. */
static enum fc_status put_key(struct fc_buffer *text, struct fc_pg_params *params,
			      const struct fc_pg_table *table, const struct fc_key *key,
			      struct fc_error *err)
{
	struct fc_reader rest;
	int first = params->count;
	size_t parts = fc_pg_add_key(params, table->keys, key, &rest);
	size_t expected = fc_pg_column_count(table->keys);
	if (expected > 0 && (parts != expected || rest.left > 0)) {
		return fc_fail(err, FC_INTERNAL, "a key of '%s' has another length", table->name);
	}
	fc_buffer_append_text(text, expected == 0 ? " WHERE only_row" : " WHERE ");
	for (size_t i = 0; i < expected; i++) {
		fc_buffer_printf(text, "%s%s = $%d", i > 0 ? " AND " : "", table->keys[i].name,
				 first + (int)i + 1);
	}
	if (table->condition) {
		fc_buffer_printf(text, " AND %s", table->condition);
	}
	return FC_OK;
}

/* The space that a key begins with; 0: none. */
static uint32_t space_of_key(enum fc_database database, const struct fc_pg_table *table,
			     const struct fc_key *key)
{
	bool has_space = database == FC_DB_SPACE || (table->keys[0].kind == FC_PG_U32 &&
						     strcmp(table->keys[0].name, "space") == 0);
	return has_space ? fc_key_get_u32(key, 0) : 0;
}

static enum fc_status fail_missing(enum fc_database database, const struct fc_key *key,
				   struct fc_error *err)
{
	char text[FC_KEY_TEXT_SIZE];
	fc_key_format(key, text);
	return fc_fail(err, FC_NOT_FOUND, "there is no record %s/%s", fc_database_name(database),
		       text);
}

/* ---- reading ---- */

/* Whether a walk has just read this record. */
static bool is_ahead(const struct fc_pg_txn *txn, enum fc_database database,
		     const struct fc_key *key)
{
	return txn->ahead.result && txn->ahead.database == database &&
	       txn->ahead.key.length == key->length &&
	       memcmp(txn->ahead.key.bytes, key->bytes, key->length) == 0;
}

static enum fc_status select_row(struct fc_pg_txn *txn, enum fc_database database,
				 const struct fc_pg_table *table, const struct fc_key *key,
				 PGresult **out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	fc_buffer_append_text(&text, "SELECT ");
	if (fc_pg_put_names(&text, "", table->columns) == 0) {
		fc_pg_put_names(&text, "", nothing_but_one);
	}
	fc_buffer_printf(&text, " FROM %s", table->name);
	FC_TRY(put_key(&text, &params, table, key, err));
	fc_pg_clear(out);
	FC_TRY(fc_pg_query(txn, &text, &params, out, err));
	return PQntuples(*out) > 0 ? FC_OK : fail_missing(database, key, err);
}

static enum fc_status decode(struct fc_pg_txn *txn, const struct fc_pg_table *table,
			     const PGresult *result, int row, int first, struct fc_reader *payload,
			     struct fc_error *err)
{
	struct fc_buffer *buffer = fc_pg_next_payload(txn);
	if (!fc_pg_get_payload(result, row, first, table->columns, buffer)) {
		return fc_fail(err, FC_DAMAGED,
			       "gallery '%s' is damaged: a row of '%s' has an invalid value",
			       txn->connection.name, table->name);
	}
	*payload = fc_reader_of(buffer->data, buffer->length);
	return fc_buffer_ok(buffer) ? FC_OK : fc_fail_memory(err);
}

static enum fc_status lock_names(struct fc_pg_txn *txn, struct fc_error *err)
{
	return fc_pg_command(&txn->connection,
			     "SELECT pg_advisory_xact_lock(hashtextextended('facectl:names', 0))",
			     err);
}

enum fc_status fc_pg_get(struct fc_gallery_txn *base, enum fc_database database,
			 const struct fc_key *key, struct fc_reader *payload, struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	const struct fc_pg_table *table = fc_pg_table_of(database, key);
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	if (key->too_long || !table) {
		return fail_missing(database, key, err);
	}
	if (is_ahead(txn, database, key)) {
		return decode(txn, table, txn->ahead.result, txn->ahead.row, txn->ahead.first,
			      payload, err);
	}
	uint32_t space = space_of_key(database, table, key);
	if (space != 0) {
		FC_TRY(fc_pg_lock_space(txn, space, err));
	}
	enum fc_status status = select_row(txn, database, table, key, &result, err);
	if (status == FC_NOT_FOUND && txn->writes &&
	    (database == FC_DB_META || (table->unique && space == 0))) {
		/* Of two processes that are going to store it, one waits here and then finds it. */
		FC_TRY(lock_names(txn, err));
		status = select_row(txn, database, table, key, &result, err);
	}
	FC_TRY(status);
	if (database == FC_DB_PERSON && txn->writes) {
		/* If its space was not locked, the person may have changed until it was. */
		size_t before = txn->locked_count;
		FC_TRY(fc_pg_lock_space(txn, (uint32_t)fc_pg_int(result, 0, 0), err));
		if (txn->locked_count > before) {
			FC_TRY(select_row(txn, database, table, key, &result, err));
		}
	}
	return decode(txn, table, result, 0, 0, payload, err);
}

enum fc_status fc_pg_count(struct fc_gallery_txn *base, enum fc_database database,
			   const struct fc_key *prefix, uint64_t *out, struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	const struct fc_pg_table *table = fc_pg_table_of(database, NULL);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	size_t parts;
	*out = 0;
	if (!table) {
		return FC_OK;
	}
	fc_buffer_printf(&text, "SELECT count(*) FROM %s", table->name);
	FC_TRY(fc_pg_put_prefix(&text, &params, table, prefix, &parts, err));
	FC_TRY(fc_pg_query(txn, &text, &params, &result, err));
	*out = (uint64_t)fc_pg_int(result, 0, 0);
	return FC_OK;
}

/* ---- writing ---- */

/* The row of an index belongs to a row that is stored before or afterwards. Only that its key is unique must be checked. */
static enum fc_status check_unique(struct fc_pg_txn *txn, const struct fc_pg_table *table,
				   enum fc_database database, const struct fc_key *key,
				   const struct fc_buffer *payload, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	uint32_t space = space_of_key(database, table, key);
	if (space != 0) {
		FC_TRY(fc_pg_lock_space(txn, space, err));
	}
	fc_buffer_printf(&text, "SELECT FROM %s", table->name);
	FC_TRY(put_key(&text, &params, table, key, err));
	if (!fc_pg_add_payload(&params, table->columns, payload)) {
		return fc_fail(err, FC_INTERNAL, "a record of '%s' is incomplete", table->name);
	}
	fc_buffer_printf(&text, " AND %s <> $%d", table->columns[0].name, params.count);
	FC_TRY(fc_pg_query(txn, &text, &params, &result, err));
	return PQntuples(result) == 0 ? FC_OK
				      : fc_fail(err, FC_CONFLICT, "a record of '%s' already exists",
						fc_database_name(database));
}

/* "a = $3, b = $4" */
static void put_assignments(struct fc_buffer *text, const struct fc_pg_column *columns, int first)
{
	for (int count = 0; columns->kind != FC_PG_END; columns++) {
		if (columns->name) {
			fc_buffer_printf(text, "%s%s = $%d", count > 0 ? ", " : "", columns->name,
					 first + count);
			count++;
		}
	}
}

static enum fc_status insert(struct fc_pg_txn *txn, const struct fc_pg_table *table,
			     struct fc_pg_params *params, bool replace, uint64_t *changed,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	int keys = (int)fc_pg_column_count(table->keys);
	fc_buffer_printf(&text, "INSERT INTO %s (", table->name);
	if (fc_pg_put_names(&text, "", table->keys) > 0) {
		fc_buffer_append_text(&text, ", ");
	}
	fc_pg_put_names(&text, "", table->columns);
	fc_buffer_append_text(&text, ") VALUES (");
	for (int i = 1; i <= params->count; i++) {
		fc_buffer_printf(&text, "%s$%d", i > 1 ? ", " : "", i);
	}
	if (replace) {
		fc_buffer_append_text(&text, ") ON CONFLICT (");
		if (fc_pg_put_names(&text, "", table->keys) == 0) {
			fc_buffer_append_text(&text, "only_row");
		}
		fc_buffer_append_text(&text, ") DO UPDATE SET ");
		put_assignments(&text, table->columns, keys + 1);
	} else {
		fc_buffer_append_text(&text, ") ON CONFLICT DO NOTHING");
	}
	FC_TRY(fc_pg_query(txn, &text, params, &result, err));
	*changed = fc_pg_changed(result);
	return FC_OK;
}

static enum fc_status update(struct fc_pg_txn *txn, const struct fc_pg_table *table,
			     struct fc_pg_params *params, uint64_t *changed, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	int keys = (int)fc_pg_column_count(table->keys);
	fc_buffer_printf(&text, "UPDATE %s SET ", table->name);
	put_assignments(&text, table->columns, keys + 1);
	for (int i = 0; i < keys; i++) {
		fc_buffer_printf(&text, "%s%s = $%d", i > 0 ? " AND " : " WHERE ",
				 table->keys[i].name, i + 1);
	}
	FC_TRY(fc_pg_query(txn, &text, params, &result, err));
	*changed = fc_pg_changed(result);
	return FC_OK;
}

enum fc_status fc_pg_put(struct fc_gallery_txn *base, enum fc_database database,
			 const struct fc_key *key, const struct fc_buffer *payload,
			 enum fc_store_put_mode mode, struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	const struct fc_pg_table *table = fc_pg_table_of(database, key);
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	struct fc_reader rest;
	uint64_t changed = 0;
	txn->ahead.result = NULL;
	if (!table) {
		return fail_unstored(database, err);
	}
	if (table->of != 0) {
		return table->unique && mode == FC_STORE_ADD
			       ? check_unique(txn, table, database, key, payload, err)
			       : FC_OK;
	}
	if (fc_pg_add_key(&params, table->keys, key, &rest) != fc_pg_column_count(table->keys) ||
	    !fc_pg_add_payload(&params, table->columns, payload)) {
		return fc_fail(err, FC_INTERNAL, "a record of '%s' is incomplete", table->name);
	}
	if (database == FC_DB_ENTRY && mode == FC_STORE_ADD) {
		struct fc_reader entry = fc_reader_of(payload->data, payload->length);
		FC_TRY(fc_pg_ensure_month(txn, (int64_t)fc_reader_u64(&entry), err));
	}
	if (table->shared) {
		mode = FC_STORE_REPLACE;
	}
	if (mode == FC_STORE_REPLACE && table->no_upsert) {
		FC_TRY(update(txn, table, &params, &changed, err));
	}
	if (changed == 0) {
		bool replace = mode == FC_STORE_REPLACE && !table->no_upsert;
		FC_TRY(insert(txn, table, &params, replace, &changed, err));
	}
	if (changed == 0) {
		char text[FC_KEY_TEXT_SIZE];
		fc_key_format(key, text);
		return fc_fail(err, FC_CONFLICT, "record %s/%s already exists",
			       fc_database_name(database), text);
	}
	return FC_OK;
}

enum fc_status fc_pg_delete(struct fc_gallery_txn *base, enum fc_database database,
			    const struct fc_key *key, struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	const struct fc_pg_table *table = fc_pg_table_of(database, key);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	txn->ahead.result = NULL;
	if (!table) {
		return fail_unstored(database, err);
	}
	if (table->of != 0) {
		return FC_OK;
	}
	fc_buffer_printf(&text, "DELETE FROM %s", table->name);
	FC_TRY(put_key(&text, &params, table, key, err));
	FC_TRY(fc_pg_query(txn, &text, &params, &result, err));
	return fc_pg_changed(result) > 0 ? FC_OK : fail_missing(database, key, err);
}

enum fc_status fc_pg_delete_all(struct fc_gallery_txn *base, enum fc_database database,
				const struct fc_key *prefix, struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	const struct fc_pg_table *table = fc_pg_table_of(database, NULL);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	size_t parts;
	txn->ahead.result = NULL;
	if (!table || table->of != 0) {
		return FC_OK;
	}
	fc_buffer_printf(&text, "DELETE FROM %s", table->name);
	FC_TRY(fc_pg_put_prefix(&text, &params, table, prefix, &parts, err));
	return fc_pg_query(txn, &text, &params, &result, err);
}
