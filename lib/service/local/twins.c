/* Persons of a space whose names differ only by case. */
/* SPDX-License-Identifier: MIT */
#include "service/local/twins.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/name.h"

void fc_local_twins_release(struct fc_local_twins *twins)
{
	free(twins->slots);
	*twins = (struct fc_local_twins){ 0 };
}

static uint64_t hash_of(const char *text)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
	for (; *text; text++) {
		hash = (hash ^ (uint8_t)*text) * UINT64_C(1099511628211);
	}
	return hash | 1;
}

static struct fc_local_name *slot_of(const struct fc_local_twins *twins, uint64_t folded)
{
	size_t i = (size_t)(folded >> 1) & (twins->capacity - 1);
	while (twins->slots[i].folded != 0 && twins->slots[i].folded != folded) {
		i = (i + 1) & (twins->capacity - 1);
	}
	return &twins->slots[i];
}

/* Keep at least half of the slots free. */
static enum fc_status grow(struct fc_local_twins *twins, struct fc_error *err)
{
	if (2 * twins->count < twins->capacity) {
		return FC_OK;
	}
	struct fc_local_twins larger = *twins;
	larger.capacity = twins->capacity > 0 ? 2 * twins->capacity : 256;
	larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
	if (!larger.slots) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < twins->capacity; i++) {
		if (twins->slots[i].folded != 0) {
			*slot_of(&larger, twins->slots[i].folded) = twins->slots[i];
		}
	}
	free(twins->slots);
	*twins = larger;
	return FC_OK;
}

/* *differs: the last name with the same folded form had another case. */
static enum fc_status add_name(struct fc_local_twins *twins, const char *name, bool *differs,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *folded = NULL;
	FC_TRY(grow(twins, err));
	FC_TRY(fc_name_fold(name, &folded, err));
	const struct fc_local_name added = { hash_of(folded), hash_of(name) };
	struct fc_local_name *slot = slot_of(twins, added.folded);
	*differs = slot->folded != 0 && slot->exact != added.exact;
	twins->count += slot->folded == 0;
	*slot = added;
	return FC_OK;
}

struct walk {
	struct fc_local_twins *twins; /* collects the names */
	const char *name, *folded;    /* or finds the twin of a name */
	char *other;
	enum fc_status status;
	struct fc_error *err;
};

static bool collect(const struct fc_person *person, void *context)
{
	struct walk *walk = context;
	bool differs;
	/* the new person is in the space already, and must not hide its twin */
	bool counts = person->name && strcmp(person->name, walk->name) != 0;
	walk->status = counts ? add_name(walk->twins, person->name, &differs, walk->err) : FC_OK;
	return walk->status == FC_OK;
}

static bool find_other(const struct fc_person *person, void *context)
{
	struct walk *walk = context;
	FC_CLEANUP(fc_free) char *folded = NULL;
	if (!person->name || strcmp(person->name, walk->name) == 0) {
		return true;
	}
	walk->status = fc_name_fold(person->name, &folded, walk->err);
	if (walk->status == FC_OK && strcmp(folded, walk->folded) == 0) {
		walk->other = strdup(person->name);
		walk->status = walk->other ? FC_OK : fc_fail_memory(walk->err);
		return false;
	}
	return walk->status == FC_OK;
}

enum fc_status fc_local_twins_add(struct fc_gallery_txn *txn, struct fc_local_twins *twins,
				  uint32_t space, const char *name, char **other,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *folded = NULL;
	struct walk walk = { .twins = twins, .name = name, .err = err };
	bool differs = false;
	*other = NULL;
	if (!twins->slots || twins->space != space) {
		fc_local_twins_release(twins);
		twins->space = space;
		FC_TRY(fc_person_each(txn, space, NULL, collect, &walk, err));
		FC_TRY(walk.status);
	}
	FC_TRY(add_name(twins, name, &differs, err));
	if (!differs) {
		return FC_OK;
	}
	FC_TRY(fc_name_fold(name, &folded, err));
	walk.folded = folded;
	FC_TRY(fc_person_each(txn, space, NULL, find_other, &walk, err));
	*other = walk.other;
	return walk.status;
}
