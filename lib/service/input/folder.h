/*
 * Find the photos in a folder tree. The order is stable: files and folders together, sorted by the bytes of their names.
 * Symbolic links to files are followed only if the options say so, because a link can lead to any file of the user. Links to folders are
 * never followed, so that the walk cannot run in a loop.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_FOLDER_H
#define FC_SERVICE_INPUT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum fc_folder_layout {
	FC_LAYOUT_DIRS, /* PERSON/ANY/WHERE/photo.jpg: the person is the first folder below the root */
	FC_LAYOUT_FLAT, /* PERSON_01.jpg, PERSON-2.jpg, PERSON.jpg: file name without a trailing number; personN keeps its number */
};

struct fc_folder_options {
	const char *root;
	enum fc_folder_layout layout;
	/*
	 * With FC_LAYOUT_FLAT, a POSIX extended regular expression that matches the person in a file name: its first group, or the whole
	 * match if it has no group. NULL: the person is the file name without a trailing number.
	 */
	const char *pattern;
	/* fnmatch patterns on the path below the root. Without an include pattern every photo is included. */
	const char *const *include, *const *exclude;
	size_t include_count, exclude_count;
	bool follow_links; /* links to files count as files */
};

struct fc_folder_photo {
	const char *path; /* includes the root; valid until the next call */
	/* Valid until the next call; NULL for a photo directly in the root of FC_LAYOUT_DIRS, or when the pattern does not match. */
	const char *person;
	/* NULL for a photo; otherwise path is a folder, and this says why it cannot be read. Valid until the next call. */
	const char *error;
};

/* Numbers of files and folders that were skipped, by reason. */
struct fc_folder_skipped {
	uint64_t hidden; /* names that begin with a dot; a folder counts as one */
	/* Not named like a photo (.jpg .jpeg .jpe .jfif .png .webp .bmp .tif .tiff, in any case). */
	uint64_t other;
	uint64_t linked;       /* links to folders */
	uint64_t linked_files; /* links to files, named like a photo, that are not followed */
	/* named like a photo, but not a file: for example a pipe or a dangling link */
	uint64_t special;
	uint64_t excluded;   /* by the patterns */
	uint64_t unreadable; /* folders that cannot be opened or read */
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
