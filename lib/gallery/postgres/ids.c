/* Ids that are never used twice, and the partitions of the log. */
/* SPDX-License-Identifier: MIT */
#include <time.h>

#include "base/memory.h"
#include "gallery/postgres/server.h"

static const char *const sequences[FC_ID_KINDS] = {
	[FC_ID_SPACE] = "space_ids",   [FC_ID_FACE] = "face_ids", [FC_ID_ENTRY] = "entry_ids",
	[FC_ID_ORIGIN] = "origin_ids", [FC_ID_MEAN] = "mean_ids",
};

static enum fc_status get_number(struct fc_pg_txn *txn, const char *before, const char *name,
				 const char *after, uint64_t *out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	fc_buffer_printf(&text, "%s%s%s", before, name, after);
	FC_TRY(fc_pg_query(txn, &text, NULL, &result, err));
	*out = (uint64_t)fc_pg_int(result, 0, 0);
	return FC_OK;
}

/*
 * Only one process at a time adds entries, from its first one to its commit. So ids of entries ascend in the order of commits, and a reader
 * who asks for entries after the last id that it saw misses none.
 */
static enum fc_status lock_log(struct fc_pg_txn *txn, struct fc_error *err)
{
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	if (!txn->log_locked) {
		FC_TRY(fc_pg_run(&txn->connection,
				 "SELECT pg_advisory_xact_lock(hashtextextended('facectl:log', 0))",
				 NULL, &result, err));
		txn->log_locked = true;
	}
	return FC_OK;
}

enum fc_status fc_pg_next_id(struct fc_gallery_txn *base, enum fc_id_kind kind, uint64_t *out,
			     struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	if (kind == FC_ID_ENTRY) {
		FC_TRY(lock_log(txn, err));
	}
	return get_number(txn, "SELECT nextval('facectl.", sequences[kind], "')", out, err);
}

enum fc_status fc_pg_peek_id(struct fc_gallery_txn *base, enum fc_id_kind kind, uint64_t *out,
			     struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	if (kind == FC_ID_ENTRY) {
		/* The sequence also counts entries of changes that are not committed. */
		return get_number(txn, "SELECT coalesce(max(id), 0) + 1 FROM entries", "", "", out,
				  err);
	}
	return get_number(
		txn, "SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM ",
		sequences[kind], "", out, err);
}

enum fc_status fc_pg_ensure_month(struct fc_pg_txn *txn, int64_t created, struct fc_error *err)
{
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(txn->base.gallery);
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	time_t seconds = (time_t)(created / 1000000 - (created % 1000000 < 0));
	struct tm parts;
	if (!gmtime_r(&seconds, &parts)) {
		return FC_OK; /* it goes to the partition for other times */
	}
	int64_t month = (int64_t)parts.tm_year * 12 + parts.tm_mon;
	if (month == gallery->month || month == txn->month) {
		return FC_OK;
	}
	txn->month = month;
	fc_pg_add_time(&params, created);
	FC_TRY(fc_pg_run(&txn->connection, "SELECT FROM ensure_month($1)", &params, &result, err));
	return FC_OK;
}
