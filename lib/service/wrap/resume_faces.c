/* set --sync on a service: the faces that were stored there, according to the ledger, and whether the folder still has their photos. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "service/wrap/resume_sync_engine.h"

void fc_resume_faces_release(struct fc_resume_faces *faces)
{
	for (size_t i = 0; i < faces->count; i++) {
		fc_ledger_item_release(&faces->items[i].item);
		free(faces->items[i].path);
	}
	free(faces->items);
	*faces = (struct fc_resume_faces){ 0 };
}

/* ---- order ---- */

static int compare_photos(const struct fc_ledger_item *a, const struct fc_ledger_item *b)
{
	int order = memcmp(&a->content, &b->content, sizeof(a->content));
	return order != 0 ? order : (a->size > b->size) - (a->size < b->size);
}

static int compare_items(const struct fc_ledger_item *a, const struct fc_ledger_item *b)
{
	int order = compare_photos(a, b);
	return order != 0 ? order : memcmp(&a->person_key, &b->person_key, sizeof(a->person_key));
}

bool fc_resume_is_same(const struct fc_ledger_item *a, const struct fc_ledger_item *b)
{
	return compare_items(a, b) == 0;
}

static int by_item(const void *left, const void *right)
{
	const struct fc_resume_face *a = left, *b = right;
	int order = compare_items(&a->item, &b->item);
	return order != 0 ? order : strcmp(a->path, b->path);
}

void fc_resume_faces_of(const struct fc_resume_faces *faces, const struct fc_ledger_item *key,
			size_t *first, size_t *count)
{
	size_t low = 0, high = faces->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_photos(&faces->items[middle].item, key) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	*first = low;
	while (high < faces->count && compare_photos(&faces->items[high].item, key) == 0) {
		high++;
	}
	*count = high - low;
}

/* ---- reading ---- */

struct reading {
	struct fc_resume_syncing *sync;
	enum fc_status status;
	struct fc_error *err;
};

static int compare_claims(const void *left, const void *right)
{
	const struct fc_resume_claim *const *a = left, *const *b = right;
	return strcmp((*a)->path, (*b)->path);
}

static const struct fc_resume_claim *claim_of(const struct fc_resume_syncing *sync,
					      const char *path)
{
	const struct fc_resume_claim key = { .path = fc_lend(path) }, *pointer = &key;
	struct fc_resume_claim **found =
		sync->claim_count > 0 ? bsearch(&pointer, sync->by_path, sync->claim_count,
						sizeof(*sync->by_path), compare_claims)
				      : NULL;
	return found ? *found : NULL;
}

/* Whether a path still has the photo of an item. If its file has another photo that could not be sent, it counts as unchanged. */
static bool path_lives(const struct fc_resume_syncing *sync, const char *path,
		       const struct fc_file_identity *identity, const struct fc_ledger_item *item)
{
	bool is_below = strncmp(path, sync->root, strlen(sync->root)) == 0;
	const struct fc_resume_claim *claim = is_below ? claim_of(sync, path) : NULL;
	if (claim && !(claim->hashed && fc_resume_is_same(&claim->key, item))) {
		return claim->result == FC_RESUME_FAILED;
	}
	return is_below ? !fc_missing_photos_has_gone(&sync->missing, path)
			: fc_photo_presence(path, identity) != FC_PRESENCE_GONE;
}

/* Add a path as a face of its own; those of the same face are joined later. */
static bool add_path(const char *path, const struct fc_file_identity *identity,
		     const struct fc_ledger_item *item, void *context)
{
	struct reading *reading = context;
	struct fc_resume_syncing *sync = reading->sync;
	struct fc_resume_faces *faces = &sync->faces;
	reading->status = fc_array_grow(&faces->items, sizeof(*faces->items), faces->count,
					&faces->capacity, reading->err);
	char *copy = reading->status == FC_OK ? strdup(path) : NULL;
	if (!copy) {
		reading->status = fc_fail_memory(reading->err);
		return false;
	}
	faces->items[faces->count++] = (struct fc_resume_face){
		.item = *item,
		.path = copy,
		.lives = path_lives(sync, path, identity, item),
		.is_below = strncmp(path, sync->root, strlen(sync->root)) == 0,
	};
	return true;
}

static void join_paths(struct fc_resume_faces *faces)
{
	size_t kept = 0;
	for (size_t i = 0; i < faces->count; i++) {
		struct fc_resume_face face = faces->items[i];
		struct fc_resume_face *last = kept > 0 ? &faces->items[kept - 1] : NULL;
		if (last && fc_resume_is_same(&last->item, &face.item)) {
			last->lives |= face.lives;
			last->is_below |= face.is_below;
			free(face.path);
		} else {
			faces->items[kept++] = face;
		}
	}
	faces->count = kept;
}

/* Complete the items, and leave out photos that were refused. */
static enum fc_status find_items(struct fc_gallery_txn *txn, struct fc_resume_faces *faces,
				 struct fc_error *err)
{
	size_t kept = 0;
	enum fc_status status = FC_OK;
	for (size_t i = 0; i < faces->count; i++) {
		struct fc_resume_face face = faces->items[i];
		struct fc_ledger_item key = face.item;
		if (status == FC_OK) {
			status = fc_ledger_find(txn, &key, &face.item, err);
		}
		if (status == FC_OK && face.item.state == FC_LEDGER_DONE) {
			faces->items[kept++] = face;
		} else {
			fc_ledger_item_release(&face.item);
			free(face.path);
		}
	}
	faces->count = kept;
	return status;
}

static int compare_persons(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct fc_ledger_person_key));
}

static enum fc_status list_staying(struct fc_resume_syncing *sync, struct fc_error *err)
{
	fc_free(&sync->staying);
	sync->staying_count = 0;
	sync->staying = calloc(sync->faces.count + 1, sizeof(*sync->staying));
	if (!sync->staying) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < sync->faces.count; i++) {
		const struct fc_resume_face *face = &sync->faces.items[i];
		if (face->lives) {
			sync->staying[sync->staying_count++] = face->item.person_key;
		}
	}
	qsort(sync->staying, sync->staying_count, sizeof(*sync->staying), compare_persons);
	return FC_OK;
}

bool fc_resume_stays(const struct fc_resume_syncing *sync, const struct fc_ledger_item *item)
{
	return sync->staying_count > 0 &&
	       bsearch(&item->person_key, sync->staying, sync->staying_count,
		       sizeof(*sync->staying), compare_persons);
}

/* *txn is NULL if there is no gallery. */
static enum fc_status begin(struct fc_resume_syncing *sync, struct fc_gallery_txn **txn,
			    struct fc_error *err)
{
	struct fc_gallery *gallery;
	enum fc_status status =
		fc_gallery_handle_open(&sync->resume->gallery, FC_GALLERY_READ, &gallery, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	return fc_gallery_begin_read(gallery, txn, err);
}

enum fc_status fc_resume_read_pending(struct fc_resume_syncing *sync, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	fc_pending_list_release(&sync->pending);
	FC_TRY(begin(sync, &txn, err));
	return txn ? fc_pending_read(txn, &sync->ledger, &sync->pending, err) : FC_OK;
}

enum fc_status fc_resume_read_ledger(struct fc_resume_syncing *sync, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct reading reading = { sync, FC_OK, err };
	struct fc_ledger_photo photo = { .face = sync->face };
	bool found;
	fc_missing_photos_release(&sync->missing);
	fc_resume_faces_release(&sync->faces);
	fc_pending_list_release(&sync->pending);
	FC_TRY(begin(sync, &txn, err));
	if (!txn) {
		return FC_OK;
	}
	FC_TRY(fc_batch_ledger_set_target(txn, &sync->ledger, &photo, &found, err));
	sync->target = photo.item.target;
	if (sync->claim_count > 0) {
		qsort(sync->by_path, sync->claim_count, sizeof(*sync->by_path), compare_claims);
	}
	FC_TRY(fc_missing_photos_find(txn, &sync->target, 1, sync->root, &sync->missing, err));
	FC_TRY(fc_ledger_each_path(txn, &sync->target, add_path, &reading, err));
	FC_TRY(reading.status);
	if (sync->faces.count > 0) {
		qsort(sync->faces.items, sync->faces.count, sizeof(*sync->faces.items), by_item);
	}
	join_paths(&sync->faces);
	FC_TRY(find_items(txn, &sync->faces, err));
	FC_TRY(list_staying(sync, err));
	return fc_pending_read(txn, &sync->ledger, &sync->pending, err);
}
