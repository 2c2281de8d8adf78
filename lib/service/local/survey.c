/* The verb status on the local engine: the state of photos according to the ledger. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "service/input/photo_identity.h"
#include "service/local/ledger.h"

struct survey {
	struct fc_local *local;
	const struct fc_survey_request *request;
	struct fc_survey_counts *counts;
	struct fc_batch_ledger ledger;
	/* Digests of photos that were found at another path: these are not reported as gone. */
	struct fc_sha256 *moved;
	size_t moved_count, moved_room;
	char *root; /* absolute, with a slash at its end */
	enum fc_status status;
	struct fc_error *err;
};

const char *fc_standing_name(enum fc_standing standing)
{
	static const char *const names[FC_STANDING_COUNT] = {
		[FC_STANDING_NEW] = "new",       [FC_STANDING_CHANGED] = "changed",
		[FC_STANDING_MOVED] = "moved",   [FC_STANDING_UNCHANGED] = "unchanged",
		[FC_STANDING_FAILED] = "failed", [FC_STANDING_GONE] = "gone",
	};
	return names[standing];
}

static enum fc_status report(struct survey *survey, const struct fc_survey_finding *finding,
			     struct fc_error *err)
{
	survey->counts->standings[finding->standing]++;
	survey->counts->reasons[finding->reason] += finding->reason != FC_REASON_NONE;
	return survey->request->report(survey->request->context, finding, err);
}

static enum fc_standing standing_of(const struct fc_photo *given,
				    const struct fc_ledger_photo *photo)
{
	bool same_content = photo->path_is_known && photo->hashed &&
			    fc_sha256_equal(&photo->path_content, &photo->item.content);
	if (given->status != FC_OK) {
		return FC_STANDING_FAILED;
	}
	if (photo->path_is_known && !same_content) {
		return FC_STANDING_CHANGED;
	}
	if (photo->match == FC_PHOTO_NEW) {
		return FC_STANDING_NEW;
	}
	if (photo->item.state != FC_LEDGER_DONE) {
		return FC_STANDING_FAILED;
	}
	return photo->match == FC_PHOTO_SAME_CONTENT && !same_content ? FC_STANDING_MOVED
								      : FC_STANDING_UNCHANGED;
}

static enum fc_status look_up(struct survey *survey, const struct fc_photo *given,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_photo_release) struct fc_ledger_photo photo = { 0 };
	FC_CLEANUP(fc_fd_close) int fd = -1;
	survey->counts->incomplete |= given->no_photo;
	FC_TRY(fc_batch_ledger_look_up(&survey->ledger, given, &photo, &fd, err));
	struct fc_survey_finding finding = {
		.path = given->path,
		.standing = standing_of(given, &photo),
	};
	if (finding.standing == FC_STANDING_MOVED) {
		FC_TRY(fc_array_grow(&survey->moved, sizeof(*survey->moved), survey->moved_count,
				     &survey->moved_room, err));
		survey->moved[survey->moved_count++] = photo.item.content;
	}
	if (finding.standing == FC_STANDING_FAILED) {
		bool known = photo.match != FC_PHOTO_NEW;
		finding.reason =
			known ? (enum fc_reason)photo.item.reason : fc_reason_of(given->status);
		finding.error = known ? photo.item.text : given->error;
	}
	return report(survey, &finding, err);
}

/* ---- photos that are gone ---- */

static bool is_gone(const char *path)
{
	struct stat info;
	return stat(path, &info) != 0 && errno == ENOENT;
}

struct gone_items {
	const char *root;
	struct fc_ledger_item *items;
	size_t count, capacity;
	enum fc_status status;
	struct fc_error *err;
};

static bool add_if_gone(const char *path, const struct fc_file_identity *identity,
			const struct fc_ledger_item *item, void *context)
{
	struct gone_items *gone = context;
	(void)identity;
	if (strncmp(path, gone->root, strlen(gone->root)) != 0 || !is_gone(path)) {
		return true;
	}
	gone->status = fc_array_grow(&gone->items, sizeof(*gone->items), gone->count,
				     &gone->capacity, gone->err);
	if (gone->status == FC_OK) {
		gone->items[gone->count++] = *item;
	}
	return gone->status == FC_OK;
}

static bool note_if_there(const char *path, const struct fc_file_identity *identity,
			  const struct fc_ledger_item *item, void *context)
{
	bool *there = context;
	(void)identity, (void)item;
	*there = !is_gone(path);
	return !*there;
}

enum fc_status fc_local_count_gone(struct fc_local *local, struct fc_batch_ledger *ledger,
				   const char *origin, const char *folder, uint64_t *count,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_free) char *root = fc_photo_root(ledger->folder, folder);
	FC_CLEANUP(fc_free) struct fc_ledger_item *items = NULL;
	struct gone_items gone = { .root = root, .err = err };
	bool found;
	uint64_t paths;
	if (!root) {
		return fc_fail_memory(err);
	}
	enum fc_status status = fc_local_begin_read(local, &txn, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	FC_TRY(fc_batch_ledger_find_target(txn, ledger, origin, &found, err));
	FC_TRY(fc_ledger_count_paths(txn, &paths, err));
	/* Usually the run has just seen all of them. */
	if (!found || paths == ledger->known_paths) {
		return FC_OK;
	}
	status = fc_ledger_each_path(txn, &ledger->target, add_if_gone, &gone, err);
	items = gone.items;
	FC_TRY(status);
	FC_TRY(gone.status);
	for (size_t i = 0; i < gone.count; i++) {
		bool there = false;
		FC_TRY(fc_ledger_each_path_of(txn, &items[i], note_if_there, &there, err));
		*count += !there;
	}
	return FC_OK;
}

static int compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct fc_sha256));
}

static bool report_if_gone(const char *path, const struct fc_file_identity *identity,
			   const struct fc_ledger_item *item, void *context)
{
	struct survey *survey = context;
	(void)identity;
	bool moved = survey->moved_count > 0 &&
		     bsearch(&item->content, survey->moved, survey->moved_count,
			     sizeof(*survey->moved), compare_digests);
	if (moved || strncmp(path, survey->root, strlen(survey->root)) != 0 || !is_gone(path)) {
		return true;
	}
	const struct fc_survey_finding finding = { .path = path, .standing = FC_STANDING_GONE };
	survey->status = report(survey, &finding, survey->err);
	return survey->status == FC_OK;
}

static enum fc_status find_gone(struct survey *survey, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct fc_gallery *gallery;
	bool found;
	if (!survey->request->root) {
		return FC_OK;
	}
	enum fc_status status = fc_local_gallery(survey->local, FC_GALLERY_READ, &gallery, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	survey->root = fc_photo_root(survey->ledger.folder, survey->request->root);
	if (!survey->root) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(fc_batch_ledger_find_target(txn, &survey->ledger, survey->request->origin, &found,
					   err));
	if (!found) {
		return FC_OK;
	}
	if (survey->moved_count > 0) {
		qsort(survey->moved, survey->moved_count, sizeof(*survey->moved), compare_digests);
	}
	survey->err = err;
	FC_TRY(fc_ledger_each_path(txn, &survey->ledger.target, report_if_gone, survey, err));
	return survey->status;
}

static void survey_release(struct survey *survey)
{
	fc_batch_ledger_release(&survey->ledger);
	free(survey->moved);
	free(survey->root);
}

enum fc_status fc_local_survey(struct fc_service *service, const struct fc_survey_request *request,
			       struct fc_survey_counts *counts, struct fc_error *err)
{
	FC_CLEANUP(survey_release)
	struct survey survey = {
		.local = fc_local_of(service),
		.request = request,
		.counts = counts,
	};
	struct fc_enrol_rules rules = request->rules;
	rules.remember = true;
	FC_TRY(fc_local_set_ledger_init(survey.local, request->space, request->origin, &rules,
					&survey.ledger, err));
	for (bool end = false; !end && !fc_local_stopped(survey.local);) {
		struct fc_photo photo = { 0 };
		FC_TRY(request->photos.next(request->photos.context, &photo, &end, err));
		FC_TRY(end ? FC_OK : look_up(&survey, &photo, err));
	}
	return find_gone(&survey, err);
}
