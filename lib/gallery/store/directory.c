/* The gallery's directory and its files. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "gallery/store/lock_holder.h"

void fc_directory_close(struct fc_directory *directory)
{
	fc_fd_close(&directory->fd);
	fc_free(&directory->path);
}

/* ---- owner, modes, kinds ---- */

/* Check a file, if it exists (*found). A missing file is not an error. name begins with a slash. */
static enum fc_status check_file(const struct fc_directory *directory, const char *name,
				 bool *found, struct fc_error *err)
{
	struct stat info;
	*found = false;
	if (fstatat(directory->fd, name + 1, &info, AT_SYMLINK_NOFOLLOW) != 0) {
		return errno == ENOENT ? FC_OK
				       : fc_fail_errno(err, FC_IO, errno, "cannot inspect '%s%s'",
						       directory->path, name);
	}
	if (S_ISLNK(info.st_mode)) {
		return fc_fail(err, FC_PERMISSION,
			       "'%s%s' is a symbolic link: the files of a gallery must be in its "
			       "directory",
			       directory->path, name);
	}
	if (!S_ISREG(info.st_mode)) {
		return fc_fail(err, FC_PERMISSION, "'%s%s' is not a regular file", directory->path,
			       name);
	}
	/* 0: it was replaced just now, by a compaction. */
	if (info.st_nlink > 1) {
		return fc_fail(
			err, FC_PERMISSION,
			"'%s%s' has %lu names (hard links), which a change of the gallery would "
			"also change: copy the file instead of linking it",
			directory->path, name, (unsigned long)info.st_nlink);
	}
	FC_TRY(fc_directory_check_owner(directory, name, &info, err));
	*found = true;
	return FC_OK;
}

/* LMDB shares memory between processes through its files, which network file systems do not support (lmdb.h, caveats). */
static enum fc_status check_file_system(const struct fc_directory *directory, struct fc_error *err)
{
	/* not in linux/magic.h */
	static const uint32_t lustre_magic = 0x0BD00BD0, gfs2_magic = 0x01161970;
	struct statfs info;
	if (fstatfs(directory->fd, &info) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot inspect '%s'", directory->path);
	}
	uint32_t type = (uint32_t)info.f_type;
	if (type == NFS_SUPER_MAGIC || type == SMB_SUPER_MAGIC || type == CIFS_SUPER_MAGIC ||
	    type == SMB2_SUPER_MAGIC || type == AFS_SUPER_MAGIC || type == CODA_SUPER_MAGIC ||
	    type == V9FS_MAGIC || type == CEPH_SUPER_MAGIC || type == lustre_magic ||
	    type == gfs2_magic || type == OCFS2_SUPER_MAGIC) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "gallery '%s' is on a network file system, which would damage it: "
			       "keep it on a local disk",
			       directory->path);
	}
	return FC_OK;
}

/* ---- contents ---- */

struct contents {
	bool data, lock, write_lock, other_files;
	bool read_only; /* on a read-only file system, where missing files cannot be created */
};

static enum fc_status find_other_files(const struct fc_directory *directory, bool *found,
				       struct fc_error *err)
{
	static const char *const own[] = {
		".",
		"..",
		FC_NEW_DATA_FILE,
		FC_DATA_FILE,
		FC_LOCK_FILE,
		FC_WRITE_LOCK_FILE,
		FC_RESERVE_FILE,
	};
	int fd = openat(directory->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	if (!listing) {
		int os_errno = errno;
		fc_fd_close(&fd);
		return fc_fail_errno(err, FC_IO, os_errno, "cannot list '%s'", directory->path);
	}
	*found = false;
	errno = 0;
	for (const struct dirent *entry; (entry = readdir(listing)); errno = 0) {
		bool is_own = false;
		for (size_t i = 0; i < FC_ARRAY_LENGTH(own) && !is_own; i++) {
			is_own = strcmp(entry->d_name, own[i]) == 0;
		}
		*found = *found || !is_own;
	}
	int os_errno = errno;
	closedir(listing);
	return os_errno == 0
		       ? FC_OK
		       : fc_fail_errno(err, FC_IO, os_errno, "cannot list '%s'", directory->path);
}

static enum fc_status read_contents(const struct fc_directory *directory, struct contents *out,
				    struct fc_error *err)
{
	FC_TRY(check_file(directory, "/" FC_DATA_FILE, &out->data, err));
	FC_TRY(check_file(directory, "/" FC_LOCK_FILE, &out->lock, err));
	FC_TRY(check_file(directory, "/" FC_WRITE_LOCK_FILE, &out->write_lock, err));
	out->read_only = faccessat(directory->fd, ".", W_OK, AT_EACCESS) != 0 && errno == EROFS;
	return find_other_files(directory, &out->other_files, err);
}

/* ---- the lock on the directory ---- */

enum { LOCK_PAUSE = 2000 }; /* microseconds between two tries */

static enum fc_status fail_busy(const struct fc_directory *directory, int how, struct fc_error *err)
{
	char holder[FC_LOCK_HOLDER_SIZE];
	return fc_fail(err, FC_BUSY,
		       how == LOCK_EX ? "gallery '%s' is in use by %s and its files are not "
					"complete: end the other facectl first"
				      : "gallery '%s' is being rebuilt by %s",
		       directory->path, fc_lock_holder(directory->fd, holder));
}

/*
 * Try once to get the lock. If *locked is false afterwards, no lock is held, because flock() releases the old lock before it gets the new
 * one.
 */
static enum fc_status try_lock(const struct fc_directory *directory, int how, bool *locked,
			       struct fc_error *err)
{
	*locked = flock(directory->fd, how | LOCK_NB) == 0;
	if (!*locked && errno != EWOULDBLOCK && errno != EINTR) {
		return fc_fail_errno(err, FC_IO, errno, "cannot lock '%s'", directory->path);
	}
	return FC_OK;
}

static enum fc_status lock(const struct fc_directory *directory, int how, int64_t deadline,
			   struct fc_error *err)
{
	for (;;) {
		bool locked;
		FC_TRY(try_lock(directory, how, &locked, err));
		if (locked) {
			return FC_OK;
		}
		if (fc_clock_monotonic_ms() >= deadline) {
			return fail_busy(directory, how, err);
		}
		FC_IGNORE(usleep(LOCK_PAUSE));
	}
}

/* ---- LMDB's and the writers' lock files ---- */

static enum fc_status status_of(int os_errno)
{
	return os_errno == ENOSPC || os_errno == EDQUOT ? FC_FULL : FC_IO;
}

/*
 * Create a file with all its blocks allocated, or allocate the missing blocks of an existing one: LMDB maps lock.mdb, and writing into a
 * hole of it on a full disk would raise SIGBUS.
 */
static enum fc_status allocate(const struct fc_directory *directory, const char *name, off_t size,
			       struct fc_error *err)
{
	struct stat info;
	FC_CLEANUP(fc_fd_close)
	int fd = openat(directory->fd, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
			0600);
	if (fd < 0 && errno == EROFS) {
		return FC_OK; /* LMDB reads it without locks and cannot write it */
	}
	if (fd < 0 || fstat(fd, &info) != 0) {
		return fc_fail_errno(err, status_of(errno), errno, "cannot write '%s/%s'",
				     directory->path, name);
	}
	if (info.st_uid == geteuid()) {
		fc_directory_adopt(directory, fd);
	}
	if (info.st_size >= size && info.st_blocks * 512 >= info.st_size) {
		return FC_OK;
	}
	/* Not posix_fallocate: its fallback writes to blocks that other processes may be using. */
	if (fallocate(fd, 0, 0, size) != 0 && errno != EOPNOTSUPP) {
		return fc_fail_errno(err, status_of(errno), errno,
				     "cannot allocate '%s/%s' (%lld bytes)", directory->path, name,
				     (long long)size);
	}
	return FC_OK;
}

static enum fc_status allocate_lock_files(const struct fc_directory *directory,
					  struct fc_error *err)
{
	/*
	 * LMDB's lock file (mdb.c, MDB_txninfo): 64 bytes for each of 1022 readers, after two parts that are rounded up to 64 bytes: a mutex
	 * with 20 bytes of other members, and a mutex. A mutex has 40 bytes on x86-64 and 48 on aarch64.
	 */
	enum {
		LINE = 64,
		MUTEX = sizeof(pthread_mutex_t),
		HEADER = (20 + MUTEX + LINE - 1) / LINE * LINE + (MUTEX + LINE - 1) / LINE * LINE,
		LOCK_FILE_SIZE = HEADER + FC_READERS_MAXIMUM * LINE,
		WRITE_LOCK_FILE_SIZE = 32,
	};
	FC_TRY(allocate(directory, FC_LOCK_FILE, LOCK_FILE_SIZE, err));
	return allocate(directory, FC_WRITE_LOCK_FILE, WRITE_LOCK_FILE_SIZE, err);
}

/* ---- opening ---- */

static enum fc_status open_fd(struct fc_directory *directory, enum fc_gallery_mode mode,
			      struct fc_error *err)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	directory->fd = open(directory->path, flags);
	if (directory->fd < 0 && errno == ENOENT && mode == FC_GALLERY_CREATE) {
		FC_TRY(fc_make_directories(directory->path, 0700, err));
		directory->fd = open(directory->path, flags);
	}
	if (directory->fd >= 0) {
		return FC_OK;
	}
	switch (errno) {
	case ENOENT:
		return fc_directory_fail_missing(directory->path, err);
	case ENOTDIR:
		return fc_fail(err, FC_GALLERY_MISSING,
			       "'%s' is not a directory, so there is no gallery", directory->path);
	default:
		return fc_fail_errno(err, FC_IO, errno, "cannot open gallery '%s'",
				     directory->path);
	}
}

/* For a directory without a data file: FC_OK if a gallery may be created in it. */
static enum fc_status check_vacant(const struct fc_directory *directory,
				   const struct contents *contents, enum fc_gallery_mode mode,
				   struct fc_error *err)
{
	if (contents->lock || contents->write_lock) {
		return fc_fail(err, FC_DAMAGED,
			       "gallery '%s' is damaged: " FC_DATA_FILE " is missing; restore it "
			       "from a backup",
			       directory->path);
	}
	if (contents->other_files) {
		return fc_fail(
			err, FC_GALLERY_MISSING,
			"there is no gallery in '%s', which contains other files: use a new or "
			"empty directory",
			directory->path);
	}
	if (mode != FC_GALLERY_CREATE) {
		return fc_fail(err, FC_GALLERY_MISSING,
			       "there is no gallery in '%s'; 'facectl set' creates one",
			       directory->path);
	}
	return FC_OK;
}

/* Check the owner and mode of a directory that contains a gallery, or in which one is about to be created. */
static enum fc_status check_directory(struct fc_directory *directory, enum fc_gallery_mode mode,
				      struct fc_error *err)
{
	struct contents contents;
	struct stat info;
	FC_TRY(read_contents(directory, &contents, err));
	if (!contents.data) {
		FC_TRY(check_vacant(directory, &contents, mode, err));
	}
	if (fstat(directory->fd, &info) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot inspect '%s'", directory->path);
	}
	/* The user may have created the directory with the usual umask. */
	if (!contents.data && info.st_uid == geteuid() && fchmod(directory->fd, 0700) == 0) {
		info.st_mode = S_IFDIR | 0700;
		directory->shared = false;
	}
	FC_TRY(fc_directory_check_owner(directory, "", &info, err));
	return check_file_system(directory, err);
}

static bool is_complete(const struct contents *contents)
{
	return contents->data && (contents->read_only || (contents->lock && contents->write_lock));
}

/*
 * Get the shared lock if the gallery is complete, otherwise the exclusive one: missing lock files must not be created while another process
 * still has the old ones mapped. The contents may change while waiting, because another process may be creating the gallery.
 */
static enum fc_status lock_and_read_contents(const struct fc_directory *directory,
					     enum fc_gallery_mode mode, int64_t deadline,
					     struct contents *contents, struct fc_error *err)
{
	for (;;) {
		bool locked;
		FC_TRY(read_contents(directory, contents, err));
		if (!contents->data) {
			FC_TRY(check_vacant(directory, contents, mode, err));
		}
		int how = is_complete(contents) ? LOCK_SH : LOCK_EX;
		FC_TRY(try_lock(directory, how, &locked, err));
		FC_TRY(read_contents(directory, contents, err));
		if (locked && (how == LOCK_EX || is_complete(contents))) {
			return FC_OK;
		}
		if (fc_clock_monotonic_ms() >= deadline) {
			return fail_busy(directory, how, err);
		}
		FC_IGNORE(usleep(LOCK_PAUSE));
	}
}

/*
 * For a reader, when the disk is too full for lock files that are missing: share the lock on the directory and use no lock files. A writer
 * needs the lock files, and cannot create them while the lock is shared. FC_BUSY if another process has created them meanwhile.
 */
static enum fc_status read_without_locks(struct fc_directory *directory,
					 const struct contents *before, int64_t deadline,
					 struct fc_error *err)
{
	struct contents contents;
	if (!before->lock) {
		FC_IGNORE(unlinkat(directory->fd, FC_LOCK_FILE, 0));
	}
	if (!before->write_lock) {
		FC_IGNORE(unlinkat(directory->fd, FC_WRITE_LOCK_FILE, 0));
	}
	FC_TRY(lock(directory, LOCK_SH, deadline, err));
	FC_TRY(read_contents(directory, &contents, err));
	directory->lockless = !is_complete(&contents);
	return directory->lockless ? FC_OK : fail_busy(directory, LOCK_SH, err);
}

static enum fc_status lock_gallery(struct fc_directory *directory, enum fc_gallery_mode mode,
				   unsigned timeout, bool *is_new, struct fc_error *err)
{
	int64_t deadline = fc_clock_monotonic_ms() + timeout;
	struct contents contents;
	FC_TRY(check_directory(directory, mode, err));
	FC_TRY(lock_and_read_contents(directory, mode, deadline, &contents, err));
	*is_new = !contents.data;
	if (*is_new) {
		return check_vacant(directory, &contents, mode, err);
	}
	struct stat info;
	if (fstatat(directory->fd, FC_DATA_FILE, &info, AT_SYMLINK_NOFOLLOW) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot inspect '%s/" FC_DATA_FILE "'",
				     directory->path);
	}
	/* LMDB would initialise an empty file as a new database. */
	if (info.st_size == 0) {
		return fc_fail(err, FC_DAMAGED,
			       "gallery '%s' is damaged: " FC_DATA_FILE " has 0 bytes; restore it "
			       "from a backup",
			       directory->path);
	}
	enum fc_status status = allocate_lock_files(directory, err);
	if (status == FC_FULL && mode == FC_GALLERY_READ && !is_complete(&contents)) {
		return read_without_locks(directory, &contents, deadline, err);
	}
	FC_TRY(status);
	return lock(directory, LOCK_SH, deadline, err);
}

enum fc_status fc_directory_open(const char *path, enum fc_gallery_mode mode, unsigned timeout,
				 struct fc_directory *out, bool *is_new, struct fc_error *err)
{
	struct fc_directory directory = { .path = strdup(path), .fd = -1 };
	enum fc_status status =
		directory.path ? open_fd(&directory, mode, err) : fc_fail_memory(err);
	if (status == FC_OK) {
		fc_directory_read_sharing(&directory);
		status = lock_gallery(&directory, mode, timeout, is_new, err);
	}
	if (status != FC_OK) {
		fc_directory_close(&directory);
		return status;
	}
	*out = directory;
	return FC_OK;
}

enum fc_status fc_directory_lock_exclusive(const struct fc_directory *directory, unsigned timeout,
					   struct fc_error *err)
{
	enum fc_status status = lock(directory, LOCK_EX, fc_clock_monotonic_ms() + timeout, err);
	char holder[FC_LOCK_HOLDER_SIZE];
	return status == FC_BUSY
		       ? fc_fail(err, FC_BUSY,
				 "gallery '%s' is in use by %s: waited %.1f s for exclusive access",
				 directory->path, fc_lock_holder(directory->fd, holder),
				 timeout / 1000.0)
		       : status;
}

enum fc_status fc_directory_install(const struct fc_directory *directory, unsigned timeout,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close)
	int parent = openat(directory->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (renameat(directory->fd, FC_NEW_DATA_FILE, directory->fd, FC_DATA_FILE) != 0 ||
	    fsync(directory->fd) != 0 || (parent >= 0 && fsync(parent) != 0)) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create gallery '%s'",
				     directory->path);
	}
	FC_TRY(allocate_lock_files(directory, err));
	return lock(directory, LOCK_SH, fc_clock_monotonic_ms() + timeout, err);
}
