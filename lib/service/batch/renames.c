/* set --sync: which persons are renamed. */
/* SPDX-License-Identifier: MIT */
#include "service/batch/renames.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- persons who are not renamed ---- */

static int by_pid(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct fc_uuid));
}

enum fc_status fc_at_home_add(struct fc_at_home *at_home, const struct fc_uuid *pid,
			      struct fc_error *err)
{
	size_t count = at_home->count;
	if (count > 0 && fc_uuid_equal(&at_home->items[count - 1], pid)) {
		return FC_OK;
	}
	FC_TRY(fc_array_grow(&at_home->items, sizeof(*at_home->items), count, &at_home->capacity,
			     err));
	at_home->items[at_home->count++] = *pid;
	return FC_OK;
}

void fc_at_home_sort(struct fc_at_home *at_home)
{
	if (at_home->count > 0) {
		qsort(at_home->items, at_home->count, sizeof(*at_home->items), by_pid);
	}
}

bool fc_at_home_has(const struct fc_at_home *at_home, const struct fc_uuid *pid)
{
	return at_home->count > 0 &&
	       bsearch(pid, at_home->items, at_home->count, sizeof(*at_home->items), by_pid);
}

void fc_at_home_release(struct fc_at_home *at_home)
{
	free(at_home->items);
	*at_home = (struct fc_at_home){ 0 };
}

/* ---- renaming ---- */

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
