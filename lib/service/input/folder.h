/*
 * Find the photos in a folder tree. The order is stable: files and folders together, sorted by the bytes of their names.
 * Symbolic links are followed only if the options say so, because a link can lead to any file of the user. A link to a folder that the walk
 * is in would be a loop and is skipped. A folder may have a file .facectlignore; see service/input/ignore.h.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_FOLDER_H
#define FC_SERVICE_INPUT_FOLDER_H

#include "service/input/folder_entry.h"

struct fc_folder_photo {
	const char *path; /* includes the root; valid until the next call */
	/* Valid until the next call; NULL for a photo directly in the root of FC_LAYOUT_DIRS, or when the pattern does not match. */
	const char *person;
	/* NULL for a photo; otherwise path is a folder, and this says why it cannot be read. Valid until the next call. */
	const char *error;
	int tag; /* of the photo's folder; see struct fc_folder_options */
};

struct fc_folder;

/*
 * Strings of the options are borrowed.
 * Errors: FC_UNREADABLE (the root is missing, not a folder, or cannot be read), FC_INVALID_ARGUMENT (the pattern is not a regular
 * expression), FC_NO_MEMORY.
 */
enum fc_status fc_folder_open(const struct fc_folder_options *options, struct fc_folder **out,
			      struct fc_error *err);
void fc_folder_close(struct fc_folder *folder);
FC_DEFINE_CLEANUP(struct fc_folder *, fc_folder_close);

/* Visit the folders directly in the root that are not hidden, sorted by name. Must be called before fc_folder_next. */
typedef void fc_folder_visit(const char *name, void *context);
void fc_folder_each_in_root(const struct fc_folder *folder, fc_folder_visit *visit, void *context);

/*
 * Return the next photo or a folder that was skipped because it cannot be read, or set *end.
 * Errors: FC_NO_MEMORY, FC_IO (out of descriptors or memory).
 */
enum fc_status fc_folder_next(struct fc_folder *folder, struct fc_folder_photo *out, bool *end,
			      struct fc_error *err);

const struct fc_folder_skipped *fc_folder_skipped(const struct fc_folder *folder);

#endif
