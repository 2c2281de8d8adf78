/* set --sync: the paths that the ledger has below the folder. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "service/local/sync/sync.h"

void fc_sync_paths_release(struct fc_sync_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++) {
		free(paths->items[i].path);
	}
	free(paths->items);
	*paths = (struct fc_sync_paths){ 0 };
}

/* ---- reading ---- */

enum fc_status fc_sync_find_space(struct fc_sync *sync, struct fc_gallery_txn *txn, uint32_t *out,
				  bool *found, struct fc_error *err)
{
	const struct fc_batch_ledger *ledger = &sync->ledger;
	struct fc_space space = { 0 };
	FC_TRY(fc_batch_ledger_find_target(txn, &sync->ledger, sync->request->set.origin, found,
					   err));
	if (!*found) {
		return FC_OK;
	}
	enum fc_status status = fc_space_find(
		txn, ledger->space ? ledger->space : ledger->target_space, &space, err);
	*found = status == FC_OK;
	*out = space.id;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

struct reading {
	const struct fc_sync *sync;
	struct fc_sync_paths *out;
	enum fc_status status;
	struct fc_error *err;
};

static bool add_path(const char *path, const struct fc_file_identity *identity,
		     const struct fc_ledger_item *item, void *context)
{
	struct reading *reading = context;
	struct fc_sync_paths *out = reading->out;
	if (strncmp(path, reading->sync->root, strlen(reading->sync->root)) != 0) {
		return true;
	}
	reading->status = fc_array_grow(&out->items, sizeof(*out->items), out->count,
					&out->capacity, reading->err);
	char *copy = reading->status == FC_OK ? strdup(path) : NULL;
	if (!copy) {
		reading->status = fc_fail_memory(reading->err);
		return false;
	}
	out->items[out->count++] = (struct fc_sync_path){ copy, *identity, *item };
	return true;
}

static int by_path(const void *left, const void *right)
{
	const struct fc_sync_path *a = left, *b = right;
	return strcmp(a->path, b->path);
}

/* Begin to read, and find the targets of the photos of the folder. No gallery or space: *count is 0. */
static enum fc_status begin(struct fc_sync *sync, struct fc_gallery_txn **txn,
			    struct fc_ledger_target **targets, size_t *count, struct fc_error *err)
{
	const struct fc_ledger_photo photo = { .origin = sync->request->set.origin,
					       .face = sync->face };
	enum fc_status status = fc_local_begin_read(sync->local, txn, err);
	*count = 0;
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	return fc_batch_ledger_targets(*txn, &sync->ledger, &photo, targets, count, err);
}

enum fc_status fc_sync_read_paths(struct fc_sync *sync, struct fc_sync_paths *out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_free) struct fc_ledger_target *targets = NULL;
	struct reading reading = { sync, out, FC_OK, err };
	size_t count;
	FC_TRY(begin(sync, &txn, &targets, &count, err));
	for (size_t i = 0; i < count; i++) {
		FC_TRY(fc_ledger_each_path(txn, &targets[i], add_path, &reading, err));
		FC_TRY(reading.status);
	}
	if (out->count > 0) {
		qsort(out->items, out->count, sizeof(*out->items), by_path);
	}
	return FC_OK;
}

enum fc_status fc_sync_find_missing(struct fc_sync *sync, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_free) struct fc_ledger_target *targets = NULL;
	size_t count;
	fc_missing_photos_release(&sync->missing);
	FC_TRY(begin(sync, &txn, &targets, &count, err));
	return count > 0 ? fc_missing_photos_find(txn, targets, count, sync->root, &sync->missing,
						  err)
			 : FC_OK;
}

bool fc_sync_is_gone(const struct fc_sync *sync, const char *path,
		     const struct fc_file_identity *identity)
{
	return strncmp(path, sync->root, strlen(sync->root)) == 0
		       ? fc_missing_photos_has_gone(&sync->missing, path)
		       : fc_photo_presence(path, identity) == FC_PRESENCE_GONE;
}

enum fc_status fc_sync_count_faces(struct fc_sync *sync, const struct fc_sync_paths *paths,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	sync->known_faces = 0;
	if (paths->count == 0) {
		return FC_OK;
	}
	FC_TRY(fc_local_begin_read(sync->local, &txn, err));
	for (size_t i = 0; i < paths->count; i++) {
		FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
		if (i > 0 && strcmp(paths->items[i].path, paths->items[i - 1].path) == 0) {
			continue; /* known under several models */
		}
		enum fc_status status = fc_ledger_find(txn, &paths->items[i].item, &item, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		sync->known_faces += item.state == FC_LEDGER_DONE && item.face != 0;
	}
	return FC_OK;
}
