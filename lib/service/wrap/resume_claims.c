/* set --sync on a service: photos of the folder that are not where the ledger has them, and the faces that the service has of them. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "service/wrap/resume_sync_engine.h"

/* ---- the survey ---- */

static bool is_pending_size(const struct fc_resume_syncing *sync, uint64_t size)
{
	const struct fc_ledger_item least = { .size = size };
	size_t first, count;
	fc_pending_of(&sync->pending, &least, &first, &count);
	return first < sync->pending.count && sync->pending.items[first].item.size == size;
}

static char *copy_of(const char *text, bool *failed)
{
	char *copy = text ? strdup(text) : NULL;
	*failed |= text && !copy;
	return copy;
}

static enum fc_status survey_photo(struct fc_resume_syncing *sync, const struct fc_photo *given,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_photo_release) struct fc_ledger_photo photo = { 0 };
	FC_CLEANUP(fc_fd_close) int fd = -1;
	FC_TRY(fc_batch_ledger_look_up(&sync->ledger, given, &photo, &fd, err));
	bool known = photo.match != FC_PHOTO_NEW;
	FC_TRY(known && photo.item.state == FC_LEDGER_DONE
		       ? fc_at_home_add(&sync->at_home, &photo.item.pid, err)
		       : FC_OK);
	if (photo.match == FC_PHOTO_SAME_FILE) {
		return FC_OK;
	}
	if (photo.path && !photo.hashed && is_pending_size(sync, photo.item.size)) {
		fc_batch_ledger_hash(&sync->ledger, &photo, &fd);
	}
	if (!photo.path || (!photo.hashed && !photo.path_is_known)) {
		return FC_OK;
	}
	FC_TRY(fc_array_grow(&sync->claims, sizeof(*sync->claims), sync->claim_count,
			     &sync->claim_capacity, err));
	struct fc_resume_claim *claim = &sync->claims[sync->claim_count];
	bool by_name = !given->has_number && !given->has_pid, failed = false;
	*claim = (struct fc_resume_claim){
		.is_known = known,
		.hashed = photo.hashed,
		.key = photo.item,
	};
	claim->key.text = NULL;
	claim->given_path = copy_of(given->path, &failed);
	claim->name = copy_of(by_name ? given->person : NULL, &failed);
	claim->path = FC_STEAL(photo.path);
	sync->claim_count++;
	return failed ? fc_fail_memory(err) : FC_OK;
}

enum fc_status fc_resume_survey(struct fc_resume_syncing *sync, uint64_t *photos,
				struct fc_error *err)
{
	const struct fc_photo_source *source = &sync->request->survey;
	*photos = 0;
	for (bool end = false; !end;) {
		struct fc_photo photo = { 0 };
		FC_TRY(source->next(source->context, &photo, &end, err));
		if (end) {
			break;
		}
		sync->result->incomplete |= photo.no_photo;
		*photos += !photo.no_photo;
		sync->face = *photos == 1 ? photo.face : sync->face;
		FC_TRY(photo.status == FC_OK ? survey_photo(sync, &photo, err) : FC_OK);
	}
	fc_at_home_sort(&sync->at_home);
	sync->by_path = calloc(sync->claim_count + 1, sizeof(*sync->by_path));
	if (!sync->by_path) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < sync->claim_count; i++) {
		sync->by_path[i] = &sync->claims[i];
	}
	return FC_OK;
}

/* ---- the faces of claims ---- */

/* The source of a claim may be that of another one: if that is for another person, the photo is in several folders, and only one gets the face. */
static bool take(struct fc_resume_claim *claim, const void **taken_by)
{
	const struct fc_resume_claim *other = *taken_by;
	*taken_by = other ? other : claim;
	return !other || fc_resume_is_same(&other->key, &claim->key);
}

static enum fc_status take_source(const struct fc_resume_syncing *sync,
				  struct fc_resume_claim *claim, const struct fc_ledger_item *item,
				  const char *reference, const char *path, const void **taken_by,
				  struct fc_error *err)
{
	bool failed = false;
	/* of services that remove whole persons, a face can only leave a person that has no other */
	bool may_leave = !sync->verbs->whole_persons || !fc_resume_stays(sync, item);
	claim->has_source = may_leave && take(claim, taken_by);
	claim->is_stored = true;
	claim->source = *item;
	claim->source.text = NULL;
	claim->reference = copy_of(reference, &failed);
	claim->source_path = copy_of(path, &failed);
	claim->at = (struct fc_stored_at){
		.pid = item->pid,
		.reference = claim->reference,
		.path = claim->source_path,
		.may_move = claim->has_source,
	};
	return failed ? fc_fail_memory(err) : FC_OK;
}

/* Find the face that the service has of a photo for a person whose folder does not have the photo any more. */
static enum fc_status find_source(const struct fc_resume_syncing *sync,
				  struct fc_resume_claim *claim, struct fc_error *err)
{
	size_t first, count;
	fc_resume_faces_of(&sync->faces, &claim->key, &first, &count);
	for (size_t i = first; i < first + count; i++) {
		struct fc_resume_face *face = &sync->faces.items[i];
		if (!face->lives && !fc_resume_is_same(&face->item, &claim->key)) {
			return take_source(sync, claim, &face->item, face->item.text, face->path,
					   &face->taken_by, err);
		}
	}
	fc_pending_of(&sync->pending, &claim->key, &first, &count);
	for (size_t i = first; i < first + count; i++) {
		struct fc_pending *pending = &sync->pending.items[i];
		/* the photo may be where it was before: its person may have been renamed meanwhile */
		if (pending->cause != FC_PENDING_SENT &&
		    (!fc_uuid_is_nil(&pending->item.pid) ||
		     !fc_resume_is_same(&pending->item, &claim->key))) {
			claim->is_pending = true;
			return take_source(sync, claim, &pending->item, pending->reference,
					   pending->path, &pending->taken_by, err);
		}
	}
	return FC_OK;
}

/* ---- photos that were sent ---- */

static enum fc_status put_pids(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct fc_resume_syncing *sync = context;
	for (size_t i = 0; i < sync->pending.count; i++) {
		const struct fc_pending *pending = &sync->pending.items[i];
		FC_TRY(pending->cause == FC_PENDING_SENT && !fc_uuid_is_nil(&pending->item.pid)
			       ? fc_pending_put(txn, &sync->ledger, &pending->item, pending->cause,
						pending->path, err)
			       : FC_OK);
	}
	return FC_OK;
}

/* A photo that was sent for a person by name must still be found after the person is renamed. */
static enum fc_status find_persons_of_sent(struct fc_resume_syncing *sync, struct fc_error *err)
{
	struct fc_gallery *gallery;
	size_t found = 0;
	for (size_t i = 0; i < sync->pending.count; i++) {
		struct fc_pending *pending = &sync->pending.items[i];
		if (pending->cause == FC_PENDING_SENT && pending->name) {
			FC_TRY(sync->verbs->find(sync->resume->remote, sync->request->set.space,
						 pending->name, &pending->item.pid, err));
			found += !fc_uuid_is_nil(&pending->item.pid);
		}
	}
	if (found == 0 || sync->request->set.dry_run) {
		return FC_OK;
	}
	FC_TRY(fc_gallery_handle_open(&sync->resume->gallery, FC_GALLERY_WRITE, &gallery, err));
	return fc_gallery_write(gallery, put_pids, sync, err);
}

/* ---- renaming ---- */

static enum fc_status try_rename(const struct fc_uuid *pid, const char *name, bool *renamed,
				 void *context, struct fc_error *err)
{
	const struct fc_resume_syncing *sync = context;
	const struct fc_set_request *set = &sync->request->set;
	return sync->verbs->rename(sync->resume->remote, set->space, pid, name, set->dry_run,
				   renamed, err);
}

static enum fc_status rename_persons(struct fc_resume_syncing *sync, struct fc_error *err)
{
	FC_CLEANUP(fc_free)
	struct fc_rename *renames = calloc(sync->claim_count + 1, sizeof(*renames));
	size_t count = 0;
	if (!renames) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < sync->claim_count; i++) {
		const struct fc_resume_claim *claim = &sync->claims[i];
		if (claim->has_source && claim->name && !fc_uuid_is_nil(&claim->source.pid) &&
		    !fc_at_home_has(&sync->at_home, &claim->source.pid)) {
			renames[count++] =
				(struct fc_rename){ .pid = claim->source.pid, .name = claim->name };
		}
	}
	FC_TRY(fc_rename_persons(renames, &count, try_rename, sync, err));
	for (size_t i = 0; i < sync->claim_count; i++) {
		struct fc_resume_claim *claim = &sync->claims[i];
		claim->at.renamed =
			claim->has_source && fc_rename_has(renames, count, &claim->source.pid);
	}
	return FC_OK;
}

/* ---- the transaction ---- */

static enum fc_status make_pending(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct fc_resume_syncing *sync = context;
	for (size_t i = 0; i < sync->claim_count; i++) {
		const struct fc_resume_claim *claim = &sync->claims[i];
		FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item item = { 0 };
		if (!claim->has_source || claim->is_pending) {
			continue;
		}
		enum fc_status status = fc_ledger_find(txn, &claim->source, &item, err);
		if (status == FC_NOT_FOUND) {
			continue; /* another claim for the same photo and person has it */
		}
		FC_TRY(status);
		FC_TRY(fc_pending_put(txn, &sync->ledger, &item, FC_PENDING_MOVED,
				      claim->source_path, err));
		FC_TRY(fc_ledger_forget_item(txn, &item, err));
	}
	return FC_OK;
}

enum fc_status fc_resume_claim_faces(struct fc_resume_syncing *sync, struct fc_error *err)
{
	struct fc_gallery *gallery;
	size_t sources = 0;
	for (size_t i = 0; i < sync->claim_count; i++) {
		struct fc_resume_claim *claim = &sync->claims[i];
		FC_TRY(claim->hashed && !claim->is_known ? find_source(sync, claim, err) : FC_OK);
		sources += claim->has_source;
	}
	if (sources == 0) {
		return FC_OK;
	}
	/* pending first: if the run is killed after a person was renamed, the next one compares the name again */
	if (!sync->request->set.dry_run) {
		FC_TRY(fc_gallery_handle_open(&sync->resume->gallery, FC_GALLERY_WRITE, &gallery,
					      err));
		FC_TRY(fc_gallery_write(gallery, make_pending, sync, err));
	}
	if (!sync->verbs->rename) {
		return FC_OK;
	}
	FC_TRY(find_persons_of_sent(sync, err));
	return rename_persons(sync, err);
}
