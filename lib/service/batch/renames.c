/* set --sync: which persons are renamed. */
/* SPDX-License-Identifier: MIT */
#include "service/batch/renames.h"

#include <stdlib.h>
#include <string.h>

static int by_person_and_name(const void *left, const void *right)
{
	const struct fc_rename *a = left, *b = right;
	int order = memcmp(&a->pid, &b->pid, sizeof(a->pid));
	return order != 0 ? order : strcmp(a->name, b->name);
}

/* Most photos first; then the name that sorts first, so that the result does not depend on UUIDs. */
static int by_photos(const void *left, const void *right)
{
	const struct fc_rename *a = left, *b = right;
	if (a->photos != b->photos) {
		return a->photos > b->photos ? -1 : 1;
	}
	return strcmp(a->name, b->name);
}

static size_t join(struct fc_rename *renames, size_t count)
{
	size_t kept = 0;
	if (count == 0) {
		return 0;
	}
	qsort(renames, count, sizeof(*renames), by_person_and_name);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || by_person_and_name(&renames[kept - 1], &renames[i]) != 0) {
			renames[kept] = renames[i];
			renames[kept++].photos = 0;
		}
		renames[kept - 1].photos++;
	}
	qsort(renames, kept, sizeof(*renames), by_photos);
	return kept;
}

bool fc_rename_has(const struct fc_rename *renames, size_t count, const struct fc_uuid *pid)
{
	for (size_t i = 0; i < count; i++) {
		if (renames[i].renamed && fc_uuid_equal(&renames[i].pid, pid)) {
			return true;
		}
	}
	return false;
}

/* A name may become free when its person is renamed, so the list is tried until nothing changes. */
enum fc_status fc_rename_persons(struct fc_rename *renames, size_t *count, fc_rename_try *try,
				 void *context, struct fc_error *err)
{
	*count = join(renames, *count);
	for (bool changed = true; changed;) {
		changed = false;
		for (size_t i = 0; i < *count; i++) {
			struct fc_rename *rename = &renames[i];
			if (fc_rename_has(renames, *count, &rename->pid)) {
				continue;
			}
			FC_TRY(try(&rename->pid, rename->name, &rename->renamed, context, err));
			changed |= rename->renamed;
		}
	}
	return FC_OK;
}
