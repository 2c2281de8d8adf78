/* Queries of the log of entries, as SQL: PostgreSQL chooses the index. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/entry_query.h"

#include <string.h>

#include "gallery/postgres/server.h"
#include "gallery/rows/record.h"

enum { PAGE_FIRST = 64, PAGE_MAXIMUM = 1024 };

struct statement {
	struct fc_buffer text;
	struct fc_pg_params params;
	bool has_condition;
};

static void statement_release(struct statement *statement)
{
	fc_buffer_release(&statement->text);
	fc_pg_params_release(&statement->params);
}

/* " WHERE" or " AND" and a condition in which $ is the last parameter. */
static void put_condition(struct statement *statement, const char *condition)
{
	const char *place = strchr(condition, '$');
	fc_buffer_printf(&statement->text, "%s%.*s$%d%s",
			 statement->has_condition ? " AND " : " WHERE ", (int)(place - condition),
			 condition, statement->params.count, place + 1);
	statement->has_condition = true;
}

static void put_time(struct statement *statement, const char *condition, int64_t time)
{
	fc_pg_add_time(&statement->params, time);
	put_condition(statement, condition);
}

static void put_number(struct statement *statement, const char *condition, int64_t number)
{
	fc_pg_add_int8(&statement->params, number);
	put_condition(statement, condition);
}

static void put_lists(struct statement *statement, const struct fc_entry_query *query)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer pids = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer origins = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer spaces = { 0 };
	for (size_t i = 0; i < query->pid_count; i++) {
		fc_pg_array_item(&pids, query->pids[i].bytes, sizeof(query->pids[i].bytes));
	}
	for (size_t i = 0; i < query->origin_count; i++) {
		fc_pg_array_item(&origins, query->origins[i], strlen(query->origins[i]));
	}
	for (size_t i = 0; i < query->space_count; i++) {
		const uint32_t space = query->spaces[i];
		const uint8_t bytes[8] = { [4] = (uint8_t)(space >> 24),
					   (uint8_t)(space >> 16),
					   (uint8_t)(space >> 8),
					   (uint8_t)space };
		fc_pg_array_item(&spaces, bytes, sizeof(bytes));
	}
	if (query->pid_count > 0) {
		fc_pg_add_array(&statement->params, FC_PG_OID_UUID_ARRAY, FC_PG_OID_UUID, &pids,
				query->pid_count);
		put_condition(statement, "pid = ANY ($)");
	}
	if (query->origin_count > 0) {
		fc_pg_add_array(&statement->params, FC_PG_OID_TEXT_ARRAY, FC_PG_OID_TEXT, &origins,
				query->origin_count);
		put_condition(statement, "origin = ANY ($)");
	}
	if (query->space_count > 0) {
		fc_pg_add_array(&statement->params, FC_PG_OID_INT8_ARRAY, FC_PG_OID_INT8, &spaces,
				query->space_count);
		put_condition(statement, "space = ANY ($)");
	}
}

static void put_query(struct statement *statement, const struct fc_entry_query *query)
{
	const struct {
		unsigned bits;
		const char *condition;
	} choices[] = {
		{ query->results, "($ >> result) & 1 = 1" },
		{ query->sexes, "($ >> sex) & 1 = 1" },
		{ query->moods, "($ >> mood) & 1 = 1" },
		{ query->livenesses, "($ >> liveness) & 1 = 1" },
	};
	put_lists(statement, query);
	if (query->has_since) {
		put_time(statement, "created >= $", query->since);
	}
	if (query->has_until) {
		put_time(statement, "created < $", query->until);
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(choices); i++) {
		if (choices[i].bits != 0) {
			put_number(statement, choices[i].condition, choices[i].bits);
		}
	}
	if (query->has_age_from) {
		put_number(statement, "age >= $", query->age_from);
	}
	if (query->has_age_to) {
		put_number(statement, "age <= $", query->age_to);
	}
	if (query->has_photo) {
		fc_pg_add(&statement->params, FC_PG_OID_BYTEA, query->photo.bytes,
			  sizeof(query->photo.bytes));
		put_condition(statement, "photo = $");
	}
}

/* Where the next page begins. */
struct place {
	bool by_id; /* in order of ids; otherwise by time */
	bool has_last;
	int64_t created;
	uint64_t id;
};

static enum fc_status read_page(struct fc_pg_txn *txn, const struct fc_entry_query *query,
				const struct place *place, uint64_t offset, int rows,
				PGresult **out, struct fc_error *err)
{
	FC_CLEANUP(statement_release) struct statement statement = { 0 };
	const struct fc_key key = { 0 };
	const struct fc_pg_table *table = fc_pg_table_of(FC_DB_ENTRY, &key);
	fc_buffer_append_text(&statement.text, "SELECT id, ");
	fc_pg_put_names(&statement.text, "", table->columns);
	fc_buffer_append_text(&statement.text, " FROM entries");
	put_query(&statement, query);
	const char *comparison = query->oldest_first ? ">" : "<";
	if (place->by_id) {
		put_number(&statement, "id > $", (int64_t)place->id);
		fc_buffer_append_text(&statement.text, " ORDER BY id");
	} else {
		if (place->has_last) {
			fc_pg_add_time(&statement.params, place->created);
			fc_pg_add_int8(&statement.params, (int64_t)place->id);
			fc_buffer_printf(&statement.text, "%s(created, id) %s ($%d, $%d)",
					 statement.has_condition ? " AND " : " WHERE ", comparison,
					 statement.params.count - 1, statement.params.count);
		}
		fc_buffer_append_text(&statement.text, query->oldest_first
							       ? " ORDER BY created, id"
							       : " ORDER BY created DESC, id DESC");
	}
	fc_buffer_printf(&statement.text, " LIMIT %d", rows);
	if (offset > 0) {
		fc_buffer_printf(&statement.text, " OFFSET %llu", (unsigned long long)offset);
	}
	return fc_pg_query(txn, &statement.text, &statement.params, out, err);
}

static enum fc_status decode(struct fc_pg_txn *txn, const PGresult *page, int row,
			     struct fc_entry *out, struct fc_error *err)
{
	const struct fc_key key = { 0 };
	struct fc_buffer *buffer = fc_pg_next_payload(txn);
	bool is_read =
		fc_pg_get_payload(page, row, 1, fc_pg_table_of(FC_DB_ENTRY, &key)->columns, buffer);
	if (!fc_buffer_ok(buffer)) {
		return fc_fail_memory(err);
	}
	struct fc_reader reader = fc_reader_of(buffer->data, buffer->length);
	out->id = (uint64_t)fc_pg_int(page, row, 0);
	enum fc_status status = is_read ? fc_record_get_entry(&reader, out) : FC_DAMAGED;
	return status == FC_NO_MEMORY ? fc_fail_memory(err)
	       : status == FC_OK
		       ? FC_OK
		       : fc_fail(err, FC_DAMAGED, "gallery '%s' is damaged: entry %llu is invalid",
				 txn->connection.name, (unsigned long long)out->id);
}

enum fc_status fc_pg_entry_each(struct fc_gallery_txn *base, const struct fc_entry_query *query,
				uint64_t offset, const uint64_t *after,
				bool (*visit)(const struct fc_entry *entry, void *context),
				void *context, struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	struct place place = { .by_id = after != NULL, .id = after ? *after : 0 };
	for (int rows = PAGE_FIRST;; rows = rows < PAGE_MAXIMUM ? rows * 4 : rows) {
		FC_CLEANUP(fc_pg_clear) PGresult *page = NULL;
		FC_TRY(read_page(txn, query, &place, offset, rows, &page, err));
		int found = PQntuples(page);
		for (int row = 0; row < found; row++) {
			FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
			FC_TRY(decode(txn, page, row, &entry, err));
			place.has_last = true;
			place.created = entry.created;
			place.id = entry.id;
			if (!visit(&entry, context)) {
				return FC_OK;
			}
		}
		if (found < rows) {
			return FC_OK;
		}
		offset = 0;
	}
}

enum fc_status fc_pg_entry_count(struct fc_gallery_txn *base, const struct fc_entry_query *query,
				 uint64_t *out, struct fc_error *err)
{
	FC_CLEANUP(statement_release) struct statement statement = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	fc_buffer_append_text(&statement.text, "SELECT count(*) FROM entries");
	put_query(&statement, query);
	FC_TRY(fc_pg_query(fc_pg_txn_of(base), &statement.text, &statement.params, &result, err));
	*out = (uint64_t)fc_pg_int(result, 0, 0);
	return FC_OK;
}
