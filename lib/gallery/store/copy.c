/* Copies the data file, and replaces it with a copy. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "gallery/store/env.h"
#include "gallery/store/store.h"

/* ---- copying ---- */

/* A new data file that is being filled. */
struct copy {
	struct fc_gallery_txn *from;
	MDB_env *env;
	MDB_txn *txn;
	struct fc_lmdb_guard guard;
	MDB_dbi databases[FC_DB_END];
	size_t uncommitted; /* bytes */
};

/* Commit after so many bytes: pages stay in memory until then. */
static const size_t batch = (size_t)32 << 20;

static void copy_release(struct copy *copy)
{
	if (copy->txn && !copy->guard.broken) {
		mdb_txn_abort(copy->txn);
	}
	if (copy->env && !copy->guard.broken) {
		mdb_env_close(copy->env);
	}
}

/* Bytes that the file needs at most: records in the order of their keys fill their pages. */
static uint64_t bytes_needed(const struct fc_gallery *gallery, const struct fc_snapshot *snapshot)
{
	const uint64_t spare = UINT64_C(1) << 20;
	return snapshot->pages * gallery->page_size + spare;
}

static int open_copy(struct copy *copy, int fd)
{
	struct fc_gallery_txn *from = copy->from;
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int code = mdb_env_create(&copy->env);
	if (code != 0) {
		copy->env = NULL;
		return code;
	}
	fc_guard_env(copy->env, &copy->guard);
	code = mdb_env_set_maxdbs(copy->env, FC_DB_END);
	if (code == 0) {
		code = mdb_env_set_mapsize(copy->env,
					   2 * bytes_needed(from->gallery, &from->snapshot));
	}
	/* One sync at the end is enough: nothing uses the file before. */
	return code ? code
		    : fc_guarded_open(&copy->guard, copy->env, path,
				      MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC | MDB_NOTLS);
}

static int commit_copy(struct copy *copy)
{
	int code = fc_guarded_commit(&copy->guard, copy->txn);
	copy->txn = NULL;
	copy->uncommitted = 0;
	return code;
}

static int begin_copy(struct copy *copy)
{
	return copy->txn ? 0 : fc_guarded_begin(&copy->guard, copy->env, 0, &copy->txn);
}

static int put_record(struct copy *copy, enum fc_database database, MDB_val *key, MDB_val *value)
{
	int code = begin_copy(copy);
	if (code == 0) {
		code = fc_guarded_put(&copy->guard, copy->txn, copy->databases[database], key,
				      value, MDB_APPEND);
	}
	copy->uncommitted += key->mv_size + value->mv_size;
	return code == 0 && copy->uncommitted >= batch ? commit_copy(copy) : code;
}

/*
 * Copy the records of a database. *code: LMDB's error of the new file. The records' own checksums are left to the check of the complete
 * copy.
 */
static enum fc_status copy_database(struct copy *copy, enum fc_database database, int *code,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	const struct fc_key everything = { 0 };
	MDB_val key, value;
	uint64_t count = 0, expected;
	int reading = 0;
	FC_TRY(fc_store_count(copy->from, database, &expected, err));
	FC_TRY(fc_store_walk(copy->from, database, &everything, NULL, &cursor, err));
	while (*code == 0 && (reading = fc_lmdb_step(&cursor, &key, &value)) == 0) {
		*code = put_record(copy, database, &key, &value);
		count++;
	}
	if (*code != 0 || (reading == MDB_NOTFOUND && count == expected)) {
		return FC_OK;
	}
	reading = reading == MDB_NOTFOUND ? MDB_CORRUPTED : reading;
	return fc_lmdb_fail_in(copy->from, reading, err);
}

static enum fc_status copy_all(struct copy *copy, int *code, struct fc_error *err)
{
	*code = begin_copy(copy);
	for (int i = FC_DB_META; *code == 0 && i < FC_DB_END; i++) {
		*code = fc_guarded_database(&copy->guard, copy->txn,
					    fc_database_name((enum fc_database)i), MDB_CREATE,
					    &copy->databases[i]);
	}
	for (int i = FC_DB_META; *code == 0 && i < FC_DB_END; i++) {
		FC_TRY(copy_database(copy, (enum fc_database)i, code, err));
	}
	if (*code == 0 && copy->txn) {
		*code = commit_copy(copy);
	}
	if (*code == 0) {
		*code = mdb_env_sync(copy->env, 1);
	}
	return FC_OK;
}

/*
 * Every record is stored again, so that nothing deleted is in the copy. A copy of the pages would keep keys of deleted records, because the
 * branch pages of a B-tree keep them as separators.
 */
static enum fc_status copy_records(struct fc_gallery_txn *txn, int fd, const char *place,
				   struct fc_error *err)
{
	FC_CLEANUP(copy_release) struct copy copy = { .from = txn };
	int code = open_copy(&copy, fd);
	if (code == 0) {
		FC_TRY(copy_all(&copy, &code, err));
	}
	if (code == 0 && fsync(fd) != 0) {
		code = errno;
	}
	if (code == EIO) {
		code = fc_cause_of_eio(fd);
	}
	if (code < 0) {
		return fc_fail(err, FC_IO, "cannot write '%s': %s", place, mdb_strerror(code));
	}
	return code == 0 ? FC_OK
			 : fc_fail_errno(err, code == ENOMEM ? FC_NO_MEMORY : FC_IO, code,
					 "cannot write '%s'", place);
}

enum fc_status fc_store_copy(struct fc_gallery *gallery, int fd, const char *place,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	return copy_records(txn, fd, place, err);
}

/* ---- replacing ---- */

enum fc_status fc_store_lock_exclusive(struct fc_gallery *gallery, struct fc_error *err)
{
	/* Close the environment first: otherwise other processes would see this process's readers in LMDB's lock file. */
	FC_TRY(fc_store_suspend(gallery, err));
	FC_TRY(fc_directory_lock_exclusive(&gallery->directory, gallery->lock_timeout, err));
	return fc_store_resume(gallery, err);
}

static enum fc_status check_space(struct fc_gallery_txn *txn, struct fc_error *err)
{
	const struct fc_gallery *gallery = txn->gallery;
	uint64_t pages = 0;
	struct statvfs info;
	for (int i = FC_DB_META; i < FC_DB_END; i++) {
		const struct fc_tree *tree;
		FC_TRY(fc_lmdb_tree(txn, (enum fc_database)i, &tree, err));
		pages += tree->pages;
	}
	uint64_t needed = pages * gallery->page_size;
	if (fstatvfs(gallery->directory.fd, &info) != 0) {
		return FC_OK;
	}
	uint64_t available = (uint64_t)info.f_bavail * info.f_frsize;
	return available >= needed
		       ? FC_OK
		       : fc_fail(err, FC_FULL,
				 "the disk of gallery '%s' needs %llu more bytes for the new file: "
				 "%llu are free; nothing was changed",
				 fc_store_path(gallery), (unsigned long long)(needed - available),
				 (unsigned long long)available);
}

enum fc_status fc_store_check_space(struct fc_gallery *gallery, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	return check_space(txn, err);
}

static enum fc_status make_copy(struct fc_gallery_txn *txn, struct fc_error *err)
{
	const struct fc_gallery *gallery = txn->gallery;
	FC_IGNORE(unlinkat(gallery->directory.fd, FC_NEW_DATA_FILE, 0));
	FC_CLEANUP(fc_free) char *place = fc_path_join(fc_store_path(gallery), FC_NEW_DATA_FILE);
	FC_CLEANUP(fc_fd_close)
	int fd = openat(gallery->directory.fd, FC_NEW_DATA_FILE,
			O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (!place) {
		return fc_fail_memory(err);
	}
	if (fd < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create '%s'", place);
	}
	fc_directory_adopt(&gallery->directory, fd);
	FC_TRY(check_space(txn, err));
	return copy_records(txn, fd, place, err);
}

struct rewriting {
	fc_gallery_change *change;
	void *context;
	bool copied;
	enum fc_status status; /* of the copy */
	struct fc_error error;
};

/* Roll the change back at the end: only the copy contains it. */
static enum fc_status change_and_copy(struct fc_gallery_txn *txn, void *context,
				      struct fc_error *err)
{
	struct rewriting *rewriting = context;
	FC_TRY(rewriting->change(txn, rewriting->context, err));
	rewriting->status = make_copy(txn, &rewriting->error);
	rewriting->copied = true;
	return FC_PARTIAL;
}

static enum fc_status inspect_copy(struct fc_gallery *gallery, fc_store_inspect *inspect,
				   void *context, struct fc_error *err)
{
	FC_TRY(fc_store_suspend(gallery, err));
	enum fc_status status = fc_lmdb_open(gallery, "/" FC_NEW_DATA_FILE,
					     MDB_NOSUBDIR | MDB_NOLOCK | MDB_RDONLY, err);
	if (status == FC_OK) {
		status = fc_lmdb_open_databases(gallery, err);
	}
	if (status == FC_OK) {
		status = inspect(gallery, context, err);
	}
	fc_lmdb_close(gallery);
	return status;
}

enum fc_status fc_store_rewrite(struct fc_gallery *gallery, fc_gallery_change *change,
				void *context, fc_store_inspect *inspect, struct fc_error *err)
{
	struct rewriting rewriting = { .change = change, .context = context };
	enum fc_status status = fc_gallery_write(gallery, change_and_copy, &rewriting, err);
	if (rewriting.copied) {
		status = rewriting.status;
		if (status != FC_OK) {
			*err = rewriting.error;
		}
	}
	if (status == FC_OK) {
		status = inspect_copy(gallery, inspect, context, err);
	}
	if (status == FC_OK) {
		status = fc_directory_install(&gallery->directory, gallery->lock_timeout, err);
	}
	if (status != FC_OK) {
		/* Remove the incomplete copy, which contains templates. */
		FC_IGNORE(unlinkat(gallery->directory.fd, FC_NEW_DATA_FILE, 0));
		return status;
	}
	return fc_store_resume(gallery, err);
}

bool fc_store_has_new_file(const struct fc_gallery *gallery)
{
	/* A process that writes one has exclusive access, and here the gallery is open. */
	return faccessat(gallery->directory.fd, FC_NEW_DATA_FILE, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}
