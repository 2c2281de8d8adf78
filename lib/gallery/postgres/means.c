/* Reads the means of a space from the server. */
/* SPDX-License-Identifier: MIT */
#include "gallery/postgres/means.h"

#include <stdlib.h>

#include "base/memory.h"
#include "gallery/rows/record.h"

enum { PAGE = 4096 };

/* Columns: id, then those of the record, then the template of its face. */
static enum fc_status decode(struct fc_pg_txn *txn, const PGresult *page, int row,
			     uint32_t dimension, struct fc_mean *out, struct fc_error *err)
{
	const struct fc_key key = { 0 };
	const struct fc_pg_column *columns = fc_pg_table_of(FC_DB_MEAN, &key)->columns;
	struct fc_buffer *buffer = fc_pg_next_payload(txn);
	out->id = (uint64_t)fc_pg_int(page, row, 0);
	bool is_read = fc_pg_get_payload(page, row, 1, columns, buffer);
	if (!fc_buffer_ok(buffer)) {
		return fc_fail_memory(err);
	}
	struct fc_reader reader = fc_reader_of(buffer->data, buffer->length);
	is_read = is_read && fc_record_get_mean(&reader, out) == FC_OK;
	int at = 1 + (int)fc_pg_column_count(columns);
	size_t length = (size_t)PQgetlength(page, row, at);
	if (is_read && out->face != 0 && length % sizeof(float) == 0 &&
	    length <= sizeof(out->vector)) {
		out->dimension = (uint32_t)(length / sizeof(float));
		fc_record_copy_floats(out->vector, (const uint8_t *)PQgetvalue(page, row, at),
				      out->dimension);
	}
	return is_read && out->dimension == dimension
		       ? FC_OK
		       : fc_fail(err, FC_DAMAGED, "gallery '%s' is damaged: mean %llu is invalid",
				 txn->connection.name, (unsigned long long)out->id);
}

enum fc_status fc_pg_means_each(struct fc_pg_txn *txn, uint32_t space, uint32_t dimension,
				uint64_t after, fc_pg_mean_visit *visit, void *context,
				struct fc_error *err)
{
	static const char statement[] =
		"SELECT m.id, m.pid, m.face, m.templates, m.sums, f.template FROM means m "
		"LEFT JOIN faces f ON f.space = m.space AND f.id = m.face "
		"WHERE m.space = $1 AND m.id > $2 ORDER BY m.id LIMIT 4096";
	FC_CLEANUP(fc_free) struct fc_mean *mean = malloc(sizeof(*mean));
	if (!mean) {
		return fc_fail_memory(err);
	}
	for (int found = PAGE; found == PAGE;) {
		FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
		FC_CLEANUP(fc_pg_clear) PGresult *page = NULL;
		fc_pg_add_int8(&params, space);
		fc_pg_add_int8(&params, (int64_t)after);
		FC_TRY(fc_pg_run(&txn->connection, statement, &params, &page, err));
		found = PQntuples(page);
		for (int row = 0; row < found; row++) {
			FC_TRY(decode(txn, page, row, dimension, mean, err));
			after = mean->id;
			FC_TRY(visit(context, mean, err));
		}
	}
	return FC_OK;
}
