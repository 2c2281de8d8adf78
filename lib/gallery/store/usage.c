/* LMDB's pages and readers. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <unistd.h>

#include "gallery/store/env.h"
#include "gallery/store/store.h"

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
	int code = fc_snapshot_count_free(&txn->snapshot, &usage.free_pages);
	if (code != 0) {
		return fc_lmdb_fail_in(txn, code, err);
	}
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
	const struct fc_tree *tree;
	FC_TRY(fc_lmdb_tree(txn, database, &tree, err));
	*records = tree->entries;
	*bytes = tree->pages * txn->gallery->page_size;
	return FC_OK;
}

enum fc_status fc_store_digest(const struct fc_gallery *gallery, struct fc_sha256 *out,
			       struct fc_error *err)
{
	return fc_sha256_of_file(gallery->pages.fd, fc_store_path(gallery), out, err);
}
