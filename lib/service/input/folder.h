/*
 * Photos in a folder tree, in a stable order: byte order of the names in each folder, folders walked where their name stands.
 * Symbolic links to folders are not followed, so no loop can catch the walk; links to files are.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_FOLDER_H
#define FC_SERVICE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum fc_folder_layout {
	FC_LAYOUT_DIRS, /* PERSON/ANY/WHERE/photo.jpg: the person is the first folder below the root */
	FC_LAYOUT_FLAT, /* PERSON_01.jpg, PERSON-2.jpg, PERSON.jpg: the person is the name without a trailing number; personN keeps its own */
};

struct fc_folder_options {
	const char *root;
	enum fc_folder_layout layout;
	/*
	 * With FC_LAYOUT_FLAT, a POSIX extended regular expression that finds the person in a file's name: what its first parentheses match,
	 * or all that it matches without any. NULL: the name without a trailing number.
	 */
	const char *pattern;
	/* fnmatch patterns on the path below the root; without an include every photo is in. */
	const char *const *include, *const *exclude;
	size_t include_count, exclude_count;
};

struct fc_folder_photo {
	const char *path; /* root included; valid until the next call */
	/* Valid until the next call; NULL for a photo that lies directly in a `dirs` root, or that the pattern does not fit. */
	const char *person;
	/* Why path, a folder, cannot be read; valid until the next call; NULL for a photo. */
	const char *error;
};

/* What the walk passed over. */
struct fc_folder_skipped {
	uint64_t hidden; /* names that begin with a dot, folders counted once */
	/* Not named like a photo (.jpg .jpeg .jpe .jfif .png .webp .bmp .tif .tiff, in any case). */
	uint64_t other;
	uint64_t linked;     /* links to folders */
	uint64_t special;    /* named like a photo, but no file: pipes, links that lead nowhere */
	uint64_t excluded;   /* by the patterns */
	uint64_t unreadable; /* folders that cannot be read */
};

struct fc_folder;

/*
 * Strings of the options are borrowed.
 * Errors: FC_UNREADABLE (the root is missing or no folder), FC_INVALID_ARGUMENT (the pattern is none), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_folder_open(const struct fc_folder_options *options,
					  struct fc_folder **out, struct fc_error *err);
void fc_folder_close(struct fc_folder *folder);
FC_DEFINE_CLEANUP(struct fc_folder *, fc_folder_close);

/* The folders directly in the root that are not hidden, by name. Only before the first photo. */
typedef void fc_folder_visit(const char *name, void *context);
void fc_folder_each_in_root(const struct fc_folder *folder, fc_folder_visit *visit, void *context);

/* The next photo, or a folder that cannot be read, or *end = true. */
FC_MUST_USE enum fc_status fc_folder_next(struct fc_folder *folder, struct fc_folder_photo *out,
					  bool *end, struct fc_error *err);

const struct fc_folder_skipped *fc_folder_skipped(const struct fc_folder *folder);

#endif
