/*
 * The verb "set --sync" on the local engine. First the folder is compared with the ledger; faces and persons of photos that are known from
 * elsewhere are moved or renamed in one transaction. Then set processes the other photos. At last faces whose photos are gone are removed,
 * again in one transaction. A run that ends anywhere between leaves a gallery that the next run continues from.
 */
/* SPDX-License-Identifier: MIT */
#include "service/local/sync/sync.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "service/input/photo_copy.h"
#include "service/input/photo_identity.h"
#include "service/local/ledger.h"

static void claim_release(struct fc_sync_claim *claim)
{
	fc_buffer_release(&claim->texts);
	fc_ledger_photo_release(&claim->ledger);
	fc_person_release(&claim->person);
}

static void sync_release(struct fc_sync *sync)
{
	for (size_t i = 0; i < sync->claim_count; i++) {
		claim_release(&sync->claims[i]);
	}
	for (size_t i = 0; i < sync->resolved_path_count; i++) {
		free(sync->resolved_paths[i]);
	}
	fc_sync_forget_removals(sync);
	fc_missing_photos_release(&sync->missing);
	free(sync->removals);
	free(sync->named);
	free(sync->claims);
	fc_at_home_release(&sync->at_home);
	free(sync->resolved);
	free(sync->resolved_paths);
	free(sync->root);
	fc_batch_ledger_release(&sync->ledger);
}

/* ---- the survey ---- */

/* Whether the ledger has the photo under this path, and its face is one of the person of its folder. */
static bool is_at_home(const struct fc_sync *sync, const struct fc_photo *given,
		       const struct fc_ledger_photo *photo)
{
	const struct fc_identity person = fc_local_identity(&photo->person);
	return photo->match == FC_PHOTO_SAME_FILE && photo->item.state == FC_LEDGER_DONE &&
	       (photo->item.face == 0 ||
		sync->request->set.rules.on_duplicate == FC_DUPLICATE_ATTACH ||
		fc_local_is_person_of(given, &person));
}

/* Whether the ledger has the photo as one without a usable face. */
static bool is_refused(const struct fc_ledger_photo *photo)
{
	return photo->match != FC_PHOTO_NEW && photo->item.state != FC_LEDGER_DONE &&
	       photo->item.reason != FC_REASON_CONFLICT;
}

/* Whether the photo may have a face that belongs to another path or person: its content is known, or its path is with other content. */
static bool may_claim(const struct fc_ledger_photo *photo)
{
	bool refused = photo->match == FC_PHOTO_SAME_FILE && is_refused(photo);
	return photo->path && !refused && (photo->hashed || photo->path_is_known);
}

static enum fc_status note_person(struct fc_sync *sync, const struct fc_ledger_person_key *key,
				  struct fc_error *err)
{
	size_t count = sync->named_count;
	if (count > 0 && memcmp(&sync->named[count - 1], key, sizeof(*key)) == 0) {
		return FC_OK;
	}
	FC_TRY(fc_array_grow(&sync->named, sizeof(*sync->named), count, &sync->named_capacity,
			     err));
	sync->named[sync->named_count++] = *key;
	return FC_OK;
}

static enum fc_status survey_photo(struct fc_sync *sync, const struct fc_photo *given,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_photo_release) struct fc_ledger_photo photo = { 0 };
	FC_CLEANUP(fc_fd_close) int fd = -1;
	FC_TRY(fc_batch_ledger_look_up(&sync->ledger, given, &photo, &fd, err));
	FC_TRY(is_refused(&photo) ? FC_OK : note_person(sync, &photo.item.person_key, err));
	if (is_at_home(sync, given, &photo)) {
		return fc_at_home_add(&sync->at_home, &photo.item.pid, err);
	}
	if (!may_claim(&photo)) {
		return FC_OK;
	}
	FC_TRY(fc_array_grow(&sync->claims, sizeof(*sync->claims), sync->claim_count,
			     &sync->claim_capacity, err));
	struct fc_sync_claim *claim = &sync->claims[sync->claim_count];
	*claim = (struct fc_sync_claim){ 0 };
	FC_TRY(fc_photo_copy(given, &claim->given, &claim->texts, err));
	fc_free(&photo.item.text);
	claim->own = photo.item;
	claim->ledger = FC_STEAL_STRUCT(photo);
	sync->claim_count++;
	return FC_OK;
}

/* Compare the whole folder with the ledger. *photos: how many photos there are. */
static enum fc_status survey(struct fc_sync *sync, uint64_t *photos, struct fc_error *err)
{
	const struct fc_photo_source *source = &sync->request->survey;
	*photos = 0;
	for (bool end = false; !end;) {
		struct fc_photo photo = { 0 };
		if (fc_local_stopped(sync->local)) {
			sync->result->incomplete = true;
			return FC_OK;
		}
		FC_TRY(source->next(source->context, &photo, &end, err));
		if (end) {
			break;
		}
		sync->result->incomplete |= photo.no_photo;
		*photos += !photo.no_photo;
		sync->face = *photos == 1 ? photo.face : sync->face;
		FC_TRY(photo.status == FC_OK ? survey_photo(sync, &photo, err) : FC_OK);
	}
	return FC_OK;
}

/* ---- set, without the photos that are resolved ---- */

struct remaining {
	struct fc_sync *sync;
	size_t next_claim; /* the source returns the photos in the order of the survey */
	uint64_t photos;   /* returned by the source, resolved or not */
};

static enum fc_status next_remaining(void *context, struct fc_photo *out, bool *end,
				     struct fc_error *err)
{
	struct remaining *remaining = context;
	const struct fc_sync *sync = remaining->sync;
	const struct fc_photo_source *source = &sync->request->set.photos;
	for (;;) {
		FC_TRY(source->next(source->context, out, end, err));
		if (*end) {
			return FC_OK;
		}
		remaining->photos += !out->no_photo;
		size_t next = remaining->next_claim;
		while (next < sync->claim_count && sync->claims[next].action == FC_ACTION_NONE) {
			next++;
		}
		remaining->next_claim = next;
		if (next == sync->claim_count ||
		    strcmp(sync->claims[next].given.path, out->path) != 0) {
			return FC_OK;
		}
		remaining->next_claim++;
	}
}

static bool is_ready(void *context)
{
	const struct fc_photo_source *source =
		&((struct remaining *)context)->sync->request->set.photos;
	return !source->ready || source->ready(source->context);
}

enum fc_status fc_sync_resolved_path(struct fc_sync *sync, const char *path, struct fc_error *err)
{
	FC_TRY(fc_array_grow(&sync->resolved_paths, sizeof(*sync->resolved_paths),
			     sync->resolved_path_count, &sync->resolved_path_capacity, err));
	char *copy = fc_photo_absolute(sync->ledger.folder, path);
	if (!copy) {
		return fc_fail_memory(err);
	}
	sync->resolved_paths[sync->resolved_path_count++] = copy;
	return FC_OK;
}

/* A dry run must not report the old face of a file both as replaced and as removed. */
static enum fc_status pass_on(void *context, const struct fc_photo_outcome *outcome,
			      struct fc_error *err)
{
	struct fc_sync *sync = ((struct remaining *)context)->sync;
	const struct fc_photo_sink *sink = &sync->request->set.sink;
	FC_TRY(outcome->action == FC_ACTION_REPLACED
		       ? fc_sync_resolved_path(sync, outcome->path, err)
		       : FC_OK);
	return sink->report(sink->context, outcome, err);
}

/* *complete: whether the source returned as many photos as the survey. */
static enum fc_status set_remaining(struct fc_sync *sync, uint64_t photos, struct fc_tally *tally,
				    bool *complete, struct fc_error *err)
{
	struct remaining remaining = { .sync = sync };
	struct fc_set_request request = sync->request->set;
	request.photos = (struct fc_photo_source){
		.next = next_remaining,
		.context = &remaining,
		.ready = is_ready,
		.any_order = sync->request->set.photos.any_order,
	};
	request.sink = (struct fc_photo_sink){ pass_on, &remaining };
	FC_TRY(fc_local_set(&sync->local->service, &request, tally, err));
	*complete = remaining.photos >= photos && !fc_local_stopped(sync->local);
	return FC_OK;
}

/* ---- the report ---- */

static enum fc_status report(const struct fc_sync *sync, struct fc_photo_outcome *outcome,
			     struct fc_tally *tally, struct fc_error *err)
{
	static const struct fc_analysis not_analysed;
	const struct fc_photo_sink *sink = &sync->request->set.sink;
	outcome->analysis = &not_analysed;
	fc_tally_count(tally, FC_OK);
	fc_tally_note(tally, outcome->action, FC_REASON_NONE);
	return sink->report(sink->context, outcome, err);
}

static enum fc_status report_claims(const struct fc_sync *sync, struct fc_tally *tally,
				    struct fc_error *err)
{
	for (size_t i = 0; i < sync->claim_count; i++) {
		const struct fc_sync_claim *claim = &sync->claims[i];
		struct fc_photo_outcome outcome = {
			.photo = &claim->given,
			.name = claim->given.name,
			.path = claim->given.path,
			.action = claim->action,
			.identity = fc_local_identity(&claim->person),
			.face_id = claim->face,
		};
		if (claim->action != FC_ACTION_NONE) {
			tally->faces++;
			FC_TRY(report(sync, &outcome, tally, err));
		}
	}
	return FC_OK;
}

static enum fc_status report_removals(const struct fc_sync *sync, struct fc_tally *tally,
				      struct fc_error *err)
{
	for (size_t i = 0; i < sync->removal_count; i++) {
		const struct fc_sync_removal *removal = &sync->removals[i];
		const struct fc_photo photo = { .name = removal->path, .path = removal->path };
		struct fc_photo_outcome outcome = {
			.photo = &photo,
			.name = removal->path,
			.path = removal->path,
			.action = FC_ACTION_REMOVED,
			.identity = fc_local_identity(&removal->person),
			.face_id = removal->face,
		};
		FC_TRY(report(sync, &outcome, tally, err));
	}
	return FC_OK;
}

/* ---- the verb ---- */

enum fc_status fc_local_sync(struct fc_service *service, const struct fc_sync_request *request,
			     struct fc_tally *tally, struct fc_sync_result *result,
			     struct fc_error *err)
{
	FC_CLEANUP(sync_release)
	struct fc_sync sync = {
		.local = fc_local_of(service),
		.request = request,
		.result = result,
	};
	FC_CLEANUP(fc_sync_paths_release) struct fc_sync_paths paths = { 0 };
	uint64_t photos;
	bool complete;
	FC_TRY(fc_local_set_ledger_init(sync.local, request->set.space, request->set.origin,
					&request->set.rules, &sync.ledger, err));
	sync.root = fc_photo_root(sync.ledger.folder, request->root);
	if (!sync.root) {
		return fc_fail_memory(err);
	}
	FC_TRY(survey(&sync, &photos, err));
	fc_at_home_sort(&sync.at_home);
	if (photos == 0 && !result->incomplete) {
		return fc_sync_fail_empty(request->root, err);
	}
	FC_TRY(fc_sync_find_missing(&sync, err));
	FC_TRY(fc_missing_photos_check(&sync.missing, err));
	FC_TRY(fc_sync_read_paths(&sync, &paths, err));
	FC_TRY(fc_sync_count_faces(&sync, &paths, err));
	fc_sync_paths_release(&paths);
	if (!result->incomplete) {
		FC_TRY(fc_sync_adopt(&sync, err));
		FC_TRY(report_claims(&sync, tally, err));
		FC_TRY(report_removals(&sync, tally, err));
		fc_sync_forget_removals(&sync);
	}
	FC_TRY(set_remaining(&sync, photos, tally, &complete, err));
	result->incomplete |= !complete;
	FC_TRY(result->incomplete ? FC_OK : fc_sync_prune(&sync, err));
	return report_removals(&sync, tally, err);
}
