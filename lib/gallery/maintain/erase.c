/* Erasure: removes persons and everything that comes from their photos, and rewrites the data file. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gallery/maintain/rebuild.h"
#include "gallery/rows/detected.h"
#include "gallery/rows/entry_query.h"
#include "gallery/rows/ledger_record.h"
#include "gallery/rows/parts.h"
#include "gallery/rows/snapshot.h"
#include "gallery/store/engine.h"

/* A sorted array of items of the same size, compared byte by byte. { .size = SIZE } is empty. */
struct set {
	uint8_t *items;
	size_t size, count, capacity;
};

/* What the ledger stores in place of a person who does not exist yet. */
struct person_key {
	uint32_t space;
	struct fc_ledger_person_key key;
};

struct erasure {
	const struct fc_erase_request *request;
	struct fc_gallery_txn *txn;
	struct fc_error *err;
	enum fc_status status; /* of a callback */
	struct set pids, keys, photos;
	bool *shared; /* for each photo: it also shows a person who stays */
	struct fc_erase_report report;
};

static void erasure_clear(struct erasure *erasure)
{
	free(erasure->pids.items);
	free(erasure->keys.items);
	free(erasure->photos.items);
	free(erasure->shared);
	erasure->pids = (struct set){ .size = sizeof(struct fc_uuid) };
	erasure->keys = (struct set){ .size = sizeof(struct person_key) };
	erasure->photos = (struct set){ .size = sizeof(struct fc_sha256) };
	erasure->shared = NULL;
}

/* ---- sets ---- */

/* Call set_sort after the last set_add and before set_find. */
static enum fc_status set_add(struct set *set, const void *item, struct fc_error *err)
{
	FC_TRY(fc_array_grow(&set->items, set->size, set->count, &set->capacity, err));
	memcpy(set->items + set->count++ * set->size, item, set->size);
	return FC_OK;
}

static int compare_items(const void *a, const void *b, void *size)
{
	return memcmp(a, b, *(const size_t *)size);
}

static void set_sort(struct set *set)
{
	size_t unique = 0;
	if (set->count > 0) {
		qsort_r(set->items, set->count, set->size, compare_items, &set->size);
	}
	for (size_t i = 0; i < set->count; i++) {
		const uint8_t *item = set->items + i * set->size;
		if (i == 0 || memcmp(item - set->size, item, set->size) != 0) {
			memmove(set->items + unique++ * set->size, item, set->size);
		}
	}
	set->count = unique;
}

/* The index of an item, or -1. */
static ptrdiff_t set_find(const struct set *set, const void *item)
{
	size_t low = 0, high = set->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp(set->items + middle * set->size, item, set->size);
		if (order == 0) {
			return (ptrdiff_t)middle;
		}
		low = order < 0 ? middle + 1 : low;
		high = order < 0 ? high : middle;
	}
	return -1;
}

static struct fc_uuid pid_at(const struct set *pids, size_t index)
{
	struct fc_uuid pid;
	memcpy(&pid, pids->items + index * pids->size, sizeof(pid));
	return pid;
}

/* ---- persons ---- */

static enum fc_status add_key(struct erasure *erasure, const struct fc_person *person,
			      const uint64_t *number, const struct fc_uuid *pid, const char *name,
			      struct fc_error *err)
{
	struct person_key key = { .space = person->space };
	FC_TRY(fc_ledger_person_key_of(number, pid, name, &key.key, err));
	return set_add(&erasure->keys, &key, err);
}

static enum fc_status add_person(struct erasure *erasure, const struct fc_person *person,
				 struct fc_error *err)
{
	FC_TRY(set_add(&erasure->pids, &person->pid, err));
	FC_TRY(add_key(erasure, person, NULL, &person->pid, NULL, err));
	if (person->has_number) {
		FC_TRY(add_key(erasure, person, &person->number, NULL, NULL, err));
	}
	return person->name ? add_key(erasure, person, NULL, NULL, person->name, err) : FC_OK;
}

/* Get the time of the newest entry of a person, who may have been deleted. FC_NOT_FOUND if there is none. */
static enum fc_status last_entry(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				 int64_t *time, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_pid(pid), key;
	struct fc_reader payload;
	FC_TRY(fc_store_walk_back(txn, FC_DB_ENTRY_PERSON, &prefix, NULL, &cursor, err));
	FC_TRY(fc_store_next(&cursor, &key, &payload, err));
	*time = fc_key_get_time(&key, prefix.length);
	return FC_OK;
}

/* Select a person, or the pid of a deleted person that has entries, unless it is newer than the request allows. */
static enum fc_status select_person(struct erasure *erasure, const struct fc_uuid *pid,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	const struct fc_erase_request *request = erasure->request;
	int64_t last = INT64_MIN;
	enum fc_status entries = last_entry(erasure->txn, pid, &last, err);
	FC_TRY(entries == FC_NOT_FOUND ? FC_OK : entries);
	enum fc_status status = fc_person_get(erasure->txn, pid, &person, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	bool exists = status == FC_OK;
	bool newer = last >= request->before || (exists && (person.updated >= request->before ||
							    person.created >= request->before));
	if ((!exists && entries != FC_OK) || (request->has_before && newer)) {
		return FC_OK;
	}
	return exists ? add_person(erasure, &person, err) : set_add(&erasure->pids, pid, err);
}

struct candidates {
	struct set pids;
	enum fc_status status;
	struct fc_error *err;
};

static bool add_candidate(const struct fc_person *person, void *context)
{
	struct candidates *candidates = context;
	candidates->status = set_add(&candidates->pids, &person->pid, candidates->err);
	return candidates->status == FC_OK;
}

static bool add_recorded(const struct fc_entry *entry, void *context)
{
	const struct fc_person person = { .pid = entry->pid };
	return !entry->has_pid || add_candidate(&person, context);
}

/* The persons of a space, or of all spaces, with those that only entries still refer to. */
static enum fc_status find_candidates(struct fc_gallery_txn *txn, const char *space,
				      struct candidates *out, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space *spaces = NULL;
	size_t count = 0;
	bool found = false;
	FC_TRY(fc_space_list(txn, &spaces, &count, err));
	for (size_t i = 0; i < count; i++) {
		if (!space || strcmp(space, spaces[i].name) == 0) {
			found = true;
			const struct fc_entry_query entries = { .spaces = &spaces[i].id,
								.space_count = 1 };
			FC_TRY(fc_person_each(txn, spaces[i].id, NULL, add_candidate, out, err));
			FC_TRY(out->status);
			FC_TRY(fc_entry_each(txn, &entries, 0, add_recorded, out, err));
			FC_TRY(out->status);
		}
	}
	return !space || found ? FC_OK
			       : fc_fail(err, FC_NOT_FOUND, "there is no space '%s'", space);
}

static void candidates_release(struct candidates *candidates)
{
	free(candidates->pids.items);
}

static enum fc_status select_persons(struct erasure *erasure, struct fc_error *err)
{
	const struct fc_erase_request *request = erasure->request;
	FC_CLEANUP(candidates_release)
	struct candidates candidates = { .pids = { .size = sizeof(struct fc_uuid) }, .err = err };
	for (size_t i = 0; i < request->pid_count; i++) {
		FC_TRY(set_add(&candidates.pids, &request->pids[i], err));
	}
	if (request->whole_space || request->has_before) {
		FC_TRY(find_candidates(erasure->txn, request->space, &candidates, err));
	}
	set_sort(&candidates.pids);
	for (size_t i = 0; i < candidates.pids.count; i++) {
		const struct fc_uuid pid = pid_at(&candidates.pids, i);
		FC_TRY(select_person(erasure, &pid, err));
	}
	set_sort(&erasure->keys);
	return erasure->pids.count > 0 || request->whole_space
		       ? FC_OK
		       : fc_fail(err, FC_NOT_FOUND, "there is no such person: nothing to erase");
}

/* ---- their photos ---- */

static bool add_photo(struct erasure *erasure, const struct fc_sha256 *photo)
{
	erasure->status = set_add(&erasure->photos, photo, erasure->err);
	return erasure->status == FC_OK;
}

static bool visit_face(const struct fc_face_record *face, void *context)
{
	return add_photo(context, &face->photo);
}

static bool visit_entry(const struct fc_entry *entry, void *context)
{
	return add_photo(context, &entry->photo);
}

static enum fc_status visit_item(const struct fc_ledger_item *item, void *context,
				 struct fc_error *err)
{
	struct erasure *erasure = context;
	return set_add(&erasure->photos, &item->content, err);
}

static enum fc_status collect_photos(struct erasure *erasure, struct fc_error *err)
{
	for (size_t i = 0; i < erasure->pids.count; i++) {
		const struct fc_uuid pid = pid_at(&erasure->pids, i);
		const struct fc_entry_query query = { .pids = &pid, .pid_count = 1 };
		enum fc_status status =
			fc_face_each_of_person(erasure->txn, &pid, visit_face, erasure, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status); /* a deleted person */
		FC_TRY(erasure->status);
		FC_TRY(fc_entry_each(erasure->txn, &query, 0, visit_entry, erasure, err));
		FC_TRY(erasure->status);
		FC_TRY(fc_ledger_each_of_person(erasure->txn, &pid, 0, visit_item, erasure, err));
	}
	set_sort(&erasure->photos);
	erasure->shared = calloc(erasure->photos.count + 1, sizeof(*erasure->shared));
	return erasure->shared ? FC_OK : fc_fail_memory(err);
}

/* ---- what comes from these photos ---- */

struct entry_search {
	struct erasure *erasure;
	struct fc_entry_ids ids;
};

/* Find entries of faces that were not recognised, and of persons that were deleted before. */
static bool find_entry(const struct fc_entry *entry, void *context)
{
	struct entry_search *search = context;
	struct erasure *erasure = search->erasure;
	ptrdiff_t photo = set_find(&erasure->photos, &entry->photo);
	if (photo < 0) {
		return true;
	}
	if (entry->has_pid && set_find(&erasure->pids, &entry->pid) >= 0) {
		return true;
	}
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	enum fc_status status =
		entry->has_pid ? fc_person_get(erasure->txn, &entry->pid, &person, erasure->err)
			       : FC_NOT_FOUND;
	if (status == FC_NOT_FOUND) {
		return fc_entry_ids_add(entry, &search->ids);
	}
	erasure->status = status;
	erasure->shared[photo] = true;
	return status == FC_OK;
}

static void entry_search_release(struct entry_search *search)
{
	fc_entry_ids_release(&search->ids);
}

static enum fc_status erase_entries(struct erasure *erasure, struct fc_error *err)
{
	const struct fc_entry_query everything = { 0 };
	FC_CLEANUP(entry_search_release)
	struct entry_search search = { erasure, { .limit = UINT64_MAX } };
	uint64_t removed;
	FC_TRY(fc_entry_each_after(erasure->txn, &everything, 0, find_entry, &search, err));
	FC_TRY(erasure->status);
	if (search.ids.failed) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < search.ids.count; i++) {
		FC_TRY(fc_entry_delete(erasure->txn, search.ids.items[i], err));
	}
	for (size_t i = 0; i < erasure->pids.count; i++) {
		const struct fc_uuid pid = pid_at(&erasure->pids, i);
		FC_TRY(fc_entry_delete_of_person(erasure->txn, &pid, &removed, err));
	}
	return FC_OK;
}

/*
 * Items of the persons; items of their photos that refer to no person of this gallery; and items of photos that were given for these
 * persons by pid, number or name, and were rejected.
 */
static bool is_erased(const struct fc_ledger_item *item, uint32_t space, void *context)
{
	struct erasure *erasure = context;
	ptrdiff_t photo = set_find(&erasure->photos, &item->content);
	const struct person_key key = { space, item->person_key };
	if (item->space == 0) {
		return photo >= 0 || set_find(&erasure->keys, &key) >= 0;
	}
	bool erased = set_find(&erasure->pids, &item->pid) >= 0;
	if (!erased && photo >= 0) {
		erasure->shared[photo] = true;
	}
	return erased;
}

/* ---- the erasure ---- */

static enum fc_status count(struct fc_gallery_txn *txn, struct fc_erase_report *out,
			    struct fc_error *err)
{
	FC_TRY(fc_store_count(txn, FC_DB_PERSON, &out->persons, err));
	FC_TRY(fc_store_count(txn, FC_DB_FACE, &out->faces, err));
	FC_TRY(fc_store_count(txn, FC_DB_CROP, &out->crops, err));
	FC_TRY(fc_store_count(txn, FC_DB_ENTRY, &out->entries, err));
	return fc_store_count(txn, FC_DB_LEDGER_ITEM, &out->items, err);
}

static enum fc_status digest_persons(struct erasure *erasure, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer list = { 0 };
	for (size_t i = 0; i < erasure->pids.count; i++) {
		const struct fc_uuid pid = pid_at(&erasure->pids, i);
		char text[FC_UUID_TEXT_SIZE];
		fc_uuid_format(&pid, text);
		fc_buffer_printf(&list, "%s\n", text);
	}
	if (!fc_buffer_ok(&list)) {
		return fc_fail_memory(err);
	}
	erasure->report.persons_sha256 = fc_sha256_of(list.data, list.length);
	return FC_OK;
}

static enum fc_status count_shared_photos(struct erasure *erasure, struct fc_error *err)
{
	for (size_t i = 0; i < erasure->photos.count; i++) {
		struct fc_key prefix = { .length = erasure->photos.size }, key;
		struct fc_reader payload;
		memcpy(prefix.bytes, erasure->photos.items + i * prefix.length, prefix.length);
		enum fc_status status = fc_store_first(erasure->txn, FC_DB_FACE_PHOTO, &prefix,
						       &key, &payload, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		erasure->report.shared_photos += erasure->shared[i] || status == FC_OK;
	}
	return FC_OK;
}

static enum fc_status erase(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct erasure *erasure = context;
	const struct fc_erase_request *request = erasure->request;
	struct fc_erase_report before, after;
	erasure_clear(erasure);
	erasure->report = (struct fc_erase_report){ .time = fc_clock_now() };
	erasure->txn = txn;
	erasure->err = err;
	FC_TRY(select_persons(erasure, err));
	FC_TRY(digest_persons(erasure, err));
	FC_TRY(collect_photos(erasure, err));
	FC_TRY(count(txn, &before, err));
	FC_TRY(erase_entries(erasure, err));
	FC_TRY(fc_ledger_forget_matching(txn, is_erased, erasure, err));
	/* any of them can be a face of an erased person */
	FC_TRY(fc_detected_drop_all(txn, err));
	for (size_t i = 0; i < erasure->pids.count; i++) {
		const struct fc_uuid pid = pid_at(&erasure->pids, i);
		enum fc_status status = fc_person_delete(txn, &pid, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		FC_TRY(fc_snapshot_forget_person(txn, &pid, err));
	}
	if (request->whole_space) {
		struct fc_space space;
		FC_TRY(fc_space_find(txn, request->space, &space, err));
		FC_TRY(fc_space_delete(txn, space.id, err));
		FC_TRY(fc_ledger_forget_space(txn, NULL, request->space, err));
	}
	FC_TRY(count(txn, &after, err));
	erasure->report.persons = before.persons - after.persons;
	erasure->report.faces = before.faces - after.faces;
	erasure->report.crops = before.crops - after.crops;
	erasure->report.entries = before.entries - after.entries;
	erasure->report.items = before.items - after.items;
	return count_shared_photos(erasure, err);
}

enum fc_status fc_gallery_erase(struct fc_gallery *gallery, const struct fc_erase_request *request,
				struct fc_erase_report *out, struct fc_error *err)
{
	FC_CLEANUP(erasure_clear) struct erasure erasure = { .request = request };
	FC_TRY(fc_engine_require_lmdb(gallery, "erase", err));
	if (request->dry_run) {
		FC_TRY(fc_gallery_rehearse(gallery, erase, &erasure, err));
	} else {
		struct fc_compact_report file;
		FC_TRY(fc_gallery_rewrite(gallery, erase, &erasure, &file, err));
		erasure.report.file = file;
	}
	*out = erasure.report;
	return FC_OK;
}
