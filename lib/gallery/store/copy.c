/* Copies the data file, and replaces it with a copy. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "gallery/store/env.h"
#include "gallery/store/store.h"

/*
 * LMDB's compacting copy writes only pages of the trees, and of each page only the part in use, so that nothing deleted is in the copy
 * (mdb_env_cwalk, mdb_page_copy).
 */
enum fc_status fc_store_copy(struct fc_gallery *gallery, int fd, const char *place,
			     struct fc_error *err)
{
	int code = fc_guarded_copy(&gallery->guard, gallery->env, fd, MDB_CP_COMPACT);
	if (code < 0) {
		return fc_lmdb_fail(gallery, code, err);
	}
	if (code == 0 && fsync(fd) != 0) {
		code = errno;
	}
	return code == 0 ? FC_OK : fc_fail_errno(err, FC_IO, code, "cannot write '%s'", place);
}

enum fc_status fc_store_lock_exclusive(struct fc_gallery *gallery, struct fc_error *err)
{
	/* Close the environment first: otherwise other processes would see this process's readers in LMDB's lock file. */
	FC_TRY(fc_store_suspend(gallery, err));
	FC_TRY(fc_directory_lock_exclusive(&gallery->directory, gallery->lock_timeout, err));
	return fc_store_resume(gallery, err);
}

static enum fc_status make_copy(struct fc_gallery *gallery, struct fc_error *err)
{
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
	return fc_store_copy(gallery, fd, place, err);
}

enum fc_status fc_store_rewrite(struct fc_gallery *gallery, fc_store_inspect *inspect,
				struct fc_error *err)
{
	enum fc_status status = make_copy(gallery, err);
	if (status == FC_OK) {
		status = fc_store_suspend(gallery, err);
	}
	if (status == FC_OK) {
		status = fc_lmdb_open(gallery, "/" FC_NEW_DATA_FILE,
				      MDB_NOSUBDIR | MDB_NOLOCK | MDB_RDONLY, err);
		if (status == FC_OK) {
			status = fc_lmdb_open_databases(gallery, err);
		}
		if (status == FC_OK) {
			status = inspect(gallery, err);
		}
		fc_lmdb_close(gallery);
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
