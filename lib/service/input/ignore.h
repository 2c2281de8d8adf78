/*
 * The files .facectlignore: patterns in the syntax of gitignore(5), for the folder of the file and everything below it.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_IGNORE_H
#define FC_SERVICE_INPUT_IGNORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define FC_IGNORE_FILE ".facectlignore"

struct fc_ignore;

/*
 * Read the patterns of a folder, whose descriptor is borrowed. *out is NULL if the folder has no such file. Errors: FC_UNREADABLE (it
 * cannot be read, is no file, or is larger than 1 MiB), FC_INVALID_ARGUMENT (a pattern with more than FC_IGNORE_STARS_MAXIMUM
 * times **), FC_NO_MEMORY.
 */
enum fc_status fc_ignore_read(int folder, struct fc_ignore **out, struct fc_error *err);
void fc_ignore_free(struct fc_ignore *ignore);

enum { FC_IGNORE_STARS_MAXIMUM = 4 };

enum fc_ignore_match { FC_IGNORE_NONE = 0, FC_IGNORE_SKIP, FC_IGNORE_KEEP };

/* The last pattern that matches decides. path: below the folder of the file. ignore may be NULL. */
enum fc_ignore_match fc_ignore_matches(const struct fc_ignore *ignore, const char *path,
				       bool is_folder);

#endif
