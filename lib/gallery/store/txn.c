/* Transactions for reading, and for writing with a map that grows when it is full. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "gallery/store/env.h"
#include "gallery/store/store.h"

/*
 * Bytes by which a change that removes at least as much as it adds may exceed the size limit, because it needs new pages before it frees
 * others.
 */
static const uint64_t deleting_reserve = UINT64_C(16) << 20;

/* ---- begin and end ---- */

enum fc_status fc_lmdb_begin(struct fc_gallery *gallery, unsigned flags, MDB_txn **out,
			     struct fc_error *err)
{
	int code = 0;
	for (int tries = 0; tries < 10; tries++) {
		int dead;
		code = fc_guarded_begin(&gallery->guard, gallery->env, flags, out);
		if (code == MDB_MAP_RESIZED && gallery->reads == 0) {
			code = mdb_env_set_mapsize(gallery->env, 0);
		} else if (code == MDB_READERS_FULL) {
			code = mdb_reader_check(gallery->env, &dead);
			if (code == 0 && dead == 0) {
				code = MDB_READERS_FULL;
				break;
			}
		} else {
			break;
		}
		if (code != 0) {
			break;
		}
		code = MDB_MAP_RESIZED;
	}
	if (code == MDB_MAP_RESIZED) {
		return fc_fail(err, FC_BUSY, "gallery '%s' keeps growing: try again",
			       fc_store_path(gallery));
	}
	return code ? fc_lmdb_fail(gallery, code, err) : FC_OK;
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
	FC_TRY(check_use(gallery, false, err));
	FC_CLEANUP(fc_free) struct fc_gallery_txn *txn = calloc(1, sizeof(*txn));
	if (!txn) {
		return fc_fail_memory(err);
	}
	txn->gallery = gallery;
	FC_TRY(fc_lmdb_begin(gallery, MDB_RDONLY, &txn->handle, err));
	gallery->reads++;
	*out = FC_STEAL(txn);
	return FC_OK;
}

void fc_gallery_end_read(struct fc_gallery_txn *txn)
{
	if (txn) {
		txn->gallery->reads--;
		mdb_txn_abort(txn->handle);
		free(txn);
	}
}

/* ---- writing ---- */

static enum fc_status write_once(struct fc_gallery_txn *txn, fc_gallery_change *change,
				 void *context, struct fc_error *err)
{
	FC_TRY(fc_lmdb_begin(txn->gallery, 0, &txn->handle, err));
	txn->gallery->writes = true;
	enum fc_status status = change(txn, context, err);
	txn->gallery->writes = false;
	if (status == FC_OK) {
		int code = fc_guarded_commit(&txn->gallery->guard, txn->handle);
		txn->handle = NULL;
		txn->map_full = txn->map_full || code == MDB_MAP_FULL;
		return code ? fc_lmdb_fail(txn->gallery, code, err) : FC_OK;
	}
	if (!txn->gallery->guard.broken) {
		mdb_txn_abort(txn->handle);
	}
	return status;
}

/* As a nested transaction of LMDB. */
enum fc_status fc_gallery_attempt(struct fc_gallery_txn *txn, fc_gallery_change *change,
				  void *context, struct fc_error *err)
{
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
		if (status == FC_OK || !txn.map_full) {
			return status;
		}
		FC_TRY(grow(gallery, txn.balance > 0, err));
	}
}

/* Writing to a data file that was removed succeeds, but the change is lost. */
static enum fc_status check_in_place(const struct fc_gallery *gallery, struct fc_error *err)
{
	if (faccessat(gallery->directory.fd, FC_DATA_FILE, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno != ENOENT) {
		return FC_OK;
	}
	return fc_fail(err, FC_GALLERY_MISSING,
		       "gallery '%s' was removed while it was in use, and what this run stored is "
		       "lost: restore it from a backup, or start a new one",
		       fc_store_path(gallery));
}

enum fc_status fc_gallery_write(struct fc_gallery *gallery, fc_gallery_change *change,
				void *context, struct fc_error *err)
{
	bool orphaned;
	FC_TRY(check_use(gallery, true, err));
	FC_TRY(fc_write_lock_take(&gallery->write_lock, fc_store_path(gallery),
				  gallery->lock_timeout, &orphaned, err));
	enum fc_status status = write_until_it_fits(gallery, change, context, err);
	if (status == FC_OK) {
		status = check_in_place(gallery, err);
	}
	/* The change is stored even if this fails. Then the next process that opens the gallery extends the file. */
	bool complete = gallery->guard.broken || fc_lmdb_lengthen(gallery);
	fc_write_lock_release(&gallery->write_lock, complete);
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
