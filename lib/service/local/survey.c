/* How photos stand with the local engine's ledger. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "service/input/photo_copy.h"
#include "service/local/ledger.h"

struct survey {
	struct fc_local *local;
	const struct fc_survey_request *request;
	struct fc_survey_counts *counts;
	struct fc_local_memory memory;
	/* Contents that were found at another place: that they are gone from theirs is no news. */
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

static enum fc_status tell(struct survey *survey, const struct fc_survey_finding *finding,
			   struct fc_error *err)
{
	survey->counts->standings[finding->standing]++;
	survey->counts->reasons[finding->reason] += finding->reason != FC_REASON_NONE;
	return survey->request->report(survey->request->context, finding, err);
}

static enum fc_standing standing_of(const struct fc_local_photo *photo)
{
	const struct fc_local_recall *recall = &photo->recall;
	bool held_same = recall->path_is_known && recall->hashed &&
			 fc_sha256_equal(&recall->path_held, &recall->item.content);
	if (photo->status != FC_OK) {
		return FC_STANDING_FAILED;
	}
	if (recall->path_is_known && !held_same) {
		return FC_STANDING_CHANGED;
	}
	if (!recall->known) {
		return FC_STANDING_NEW;
	}
	if (recall->item.state != FC_LEDGER_DONE) {
		return FC_STANDING_FAILED;
	}
	return recall->path_is_new && !held_same ? FC_STANDING_MOVED : FC_STANDING_UNCHANGED;
}

static enum fc_status note_moved(struct survey *survey, const struct fc_sha256 *content,
				 struct fc_error *err)
{
	if (survey->moved_count == survey->moved_room) {
		size_t room = 2 * survey->moved_room + 64;
		struct fc_sha256 *moved = reallocarray(survey->moved, room, sizeof(*moved));
		if (!moved) {
			return fc_fail_memory(err);
		}
		survey->moved = moved;
		survey->moved_room = room;
	}
	survey->moved[survey->moved_count++] = *content;
	return FC_OK;
}

static enum fc_status look_up(struct survey *survey, const struct fc_photo *asked,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_local_photo_release) struct fc_local_photo photo = { .copy = -1 };
	FC_CLEANUP(fc_fd_close) int fd = -1;
	FC_TRY(fc_photo_copy(asked, &photo.asked, err));
	photo.name = photo.asked.name;
	photo.path = photo.asked.path;
	photo.status = asked->status;
	if (photo.status == FC_OK) {
		FC_TRY(fc_local_memory_recall(&survey->memory, &photo, &fd, err));
	}
	struct fc_survey_finding finding = {
		.path = photo.path,
		.standing = standing_of(&photo),
	};
	if (finding.standing == FC_STANDING_MOVED) {
		FC_TRY(note_moved(survey, &photo.recall.item.content, err));
	}
	if (finding.standing == FC_STANDING_FAILED) {
		bool known = photo.recall.known;
		finding.reason = known ? (enum fc_reason)photo.recall.item.reason
				       : fc_reason_of(photo.status);
		finding.error = known ? photo.recall.item.text : asked->error;
	}
	return tell(survey, &finding, err);
}

static enum fc_status look_all_up(struct survey *survey, struct fc_error *err)
{
	const struct fc_photo_source *source = &survey->request->photos;
	while (!fc_local_stopped(survey->local)) {
		struct fc_photo photo = { 0 };
		bool end = false;
		FC_TRY(source->next(source->context, &photo, &end, err));
		if (end) {
			break;
		}
		FC_TRY(look_up(survey, &photo, err));
	}
	return FC_OK;
}

/* ---- what is gone ---- */

static int compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct fc_sha256));
}

/* The contents that moved are sorted by now. */
static bool has_moved(const struct survey *survey, const struct fc_sha256 *content)
{
	return survey->moved_count > 0 && bsearch(content, survey->moved, survey->moved_count,
						  sizeof(*survey->moved), compare_digests);
}

static bool look_whether_gone(const char *path, const struct fc_ledger_item *item, void *context)
{
	struct survey *survey = context;
	struct stat info;
	if (strncmp(path, survey->root, strlen(survey->root)) != 0 ||
	    has_moved(survey, &item->content) || stat(path, &info) == 0 || errno != ENOENT) {
		return true;
	}
	const struct fc_survey_finding finding = { .path = path, .standing = FC_STANDING_GONE };
	survey->status = tell(survey, &finding, survey->err);
	return survey->status == FC_OK;
}

static enum fc_status make_root(struct survey *survey, struct fc_error *err)
{
	char *root = fc_local_memory_path(&survey->memory, survey->request->root);
	size_t length = root ? strlen(root) : 0;
	while (length > 0 && (root[length - 1] == '/' || strcmp(root + length - 2, "/.") == 0)) {
		root[--length] = '\0';
	}
	survey->root = root ? fc_path_join(root, "") : NULL;
	free(root);
	return survey->root ? FC_OK : fc_fail_memory(err);
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
	FC_TRY(make_root(survey, err));
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(fc_local_memory_settle(txn, &survey->memory, survey->request->origin, &found, err));
	if (!found) {
		return FC_OK;
	}
	if (survey->moved_count > 0) {
		qsort(survey->moved, survey->moved_count, sizeof(*survey->moved), compare_digests);
	}
	survey->err = err;
	FC_TRY(fc_ledger_each_path(txn, &survey->memory.target, look_whether_gone, survey, err));
	return survey->status;
}

enum fc_status fc_local_survey(struct fc_service *service, const struct fc_survey_request *request,
			       struct fc_survey_counts *counts, struct fc_error *err)
{
	struct survey survey = {
		.local = fc_local_of(service),
		.request = request,
		.counts = counts,
		.memory = fc_local_set_memory(fc_local_of(service), request->space, request->origin,
					      &request->rules),
	};
	survey.memory.rules.remember = true;
	enum fc_status status = fc_local_memory_init(&survey.memory, NULL, err);
	if (status == FC_OK) {
		status = look_all_up(&survey, err);
	}
	if (status == FC_OK) {
		status = find_gone(&survey, err);
	}
	fc_local_memory_release(&survey.memory);
	free(survey.moved);
	free(survey.root);
	return status;
}
