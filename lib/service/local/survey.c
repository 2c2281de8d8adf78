/* The verb status on the local engine: the state of photos according to the ledger. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "service/batch/missing.h"
#include "service/input/photo_identity.h"
#include "service/local/ledger.h"

struct survey {
	struct fc_local *local;
	const struct fc_survey_request *request;
	struct fc_survey_counts *counts;
	struct fc_batch_ledger ledger;
	/* digests of photos that were found at another path */
	struct fc_sha256 *moved;
	size_t moved_count, moved_room;
};

const char *fc_standing_name(enum fc_standing standing)
{
	static const char *const names[FC_STANDING_COUNT] = {
		[FC_STANDING_NEW] = "new",       [FC_STANDING_CHANGED] = "changed",
		[FC_STANDING_MOVED] = "moved",   [FC_STANDING_UNCHANGED] = "unchanged",
		[FC_STANDING_FAILED] = "failed", [FC_STANDING_GONE] = "gone",
		[FC_STANDING_AWAY] = "away",
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

/* ---- photos that are missing ---- */

static int compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct fc_sha256));
}

/* A photo that was found at another path is not reported as missing at this one. */
static bool has_moved(const struct survey *survey, const struct fc_sha256 *content)
{
	return survey->moved_count > 0 && bsearch(content, survey->moved, survey->moved_count,
						  sizeof(*survey->moved), compare_digests);
}

static enum fc_status find_missing(struct survey *survey, struct fc_missing_photos *out,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_free) char *root = NULL;
	bool found;
	enum fc_status status = fc_local_begin_read(survey->local, &txn, err);
	if (status == FC_GALLERY_MISSING) {
		return FC_OK;
	}
	FC_TRY(status);
	root = fc_photo_root(survey->ledger.folder, survey->request->root);
	if (!root) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_batch_ledger_find_target(txn, &survey->ledger, survey->request->origin, &found,
					   err));
	return found ? fc_missing_photos_find(txn, &survey->ledger.target, 1, root, out, err)
		     : FC_OK;
}

static enum fc_status report_missing(struct survey *survey, struct fc_error *err)
{
	FC_CLEANUP(fc_missing_photos_release) struct fc_missing_photos missing = { 0 };
	FC_TRY(find_missing(survey, &missing, err));
	if (survey->moved_count > 0) {
		qsort(survey->moved, survey->moved_count, sizeof(*survey->moved), compare_digests);
	}
	for (size_t i = 0; i < missing.count; i++) {
		const struct fc_missing_photo *photo = &missing.items[i];
		const struct fc_survey_finding finding = {
			.path = photo->path,
			.standing = photo->presence == FC_PRESENCE_GONE ? FC_STANDING_GONE
									: FC_STANDING_AWAY,
		};
		FC_TRY(has_moved(survey, &photo->item.content) ? FC_OK
							       : report(survey, &finding, err));
	}
	return FC_OK;
}

static void survey_release(struct survey *survey)
{
	fc_batch_ledger_release(&survey->ledger);
	free(survey->moved);
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
	return request->root ? report_missing(&survey, err) : FC_OK;
}
