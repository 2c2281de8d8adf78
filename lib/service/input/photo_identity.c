/* How the ledger identifies a photo's file. */
/* SPDX-License-Identifier: MIT */
#include "service/input/photo_identity.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"

static int64_t nanoseconds(const struct timespec *time)
{
	return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

struct fc_file_identity fc_photo_identity(const struct stat *info)
{
	struct fc_file_identity identity = {
		.device = info->st_dev,
		.inode = info->st_ino,
		.size = (uint64_t)info->st_size,
		.modified = nanoseconds(&info->st_mtim),
		.changed = nanoseconds(&info->st_ctim),
	};
	bool coarse = identity.changed % 1000000000 == 0;
	int64_t tick = coarse ? 2000000000 : 20000000;
	if (fc_clock_now() * 1000 - identity.changed < tick) {
		identity.changed = 0;
	}
	return identity;
}

char *fc_photo_absolute(const char *folder, const char *path)
{
	while (path[0] == '.' && path[1] == '/') {
		path += 2;
		while (path[0] == '/') {
			path++;
		}
	}
	return path[0] == '/' ? strdup(path) : fc_path_join(folder, path);
}

char *fc_photo_root(const char *folder, const char *path)
{
	char *root = fc_photo_absolute(folder, path);
	size_t length = root ? strlen(root) : 0;
	while (length > 0 &&
	       (root[length - 1] == '/' || (length > 1 && strcmp(root + length - 2, "/.") == 0))) {
		root[--length] = '\0';
	}
	char *with_slash = root ? fc_path_join(root, "") : NULL;
	free(root);
	return with_slash;
}
