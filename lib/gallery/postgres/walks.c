/*
 * Walks over records in order of their keys, a page of rows at a time. Every page is a statement of its own that begins after the last row
 * of the page before, so that any number of walks and other statements can alternate.
 */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/postgres/server.h"

enum { PAGE_FIRST = 16, PAGE_MAXIMUM = 512 };

struct walk {
	const struct fc_pg_table *table;
	const struct fc_pg_table
		*record; /* that of the records to which an index refers; NULL: not read */
	PGresult *page;
	int row, rows, page_rows;
	struct fc_key last; /* of the last row that was returned */
	bool has_last;
};

void fc_pg_cursor_release(struct fc_store_cursor *cursor)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(cursor->txn);
	struct walk *walk = cursor->cursor;
	if (walk) {
		if (txn->ahead.result == walk->page) {
			txn->ahead.result = NULL;
		}
		PQclear(walk->page);
		free(walk);
	}
	cursor->cursor = NULL;
}

static enum fc_status open_walk(struct fc_store_cursor *cursor, struct fc_error *err)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	if (!walk) {
		return fc_fail_memory(err);
	}
	walk->table = fc_pg_table_of(cursor->database, NULL);
	walk->page_rows = PAGE_FIRST;
	if (walk->table && walk->table->of != 0 && !fc_pg_txn_of(cursor->txn)->writes) {
		walk->record = fc_pg_table_of(walk->table->of, NULL);
	}
	cursor->cursor = walk;
	return FC_OK;
}

/* " AND (a, b) > ($3, $4)": rows on the other side of a key, in the direction of the walk. */
static void put_bound(struct fc_buffer *text, struct fc_pg_params *params,
		      const struct fc_pg_table *table, const struct fc_key *key,
		      const char *comparison)
{
	struct fc_reader rest;
	int first = params->count;
	size_t parts = fc_pg_add_key(params, table->keys, key, &rest);
	if (parts == 0) {
		return;
	}
	/* A byte after a whole key: the walk begins behind the row with this key. */
	if (rest.left > 0 && parts == fc_pg_column_count(table->keys) && comparison[0] == '>') {
		comparison = ">";
	}
	fc_buffer_append_text(text,
			      strstr((const char *)text->data, " WHERE ") ? " AND (" : " WHERE (");
	for (size_t i = 0; i < parts; i++) {
		fc_buffer_printf(text, "%s%s", i > 0 ? ", " : "", table->keys[i].name);
	}
	fc_buffer_printf(text, ") %s (", comparison);
	for (size_t i = 0; i < parts; i++) {
		fc_buffer_printf(text, "%s$%d", i > 0 ? ", " : "", first + (int)i + 1);
	}
	fc_buffer_append_text(text, ")");
}

static enum fc_status read_page(struct fc_store_cursor *cursor, struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(cursor->txn);
	struct walk *walk = cursor->cursor;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	size_t parts;
	if (txn->ahead.result == walk->page) {
		txn->ahead.result = NULL;
	}
	fc_pg_clear(&walk->page);
	fc_buffer_append_text(&text, "SELECT ");
	fc_pg_put_names(&text, "", walk->table->keys);
	const struct fc_pg_column *const more[] = { walk->table->columns,
						    walk->record ? walk->record->keys : NULL,
						    walk->record ? walk->record->columns : NULL };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(more); i++) {
		if (more[i] && fc_pg_column_count(more[i]) > 0) {
			fc_buffer_append_text(&text, ", ");
			fc_pg_put_names(&text, "", more[i]);
		}
	}
	fc_buffer_printf(&text, " FROM %s", walk->table->name);
	FC_TRY(fc_pg_put_prefix(&text, &params, walk->table, &cursor->prefix, &parts, err));
	if (!fc_buffer_text(&text)) {
		return fc_fail_memory(err);
	}
	if (walk->has_last) {
		put_bound(&text, &params, walk->table, &walk->last, cursor->backward ? "<" : ">");
	} else if (cursor->start.length > 0 && (cursor->start.length != cursor->prefix.length ||
						memcmp(cursor->start.bytes, cursor->prefix.bytes,
						       cursor->prefix.length) != 0)) {
		put_bound(&text, &params, walk->table, &cursor->start,
			  cursor->backward ? "<" : ">=");
	}
	/* Columns with one value are left out of the order, so that any index for the rest is used. */
	const struct fc_pg_column *key = &walk->table->keys[parts];
	for (const char *word = " ORDER BY "; key->kind != FC_PG_END; key++, word = ", ") {
		fc_buffer_printf(&text, "%s%s%s", word, key->name, cursor->backward ? " DESC" : "");
	}
	fc_buffer_printf(&text, " LIMIT %d", walk->page_rows);
	FC_TRY(fc_pg_query(txn, &text, &params, &walk->page, err));
	walk->row = 0;
	walk->rows = PQntuples(walk->page);
	return FC_OK;
}

/* Let the record that this row of an index refers to be found without another statement. */
static void note_record(struct fc_pg_txn *txn, const struct walk *walk)
{
	if (!walk->record) {
		return;
	}
	int at = (int)(fc_pg_column_count(walk->table->keys) +
		       fc_pg_column_count(walk->table->columns));
	txn->ahead.result = NULL;
	if (fc_pg_get_key(walk->page, walk->row, at, walk->record->keys, &txn->ahead.key)) {
		txn->ahead.database = walk->table->of;
		txn->ahead.result = walk->page;
		txn->ahead.row = walk->row;
		txn->ahead.first = at + (int)fc_pg_column_count(walk->record->keys);
	}
}

/* Make the next row the current one. FC_NOT_FOUND at the end. */
static enum fc_status step(struct fc_store_cursor *cursor, struct fc_error *err)
{
	struct walk *walk = cursor->cursor;
	if (walk->page && walk->row + 1 < walk->rows) {
		walk->row++;
		return FC_OK;
	}
	bool is_last = walk->page && walk->rows < walk->page_rows;
	if (walk->page && walk->page_rows < PAGE_MAXIMUM) {
		walk->page_rows *= 4;
	}
	if (!is_last) {
		FC_TRY(read_page(cursor, err));
	}
	cursor->ended = is_last || walk->rows == 0;
	return cursor->ended ? FC_NOT_FOUND : FC_OK;
}

static enum fc_status fail_invalid(struct fc_store_cursor *cursor, struct fc_error *err)
{
	const struct walk *walk = cursor->cursor;
	cursor->ended = true;
	return fc_fail(err, FC_DAMAGED,
		       "gallery '%s' is damaged: a row of '%s' has an invalid value",
		       fc_pg_txn_of(cursor->txn)->connection.name, walk->table->name);
}

enum fc_status fc_pg_next(struct fc_store_cursor *cursor, struct fc_key *key,
			  struct fc_reader *payload, struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(cursor->txn);
	if (!cursor->cursor) {
		FC_TRY(open_walk(cursor, err));
	}
	struct walk *walk = cursor->cursor;
	if (!walk->table || cursor->ended) {
		return FC_NOT_FOUND;
	}
	/* A start that ends inside a column selects more than it should. */
	do {
		FC_TRY(step(cursor, err));
		if (!fc_pg_get_key(walk->page, walk->row, 0, walk->table->keys, key)) {
			return fail_invalid(cursor, err);
		}
		walk->last = *key;
		walk->has_last = true;
	} while (!cursor->backward && fc_key_is_before(key, &cursor->start));
	struct fc_buffer *buffer = fc_pg_next_payload(txn);
	int first = (int)fc_pg_column_count(walk->table->keys);
	if (!fc_pg_get_payload(walk->page, walk->row, first, walk->table->columns, buffer)) {
		return fail_invalid(cursor, err);
	}
	note_record(txn, walk);
	*payload = fc_reader_of(buffer->data, buffer->length);
	cursor->steps++;
	return fc_buffer_ok(buffer) ? FC_OK : fc_fail_memory(err);
}
