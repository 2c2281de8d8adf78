/* set --sync: remove the faces whose photos are gone from the folder. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "service/input/photo_file.h"
#include "service/input/photo_identity.h"
#include "service/local/sync/sync.h"

struct pruning {
	struct fc_sync *sync;
	struct fc_gallery_txn *txn;
	struct fc_sync_paths *gone; /* paths whose photo is gone */
	bool lives;                 /* the face that is being checked has a photo */
};

/* ---- removals for the report ---- */

enum fc_status fc_sync_note_removal(struct fc_sync *sync, struct fc_gallery_txn *txn,
				    const char *path, const struct fc_ledger_item *item,
				    struct fc_error *err)
{
	FC_TRY(fc_array_grow(&sync->removals, sizeof(*sync->removals), sync->removal_count,
			     &sync->removal_capacity, err));
	struct fc_sync_removal *removal = &sync->removals[sync->removal_count];
	*removal = (struct fc_sync_removal){ .face = item->face };
	FC_TRY(fc_gallery_referred(txn, fc_person_get(txn, &item->pid, &removal->person, err),
				   err));
	sync->removal_count++;
	removal->path = fc_path_join(sync->request->root, path + strlen(sync->root));
	return removal->path ? FC_OK : fc_fail_memory(err);
}

void fc_sync_forget_removals(struct fc_sync *sync)
{
	for (size_t i = 0; i < sync->removal_count; i++) {
		free(sync->removals[i].path);
		fc_person_release(&sync->removals[i].person);
	}
	sync->removal_count = 0;
}

/* ---- which photos are gone ---- */

/* Whether the file has other content than the ledger has for its path. A file that cannot be read counts as unchanged. */
static bool has_other_content(const struct fc_sync *sync, const struct fc_sync_path *path)
{
	const struct fc_photo_limit limit = { .bytes = sync->ledger.photo_bytes, .advice = "" };
	FC_CLEANUP(fc_fd_close) int fd = -1;
	struct fc_sha256 content;
	struct stat info;
	if (stat(path->path, &info) != 0) {
		return false;
	}
	const struct fc_file_identity identity = fc_photo_identity(&info);
	return !fc_file_identity_equal(&identity, &path->identity) &&
	       fc_photo_open(path->path, &limit, &fd, NULL, NULL) == FC_OK &&
	       fc_sha256_of_file(fd, path->path, &content, NULL) == FC_OK &&
	       !fc_sha256_equal(&content, &path->item.content);
}

static int compare_texts(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;
	return strcmp(*a, *b);
}

static int compare_digests(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct fc_sha256));
}

static enum fc_status take_resolved(struct fc_sync *sync, struct fc_error *err)
{
	for (size_t i = 0; i < sync->claim_count; i++) {
		const struct fc_sync_claim *claim = &sync->claims[i];
		if (claim->action == FC_ACTION_NONE) {
			continue;
		}
		FC_TRY(fc_sync_resolved_path(sync, claim->given.path, err));
		FC_TRY(fc_array_grow(&sync->resolved, sizeof(*sync->resolved), sync->resolved_count,
				     &sync->resolved_capacity, err));
		sync->resolved[sync->resolved_count++] = claim->own.content;
	}
	if (sync->resolved_count > 0) {
		qsort(sync->resolved, sync->resolved_count, sizeof(*sync->resolved),
		      compare_digests);
	}
	if (sync->resolved_path_count > 0) {
		qsort(sync->resolved_paths, sync->resolved_path_count,
		      sizeof(*sync->resolved_paths), compare_texts);
	}
	return FC_OK;
}

/* In a dry run: whether the run would have stored another place for the photo, or another photo for the path. */
static bool is_resolved(const struct fc_sync *sync, const struct fc_sync_path *path)
{
	return (sync->resolved_count > 0 &&
		bsearch(&path->item.content, sync->resolved, sync->resolved_count,
			sizeof(*sync->resolved), compare_digests)) ||
	       (sync->resolved_path_count > 0 &&
		bsearch(&path->path, sync->resolved_paths, sync->resolved_path_count,
			sizeof(*sync->resolved_paths), compare_texts));
}

/* Keep only the paths whose photo is gone. */
static void keep_gone(const struct fc_sync *sync, struct fc_sync_paths *paths)
{
	size_t kept = 0;
	for (size_t i = 0; i < paths->count; i++) {
		struct fc_sync_path *path = &paths->items[i];
		bool gone = fc_sync_is_gone(sync, path->path, &path->identity) ||
			    has_other_content(sync, path);
		if (gone && !(sync->request->set.dry_run && is_resolved(sync, path))) {
			paths->items[kept++] = *path;
		} else {
			free(path->path);
		}
	}
	paths->count = kept;
}

static int by_path(const void *left, const void *right)
{
	const struct fc_sync_path *a = left, *b = right;
	return strcmp(a->path, b->path);
}

/* ---- which faces are gone ---- */

/* A path outside of the folder is only checked for its existence. */
static bool check_path(const char *path, const struct fc_file_identity *identity,
		       const struct fc_ledger_item *item, void *context)
{
	struct pruning *pruning = context;
	const struct fc_sync_path key = { .path = fc_lend(path) };
	(void)item;
	pruning->lives =
		!bsearch(&key, pruning->gone->items, pruning->gone->count, sizeof(key), by_path) &&
		!fc_sync_is_gone(pruning->sync, path, identity);
	return !pruning->lives;
}

static enum fc_status check_item(const struct fc_ledger_item *item, void *context,
				 struct fc_error *err)
{
	struct pruning *pruning = context;
	return pruning->lives
		       ? FC_OK
		       : fc_ledger_each_path_of(pruning->txn, item, check_path, pruning, err);
}

/* Note the face of a path that is gone, unless another path still has its photo. */
static enum fc_status note_face(struct pruning *pruning, const struct fc_sync_path *path,
				uint32_t space, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
	enum fc_status status = fc_ledger_find(pruning->txn, &path->item, &item, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	if (item.state != FC_LEDGER_DONE || item.face == 0 || item.space != space) {
		return FC_OK;
	}
	pruning->lives = false;
	FC_TRY(fc_ledger_each_of_person(pruning->txn, &item.pid, item.face, check_item, pruning,
					err));
	return pruning->lives
		       ? FC_OK
		       : fc_sync_note_removal(pruning->sync, pruning->txn, path->path, &item, err);
}

static int removals_by_face(const void *left, const void *right)
{
	const struct fc_sync_removal *a = left, *b = right;
	return a->face != b->face ? (a->face > b->face) - (a->face < b->face)
				  : strcmp(a->path, b->path);
}

static int removals_by_path(const void *left, const void *right)
{
	const struct fc_sync_removal *a = left, *b = right;
	return strcmp(a->path, b->path);
}

/* A face with several paths was noted for each of them. Keep the first. */
static void keep_one_of_each(struct fc_sync *sync)
{
	size_t kept = 0;
	if (sync->removal_count == 0) {
		return;
	}
	qsort(sync->removals, sync->removal_count, sizeof(*sync->removals), removals_by_face);
	for (size_t i = 0; i < sync->removal_count; i++) {
		struct fc_sync_removal removal = sync->removals[i];
		if (kept > 0 && sync->removals[kept - 1].face == removal.face) {
			free(removal.path);
			fc_person_release(&removal.person);
		} else {
			sync->removals[kept++] = removal;
		}
	}
	sync->removal_count = kept;
	qsort(sync->removals, kept, sizeof(*sync->removals), removals_by_path);
}

/* ---- removing ---- */

/* Remove a face, and its person if that was the last one. */
static enum fc_status remove_face(struct pruning *pruning, const struct fc_sync_removal *removal,
				  uint32_t space, struct fc_error *err)
{
	FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
	FC_TRY(fc_face_delete(pruning->txn, space, removal->face, err));
	FC_TRY(fc_person_get(pruning->txn, &removal->person.pid, &person, err));
	if (person.face_count > 0) {
		return FC_OK;
	}
	pruning->sync->result->removed_persons++;
	return fc_person_delete(pruning->txn, &person.pid, err);
}

static enum fc_status prune(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct pruning *pruning = context;
	struct fc_sync *sync = pruning->sync;
	struct fc_sync_result *result = sync->result;
	uint32_t space;
	bool found;
	pruning->txn = txn;
	result->removed_persons = 0;
	fc_sync_forget_removals(sync);
	FC_TRY(fc_sync_find_space(sync, txn, &space, &found, err));
	if (!found) {
		return FC_OK;
	}
	for (size_t i = 0; i < pruning->gone->count; i++) {
		FC_TRY(note_face(pruning, &pruning->gone->items[i], space, err));
	}
	keep_one_of_each(sync);
	result->gone = sync->removal_count;
	result->maximum = fc_sync_maximum(&sync->request->limit, sync->known_faces);
	result->over_limit = result->gone > result->maximum;
	if (result->over_limit) {
		return FC_OK;
	}
	for (size_t i = 0; i < sync->removal_count; i++) {
		FC_TRY(remove_face(pruning, &sync->removals[i], space, err));
	}
	for (size_t i = 0; i < pruning->gone->count; i++) {
		const struct fc_sync_path *path = &pruning->gone->items[i];
		FC_TRY(fc_ledger_forget_path(txn, &path->item.target, path->path, err));
	}
	return FC_OK;
}

enum fc_status fc_sync_prune(struct fc_sync *sync, struct fc_error *err)
{
	FC_CLEANUP(fc_sync_paths_release) struct fc_sync_paths gone = { 0 };
	struct pruning pruning = { .sync = sync, .gone = &gone };
	const bool dry_run = sync->request->set.dry_run;
	FC_TRY(dry_run ? take_resolved(sync, err) : FC_OK);
	FC_TRY(fc_sync_find_missing(sync, err));
	FC_TRY(fc_sync_read_paths(sync, &gone, err));
	keep_gone(sync, &gone);
	if (gone.count == 0) {
		return FC_OK;
	}
	FC_TRY(fc_local_change(sync->local, FC_GALLERY_WRITE, dry_run, prune, &pruning, err));
	if (sync->result->over_limit && !dry_run) {
		fc_sync_forget_removals(sync); /* a dry run lists them anyway */
	}
	return FC_OK;
}
