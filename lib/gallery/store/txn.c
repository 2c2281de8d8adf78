/* Transactions: reading, writing with growth, and what LMDB's codes mean. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "gallery/store/internal.h"

/* How far a change that adds no more than it removes may go over the size limit: it needs pages before it frees them. */
static const uint64_t deleting_reserve = UINT64_C(16) << 20;

/* ---- what LMDB's codes mean ---- */

/* LMDB calls a short write EIO, whatever the cause (mdb_page_flush). What is left within this much, in bytes, is too little. */
static const uint64_t little = UINT64_C(1) << 20;

static bool disk_is_full(const struct fc_gallery *gallery)
{
	struct statvfs info;
	return fstatvfs(gallery->directory.fd, &info) == 0 &&
	       (uint64_t)info.f_bavail * info.f_frsize < little;
}

static bool limit_is_reached(const struct fc_gallery *gallery)
{
	struct rlimit limit;
	return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
	       limit.rlim_cur < fc_store_bytes(gallery) + little;
}

static int cause_of(const struct fc_gallery *gallery, int os_errno)
{
	if (os_errno != EIO) {
		return os_errno;
	}
	return disk_is_full(gallery) ? ENOSPC : limit_is_reached(gallery) ? EFBIG : EIO;
}

static enum fc_status fail_system(const struct fc_gallery *gallery, int os_errno,
				  struct fc_error *err)
{
	const char *path = fc_store_path(gallery);
	os_errno = cause_of(gallery, os_errno);
	switch (os_errno) {
	case ENOMEM:
		return fc_fail(err, FC_NO_MEMORY,
			       "gallery '%s' needs more memory, or more of the addresses that "
			       "ulimit -v allows",
			       path);
	case EFBIG:
		return fc_fail_errno(
			err, FC_FULL, os_errno,
			"gallery '%s' cannot grow, and nothing of the change is stored", path);
	case ENOSPC:
	case EDQUOT:
		return fc_fail(err, FC_FULL,
			       "no space left on the disk of gallery '%s': nothing of the change "
			       "is stored",
			       path);
	default:
		break;
	}
	return fc_fail_errno(err, FC_IO, os_errno, "gallery '%s' failed", path);
}

enum fc_status fc_lmdb_fail(const struct fc_gallery *gallery, int code, struct fc_error *err)
{
	const char *path = fc_store_path(gallery);
	switch (code) {
	case MDB_MAP_FULL:
		return fc_fail(err, FC_FULL,
			       "gallery '%s' has reached its limit of %llu MiB: delete something "
			       "or raise the limit",
			       path, (unsigned long long)(gallery->maximum_bytes >> 20));
	case MDB_TXN_FULL:
		return fc_fail(err, FC_FULL, "one change to gallery '%s' is too large", path);
	case MDB_READERS_FULL:
		return fc_fail(err, FC_BUSY, "gallery '%s' is being read by %d others", path,
			       FC_READERS_MAXIMUM);
	case MDB_VERSION_MISMATCH:
		return fc_fail(err, FC_INCOMPATIBLE,
			       "gallery '%s' was made with another version of LMDB", path);
	case MDB_INVALID:
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INCOMPATIBLE:
	case MDB_BAD_VALSIZE:
		return fc_fail(err, FC_DAMAGED,
			       "gallery '%s' is damaged (%s): restore it from a backup", path,
			       mdb_strerror(code));
	case MDB_PANIC:
		return fc_fail(err, FC_IO,
			       "gallery '%s' could not be written: open it again to see what is "
			       "stored",
			       path);
	default:
		break;
	}
	if (code > 0) {
		return fail_system(gallery, code, err);
	}
	return fc_fail(err, FC_INTERNAL, "gallery '%s': unexpected: %s", path, mdb_strerror(code));
}

/* ---- the length of the data file ---- */

/*
 * A page that a transaction takes and gives back is counted and never written. When such pages are the last ones, LMDB's
 * data file is shorter than its page count says, lawfully (4 of 12,000 random transactions). A file that was cut looks the
 * same, and reading beyond its end is a SIGBUS. So each writer fills its file up after it has committed, and a file that is
 * short was cut, unless its writer died in between, which its name in the write lock gives away.
 */
bool fc_lmdb_is_short(const struct fc_gallery *gallery, uint64_t *size, uint64_t *needed)
{
	MDB_envinfo info;
	FC_IGNORE(mdb_env_info(gallery->env, &info));
	*size = fc_store_bytes(gallery);
	*needed = ((uint64_t)info.me_last_pgno + 1) * gallery->page_size;
	return *size < *needed;
}

bool fc_lmdb_lengthen(const struct fc_gallery *gallery)
{
	uint64_t size, needed;
	if (!fc_lmdb_is_short(gallery, &size, &needed)) {
		return true;
	}
	FC_CLEANUP(fc_fd_close)
	int fd = openat(gallery->directory.fd, FC_DATA_FILE, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	return fd >= 0 && ftruncate(fd, (off_t)needed) == 0 && fdatasync(fd) == 0;
}

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

/* Mistakes of the program that would damage the gallery rather than fail. */
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

static enum fc_status commit(struct fc_gallery_txn *txn, struct fc_error *err)
{
	int code = fc_guarded_commit(&txn->gallery->guard, txn->handle);
	txn->handle = NULL;
	txn->map_full = txn->map_full || code == MDB_MAP_FULL;
	return code ? fc_lmdb_fail(txn->gallery, code, err) : FC_OK;
}

static enum fc_status write_once(struct fc_gallery_txn *txn, fc_gallery_change *change,
				 void *context, struct fc_error *err)
{
	FC_TRY(fc_lmdb_begin(txn->gallery, 0, &txn->handle, err));
	txn->gallery->writes = true;
	enum fc_status status = change(txn, context, err);
	txn->gallery->writes = false;
	if (status == FC_OK) {
		return commit(txn, err);
	}
	if (!txn->gallery->guard.broken) {
		mdb_txn_abort(txn->handle);
	}
	return status;
}

/* As a transaction inside the change's own: LMDB keeps apart what it wrote. */
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
		/* A map that was too small grows by what the change asked for. */
		txn->balance = txn->map_full ? txn->balance : balance;
		return status;
	}
	code = fc_guarded_commit(&gallery->guard, part);
	txn->map_full = txn->map_full || code == MDB_MAP_FULL;
	return code ? fc_lmdb_fail(gallery, code, err) : FC_OK;
}

/* Make the map larger, within the limit for a change that adds. No transaction is open. */
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

/* A file that was removed takes what is written, and then is gone with it. */
static enum fc_status find_in_place(const struct fc_gallery *gallery, struct fc_error *err)
{
	if (faccessat(gallery->directory.fd, FC_DATA_FILE, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno != ENOENT) {
		return FC_OK;
	}
	return fc_fail(err, FC_GALLERY_MISSING,
		       "gallery '%s' was removed while it was in use, with what this run stored: "
		       "restore it from a backup, or begin anew",
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
		status = find_in_place(gallery, err);
	}
	/* If that fails the change is stored all the same, and the next one to open the gallery sees to it. */
	bool complete = gallery->guard.broken || fc_lmdb_lengthen(gallery);
	fc_write_lock_release(&gallery->write_lock, complete);
	return status;
}
