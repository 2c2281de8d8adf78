/* set --sync: which persons are renamed, because their photos are now in the folder of another name. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_BATCH_RENAMES_H
#define FC_SERVICE_BATCH_RENAMES_H

#include "base/error.h"
#include "base/uuid.h"

/* Persons with a photo that is where the ledger has it, and who are therefore not renamed. { 0 } is empty. */
struct fc_at_home {
	struct fc_uuid *items;
	size_t count, capacity;
};

enum fc_status fc_at_home_add(struct fc_at_home *at_home, const struct fc_uuid *pid,
			      struct fc_error *err);
/* Called after the last addition. */
void fc_at_home_sort(struct fc_at_home *at_home);
bool fc_at_home_has(const struct fc_at_home *at_home, const struct fc_uuid *pid);
void fc_at_home_release(struct fc_at_home *at_home);

/* A photo of a person, or after fc_rename_persons all photos of a person, in the folder of a name. */
struct fc_rename {
	struct fc_uuid pid;
	const char *name; /* borrowed */
	size_t photos;
	bool renamed; /* the person has this name now */
};

/* Rename a person unless it has the name, or another person has it. *renamed: whether it was. */
typedef enum fc_status fc_rename_try(const struct fc_uuid *pid, const char *name, bool *renamed,
				     void *context, struct fc_error *err);

/*
 * Rename persons. renames: one for each photo of persons of whose photos none is where it was; afterwards one for each person and name, and
 * *count is their number. If a person's photos are in several folders, the one with most of them counts.
 */
enum fc_status fc_rename_persons(struct fc_rename *renames, size_t *count, fc_rename_try *try,
				 void *context, struct fc_error *err);

/* Whether a person was renamed. */
bool fc_rename_has(const struct fc_rename *renames, size_t count, const struct fc_uuid *pid);

#endif
