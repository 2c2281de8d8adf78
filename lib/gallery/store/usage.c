/* LMDB's pages and readers. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "gallery/store/env.h"
#include "gallery/store/store.h"

struct users {
	uint64_t transaction; /* the last committed one */
	fc_gallery_user_visit *visit;
	void *context;
};

/* A line of LMDB's list: process, thread, transaction ("-": none). The first line is a heading. */
static int visit_reader(const char *line, void *context)
{
	const struct users *users = context;
	struct fc_gallery_user user = { 0 };
	unsigned long long transaction;
	if (sscanf(line, "%ld %*s %llu", &user.process, &transaction) == 2 &&
	    user.process != getpid() && transaction <= users->transaction) {
		user.behind = users->transaction - transaction;
		users->visit(&user, users->context);
	}
	return 0;
}

void fc_gallery_each_user(struct fc_gallery *gallery, fc_gallery_user_visit *visit, void *context)
{
	if (gallery->engine) {
		return; /* they are on other machines */
	}
	struct users users = { .visit = visit, .context = context };
	const struct fc_gallery_user writer = {
		.process = fc_write_lock_holder(&gallery->write_lock),
		.writes = true,
	};
	MDB_envinfo info;
	if (writer.process > 0) {
		visit(&writer, context);
	}
	FC_IGNORE(mdb_env_info(gallery->env, &info));
	users.transaction = info.me_last_txnid;
	FC_IGNORE(mdb_reader_list(gallery->env, visit_reader, &users));
}

static void count_reader(const struct fc_gallery_user *user, void *context)
{
	uint64_t *readers = context;
	*readers += !user->writes;
}

enum fc_status fc_store_usage(struct fc_gallery_txn *txn, struct fc_store_usage *out,
			      struct fc_error *err)
{
	if (txn->engine) {
		*out = (struct fc_store_usage){ 0 };
		return FC_OK;
	}
	struct fc_gallery *gallery = txn->gallery;
	struct fc_store_usage usage = { .page_bytes = gallery->page_size,
					.maximum_bytes = gallery->maximum_bytes };
	MDB_envinfo info;
	int code = fc_snapshot_count_free(&txn->snapshot, &usage.free_pages);
	if (code != 0) {
		return fc_lmdb_fail_in(txn, code, err);
	}
	FC_IGNORE(mdb_env_info(gallery->env, &info));
	fc_gallery_each_user(gallery, count_reader, &usage.readers);
	usage.pages = (uint64_t)info.me_last_pgno + 1;
	usage.map_bytes = info.me_mapsize;
	usage.transaction = info.me_last_txnid;
	usage.readers_maximum = info.me_maxreaders;
	*out = usage;
	return FC_OK;
}

enum fc_status fc_store_database_usage(struct fc_gallery_txn *txn, enum fc_database database,
				       uint64_t *records, uint64_t *bytes, struct fc_error *err)
{
	if (txn->engine) {
		*bytes = 0;
		return fc_store_count(txn, database, records, err);
	}
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
