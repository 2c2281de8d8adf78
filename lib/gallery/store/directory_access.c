/* Who may use the gallery's directory: its owner, or the members of a group. */
/* SPDX-License-Identifier: MIT */
#include <sys/stat.h>
#include <unistd.h>

#include "gallery/store/directory.h"

enum { SHARED_MODE = S_ISGID | 0770, SHARED_FILE_MODE = 0660 };

void fc_directory_adopt(const struct fc_directory *directory, int fd)
{
	if (directory->shared) {
		FC_IGNORE(fchmod(fd, SHARED_FILE_MODE));
	}
}

void fc_directory_read_sharing(struct fc_directory *directory)
{
	struct stat info;
	directory->shared = fstat(directory->fd, &info) == 0 &&
			    (info.st_mode & (SHARED_MODE | 07)) == SHARED_MODE;
	directory->group = directory->shared ? info.st_gid : 0;
}

enum fc_status fc_directory_check_owner(const struct fc_directory *directory, const char *name,
					const struct stat *info, struct fc_error *err)
{
	if (directory->shared && info->st_gid == directory->group && !(info->st_mode & 07)) {
		return FC_OK;
	}
	if (info->st_uid != geteuid()) {
		return fc_fail(
			err, FC_PERMISSION,
			"'%s%s' belongs to user %u and you are user %u: you must own the gallery "
			"that you use, or its owner shares it with 'facectl gallery share'",
			directory->path, name, info->st_uid, geteuid());
	}
	if (info->st_mode & 077) {
		return fc_fail(err, FC_PERMISSION,
			       "'%s%s' is open to others (mode %04o): run chmod %s '%s%s'",
			       directory->path, name, info->st_mode & 07777,
			       S_ISDIR(info->st_mode) ? "700" : "600", directory->path, name);
	}
	return FC_OK;
}
