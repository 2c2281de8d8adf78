/* Stored faces on the local engine: list, find, update, move and delete single faces. */
/* SPDX-License-Identifier: MIT */
#include "service/stored_faces.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/rows/crop.h"
#include "gallery/search/search.h"
#include "service/local/engine.h"

enum { LISTED_MAXIMUM = 20 };

void fc_stored_face_release(struct fc_stored_face *face)
{
	fc_face_record_release(&face->record);
	fc_profile_release(&face->person);
}

void fc_stored_face_page_release(struct fc_stored_face_page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		fc_stored_face_release(&page->items[i]);
	}
	free(page->items);
	*page = (struct fc_stored_face_page){ 0 };
}

/* ---- reading ---- */

struct face_key {
	uint32_t space;
	uint64_t id;
};

/* The keys of a page of the faces that a walk visits. */
struct listing {
	struct face_key *items;
	size_t count, capacity;
	uint64_t offset, limit, total;
	uint32_t space; /* only faces of this space; 0: all */
	bool failed;    /* out of memory */
};

static bool add_key(const struct fc_face_record *face, void *context)
{
	struct listing *listing = context;
	if (listing->space != 0 && face->space != listing->space) {
		return false; /* faces are visited in order of their spaces */
	}
	if (listing->total++ < listing->offset || listing->count == listing->limit) {
		return true;
	}
	listing->failed = fc_array_grow(&listing->items, sizeof(*listing->items), listing->count,
					&listing->capacity, NULL) != FC_OK;
	if (!listing->failed) {
		listing->items[listing->count++] = (struct face_key){ face->space, face->id };
	}
	return !listing->failed;
}

static enum fc_status read_face(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
				struct fc_stored_face *out, struct fc_error *err)
{
	FC_CLEANUP(fc_stored_face_release) struct fc_stored_face face = { 0 };
	FC_TRY(fc_face_get(txn, space, id, &face.record, err));
	fc_free(&face.record.embedding);
	FC_TRY(fc_gallery_referred(
		txn, fc_local_read_profile(txn, &face.record.pid, &face.person, err), err));
	FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
	enum fc_status status = fc_crop_get(txn, space, id, &png, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	face.crop = status == FC_OK;
	*out = FC_STEAL_STRUCT(face);
	return FC_OK;
}

static enum fc_status read_page(struct fc_gallery_txn *txn, const struct listing *listing,
				struct fc_stored_face_page *out, struct fc_error *err)
{
	FC_CLEANUP(fc_stored_face_page_release) struct fc_stored_face_page page = { 0 };
	page.items = calloc(listing->count + 1, sizeof(*page.items));
	if (!page.items || listing->failed) {
		return fc_fail_memory(err);
	}
	page.total = listing->total;
	for (; page.count < listing->count; page.count++) {
		const struct face_key *key = &listing->items[page.count];
		FC_TRY(fc_gallery_referred(
			txn, read_face(txn, key->space, key->id, &page.items[page.count], err),
			err));
	}
	*out = FC_STEAL_STRUCT(page);
	return FC_OK;
}

static void listing_release(struct listing *listing)
{
	free(listing->items);
}

static enum fc_status list_faces(struct fc_service *service,
				 const struct fc_stored_face_filter *filter,
				 struct fc_stored_face_page *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(listing_release)
	struct listing listing = { .offset = filter->offset, .limit = filter->limit };
	struct fc_space space = { 0 };
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	if (filter->has_pid) {
		FC_TRY(fc_face_each_of_person(txn, &filter->pid, add_key, &listing, err));
	} else {
		FC_TRY(filter->space ? fc_space_find(txn, filter->space, &space, err) : FC_OK);
		listing.space = space.id;
		FC_TRY(fc_face_each(txn, space.id, 0, add_key, &listing, err));
	}
	return read_page(txn, &listing, out, err);
}

static enum fc_status find_faces(struct fc_service *service, const char *text,
				 struct fc_stored_face_page *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(listing_release) struct listing listing = { .limit = LISTED_MAXIMUM };
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	FC_TRY(fc_face_each_of_prefix(txn, text, add_key, &listing, err));
	return read_page(txn, &listing, out, err);
}

static enum fc_status read_crop(struct fc_service *service, const struct fc_face_record *face,
				struct fc_buffer *png, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	return fc_crop_get(txn, face->space, face->id, png, err);
}

static enum fc_status find_nearest(struct fc_service *service, const struct fc_face_record *face,
				   struct fc_neighbour *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_face_record_release) struct fc_face_record record = { 0 };
	struct fc_search_hit hits[2];
	size_t count = 0;
	FC_TRY(fc_local_begin_read(fc_local_of(service), &txn, err));
	FC_TRY(fc_face_get(txn, face->space, face->id, &record, err));
	if (record.dimension > 0) {
		FC_TRY(fc_search(txn, record.space, record.embedding, 1, record.dimension,
				 FC_ARRAY_LENGTH(hits), hits, &count, err));
	}
	for (size_t i = 0; i < count; i++) {
		if (!fc_uuid_equal(&hits[i].pid, &record.pid)) {
			out->similarity = hits[i].score;
			return fc_gallery_referred(
				txn, fc_local_read_profile(txn, &hits[i].pid, &out->person, err),
				err);
		}
	}
	return fc_fail(err, FC_NOT_FOUND, "the face has no other person near it");
}

/* ---- changes ---- */

struct revision {
	const struct fc_stored_face_change *change;
	struct fc_stored_face face;
};

static enum fc_status move_face(struct fc_gallery_txn *txn,
				const struct fc_stored_face_change *change, uint64_t *id,
				struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	const struct fc_face_record *face = change->face;
	if (change->to_new) {
		struct fc_person added = { .space = face->space };
		FC_TRY(fc_person_add(txn, &added, err));
		return fc_face_move(txn, face->space, face->id, &added.pid, id, err);
	}
	FC_TRY(fc_person_get(txn, &change->to, &person, err));
	if (person.space != face->space) {
		return fc_fail(
			err, FC_CONFLICT,
			"the person is in another space; 'profiles move' moves whole persons");
	}
	return fc_face_move(txn, face->space, face->id, &change->to, id, err);
}

static enum fc_status change_face(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct revision *revision = context;
	const struct fc_stored_face_change *change = revision->change;
	const struct fc_face_record *face = change->face;
	uint64_t id = face->id;
	fc_stored_face_release(&revision->face);
	revision->face = (struct fc_stored_face){ 0 };
	switch (change->operation) {
	case FC_FACE_UPDATE:
		FC_TRY(fc_face_set_user_data(txn, face->space, id, change->user_data, err));
		break;
	case FC_FACE_MOVE:
		FC_TRY(move_face(txn, change, &id, err));
		break;
	case FC_FACE_DELETE:
		FC_TRY(read_face(txn, face->space, id, &revision->face, err));
		return fc_face_delete(txn, face->space, id, err);
	}
	return read_face(txn, face->space, id, &revision->face, err);
}

static enum fc_status change_stored(struct fc_service *service,
				    const struct fc_stored_face_change *change,
				    struct fc_stored_face *out, struct fc_error *err)
{
	struct revision revision = { .change = change };
	enum fc_status status = fc_local_change(fc_local_of(service), FC_GALLERY_WRITE,
						change->dry_run, change_face, &revision, err);
	if (status != FC_OK) {
		fc_stored_face_release(&revision.face);
		return status;
	}
	*out = revision.face;
	return FC_OK;
}

const struct fc_stored_face_verbs fc_local_stored_face_verbs = {
	.add = fc_local_set,
	.list = list_faces,
	.find = find_faces,
	.update = change_stored,
	.move = change_stored,
	.delete = change_stored,
	.crop = read_crop,
	.nearest = find_nearest,
};
