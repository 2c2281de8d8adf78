/* Profiles on the local engine: the verbs list, show and crops, which only read the gallery. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/name.h"
#include "gallery/rows/crop.h"
#include "service/local/engine.h"
#include "service/local/entry_log.h"
#include "service/profiles.h"

/* ---- one profile ---- */

enum fc_status fc_local_read_profile(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				     struct fc_profile *out, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	struct fc_space space;
	FC_TRY(fc_person_get(txn, pid, &person, err));
	FC_TRY(fc_gallery_referred(txn, fc_space_read(txn, person.space, &space, err), err));
	*out = (struct fc_profile){
		.pid = person.pid,
		.has_number = person.has_number,
		.number = person.number,
		.name = FC_STEAL(person.name),
		.user_data = FC_STEAL(person.user_data),
		.created = person.created,
		.updated = person.updated,
		.faces = person.face_count,
	};
	memcpy(out->space, space.name, sizeof(out->space));
	return FC_OK;
}

/* ---- list ---- */

struct listed {
	int64_t created;
	struct fc_uuid pid;
};

struct listing {
	const struct fc_profile_filter *filter;
	struct listed *items;
	size_t count, capacity;
	bool failed; /* out of memory */
	char *name_part; /* of the filter, without the difference of upper and lower case; NULL: any name */
};

static void listing_release(struct listing *listing)
{
	free(listing->items);
	free(listing->name_part);
}

struct origin_search {
	const struct fc_profile_filter *filter;
	bool found;
};

static bool is_from(const struct fc_face_record *face, void *context)
{
	struct origin_search *search = context;
	for (size_t i = 0; face->origin && i < search->filter->origin_count; i++) {
		search->found |= strcmp(face->origin, search->filter->origins[i]) == 0;
	}
	return !search->found;
}

/* Keep the person if the filter accepts it. The filter's origins are applied after the walk, because they require reading faces. */
static bool keep_person(const struct fc_person *person, void *context)
{
	struct listing *listing = context;
	const struct fc_profile_filter *filter = listing->filter;
	if ((filter->has_since && person->created < filter->since) ||
	    (filter->has_until && person->created >= filter->until) ||
	    (listing->name_part && !person->name)) {
		return true;
	}
	if (listing->name_part) {
		FC_CLEANUP(fc_free) char *name = NULL;
		listing->failed = fc_name_fold(person->name, &name, NULL) != FC_OK;
		if (listing->failed || !strstr(name, listing->name_part)) {
			return !listing->failed;
		}
	}
	listing->failed = fc_array_grow(&listing->items, sizeof(*listing->items), listing->count,
					&listing->capacity, NULL) != FC_OK;
	if (!listing->failed) {
		listing->items[listing->count++] =
			(struct listed){ .created = person->created, .pid = person->pid };
	}
	return !listing->failed;
}

static enum fc_status collect_space(struct fc_gallery_txn *txn, uint32_t space,
				    struct listing *listing, struct fc_error *err)
{
	size_t before = listing->count;
	FC_TRY(fc_person_each(txn, space, NULL, keep_person, listing, err));
	if (listing->failed) {
		return fc_fail_memory(err);
	}
	if (listing->filter->origin_count == 0) {
		return FC_OK;
	}
	size_t walked = listing->count;
	listing->count = before;
	for (size_t i = before; i < walked; i++) {
		struct origin_search search = { .filter = listing->filter };
		FC_TRY(fc_face_each_of_person(txn, &listing->items[i].pid, is_from, &search, err));
		if (search.found) {
			listing->items[listing->count++] = listing->items[i];
		}
	}
	return FC_OK;
}

static int by_time(const void *a, const void *b)
{
	const struct listed *left = a;
	const struct listed *right = b;
	if (left->created != right->created) {
		return left->created < right->created ? -1 : 1;
	}
	return memcmp(left->pid.bytes, right->pid.bytes, sizeof(left->pid.bytes));
}

static enum fc_status collect(struct fc_gallery_txn *txn, struct listing *listing,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space *spaces = NULL;
	const struct fc_profile_filter *filter = listing->filter;
	size_t count = 0;
	for (size_t i = 0; i < filter->space_count; i++) {
		struct fc_space space;
		bool again = false;
		for (size_t before = 0; before < i; before++) {
			again |= strcmp(filter->spaces[before], filter->spaces[i]) == 0;
		}
		FC_TRY(fc_local_find_space(txn, filter->spaces[i], &space, err));
		FC_TRY(again ? FC_OK : collect_space(txn, space.id, listing, err));
	}
	if (filter->space_count == 0) {
		FC_TRY(fc_space_list(txn, &spaces, &count, err));
	}
	for (size_t i = 0; i < count; i++) {
		FC_TRY(collect_space(txn, spaces[i].id, listing, err));
	}
	for (size_t i = 0; listing->count == 0 && i < filter->origin_count; i++) {
		FC_TRY(fc_local_check_origin(txn, filter->origins[i], err));
	}
	if (listing->count > 0) {
		qsort(listing->items, listing->count, sizeof(*listing->items), by_time);
	}
	return FC_OK;
}

static enum fc_status read_page(struct fc_gallery_txn *txn, const struct listing *listing,
				struct fc_profile_page *page, struct fc_error *err)
{
	const struct fc_profile_filter *filter = listing->filter;
	uint64_t offset = filter->offset < listing->count ? filter->offset : listing->count;
	uint64_t limit = listing->count - offset;
	limit = filter->limit < limit ? filter->limit : limit;
	page->total = listing->count;
	page->items = calloc(limit + 1, sizeof(*page->items));
	if (!page->items) {
		return fc_fail_memory(err);
	}
	while (page->count < limit) {
		size_t index = (size_t)offset + page->count;
		index = filter->oldest_first ? index : listing->count - 1 - index;
		FC_TRY(fc_local_read_profile(txn, &listing->items[index].pid,
					     &page->items[page->count], err));
		page->count++;
	}
	return FC_OK;
}

enum fc_status fc_local_profile_list(struct fc_service *service,
				     const struct fc_profile_filter *filter,
				     struct fc_profile_page *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_profile_page_release) struct fc_profile_page page = { 0 };
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	FC_CLEANUP(listing_release)
	struct listing listing = { .filter = filter };
	FC_TRY(filter->name_part ? fc_name_fold(filter->name_part, &listing.name_part, err)
				 : FC_OK);
	FC_TRY(collect(txn, &listing, err));
	FC_TRY(read_page(txn, &listing, &page, err));
	*out = FC_STEAL_STRUCT(page);
	return FC_OK;
}

/* ---- show ---- */

struct face_list {
	struct fc_profile_detail *detail;
	size_t room;
	bool failed; /* out of memory */
};

static bool copy_face(const struct fc_face_record *face, void *context)
{
	struct face_list *list = context;
	struct fc_profile_detail *detail = list->detail;
	if (detail->face_count == list->room) {
		return false;
	}
	struct fc_face_record *copy = &detail->faces[detail->face_count++];
	*copy = *face;
	copy->embedding = NULL;
	copy->origin = face->origin ? strdup(face->origin) : NULL;
	copy->path = face->path ? strdup(face->path) : NULL;
	copy->user_data = face->user_data ? strdup(face->user_data) : NULL;
	list->failed = (face->origin && !copy->origin) || (face->path && !copy->path) ||
		       (face->user_data && !copy->user_data);
	return !list->failed;
}

static enum fc_status read_detail(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				  struct fc_profile_detail *detail, struct fc_error *err)
{
	const struct fc_entry_query query = { .pids = pid, .pid_count = 1 };
	FC_TRY(fc_local_read_profile(txn, pid, &detail->profile, err));
	struct face_list list = { .detail = detail, .room = detail->profile.faces };
	detail->faces = calloc(list.room + 1, sizeof(*detail->faces));
	detail->crops = calloc(list.room + 1, sizeof(*detail->crops));
	if (!detail->faces || !detail->crops) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_face_each_of_person(txn, pid, copy_face, &list, err));
	if (list.failed) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < detail->face_count; i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
		const struct fc_face_record *face = &detail->faces[i];
		enum fc_status status = fc_crop_get(txn, face->space, face->id, &png, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		detail->crops[i] = status == FC_OK;
	}
	return fc_local_count_entries(txn, &query, &detail->stats, err);
}

enum fc_status fc_local_profile_show(struct fc_service *service, const struct fc_person_id *person,
				     struct fc_profile_detail *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_profile_detail_release) struct fc_profile_detail detail = { 0 };
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	FC_TRY(read_detail(txn, &person->pid, &detail, err));
	*out = FC_STEAL_STRUCT(detail);
	return FC_OK;
}
