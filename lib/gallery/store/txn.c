/* Transactions for reading, and for writing with a map that grows when it is full. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "gallery/store/env.h"
#include "gallery/store/reserve.h"
#include "gallery/store/store.h"

/*
 * Bytes by which a change that removes at least as much as it adds may exceed the size limit, because it needs new pages before it frees
 * others.
 */
static const uint64_t deleting_reserve = UINT64_C(16) << 20;

/* ---- begin and end ---- */

/* MDB_MAP_RESIZED: try again. */
static int begin_once(struct fc_gallery *gallery, unsigned flags, MDB_txn **out)
{
	int dead;
	int code = fc_guarded_begin(&gallery->guard, gallery->env, flags, out);
	if (code == MDB_MAP_RESIZED && gallery->reads == 0) {
		code = mdb_env_set_mapsize(gallery->env, 0);
		return code == 0 ? MDB_MAP_RESIZED : code;
	}
	if (code == MDB_READERS_FULL) {
		code = mdb_reader_check(gallery->env, &dead);
		return code == 0 ? (dead == 0 ? MDB_READERS_FULL : MDB_MAP_RESIZED) : code;
	}
	return code;
}

/* Take the snapshot that a transaction reads, or from which it starts. */
static int take_snapshot(struct fc_gallery_txn *txn)
{
	struct fc_gallery *gallery = txn->gallery;
	MDB_envinfo info;
	FC_IGNORE(mdb_env_info(gallery->env, &info));
	if (info.me_mapsize > gallery->pages.length && gallery->reads == 0) {
		int code = fc_pages_resize(&gallery->pages, info.me_mapsize);
		fc_guard_mapping(&gallery->guard, gallery->pages.base, gallery->pages.length);
		if (code != 0) {
			return code;
		}
	}
	uint64_t number = mdb_txn_id(txn->handle) - txn->writes;
	int code = fc_snapshot_take(&gallery->pages, number, &txn->snapshot);
	return code == 0 && txn->writes ? fc_snapshot_check_lists(&txn->snapshot) : code;
}

enum fc_status fc_lmdb_begin(struct fc_gallery_txn *txn, struct fc_error *err)
{
	struct fc_gallery *gallery = txn->gallery;
	int code = MDB_MAP_RESIZED;
	for (int tries = 0; tries < 10 && code == MDB_MAP_RESIZED; tries++) {
		code = begin_once(gallery, txn->writes ? 0 : MDB_RDONLY, &txn->handle);
		if (code == 0) {
			code = take_snapshot(txn);
			if (code != 0) {
				fc_lmdb_abort(txn);
			}
			/* Two changes were committed between the two steps. */
			code = code == MDB_BAD_TXN && !txn->writes ? MDB_MAP_RESIZED : code;
		} else {
			txn->handle = NULL;
		}
	}
	if (code == MDB_MAP_RESIZED) {
		return fc_fail(err, FC_BUSY, "gallery '%s' keeps changing: try again",
			       fc_store_path(gallery));
	}
	return code ? fc_lmdb_fail(gallery, code, err) : FC_OK;
}

void fc_lmdb_abort(struct fc_gallery_txn *txn)
{
	if (txn->handle && !txn->gallery->guard.broken) {
		mdb_txn_abort(txn->handle);
	}
	txn->handle = NULL;
	fc_snapshot_release(&txn->gallery->pages, &txn->snapshot);
}

enum fc_status fc_lmdb_tree(struct fc_gallery_txn *txn, enum fc_database database,
			    const struct fc_tree **out, struct fc_error *err)
{
	const char *name = fc_database_name(database);
	struct fc_tree *tree = &txn->trees[database];
	int code = txn->tree_known[database] ? 0 : fc_snapshot_tree(&txn->snapshot, name, tree);
	if (code == MDB_NOTFOUND) {
		return fc_fail(err, FC_DAMAGED,
			       "'%s/" FC_DATA_FILE "' is damaged or not a gallery: it has no "
			       "database '%s'",
			       fc_store_path(txn->gallery), name);
	}
	if (code != 0) {
		return fc_lmdb_fail_in(txn, code, err);
	}
	txn->tree_known[database] = true;
	*out = tree;
	return FC_OK;
}

/* Detect program errors that would otherwise damage the gallery. */
static enum fc_status check_use(const struct fc_gallery *gallery, bool writes, struct fc_error *err)
{
	const char *mistake = NULL;
	if (gallery->opener != getpid()) {
		mistake = "used after fork";
	} else if (!gallery->env) {
		mistake = "used while suspended";
	} else if (gallery->writes) {
		mistake = "a transaction inside a change";
	} else if (writes && gallery->reads > 0) {
		mistake = "a change while a read is open";
	} else if (writes && gallery->mode == FC_GALLERY_READ) {
		mistake = "a change to a gallery opened for reading";
	}
	return mistake ? fc_fail(err, FC_INTERNAL, "gallery '%s': %s", fc_store_path(gallery),
				 mistake)
		       : FC_OK;
}

enum fc_status fc_gallery_begin_read(struct fc_gallery *gallery, struct fc_gallery_txn **out,
				     struct fc_error *err)
{
	if (gallery->engine) {
		return gallery->engine->begin_read(gallery, out, err);
	}
	FC_TRY(check_use(gallery, false, err));
	FC_CLEANUP(fc_free) struct fc_gallery_txn *txn = calloc(1, sizeof(*txn));
	if (!txn) {
		return fc_fail_memory(err);
	}
	txn->gallery = gallery;
	FC_TRY(fc_lmdb_begin(txn, err));
	gallery->reads++;
	*out = FC_STEAL(txn);
	return FC_OK;
}

void fc_gallery_end_read(struct fc_gallery_txn *txn)
{
	if (txn && txn->engine) {
		txn->engine->end_read(txn);
		return;
	}
	if (txn) {
		txn->gallery->reads--;
		fc_lmdb_abort(txn);
		free(txn);
	}
}

/* ---- writing ---- */

/* Writing to a data file that was removed or replaced succeeds, but the change is lost. */
static enum fc_status check_in_place(const struct fc_gallery *gallery, struct fc_error *err)
{
	struct stat named, open_file;
	const char *path = fc_store_path(gallery);
	bool is_named =
		fstatat(gallery->directory.fd, FC_DATA_FILE, &named, AT_SYMLINK_NOFOLLOW) == 0;
	if (!is_named && errno == ENOENT) {
		return fc_fail(err, FC_GALLERY_LOST,
			       "gallery '%s' was removed while it was in use, and what this run "
			       "stored is lost: restore it from a backup, or start a new one",
			       path);
	}
	if (!is_named || fstat(gallery->pages.fd, &open_file) != 0 ||
	    (named.st_dev == open_file.st_dev && named.st_ino == open_file.st_ino)) {
		return FC_OK;
	}
	return fc_fail(err, FC_GALLERY_LOST,
		       "'%s/" FC_DATA_FILE "' was replaced while it was in use, and what this run "
		       "stored is not in the new file: run the command again",
		       path);
}

static enum fc_status write_once(struct fc_gallery_txn *txn, fc_gallery_change *change,
				 void *context, struct fc_error *err)
{
	FC_TRY(fc_lmdb_begin(txn, err));
	txn->gallery->writes = true;
	enum fc_status status = change(txn, context, err);
	txn->gallery->writes = false;
	if (status == FC_OK) {
		status = check_in_place(txn->gallery, err);
	}
	if (status == FC_OK) {
		int code = fc_guarded_commit(&txn->gallery->guard, txn->handle);
		txn->handle = NULL;
		txn->map_full = txn->map_full || code == MDB_MAP_FULL;
		status = code ? fc_lmdb_fail_in(txn, code, err) : FC_OK;
	}
	fc_lmdb_abort(txn);
	return status;
}

/* As a nested transaction of LMDB. */
enum fc_status fc_gallery_attempt(struct fc_gallery_txn *txn, fc_gallery_change *change,
				  void *context, struct fc_error *err)
{
	if (txn->engine) {
		return txn->engine->attempt(txn, change, context, err);
	}
	struct fc_gallery *gallery = txn->gallery;
	MDB_txn *whole = txn->handle;
	int64_t balance = txn->balance;
	int code = fc_guarded_begin_nested(&gallery->guard, gallery->env, whole, &txn->handle);
	if (code != 0) {
		txn->handle = whole;
		return fc_lmdb_fail(gallery, code, err);
	}
	enum fc_status status = change(txn, context, err);
	MDB_txn *part = txn->handle;
	txn->handle = whole;
	if (gallery->guard.broken) {
		return status;
	}
	if (status != FC_OK) {
		mdb_txn_abort(part);
		/* The balance is needed to decide how far a map that was too small may grow. */
		txn->balance = txn->map_full ? txn->balance : balance;
		return status;
	}
	code = fc_guarded_commit(&gallery->guard, part);
	txn->map_full = txn->map_full || code == MDB_MAP_FULL;
	return code ? fc_lmdb_fail(gallery, code, err) : FC_OK;
}

static void find_oldest(const struct fc_gallery_user *user, void *context)
{
	struct fc_gallery_user *oldest = context;
	if (!user->writes && user->behind > oldest->behind) {
		*oldest = *user;
	}
}

/*
 * The reader of another process that keeps most of the file from being reused; `behind` is 0 if there is none. A change that needs such
 * pages lets the file grow, without limit if the reader was stopped.
 */
static enum fc_status find_obstacle(struct fc_gallery *gallery, struct fc_gallery_user *out,
				    struct fc_error *err)
{
	struct fc_gallery_txn txn = { .gallery = gallery };
	struct fc_gallery_user oldest = { 0 };
	uint64_t free_pages = 0;
	int dead;
	FC_IGNORE(mdb_reader_check(gallery->env, &dead));
	fc_gallery_each_user(gallery, find_oldest, &oldest);
	*out = (struct fc_gallery_user){ 0 };
	if (oldest.behind == 0) {
		return FC_OK;
	}
	FC_TRY(fc_lmdb_begin(&txn, err));
	int code = fc_snapshot_count_free(&txn.snapshot, &free_pages);
	if (code == 0 && free_pages > txn.snapshot.pages / 2) {
		*out = oldest;
	}
	fc_lmdb_abort(&txn);
	return code ? fc_lmdb_fail(gallery, code, err) : FC_OK;
}

/* Wait until the file can be reused. *waited: it can, and the map need not grow. */
static enum fc_status wait_for_readers(struct fc_gallery *gallery, bool *waited,
				       struct fc_error *err)
{
	int64_t deadline = fc_clock_monotonic_ms() + gallery->lock_timeout;
	struct fc_gallery_user obstacle;
	for (*waited = false;; *waited = true) {
		FC_TRY(find_obstacle(gallery, &obstacle, err));
		if (obstacle.behind == 0) {
			return FC_OK;
		}
		if (fc_clock_monotonic_ms() >= deadline) {
			return fc_fail(err, FC_BUSY,
				       "gallery '%s' would grow although most of its file is free, "
				       "because process %ld reads a state of %llu changes ago: "
				       "continue or end it",
				       fc_store_path(gallery), obstacle.process,
				       (unsigned long long)obstacle.behind);
		}
		FC_IGNORE(usleep(2000));
	}
}

/* Double the map. If the change adds more than it removes, the size limit applies. No transaction may be open. */
static enum fc_status grow(struct fc_gallery *gallery, bool adds, struct fc_error *err)
{
	MDB_envinfo info;
	int dead;
	FC_IGNORE(mdb_env_info(gallery->env, &info));
	uint64_t limit = gallery->maximum_bytes;
	if (!adds && limit < info.me_mapsize + deleting_reserve) {
		limit = info.me_mapsize + deleting_reserve;
	}
	if (info.me_mapsize >= limit) {
		return fc_lmdb_fail(gallery, MDB_MAP_FULL, err);
	}
	uint64_t size = (uint64_t)info.me_mapsize * 2 < limit ? info.me_mapsize * 2 : limit;
	FC_IGNORE(mdb_reader_check(gallery->env, &dead));
	int code = mdb_env_set_mapsize(gallery->env, size);
	return code ? fc_lmdb_fail(gallery, code, err) : FC_OK;
}

static enum fc_status write_until_it_fits(struct fc_gallery *gallery, fc_gallery_change *change,
					  void *context, struct fc_error *err)
{
	for (;;) {
		struct fc_gallery_txn txn = { .gallery = gallery, .writes = true };
		enum fc_status status = write_once(&txn, change, context, err);
		bool adds = txn.balance > 0;
		if (txn.map_full && status != FC_OK) {
			bool waited;
			FC_TRY(wait_for_readers(gallery, &waited, err));
			FC_TRY(waited ? FC_OK : grow(gallery, adds, err));
		} else if (status != FC_FULL || adds || !fc_reserve_release(&gallery->directory)) {
			return status;
		}
	}
}

enum fc_status fc_gallery_write(struct fc_gallery *gallery, fc_gallery_change *change,
				void *context, struct fc_error *err)
{
	if (gallery->engine) {
		return gallery->engine->write(gallery, change, context, err);
	}
	FC_TRY(check_use(gallery, true, err));
	FC_TRY(fc_write_lock_take(&gallery->write_lock, fc_store_path(gallery),
				  gallery->lock_timeout, err));
	enum fc_status status = write_until_it_fits(gallery, change, context, err);
	if (status == FC_OK) {
		status = check_in_place(gallery, err);
	}
	uint64_t bytes;
	if (status == FC_OK && fc_store_bytes(gallery, &bytes, NULL) == FC_OK) {
		fc_reserve_keep(&gallery->directory, bytes);
	}
	fc_write_lock_release(&gallery->write_lock);
	return status;
}

struct rehearsal {
	fc_gallery_change *change;
	void *context;
	bool succeeded;
};

/* Run the change and then return an error, so that it is rolled back. */
static enum fc_status rehearse(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct rehearsal *rehearsal = context;
	FC_TRY(rehearsal->change(txn, rehearsal->context, err));
	rehearsal->succeeded = true;
	return FC_PARTIAL;
}

enum fc_status fc_gallery_rehearse(struct fc_gallery *gallery, fc_gallery_change *change,
				   void *context, struct fc_error *err)
{
	struct rehearsal rehearsal = { .change = change, .context = context };
	enum fc_status status = fc_gallery_write(gallery, rehearse, &rehearsal, err);
	return status == FC_PARTIAL && rehearsal.succeeded ? FC_OK : status;
}
