/* Photos of known persons for eval, from a folder tree, a manifest or a list of pairs, and photos of other people. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_LABELLED_PHOTOS_H
#define FC_CMD_PHOTOS_LABELLED_PHOTOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "service/measure/metrics.h"
#include "service/service.h"

/* The index of a photo without a template. */
#define NO_TEMPLATE ((size_t)-1)

struct labelled_photo {
	char *path;
	uint16_t person;
	uint8_t group; /* index of its group's name; FC_NO_GROUP for none */
	size_t index;  /* index of its template; NO_TEMPLATE until it has one */
	bool has_face; /* the manifest chooses its face */
	struct fc_face_choice face;
};

/* Two photos, by their indices in the list. */
struct labelled_photo_pair {
	size_t first, second;
	bool same;
};

struct labelled_photos {
	struct labelled_photo *items;
	size_t count, capacity;
	size_t person_count;             /* without strangers */
	char *groups[FC_GROUPS_MAXIMUM]; /* names */
	size_t group_count;
	size_t strangers; /* number of photos at the end of the list that each show another person */
	size_t unassigned; /* photos that were left out because they are in no person's folder */
	struct labelled_photo_pair *pairs; /* NULL: all pairs are compared */
	size_t pair_count;
	size_t next; /* index of the next photo of the source */
};

void labelled_photos_release(struct labelled_photos *photos);

/*
 * Find the photos PERSON/photo.jpg in a folder. Errors: FC_UNREADABLE, FC_INVALID_ARGUMENT (no photo in a person's folder),
 * FC_NO_MEMORY.
 */
enum fc_status labelled_photos_from_folder(const char *root, struct labelled_photos *out,
					   struct fc_error *err);

/*
 * Read lines of the form "PATH<TAB>PATH<TAB>1" (same person) or "...<TAB>0" (different persons). Paths are relative to root
 * unless they begin with a slash. Empty lines and lines that begin with # are ignored. For confidence intervals, photos of one
 * folder count as one person. Errors: FC_UNREADABLE, FC_TOO_LARGE, FC_INVALID_ARGUMENT (the message has the line number),
 * FC_NO_MEMORY.
 */
enum fc_status labelled_photos_from_pairs(const char *file, const char *root,
					  struct labelled_photos *out, struct fc_error *err);

/*
 * Read a manifest (see manifest.h). root NULL: relative paths are left unchanged. Each row needs a person: pid, person_id or name. The column "group" is optional. Errors: FC_UNREADABLE,
 * FC_TOO_LARGE, FC_INVALID_ARGUMENT (the message has the line number), FC_IO, FC_NO_MEMORY.
 */
enum fc_status labelled_photos_from_manifest(const char *file, const char *root,
					     struct labelled_photos *out, struct fc_error *err);

/*
 * Add all photos below a folder. Each shows a person who is in no other photo of the list. Errors: FC_UNREADABLE, FC_INVALID_ARGUMENT (no
 * photo), FC_TOO_LARGE, FC_NO_MEMORY.
 */
enum fc_status labelled_photos_add_strangers(struct labelled_photos *photos, const char *folder,
					     struct fc_error *err);

/* A source that yields the photos in order. The list must outlive it. */
struct fc_photo_source labelled_photos_source(struct labelled_photos *photos);

#endif
