/* Opening, creating and closing the LMDB environment of a gallery. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "gallery/store/env.h"
#include "gallery/store/meta.h"
#include "gallery/store/store.h"

#define MIB (UINT64_C(1) << 20)

/* LMDB must know the number of databases when it opens; later formats add some. */
enum { DATABASES_MAXIMUM = 64 };

static const uint64_t default_maximum = 16384 * MIB;
static const uint64_t smallest_map = MIB;
static const uint64_t usual_map = 256 * MIB;

/* ---- environment ---- */

/* Four times the size of the file, within the limit. A large map avoids that a change has to run again because the map is full. */
static uint64_t choose_map_size(const struct fc_gallery *gallery)
{
	struct stat info;
	bool is_known =
		fstatat(gallery->directory.fd, FC_DATA_FILE, &info, AT_SYMLINK_NOFOLLOW) == 0;
	uint64_t file = is_known ? (uint64_t)info.st_size : 0;
	uint64_t size = gallery->first_map ? gallery->first_map : usual_map;
	while (!gallery->first_map && size / 4 < file) {
		size *= 2;
	}
	if (size > gallery->maximum_bytes) {
		size = gallery->maximum_bytes;
	}
	if (size < file) {
		size = file;
	}
	return (size + 65535) & ~UINT64_C(65535);
}

void fc_lmdb_close(struct fc_gallery *gallery)
{
	/* A broken environment may hold locks and inconsistent lists: leave it open until the process ends. */
	if (gallery->env && !gallery->guard.broken) {
		mdb_env_close(gallery->env);
	}
	fc_guard_mapping(&gallery->guard, NULL, 0);
	fc_pages_close(&gallery->pages);
	gallery->env = NULL;
}

/*
 * Open the file through the directory's descriptor: the path may now refer to another directory than the one that was checked and locked.
 */
enum fc_status fc_lmdb_open(struct fc_gallery *gallery, const char *file, unsigned flags,
			    struct fc_error *err)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d%s", gallery->directory.fd, file);
	int code = mdb_env_create(&gallery->env);
	if (code != 0) {
		gallery->env = NULL;
		return fc_lmdb_fail(gallery, code, err);
	}
	fc_guard_env(gallery->env, &gallery->guard);
	code = mdb_env_set_maxdbs(gallery->env, DATABASES_MAXIMUM);
	if (code == 0) {
		code = mdb_env_set_maxreaders(gallery->env, FC_READERS_MAXIMUM);
	}
	if (code == 0) {
		code = mdb_env_set_mapsize(gallery->env, choose_map_size(gallery));
	}
	if (code == 0) {
		code = fc_guarded_open(&gallery->guard, gallery->env, path, MDB_NOTLS | flags);
	}
	if (code != 0) {
		fc_lmdb_close(gallery);
		return fc_lmdb_fail(gallery, code, err);
	}
	MDB_stat stat;
	MDB_envinfo info;
	FC_IGNORE(mdb_env_stat(gallery->env, &stat));
	FC_IGNORE(mdb_env_info(gallery->env, &info));
	gallery->page_size = stat.ms_psize;
	const char *name = file[0] ? file + 1 : FC_DATA_FILE;
	int fd = openat(gallery->directory.fd, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && (errno == EROFS || errno == EACCES)) {
		fd = openat(gallery->directory.fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	}
	code = fd < 0 ? errno
		      : fc_pages_open(fd, info.me_mapsize, gallery->page_size, &gallery->pages);
	if (code != 0) {
		fc_lmdb_close(gallery);
		return fc_lmdb_fail(gallery, code, err);
	}
	fc_guard_mapping(&gallery->guard, gallery->pages.base, gallery->pages.length);
	return FC_OK;
}

/* ---- creating a gallery ---- */

enum fc_status fc_store_add_databases(struct fc_gallery_txn *txn, struct fc_error *err)
{
	struct fc_gallery *gallery = txn->gallery;
	int code = 0;
	for (int i = FC_DB_META; code == 0 && i < FC_DB_END; i++) {
		code = fc_guarded_database(&gallery->guard, txn->handle,
					   fc_database_name((enum fc_database)i), MDB_CREATE,
					   &gallery->databases[i]);
	}
	txn->map_full = txn->map_full || code == MDB_MAP_FULL;
	return code ? fc_lmdb_fail(gallery, code, err) : FC_OK;
}

static enum fc_status fill_new(struct fc_gallery *gallery, struct fc_error *err)
{
	const struct fc_format format = { .read = FC_GALLERY_READ_FORMAT,
					  .write = FC_GALLERY_WRITE_FORMAT,
					  .gallery = fc_uuid_new(),
					  .created = fc_clock_now() };
	const struct fc_sequence first = {
		.space = 1, .face = 1, .entry = 1, .origin = 1, .mean = 1
	};
	struct fc_gallery_txn txn = { .gallery = gallery, .writes = true };
	FC_TRY(fc_lmdb_begin(&txn, err));
	fc_snapshot_release(&gallery->pages, &txn.snapshot); /* a new file is not damaged */
	int code = 0;
	enum fc_status status = fc_store_add_databases(&txn, err);
	if (status == FC_OK) {
		status = fc_store_set_format(&txn, &format, err);
	}
	if (status == FC_OK) {
		status = fc_store_set_sequence(&txn, &first, err);
	}
	if (status == FC_OK) {
		code = fc_guarded_commit(&gallery->guard, txn.handle);
		txn.handle = NULL;
	}
	fc_lmdb_abort(&txn);
	FC_TRY(status);
	if (code == 0) {
		code = mdb_env_sync(gallery->env, 1);
	}
	return code ? fc_lmdb_fail(gallery, code, err) : FC_OK;
}

/*
 * LMDB writes and syncs a new environment in several steps, so it is created under another name and renamed when it is complete. If a
 * process is killed before, the next one replaces its incomplete file.
 */
static enum fc_status make_gallery(struct fc_gallery *gallery, struct fc_error *err)
{
	if (unlinkat(gallery->directory.fd, FC_NEW_DATA_FILE, 0) != 0 && errno != ENOENT) {
		return fc_fail_errno(err, FC_IO, errno, "cannot remove '%s/" FC_NEW_DATA_FILE "'",
				     fc_store_path(gallery));
	}
	FC_TRY(fc_lmdb_open(gallery, "/" FC_NEW_DATA_FILE, MDB_NOSUBDIR | MDB_NOLOCK, err));
	enum fc_status status = fill_new(gallery, err);
	fc_lmdb_close(gallery);
	FC_TRY(status);
	return fc_directory_install(&gallery->directory, gallery->lock_timeout, err);
}

/* ---- checks of an existing gallery ---- */

/* A truncated file is damaged even if this command would not read the missing pages. */
static enum fc_status check_length(struct fc_gallery *gallery, struct fc_error *err)
{
	struct fc_gallery_txn txn = { .gallery = gallery };
	MDB_envinfo info;
	FC_IGNORE(mdb_env_info(gallery->env, &info));
	uint64_t size;
	FC_TRY(fc_store_bytes(gallery, &size, err));
	uint64_t needed = ((uint64_t)info.me_last_pgno + 1) * gallery->pages.page_size;
	if (size >= needed) {
		return FC_OK;
	}
	enum fc_status status = fc_lmdb_begin(&txn, err);
	int code = status == FC_OK ? fc_snapshot_check_end(&txn.snapshot) : 0;
	fc_lmdb_abort(&txn);
	if (status == FC_DAMAGED || code == MDB_CORRUPTED) {
		return fc_fail(err, FC_DAMAGED,
			       "gallery '%s' is damaged: " FC_DATA_FILE " has %llu bytes and needs "
			       "%llu; restore it from a backup",
			       fc_store_path(gallery), (unsigned long long)size,
			       (unsigned long long)needed);
	}
	FC_TRY(status);
	return code == 0 ? FC_OK : fc_lmdb_fail(gallery, code, err);
}

/* *is_old: the gallery has an older format and is going to be upgraded. */
static enum fc_status check_format(struct fc_gallery_txn *txn, bool *is_old, struct fc_error *err)
{
	struct fc_gallery *gallery = txn->gallery;
	struct fc_format format;
	FC_TRY(fc_store_format(txn, &format, err));
	if (format.read > FC_GALLERY_READ_FORMAT) {
		return fc_fail(
			err, FC_INCOMPATIBLE,
			"gallery '%s' has format %u, but this facectl reads only up to format %u: "
			"use a newer facectl",
			fc_store_path(gallery), format.read, FC_GALLERY_READ_FORMAT);
	}
	if (format.read < FC_GALLERY_READ_FORMAT && gallery->mode != FC_GALLERY_UPGRADE) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "gallery '%s' has format %u, which is too old: 'facectl gallery "
			       "upgrade' converts it to format %u",
			       fc_store_path(gallery), format.read, FC_GALLERY_READ_FORMAT);
	}
	if (gallery->mode != FC_GALLERY_READ && format.write > FC_GALLERY_WRITE_FORMAT) {
		return fc_fail(
			err, FC_INCOMPATIBLE,
			"gallery '%s' has write format %u, but this facectl writes only up to "
			"format %u: use a newer facectl to change it",
			fc_store_path(gallery), format.write, FC_GALLERY_WRITE_FORMAT);
	}
	*is_old = format.read < FC_GALLERY_READ_FORMAT;
	return FC_OK;
}

/*
 * LMDB's handles, which only changes use. LMDB reads only pages that were checked before. is_old: databases may be missing, until
 * fc_store_add_databases creates them.
 */
static enum fc_status open_handles(struct fc_gallery_txn *txn, bool is_old, struct fc_error *err)
{
	struct fc_gallery *gallery = txn->gallery;
	int code = fc_snapshot_check_lists(&txn->snapshot);
	for (int i = FC_DB_META; code == 0 && i < FC_DB_END; i++) {
		code = fc_guarded_database(&gallery->guard, txn->handle,
					   fc_database_name((enum fc_database)i), 0,
					   &gallery->databases[i]);
		code = code == MDB_NOTFOUND && is_old ? 0 : code;
	}
	/* Committed, so that the handles outlive the transaction. */
	if (code == 0) {
		code = fc_guarded_commit(&gallery->guard, txn->handle);
		txn->handle = NULL;
	}
	return code ? fc_lmdb_fail_in(txn, code, err) : FC_OK;
}

enum fc_status fc_lmdb_open_databases(struct fc_gallery *gallery, struct fc_error *err)
{
	struct fc_gallery_txn txn = { .gallery = gallery };
	const struct fc_tree *tree;
	FC_TRY(fc_lmdb_begin(&txn, err));
	/* Check the format first: a newer gallery may have other databases. */
	bool is_old = false;
	enum fc_status status = check_format(&txn, &is_old, err);
	for (int i = FC_DB_META; status == FC_OK && !is_old && i < FC_DB_END; i++) {
		status = fc_lmdb_tree(&txn, (enum fc_database)i, &tree, err);
	}
	if (status == FC_OK && gallery->mode != FC_GALLERY_READ) {
		status = open_handles(&txn, is_old, err);
	}
	fc_lmdb_abort(&txn);
	return status;
}

enum fc_status fc_store_resume(struct fc_gallery *gallery, struct fc_error *err)
{
	int dead;
	unsigned flags = gallery->mode == FC_GALLERY_READ ? MDB_RDONLY : 0;
	flags |= gallery->directory.lockless ? MDB_NOLOCK : 0;
	FC_TRY(fc_lmdb_open(gallery, "", flags, err));
	/* Pages that a killed reader used are not reused until it is cleared: 2x growth in 5,000 updates, measured. */
	FC_IGNORE(mdb_reader_check(gallery->env, &dead));
	enum fc_status status = check_length(gallery, err);
	if (status == FC_OK) {
		status = fc_lmdb_open_databases(gallery, err);
	}
	if (status != FC_OK) {
		fc_lmdb_close(gallery);
	}
	return status;
}

enum fc_status fc_store_suspend(struct fc_gallery *gallery, struct fc_error *err)
{
	if (gallery->reads > 0 || gallery->writes) {
		return fc_fail(err, FC_INTERNAL, "gallery '%s': suspended inside a transaction",
			       fc_store_path(gallery));
	}
	fc_lmdb_close(gallery);
	return FC_OK;
}

/* ---- the gallery ---- */

static enum fc_status open_gallery(struct fc_gallery *gallery, const char *path,
				   struct fc_error *err)
{
	bool is_new;
	FC_TRY(fc_directory_open(path, gallery->mode, gallery->lock_timeout, &gallery->directory,
				 &is_new, err));
	if (is_new) {
		FC_TRY(make_gallery(gallery, err));
	} else if (gallery->mode != FC_GALLERY_READ) {
		/* Left by a compaction that was killed. A running one would hold the exclusive lock. */
		FC_IGNORE(unlinkat(gallery->directory.fd, FC_NEW_DATA_FILE, 0));
	}
	if (!gallery->directory.lockless) {
		FC_TRY(fc_write_lock_open(&gallery->directory, &gallery->write_lock, err));
	}
	if (gallery->mode != FC_GALLERY_READ && gallery->write_lock.fd < 0) {
		return fc_fail(err, FC_PERMISSION,
			       "gallery '%s' is on a read-only file system: it can be read but not "
			       "changed (recognize and profiles search need --no-entry)",
			       path);
	}
	return fc_store_resume(gallery, err);
}

enum fc_status fc_store_open(const struct fc_gallery_options *options, uint64_t first_map,
			     struct fc_gallery **out, struct fc_error *err)
{
	if (options->directory && fc_gallery_is_address(options->directory)) {
		return fc_engine_open(options, out, err);
	}
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = calloc(1, sizeof(*gallery));
	if (!gallery) {
		return fc_fail_memory(err);
	}
	if (!options->directory) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "there is no home folder for a gallery; give --gallery DIR");
	}
	gallery->directory.fd = -1;
	gallery->write_lock.fd = -1;
	gallery->pages.fd = -1;
	gallery->mode = options->mode;
	gallery->lock_timeout = options->lock_timeout;
	gallery->maximum_bytes = options->maximum_bytes ? options->maximum_bytes : default_maximum;
	if (gallery->maximum_bytes < smallest_map) {
		gallery->maximum_bytes = smallest_map;
	}
	gallery->first_map = first_map;
	gallery->opener = getpid();
	FC_TRY(open_gallery(gallery, options->directory, err));
	*out = FC_STEAL(gallery);
	return FC_OK;
}

enum fc_status fc_gallery_open(const struct fc_gallery_options *options, struct fc_gallery **out,
			       struct fc_error *err)
{
	return fc_store_open(options, 0, out, err);
}

void fc_gallery_close(struct fc_gallery *gallery)
{
	if (gallery && gallery->engine) {
		gallery->engine->close(gallery);
		return;
	}
	if (gallery) {
		fc_lmdb_close(gallery);
		fc_write_lock_close(&gallery->write_lock);
		fc_directory_close(&gallery->directory);
		free(gallery->verified);
		free(gallery);
	}
}
