/*
 * The verb "set --sync" on a service with a ledger. First the folder is compared with the ledger. Faces of photos that are now in the folder
 * of another person become pending, and persons whose folder has another name are renamed. Then set sends the other photos, and those that
 * moved, so that a photo that moved is stored for its new person before its old face is removed. At last pending faces and those whose
 * photos are gone are removed. A run that ends anywhere between leaves a ledger that the next run continues from.
 */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "service/input/photo_identity.h"
#include "service/wrap/resume_sync_engine.h"

static void syncing_release(struct fc_resume_syncing *sync)
{
	for (size_t i = 0; i < sync->claim_count; i++) {
		struct fc_resume_claim *claim = &sync->claims[i];
		free(claim->given_path);
		free(claim->path);
		free(claim->name);
		free(claim->reference);
		free(claim->source_path);
	}
	fc_missing_photos_release(&sync->missing);
	fc_resume_faces_release(&sync->faces);
	fc_pending_list_release(&sync->pending);
	fc_batch_ledger_release(&sync->ledger);
	free(sync->staying);
	free(sync->claims);
	free(sync->by_path);
	fc_at_home_release(&sync->at_home);
	free(sync->root);
}

/* ---- set, with what is known about the photos ---- */

static bool is_photo_of(const struct fc_resume_syncing *sync, size_t index, const char *path)
{
	return index < sync->claim_count && path &&
	       strcmp(sync->claims[index].given_path, path) == 0;
}

static enum fc_status next_photo(void *context, struct fc_photo *out, bool *end,
				 struct fc_error *err)
{
	struct fc_resume_syncing *sync = context;
	const struct fc_photo_source *source = &sync->request->set.photos;
	FC_TRY(source->next(source->context, out, end, err));
	if (*end) {
		return FC_OK;
	}
	sync->photos += !out->no_photo;
	if (is_photo_of(sync, sync->next_claim, out->path)) {
		const struct fc_resume_claim *claim = &sync->claims[sync->next_claim++];
		out->stored_at = claim->is_stored ? &claim->at : NULL;
	}
	return FC_OK;
}

static bool is_ready(void *context)
{
	const struct fc_photo_source *source =
		&((struct fc_resume_syncing *)context)->request->set.photos;
	return !source->ready || source->ready(source->context);
}

static enum fc_status pass_on(void *context, const struct fc_photo_outcome *outcome,
			      struct fc_error *err)
{
	struct fc_resume_syncing *sync = context;
	const struct fc_photo_sink *sink = &sync->request->set.sink;
	if (is_photo_of(sync, sync->next_result, outcome->path)) {
		sync->claims[sync->next_result++].result =
			outcome->status == FC_OK                ? FC_RESUME_STORED
			: outcome->action == FC_ACTION_REJECTED ? FC_RESUME_REFUSED
								: FC_RESUME_FAILED;
	}
	return sink->report(sink->context, outcome, err);
}

static enum fc_status send_photos(struct fc_resume_syncing *sync, struct fc_error *err)
{
	struct fc_set_request request = sync->request->set;
	request.photos = (struct fc_photo_source){ next_photo, sync, is_ready, NULL, false };
	request.sink = (struct fc_photo_sink){ pass_on, sync };
	request.rules.remember = true;
	return fc_resume_send(sync->resume, &request, true, sync->tally, err);
}

/* ---- the verb ---- */

/* Count the faces that the folder had before the run. */
static void count_faces(struct fc_resume_syncing *sync)
{
	for (size_t i = 0; i < sync->faces.count; i++) {
		sync->known_faces += sync->faces.items[i].is_below;
	}
}

static enum fc_status compare(struct fc_resume_syncing *sync, uint64_t *photos,
			      struct fc_error *err)
{
	FC_TRY(fc_batch_ledger_init(&sync->ledger, err));
	sync->root = fc_photo_root(sync->ledger.folder, sync->request->root);
	if (!sync->root) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_resume_read_pending(sync, err));
	FC_TRY(fc_resume_survey(sync, photos, err));
	if (*photos == 0 && !sync->result->incomplete) {
		return fc_sync_fail_empty(sync->request->root, err);
	}
	FC_TRY(fc_resume_read_ledger(sync, err));
	FC_TRY(fc_missing_photos_check(&sync->missing, err));
	count_faces(sync);
	return FC_OK;
}

enum fc_status fc_resume_sync(struct fc_service *service, const struct fc_sync_request *request,
			      struct fc_tally *tally, struct fc_sync_result *result,
			      struct fc_error *err)
{
	struct fc_resume *resume = fc_resume_of(service);
	FC_CLEANUP(syncing_release)
	struct fc_resume_syncing sync = {
		.resume = resume,
		.request = request,
		.tally = tally,
		.result = result,
		.verbs = resume->remote->operations->sync,
		.ledger = fc_resume_ledger(resume, "set", request->set.space),
	};
	uint64_t photos;
	FC_TRY(fc_service_need(resume->remote, FC_VERB_SET_SYNC, err));
	FC_TRY(sync.verbs->check(resume->remote, &request->set, err));
	sync.ledger.retry_failed = request->set.rules.retry_failed;
	FC_TRY(compare(&sync, &photos, err));
	FC_TRY(result->incomplete ? FC_OK : fc_resume_claim_faces(&sync, err));
	FC_TRY(send_photos(&sync, err));
	result->incomplete |= sync.photos < photos;
	return result->incomplete ? FC_OK : fc_resume_prune(&sync, err);
}
