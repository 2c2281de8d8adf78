/* set --sync: rename persons whose folder has another name. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "service/local/sync/sync.h"

/* How many photos of a person are now in the folder of a name. */
struct rename {
	const struct fc_uuid *pid;
	const char *name;
	size_t photos;
};

static int by_person_and_name(const void *left, const void *right)
{
	const struct rename *a = left, *b = right;
	int order = memcmp(a->pid, b->pid, sizeof(*a->pid));
	return order != 0 ? order : strcmp(a->name, b->name);
}

/* Most photos first; then the name that sorts first, so that the result does not depend on UUIDs. */
static int by_photos(const void *left, const void *right)
{
	const struct rename *a = left, *b = right;
	if (a->photos != b->photos) {
		return a->photos > b->photos ? -1 : 1;
	}
	return strcmp(a->name, b->name);
}

/* List the persons that may be renamed: none of their photos is where it was. Returns the number of renames. */
static size_t list_renames(const struct fc_sync *sync, struct rename *renames)
{
	size_t count = 0, kept = 0;
	for (size_t i = 0; i < sync->claim_count; i++) {
		const struct fc_sync_claim *claim = &sync->claims[i];
		if (claim->source.face != 0 && claim->given.person &&
		    !fc_sync_is_at_home(sync, &claim->source.pid)) {
			renames[count++] =
				(struct rename){ &claim->source.pid, claim->given.person, 1 };
		}
	}
	if (count == 0) {
		return 0;
	}
	qsort(renames, count, sizeof(*renames), by_person_and_name);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && by_person_and_name(&renames[kept - 1], &renames[i]) == 0) {
			renames[kept - 1].photos++;
		} else {
			renames[kept++] = renames[i];
		}
	}
	qsort(renames, kept, sizeof(*renames), by_photos);
	return kept;
}

/* Rename a person unless it has the name, or another person has it. *renamed: whether it was. */
static enum fc_status try_rename(struct fc_gallery_txn *txn, uint32_t space,
				 const struct rename *rename, bool *renamed, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person holder = { 0 };
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	enum fc_status status = fc_person_by_name(txn, space, rename->name, &holder, err);
	if (status == FC_OK || status == FC_CONFLICT) {
		return FC_OK;
	}
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	FC_TRY(fc_gallery_referred(txn, fc_person_get(txn, rename->pid, &person, err), err));
	struct fc_person after = person;
	after.name = fc_lend(rename->name);
	FC_TRY(fc_person_update(txn, &after, err));
	*renamed = true;
	return FC_OK;
}

/* A name may become free when its person is renamed, so the list is tried until nothing changes. */
enum fc_status fc_sync_rename(struct fc_sync *sync, struct fc_gallery_txn *txn, uint32_t space,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_free)
	struct rename *renames = calloc(sync->claim_count + 1, sizeof(*renames));
	FC_CLEANUP(fc_free) bool *done = calloc(sync->claim_count + 1, sizeof(*done));
	if (!renames || !done) {
		return fc_fail_memory(err);
	}
	size_t count = list_renames(sync, renames);
	for (bool changed = true; changed;) {
		changed = false;
		for (size_t i = 0; i < count; i++) {
			if (done[i]) {
				continue;
			}
			bool renamed = false;
			FC_TRY(try_rename(txn, space, &renames[i], &renamed, err));
			for (size_t k = 0; renamed && k < count; k++) {
				done[k] = done[k] || fc_uuid_equal(renames[k].pid, renames[i].pid);
			}
			for (size_t k = 0; renamed && k < sync->claim_count; k++) {
				struct fc_sync_claim *claim = &sync->claims[k];
				claim->renamed = claim->renamed ||
						 fc_uuid_equal(&claim->source.pid, renames[i].pid);
			}
			changed = changed || renamed;
		}
	}
	return FC_OK;
}
