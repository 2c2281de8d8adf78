/* The error for a gallery that does not exist. */
/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "gallery/store/directory.h"

enum fc_status fc_directory_fail_missing(const char *path, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *copy = strdup(path);
	char nearest[NAME_MAX + 1] = "";
	char *slash = copy ? strrchr(copy, '/') : NULL;
	const char *name = slash ? slash + 1 : path;
	if (slash) {
		*slash = '\0';
	}
	DIR *folder = opendir(!slash ? "." : slash == copy ? "/" : copy);
	const struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		const char *pair[] = { nearest[0] != '\0' ? nearest : entry->d_name, entry->d_name,
				       NULL };
		char file[NAME_MAX + sizeof("/" FC_DATA_FILE)];
		snprintf(file, sizeof(file), "%s/" FC_DATA_FILE, entry->d_name);
		if (fc_nearest_word(name, pair) == entry->d_name &&
		    faccessat(dirfd(folder), file, F_OK, 0) == 0) {
			snprintf(nearest, sizeof(nearest), "%s", entry->d_name);
		}
	}
	if (folder) {
		FC_IGNORE(closedir(folder));
	}
	return nearest[0] != '\0'
		       ? fc_fail(err, FC_GALLERY_MISSING,
				 "there is no gallery at '%s'; did you mean '%.*s%s'?", path,
				 (int)(name - (slash ? copy : path)), path, nearest)
		       : fc_fail(err, FC_GALLERY_MISSING,
				 "there is no gallery at '%s'; 'facectl set' creates one", path);
}
