/* LMDB's pages and readers. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gallery/store/env.h"
#include "gallery/store/store.h"

/* LMDB keeps its free pages in database 0: lists of page numbers that begin with their count (mdb.c, FREE_DBI). */
enum { FREE_DATABASE = 0 };

static enum fc_status count_free_pages(struct fc_gallery_txn *txn, uint64_t *out,
				       struct fc_error *err)
{
	struct fc_gallery *gallery = txn->gallery;
	MDB_cursor *cursor;
	MDB_val key, value;
	int code = fc_guarded_cursor(&gallery->guard, txn->handle, FREE_DATABASE, &cursor);
	if (code != 0) {
		return fc_lmdb_fail(gallery, code, err);
	}
	*out = 0;
	while ((code = fc_guarded_step(&gallery->guard, cursor, &key, &value, MDB_NEXT)) == 0) {
		size_t count = 0;
		memcpy(&count, value.mv_data,
		       value.mv_size < sizeof(count) ? value.mv_size : sizeof(count));
		*out += count;
	}
	if (!gallery->guard.broken) {
		mdb_cursor_close(cursor);
	}
	return code == MDB_NOTFOUND ? FC_OK : fc_lmdb_fail(gallery, code, err);
}

struct readers {
	long self;
	uint64_t others;
};

/* Count the reader on a line of LMDB's list: process, thread, transaction. The first line is a heading. */
static int count_reader(const char *line, void *context)
{
	struct readers *readers = context;
	long process = strtol(line, NULL, 10);
	readers->others += process > 0 && process != readers->self;
	return 0;
}

enum fc_status fc_store_usage(struct fc_gallery_txn *txn, struct fc_store_usage *out,
			      struct fc_error *err)
{
	struct fc_gallery *gallery = txn->gallery;
	struct readers readers = { .self = getpid() };
	struct fc_store_usage usage = { .page_bytes = gallery->page_size,
					.maximum_bytes = gallery->maximum_bytes };
	MDB_envinfo info;
	FC_TRY(count_free_pages(txn, &usage.free_pages, err));
	FC_IGNORE(mdb_env_info(gallery->env, &info));
	FC_IGNORE(mdb_reader_list(gallery->env, count_reader, &readers));
	usage.pages = (uint64_t)info.me_last_pgno + 1;
	usage.map_bytes = info.me_mapsize;
	usage.transaction = info.me_last_txnid;
	usage.readers = readers.others;
	usage.readers_maximum = info.me_maxreaders;
	*out = usage;
	return FC_OK;
}

enum fc_status fc_store_database_usage(struct fc_gallery_txn *txn, enum fc_database database,
				       uint64_t *records, uint64_t *bytes, struct fc_error *err)
{
	MDB_stat stat;
	int code = fc_guarded_stat(&txn->gallery->guard, txn->handle,
				   txn->gallery->databases[database], &stat);
	if (code != 0) {
		return fc_lmdb_fail(txn->gallery, code, err);
	}
	*records = stat.ms_entries;
	*bytes = ((uint64_t)stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages) *
		 txn->gallery->page_size;
	return FC_OK;
}
