/* Profiles on the local engine, without a photo: list, show, update, delete, merge, move, crops. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "gallery/rows/crop.h"
#include "service/local/engine.h"
#include "service/local/entry_log.h"
#include "service/profiles.h"

/* ---- one profile ---- */

/* Takes the person's texts over. */
static enum fc_status describe(struct fc_gallery_txn *txn, struct fc_person *person,
			       struct fc_profile *out, struct fc_error *err)
{
	struct fc_space space;
	FC_TRY(fc_space_read(txn, person->space, &space, err));
	*out = (struct fc_profile){
		.pid = person->pid,
		.has_number = person->has_number,
		.number = person->number,
		.name = FC_STEAL(person->name),
		.user_data = FC_STEAL(person->user_data),
		.created = person->created,
		.updated = person->updated,
		.faces = person->face_count,
	};
	memcpy(out->space, space.name, sizeof(out->space));
	return FC_OK;
}

static enum fc_status read_profile(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				   struct fc_profile *out, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_person_get(txn, pid, &person, err));
	return describe(txn, &person, out, err);
}

/* ---- list ---- */

struct listed {
	int64_t created;
	struct fc_uuid pid;
};

struct listing {
	struct fc_gallery_txn *txn;
	const struct fc_profile_filter *filter;
	struct listed *items;
	size_t count, room;
	enum fc_status status;
	struct fc_error *err;
};

static void listing_release(struct listing *listing)
{
	free(listing->items);
}

struct origin_search {
	const char *origin;
	bool found;
};

static bool is_from(const struct fc_face_record *face, void *context)
{
	struct origin_search *search = context;
	search->found = face->origin && strcmp(face->origin, search->origin) == 0;
	return !search->found;
}

static bool has_part(const char *text, const char *part)
{
	size_t length = strlen(part);
	for (; text && *text != '\0'; text++) {
		if (strncasecmp(text, part, length) == 0) {
			return true;
		}
	}
	return false;
}

static enum fc_status is_wanted(struct listing *listing, const struct fc_person *person,
				bool *wanted)
{
	const struct fc_profile_filter *filter = listing->filter;
	*wanted = (!filter->has_since || person->created >= filter->since) &&
		  (!filter->has_until || person->created < filter->until) &&
		  (!filter->name_part || has_part(person->name, filter->name_part));
	if (!*wanted || !filter->origin) {
		return FC_OK;
	}
	struct origin_search search = { .origin = filter->origin };
	FC_TRY(fc_face_each_of_person(listing->txn, &person->pid, is_from, &search, listing->err));
	*wanted = search.found;
	return FC_OK;
}

static enum fc_status note(struct listing *listing, const struct fc_person *person)
{
	if (listing->count == listing->room) {
		size_t room = 2 * listing->room + 64;
		struct listed *items = reallocarray(listing->items, room, sizeof(*items));
		if (!items) {
			return fc_fail_memory(listing->err);
		}
		listing->items = items;
		listing->room = room;
	}
	listing->items[listing->count++] =
		(struct listed){ .created = person->created, .pid = person->pid };
	return FC_OK;
}

static bool consider(const struct fc_person *person, void *context)
{
	struct listing *listing = context;
	bool wanted = false;
	listing->status = is_wanted(listing, person, &wanted);
	if (listing->status == FC_OK && wanted) {
		listing->status = note(listing, person);
	}
	return listing->status == FC_OK;
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
	size_t count = 0;
	struct fc_space space;
	if (listing->filter->space) {
		FC_TRY(fc_space_find(txn, listing->filter->space, &space, err));
	}
	FC_TRY(fc_space_list(txn, &spaces, &count, err));
	for (size_t i = 0; i < count; i++) {
		if (listing->filter->space && spaces[i].id != space.id) {
			continue;
		}
		FC_TRY(fc_person_each(txn, spaces[i].id, NULL, consider, listing, err));
		FC_TRY(listing->status);
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
		FC_TRY(read_profile(txn, &listing->items[index].pid, &page->items[page->count],
				    err));
		page->count++;
	}
	return FC_OK;
}

static enum fc_status read_gallery(struct fc_service *service, struct fc_gallery_txn **txn,
				   struct fc_error *err)
{
	struct fc_gallery *gallery;
	FC_TRY(fc_local_gallery(fc_local_of(service), FC_GALLERY_READ, &gallery, err));
	return fc_gallery_begin_read(gallery, txn, err);
}

enum fc_status fc_local_profile_list(struct fc_service *service,
				     const struct fc_profile_filter *filter,
				     struct fc_profile_page *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_profile_page_release) struct fc_profile_page page = { 0 };
	FC_TRY(read_gallery(service, &txn, err));
	FC_CLEANUP(listing_release)
	struct listing listing = { .txn = txn, .filter = filter, .err = err };
	FC_TRY(collect(txn, &listing, err));
	FC_TRY(read_page(txn, &listing, &page, err));
	*out = page;
	page = (struct fc_profile_page){ 0 };
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
	list->failed = (face->origin && !copy->origin) || (face->path && !copy->path);
	return !list->failed;
}

static enum fc_status note_crops(struct fc_gallery_txn *txn, struct fc_profile_detail *detail,
				 struct fc_error *err)
{
	for (size_t i = 0; i < detail->face_count; i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
		const struct fc_face_record *face = &detail->faces[i];
		enum fc_status status = fc_crop_get(txn, face->space, face->id, &png, err);
		if (status != FC_OK && status != FC_NOT_FOUND) {
			return status;
		}
		detail->crops[i] = status == FC_OK;
	}
	return FC_OK;
}

static enum fc_status read_detail(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				  struct fc_profile_detail *detail, struct fc_error *err)
{
	const struct fc_entry_query query = { .pids = pid, .pid_count = 1 };
	FC_TRY(read_profile(txn, pid, &detail->profile, err));
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
	FC_TRY(note_crops(txn, detail, err));
	return fc_local_count_entries(txn, &query, &detail->stats, err);
}

enum fc_status fc_local_profile_show(struct fc_service *service, const struct fc_uuid *pid,
				     struct fc_profile_detail *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_profile_detail_release) struct fc_profile_detail detail = { 0 };
	FC_TRY(read_gallery(service, &txn, err));
	FC_TRY(read_detail(txn, pid, &detail, err));
	*out = detail;
	detail = (struct fc_profile_detail){ 0 };
	return FC_OK;
}

/* ---- delete ---- */

static enum fc_status delete_one(struct fc_gallery_txn *txn, struct fc_profile_delete_item *item,
				 bool erase, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	item->faces = item->entries = 0;
	item->status = fc_person_get(txn, &item->pid, &person, err);
	if (item->status == FC_NOT_FOUND) {
		return FC_OK;
	}
	FC_TRY(item->status);
	item->faces = person.face_count;
	if (erase) {
		FC_TRY(fc_entry_delete_of_person(txn, &item->pid, &item->entries, err));
	}
	return fc_person_delete(txn, &item->pid, err);
}

static enum fc_status delete_profiles(struct fc_gallery_txn *txn, void *context,
				      struct fc_error *err)
{
	const struct fc_profile_delete_request *request = context;
	for (size_t i = 0; i < request->count; i++) {
		FC_TRY(delete_one(txn, &request->items[i], request->erase, err));
	}
	return FC_OK;
}

enum fc_status fc_local_profile_delete(struct fc_service *service,
				       const struct fc_profile_delete_request *request,
				       struct fc_error *err)
{
	struct fc_profile_delete_request copy = *request;
	return fc_local_change(fc_local_of(service), FC_GALLERY_WRITE, request->dry_run,
			       delete_profiles, &copy, err);
}

/* ---- update, merge, move ---- */

/* One change of one profile, and what the profile is like afterwards. */
struct revision {
	const struct fc_uuid *pid, *other;
	const char *space;
	const struct fc_profile_update_request *update;
	struct fc_profile_carried carried;
	struct fc_profile profile;
};

static enum fc_status revise(struct fc_service *service, fc_gallery_change *change,
			     struct revision *revision, struct fc_profile *out,
			     struct fc_error *err)
{
	enum fc_status status = fc_local_change(fc_local_of(service), FC_GALLERY_WRITE, false,
						change, revision, err);
	if (status != FC_OK) {
		fc_profile_release(&revision->profile);
		return status;
	}
	*out = revision->profile;
	return FC_OK;
}

static enum fc_status read_again(struct fc_gallery_txn *txn, struct revision *revision,
				 struct fc_error *err)
{
	fc_profile_release(&revision->profile);
	return read_profile(txn, revision->pid, &revision->profile, err);
}

static enum fc_status update_profile(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct revision *revision = context;
	const struct fc_profile_update_request *update = revision->update;
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_person_get(txn, &update->pid, &person, err));
	struct fc_person changed = person;
	/* The gallery copies what the request lends. */
	if (update->has_name) {
		memcpy(&changed.name, &update->name, sizeof(changed.name));
	}
	if (update->has_user_data) {
		memcpy(&changed.user_data, &update->user_data, sizeof(changed.user_data));
	}
	FC_TRY(fc_person_update(txn, &changed, err));
	return read_again(txn, revision, err);
}

enum fc_status fc_local_profile_update(struct fc_service *service,
				       const struct fc_profile_update_request *request,
				       struct fc_profile *out, struct fc_error *err)
{
	struct revision revision = { .pid = &request->pid, .update = request };
	return revise(service, update_profile, &revision, out, err);
}

static enum fc_status merge_profiles(struct fc_gallery_txn *txn, void *context,
				     struct fc_error *err)
{
	struct revision *revision = context;
	FC_TRY(fc_person_merge(txn, revision->pid, revision->other, &revision->carried.faces,
			       &revision->carried.entries, err));
	return read_again(txn, revision, err);
}

enum fc_status fc_local_profile_merge(struct fc_service *service, const struct fc_uuid *kept,
				      const struct fc_uuid *other,
				      struct fc_profile_carried *carried, struct fc_profile *out,
				      struct fc_error *err)
{
	struct revision revision = { .pid = kept, .other = other };
	FC_TRY(revise(service, merge_profiles, &revision, out, err));
	*carried = revision.carried;
	return FC_OK;
}

static enum fc_status move_profile(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct revision *revision = context;
	struct fc_space space;
	FC_TRY(fc_space_ensure(txn, revision->space, &space, err));
	FC_TRY(fc_person_move(txn, revision->pid, space.id, &revision->carried.faces,
			      &revision->carried.entries, err));
	return read_again(txn, revision, err);
}

enum fc_status fc_local_profile_move(struct fc_service *service, const struct fc_uuid *pid,
				     const char *space, struct fc_profile_carried *carried,
				     struct fc_profile *out, struct fc_error *err)
{
	struct revision revision = { .pid = pid, .space = space };
	FC_TRY(revise(service, move_profile, &revision, out, err));
	*carried = revision.carried;
	return FC_OK;
}

/* ---- crops ---- */

enum fc_status fc_local_profile_crops(struct fc_service *service, const struct fc_uuid *pid,
				      fc_profile_crop_visit *visit, void *context, size_t *count,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_profile_detail_release) struct fc_profile_detail detail = { 0 };
	FC_TRY(read_gallery(service, &txn, err));
	FC_TRY(read_detail(txn, pid, &detail, err));
	*count = 0;
	for (size_t i = 0; i < detail.face_count; i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
		const struct fc_face_record *face = &detail.faces[i];
		if (detail.crops[i]) {
			FC_TRY(fc_crop_get(txn, face->space, face->id, &png, err));
			FC_TRY(visit(context, face->id, &png, err));
			(*count)++;
		}
	}
	return FC_OK;
}
