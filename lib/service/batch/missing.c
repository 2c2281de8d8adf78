/* Which photos of the ledger are gone. */
/* SPDX-License-Identifier: MIT */
#include "service/batch/missing.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "service/input/photo_identity.h"

void fc_missing_photos_release(struct fc_missing_photos *photos)
{
	for (size_t i = 0; i < photos->count; i++) {
		free(photos->items[i].path);
	}
	free(photos->items);
	*photos = (struct fc_missing_photos){ 0 };
}

static bool is_missing(const char *path)
{
	struct stat info;
	return lstat(path, &info) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* Find the innermost folder above a path that exists: the length of its path, which ends with a slash, and its device. 0: there is none. */
static size_t folder_above(const char *path, uint64_t *device)
{
	char folder[PATH_MAX];
	struct stat info;
	size_t length = strlen(path);
	if (length >= sizeof(folder)) {
		return 0;
	}
	memcpy(folder, path, length + 1);
	for (; length > 0; length--) {
		if (folder[length - 1] != '/') {
			continue;
		}
		folder[length] = '\0';
		if (stat(folder, &info) == 0 && S_ISDIR(info.st_mode)) {
			*device = info.st_dev;
			return length;
		}
	}
	return 0;
}

enum fc_presence fc_photo_presence(const char *path, const struct fc_file_identity *identity)
{
	uint64_t device;
	if (!is_missing(path)) {
		return FC_PRESENCE_THERE;
	}
	return folder_above(path, &device) > 0 && device == identity->device ? FC_PRESENCE_GONE
									     : FC_PRESENCE_AWAY;
}

/* ---- all photos below a folder ---- */

struct search {
	const char *folder;
	struct fc_missing_photos *out;
	enum fc_status status;
	struct fc_error *err;
};

static bool add_if_missing(const char *path, const struct fc_file_identity *identity,
			   const struct fc_ledger_item *item, void *context)
{
	struct search *search = context;
	struct fc_missing_photos *out = search->out;
	if (strncmp(path, search->folder, strlen(search->folder)) != 0 || !is_missing(path)) {
		return true;
	}
	search->status = fc_array_grow(&out->items, sizeof(*out->items), out->count, &out->capacity,
				       search->err);
	char *copy = search->status == FC_OK ? strdup(path) : NULL;
	if (!copy) {
		search->status = fc_fail_memory(search->err);
		return false;
	}
	out->items[out->count++] =
		(struct fc_missing_photo){ copy, *identity, *item, FC_PRESENCE_AWAY };
	return true;
}

static int by_path(const void *left, const void *right)
{
	const struct fc_missing_photo *a = left, *b = right;
	return strcmp(a->path, b->path);
}

/* A folder that is on another device than a missing photo below it was, and whether a photo below it was read on its present device. */
struct folder {
	const char *path;
	size_t length;
	uint64_t device;
	bool is_used;
};

/* The folders of the photos that are not certainly gone, one for each run of consecutive photos. */
struct folders {
	struct folder *items;
	size_t count, capacity, unused;
};

static void folders_release(struct folders *folders)
{
	free(folders->items);
}

static bool is_below(const char *path, const struct folder *folder)
{
	return strncmp(path, folder->path, folder->length) == 0;
}

static enum fc_status find_folders(struct fc_missing_photos *photos, struct folders *folders,
				   struct fc_error *err)
{
	for (size_t i = 0; i < photos->count; i++) {
		struct fc_missing_photo *photo = &photos->items[i];
		struct folder folder = { .path = photo->path };
		folder.length = folder_above(photo->path, &folder.device);
		const struct folder *last =
			folders->count > 0 ? &folders->items[folders->count - 1] : NULL;
		if (folder.length > 0 && folder.device == photo->identity.device) {
			photo->presence = FC_PRESENCE_GONE;
		} else if (!last || last->length != folder.length || !is_below(photo->path, last)) {
			FC_TRY(fc_array_grow(&folders->items, sizeof(*folders->items),
					     folders->count, &folders->capacity, err));
			folders->items[folders->count++] = folder;
		}
	}
	folders->unused = folders->count;
	return FC_OK;
}

static bool note_used(const char *path, const struct fc_file_identity *identity,
		      const struct fc_ledger_item *item, void *context)
{
	struct folders *folders = context;
	(void)item;
	for (size_t i = 0; i < folders->count; i++) {
		struct folder *folder = &folders->items[i];
		if (!folder->is_used && folder->length > 0 && folder->device == identity->device &&
		    is_below(path, folder)) {
			folder->is_used = true;
			folders->unused--;
		}
	}
	return folders->unused > 0;
}

static void take_used(struct fc_missing_photos *photos, const struct folders *folders)
{
	for (size_t i = 0, next = 0; i < photos->count; i++) {
		struct fc_missing_photo *photo = &photos->items[i];
		if (photo->presence == FC_PRESENCE_GONE) {
			continue;
		}
		/* a folder takes its path from its first photo */
		while (next + 1 < folders->count &&
		       strcmp(folders->items[next + 1].path, photo->path) <= 0) {
			next++;
		}
		photo->presence =
			folders->items[next].is_used ? FC_PRESENCE_GONE : FC_PRESENCE_AWAY;
	}
}

enum fc_status fc_missing_photos_find(struct fc_gallery_txn *txn,
				      const struct fc_ledger_target *targets, size_t target_count,
				      const char *folder, struct fc_missing_photos *out,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_missing_photos_release) struct fc_missing_photos photos = { 0 };
	FC_CLEANUP(folders_release) struct folders folders = { 0 };
	struct search search = { folder, &photos, FC_OK, err };
	for (size_t i = 0; i < target_count; i++) {
		FC_TRY(fc_ledger_each_path(txn, &targets[i], add_if_missing, &search, err));
		FC_TRY(search.status);
	}
	if (photos.count > 0) {
		qsort(photos.items, photos.count, sizeof(*photos.items), by_path);
	}
	FC_TRY(find_folders(&photos, &folders, err));
	for (size_t i = 0; folders.unused > 0 && i < target_count; i++) {
		FC_TRY(fc_ledger_each_path(txn, &targets[i], note_used, &folders, err));
	}
	take_used(&photos, &folders);
	*out = FC_STEAL_STRUCT(photos);
	return FC_OK;
}

bool fc_missing_photos_has_gone(const struct fc_missing_photos *photos, const char *path)
{
	const struct fc_missing_photo key = { .path = fc_lend(path) };
	const struct fc_missing_photo *found =
		photos->count > 0
			? bsearch(&key, photos->items, photos->count, sizeof(key), by_path)
			: NULL;
	return found && found->presence == FC_PRESENCE_GONE;
}

enum fc_status fc_missing_photos_check(const struct fc_missing_photos *photos, struct fc_error *err)
{
	for (size_t i = 0; i < photos->count; i++) {
		const struct fc_missing_photo *photo = &photos->items[i];
		uint64_t device;
		if (photo->presence == FC_PRESENCE_AWAY) {
			size_t length = folder_above(photo->path, &device);
			return fc_fail(
				err, FC_CONFLICT,
				"'%.*s' is on another device than in earlier runs, so '%s' may "
				"not be gone; nothing was changed. If that is right, run set "
				"without --sync first",
				(int)length, photo->path, photo->path);
		}
	}
	return FC_OK;
}

/* ---- counting ---- */

static bool note_if_there(const char *path, const struct fc_file_identity *identity,
			  const struct fc_ledger_item *item, void *context)
{
	bool *there = context;
	(void)item;
	*there = fc_photo_presence(path, identity) == FC_PRESENCE_THERE;
	return !*there;
}

static enum fc_status count(struct fc_gallery_txn *txn, const struct fc_missing_photos *photos,
			    struct fc_tally *tally, struct fc_error *err)
{
	for (size_t i = 0; i < photos->count; i++) {
		const struct fc_missing_photo *photo = &photos->items[i];
		bool there = false;
		FC_TRY(fc_ledger_each_path_of(txn, &photo->item, note_if_there, &there, err));
		tally->gone += !there && photo->presence == FC_PRESENCE_GONE;
		tally->away += !there && photo->presence == FC_PRESENCE_AWAY;
	}
	return FC_OK;
}

enum fc_status fc_missing_photos_count(struct fc_batch_ledger *ledger, const char *origin,
				       const char *folder, struct fc_tally *tally,
				       struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_missing_photos_release) struct fc_missing_photos photos = { 0 };
	FC_CLEANUP(fc_free) char *root = fc_photo_root(ledger->folder, folder);
	struct fc_gallery *gallery;
	uint64_t paths;
	bool found;
	if (!root) {
		return fc_fail_memory(err);
	}
	enum fc_status status =
		fc_gallery_handle_open(ledger->gallery, FC_GALLERY_READ, &gallery, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(fc_batch_ledger_find_target(txn, ledger, origin, &found, err));
	FC_TRY(fc_ledger_count_paths(txn, &paths, err));
	/* usually the run has just seen all of them */
	if (!found || paths == ledger->known_paths) {
		return FC_OK;
	}
	FC_TRY(fc_missing_photos_find(txn, &ledger->target, 1, root, &photos, err));
	return count(txn, &photos, tally, err);
}
