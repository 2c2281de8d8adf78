/* An open environment: its path and size, and the meaning of LMDB's error codes. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/env.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "gallery/store/store.h"

const struct fc_directory *fc_store_directory(const struct fc_gallery *gallery)
{
	return &gallery->directory;
}

const char *fc_store_path(const struct fc_gallery *gallery)
{
	if (gallery->engine) {
		return gallery->engine->name(gallery);
	}
	return gallery->directory.path;
}

const char *fc_store_path_of(const struct fc_gallery_txn *txn)
{
	return fc_store_path(txn->gallery);
}

unsigned fc_store_lock_timeout(const struct fc_gallery *gallery)
{
	return gallery->lock_timeout;
}

enum fc_status fc_store_bytes(const struct fc_gallery *gallery, uint64_t *out, struct fc_error *err)
{
	if (gallery->engine) {
		return gallery->engine->bytes(gallery, out, err);
	}
	struct stat info;
	if (fstat(gallery->pages.fd, &info) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot inspect '%s/" FC_DATA_FILE "'",
				     fc_store_path(gallery));
	}
	*out = (uint64_t)info.st_size;
	return FC_OK;
}

/* ---- LMDB's codes ---- */

/*
 * LMDB reports a short write as EIO, whatever the cause (mdb_page_flush). If fewer bytes than this are free, on the disk or below the file
 * size limit, that is assumed to be the cause.
 */
static const uint64_t nearly_full = UINT64_C(1) << 20;

int fc_cause_of_eio(int fd)
{
	struct statvfs info;
	struct rlimit limit;
	struct stat file;
	if (fstatvfs(fd, &info) == 0 && (uint64_t)info.f_bavail * info.f_frsize < nearly_full) {
		return ENOSPC;
	}
	bool limited = getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
		       fstat(fd, &file) == 0 &&
		       limit.rlim_cur < (uint64_t)file.st_size + nearly_full;
	return limited ? EFBIG : EIO;
}

static enum fc_status fail_system(const struct fc_gallery *gallery, int os_errno,
				  struct fc_error *err)
{
	const char *path = fc_store_path(gallery);
	os_errno = os_errno == EIO ? fc_cause_of_eio(gallery->pages.fd) : os_errno;
	switch (os_errno) {
	case ENOMEM:
		return fc_fail(err, FC_NO_MEMORY,
			       "not enough memory, or address space (ulimit -v), for gallery "
			       "'%s'",
			       path);
	case EAGAIN: /* LMDB locks the byte of the lock file whose number is the process id */
		return fc_fail(
			err, FC_BUSY,
			"gallery '%s' is in use by a process with the same id, %ld, in another "
			"container: let them share the PID namespace, or try again",
			path, (long)getpid());
	case EFBIG:
		return fc_fail_errno(err, FC_FULL, os_errno,
				     "gallery '%s' cannot grow, and the change was not stored",
				     path);
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
		return fc_fail(err, FC_BUSY, "gallery '%s' has %d readers, the maximum", path,
			       FC_READERS_MAXIMUM);
	case MDB_VERSION_MISMATCH:
		return fc_fail(err, FC_INCOMPATIBLE,
			       "gallery '%s' was created with another version of LMDB", path);
	case MDB_INVALID:
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INCOMPATIBLE:
	case MDB_BAD_VALSIZE:
	case MDB_BAD_TXN:
	case MDB_BAD_DBI:
	case MDB_CURSOR_FULL:
	case MDB_PAGE_FULL:
		return fc_fail(err, FC_DAMAGED,
			       "gallery '%s' is damaged (%s): restore it from a backup", path,
			       mdb_strerror(code));
	case MDB_PANIC:
		return fc_fail(
			err, FC_IO,
			"gallery '%s' could not be written: open it again to check what was stored",
			path);
	default:
		break;
	}
	if (code > 0) {
		return fail_system(gallery, code, err);
	}
	return fc_fail(err, FC_INTERNAL, "gallery '%s': unexpected error: %s", path,
		       mdb_strerror(code));
}

enum fc_status fc_lmdb_fail_in(struct fc_gallery_txn *txn, int code, struct fc_error *err)
{
	txn->first_code = txn->first_code ? txn->first_code : code;
	return fc_lmdb_fail(txn->gallery, code == MDB_BAD_TXN ? txn->first_code : code, err);
}
