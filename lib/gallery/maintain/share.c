/* Galleries that several accounts use. */
/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "gallery/maintain/maintain.h"
#include "gallery/store/directory.h"
#include "gallery/store/engine.h"
#include "gallery/store/store.h"

/* With the group's id in the directory's mode, new files get its group. */
enum { SHARED_FOLDER = S_ISGID | 0770, SHARED_FILE = 0660, OWN_FOLDER = 0700, OWN_FILE = 0600 };

/* What to set: a group and modes of the folder and its files. */
struct access {
	bool shared;
	uint32_t group;
	bool only_check; /* that it is allowed */
};

static enum fc_status fail(const char *path, const char *name, int os_errno, struct fc_error *err)
{
	return os_errno == EPERM
		       ? fc_fail(err, FC_PERMISSION,
				 "'%s/%s' is not yours, or you are no member of the group: only the "
				 "owner can change who uses a gallery; 'facectl gallery compact' "
				 "makes the files yours",
				 path, name)
		       : fc_fail_errno(err, FC_IO, os_errno, "cannot change the mode of '%s/%s'",
				       path, name);
}

static enum fc_status set_file(int folder, const char *path, const char *name,
			       const struct access *access, struct fc_error *err)
{
	struct stat info;
	FC_CLEANUP(fc_fd_close)
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) != 0) {
		return errno == ENOENT ? FC_OK : fail(path, name, errno, err);
	}
	if (!S_ISREG(info.st_mode)) {
		return FC_OK;
	}
	if (info.st_uid != geteuid()) {
		/* the file of another member is accessible already; to a private gallery it must not remain so */
		return access->shared && info.st_gid == access->group
			       ? FC_OK
			       : fail(path, name, EPERM, err);
	}
	if (access->only_check) {
		return FC_OK;
	}
	if ((access->shared && fchown(fd, (uid_t)-1, access->group) != 0) ||
	    fchmod(fd, access->shared ? SHARED_FILE : OWN_FILE) != 0) {
		return fail(path, name, errno, err);
	}
	return FC_OK;
}

static enum fc_status set_files(int folder, const char *path, const struct access *access,
				struct fc_error *err)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	enum fc_status status = FC_OK;
	if (!listing) {
		fc_fd_close(&fd);
		return fail(path, "", errno, err);
	}
	for (const struct dirent *entry; status == FC_OK && (entry = readdir(listing));) {
		status = set_file(folder, path, entry->d_name, access, err);
	}
	closedir(listing);
	return status;
}

static enum fc_status set_folder(int folder, const char *path, const struct access *access,
				 struct fc_error *err)
{
	if ((access->shared && fchown(folder, (uid_t)-1, access->group) != 0) ||
	    fchmod(folder, access->shared ? SHARED_FOLDER : OWN_FOLDER) != 0) {
		return fail(path, "", errno, err);
	}
	return FC_OK;
}

enum fc_status fc_gallery_share(const struct fc_gallery *gallery, uint32_t group,
				struct fc_error *err)
{
	const struct fc_directory *directory = fc_store_directory(gallery);
	const struct access access = { .shared = true, .group = group };
	FC_TRY(fc_engine_require_lmdb(gallery, "gallery share", err));
	/* The folder first: files may be less open than it, but not more (directory.c). */
	FC_TRY(set_folder(directory->fd, directory->path, &access, err));
	return set_files(directory->fd, directory->path, &access, err);
}

enum fc_status fc_gallery_unshare(const struct fc_gallery *gallery, struct fc_error *err)
{
	const struct fc_directory *directory = fc_store_directory(gallery);
	struct access access = { .only_check = true };
	struct stat info;
	FC_TRY(fc_engine_require_lmdb(gallery, "gallery share", err));
	if (fstat(directory->fd, &info) != 0 || info.st_uid != geteuid()) {
		return fail(directory->path, "", EPERM, err);
	}
	FC_TRY(set_files(directory->fd, directory->path, &access, err));
	access.only_check = false;
	FC_TRY(set_files(directory->fd, directory->path, &access, err));
	return set_folder(directory->fd, directory->path, &access, err);
}

bool fc_gallery_is_shared(const struct fc_gallery *gallery, uint32_t *group)
{
	if (fc_engine_of(gallery)) {
		return false;
	}
	*group = fc_store_directory(gallery)->group;
	return fc_store_directory(gallery)->shared;
}

enum fc_status fc_gallery_share_backup(const struct fc_gallery *gallery, const char *backup,
				       struct fc_error *err)
{
	const struct access access = { .shared = true,
				       .group = fc_store_directory(gallery)->group };
	if (!fc_store_directory(gallery)->shared) {
		return FC_OK;
	}
	FC_CLEANUP(fc_fd_close)
	int folder = open(backup, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0) {
		return fail(backup, "", errno, err);
	}
	FC_TRY(set_files(folder, backup, &access, err));
	return set_folder(folder, backup, &access, err);
}
