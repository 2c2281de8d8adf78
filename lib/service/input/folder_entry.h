/* How a folder is walked: the options, what an entry of a folder is, and what is skipped. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_FOLDER_ENTRY_H
#define FC_SERVICE_INPUT_FOLDER_ENTRY_H

#include <dirent.h>
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
	bool follow_links;
	bool no_default_excludes; /* do not skip previews, recycle bins and metadata; see find_litter in folder_entry.c */
	bool any_suffix; /* files not named like a photo are photos if they begin like one */
	/* Called for each folder before its names are read; returns the tag of its photos. NULL: the tag is -1. */
	int (*entered)(void *context, const char *path);
	void *context;
};

enum { FC_NAME_COUNTS = 16 };

/* How often each name occurred. */
struct fc_name_counts {
	struct fc_name_count {
		char name[32];
		uint64_t count;
	} items[FC_NAME_COUNTS];
	size_t count;
	uint64_t rest; /* occurrences of names for which there was no room */
};

void fc_name_count(struct fc_name_counts *counts, const char *name);

/* Numbers of files and folders that were skipped, by reason. */
struct fc_folder_skipped {
	uint64_t hidden; /* names that begin with a dot; a folder counts as one */
	/* Not named like a photo (see is_named_like_a_photo in folder_entry.c). */
	uint64_t other;
	struct fc_name_counts suffixes; /* of these */
	struct fc_name_counts litter;   /* by the default excludes; a folder counts as one */
	uint64_t ignored;               /* by ignore files */
	uint64_t loops;                 /* links to a folder that the walk was in */
	char first_link[256];           /* name of the first link that was not followed */
	uint64_t linked;                /* links to folders */
	uint64_t linked_files; /* links to files, named like a photo, that are not followed */
	/* named like a photo, but not a file: for example a pipe or a dangling link */
	uint64_t special;
	uint64_t excluded;   /* by the patterns */
	uint64_t unreadable; /* folders that cannot be opened or read */
};

/* Judged by the name, the type and, with any_suffix, the first bytes. */
enum fc_entry_kind {
	FC_ENTRY_SKIPPED, /* counted by fc_entry_kind_of */
	FC_ENTRY_FOLDER,
	FC_ENTRY_LINKED_FOLDER, /* to be followed */
	FC_ENTRY_PHOTO,
};

/* Judge an entry of an open folder, and count it if it is skipped. */
enum fc_entry_kind fc_entry_kind_of(int folder, const struct dirent *entry,
				    const struct fc_folder_options *options,
				    struct fc_folder_skipped *skipped);

/* The length of the person's name at the start of a file name: "anna_01.jpg", "anna-2.jpg" and "anna.jpg" show "anna". */
size_t fc_flat_person_length(const char *name);

#endif
