/* set --sync on a service: remove the faces that the folder does not have any more. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "service/wrap/resume_sync_engine.h"

/* What becomes of a pending face. */
enum decision {
	KEEP,   /* until a later run: its photo could not be stored yet */
	FORGET, /* the service has it rightly, or does not have it */
	REMOVE,
	IMPOSSIBLE, /* the service cannot remove it */
};

struct candidate {
	const struct fc_pending *pending;
	enum decision decision;
	struct fc_sync_face *removal; /* REMOVE: several candidates can have the same */
	char error[240];
};

struct pruning {
	struct fc_resume_syncing *sync;
	struct candidate *candidates;
	size_t count;
	struct fc_sync_face *removals;
	size_t removal_count;
	const struct fc_resume_claim **claims; /* those that are hashed, sorted by content */
	size_t claim_count;
};

static void pruning_release(struct pruning *pruning)
{
	for (size_t i = 0; i < pruning->removal_count; i++) {
		free(pruning->removals[i].person_name);
	}
	free(pruning->candidates);
	free(pruning->claims);
	free(pruning->removals);
}

/* ---- photos that are gone ---- */

static bool is_gone(const struct fc_resume_face *face)
{
	return !face->lives && face->is_below;
}

/* In a dry run, faces that would move are still in the ledger under their old persons. */
static void leave_out_moved(struct fc_resume_syncing *sync)
{
	for (size_t i = 0; i < sync->claim_count; i++) {
		const struct fc_resume_claim *claim = &sync->claims[i];
		size_t first, count;
		if (!claim->has_source) {
			continue;
		}
		fc_resume_faces_of(&sync->faces, &claim->source, &first, &count);
		for (size_t k = first; k < first + count; k++) {
			struct fc_resume_face *face = &sync->faces.items[k];
			face->lives |= fc_resume_is_same(&face->item, &claim->source);
		}
	}
}

static enum fc_status make_pending(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct fc_resume_syncing *sync = context;
	for (size_t i = 0; i < sync->faces.count; i++) {
		const struct fc_resume_face *face = &sync->faces.items[i];
		if (!is_gone(face)) {
			continue;
		}
		FC_TRY(fc_pending_put(txn, &sync->ledger, &face->item, FC_PENDING_GONE, face->path,
				      err));
		enum fc_status status = fc_ledger_forget_item(txn, &face->item, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	}
	return FC_OK;
}

/* Apply the limit, and make the faces pending whose photos are gone. In a dry run they are only added to the list. */
static enum fc_status take_gone(struct fc_resume_syncing *sync, struct fc_error *err)
{
	struct fc_sync_result *result = sync->result;
	struct fc_gallery *gallery;
	for (size_t i = 0; i < sync->faces.count; i++) {
		result->gone += is_gone(&sync->faces.items[i]);
	}
	result->maximum = fc_sync_maximum(&sync->request->limit, sync->known_faces);
	result->over_limit = result->gone > result->maximum;
	if (result->gone == 0 || result->over_limit || sync->request->set.dry_run) {
		return FC_OK;
	}
	FC_TRY(fc_gallery_handle_open(&sync->resume->gallery, FC_GALLERY_WRITE, &gallery, err));
	FC_TRY(fc_gallery_write(gallery, make_pending, sync, err));
	return fc_resume_read_ledger(sync, err);
}

/* ---- what becomes of each face ---- */

static int by_photo(const void *left, const void *right)
{
	const struct fc_resume_claim *const *a = left, *const *b = right;
	int order = memcmp(&(*a)->key.content, &(*b)->key.content, sizeof(struct fc_sha256));
	return order != 0 ? order
			  : ((*a)->key.size > (*b)->key.size) - ((*a)->key.size < (*b)->key.size);
}

static enum fc_status sort_claims(struct pruning *pruning, struct fc_error *err)
{
	const struct fc_resume_syncing *sync = pruning->sync;
	pruning->claims = calloc(sync->claim_count + 1, sizeof(*pruning->claims));
	if (!pruning->claims) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < sync->claim_count; i++) {
		if (sync->claims[i].hashed) {
			pruning->claims[pruning->claim_count++] = &sync->claims[i];
		}
	}
	qsort(pruning->claims, pruning->claim_count, sizeof(*pruning->claims), by_photo);
	return FC_OK;
}

/* Whether the folder has the photo, for this person or for any, although it could not be stored. */
static bool is_claimed(const struct pruning *pruning, const struct fc_ledger_item *item,
		       bool any_person)
{
	const struct fc_resume_claim key = { .key = *item }, *pointer = &key;
	size_t low = 0, high = pruning->claim_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_photo(&pruning->claims[middle], &pointer) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	for (; low < pruning->claim_count && by_photo(&pruning->claims[low], &pointer) == 0;
	     low++) {
		if (any_person || fc_resume_is_same(&pruning->claims[low]->key, item)) {
			return true;
		}
	}
	return false;
}

/* Whether a stored face is the pending one. Both are of the same photo, so without a reference, the person decides. */
static bool is_same_face(const struct fc_ledger_item *stored, const struct fc_pending *pending)
{
	if (fc_uuid_is_nil(&pending->item.pid)) {
		return fc_resume_is_same(stored, &pending->item);
	}
	return fc_uuid_equal(&stored->pid, &pending->item.pid) &&
	       (!stored->text || !pending->reference ||
		strcmp(stored->text, pending->reference) == 0);
}

static enum decision decide(const struct pruning *pruning, const struct fc_pending *pending)
{
	const struct fc_resume_syncing *sync = pruning->sync;
	size_t first, count;
	fc_resume_faces_of(&sync->faces, &pending->item, &first, &count);
	for (size_t i = first; i < first + count; i++) {
		if (is_same_face(&sync->faces.items[i].item, pending)) {
			return FORGET;
		}
	}
	bool waits = is_claimed(pruning, &pending->item, false) ||
		     (pending->cause == FC_PENDING_MOVED && count == 0 &&
		      is_claimed(pruning, &pending->item, true));
	return waits ? KEEP : REMOVE;
}

/* ---- services that remove whole persons ---- */

/* Try the words of a path as the number of the person, as the names of folders are. */
static bool find_number(const char *path, const struct fc_ledger_person_key *key, uint64_t *out)
{
	for (const char *word = path; word && *word != '\0'; word = strchr(word, '/')) {
		struct fc_ledger_person_key found;
		char text[24];
		word += *word == '/';
		const char *digits = strncmp(word, "person_", 7) == 0  ? word + 7
				     : strncmp(word, "person", 6) == 0 ? word + 6
								       : word;
		size_t length = strcspn(digits, "/");
		if (length == 0 || length >= sizeof(text)) {
			continue;
		}
		memcpy(text, digits, length);
		text[length] = '\0';
		if (fc_parse_u64(text, 0, UINT64_MAX, "", out, NULL) == FC_OK &&
		    fc_ledger_person_key_of(out, NULL, NULL, &found, NULL) == FC_OK &&
		    memcmp(&found, key, sizeof(found)) == 0) {
			return true;
		}
	}
	return false;
}

static bool number_of(const struct fc_pending *pending, uint64_t *out)
{
	*out = pending->number;
	return pending->has_number ||
	       (pending->reference &&
		fc_parse_u64(pending->reference, 0, UINT64_MAX, "", out, NULL) == FC_OK) ||
	       (pending->path && find_number(pending->path, &pending->item.person_key, out));
}

/* One removal for each person. */
static void plan_person(struct pruning *pruning, struct candidate *candidate)
{
	const struct fc_resume_syncing *sync = pruning->sync;
	uint64_t number;
	if (!number_of(candidate->pending, &number)) {
		candidate->decision = IMPOSSIBLE;
		snprintf(
			candidate->error, sizeof(candidate->error),
			"the ledger of an earlier version has no number for its person; delete the "
			"person by its number (facectl delete)");
		return;
	}
	if (fc_resume_stays(sync, &candidate->pending->item)) {
		candidate->decision = IMPOSSIBLE;
		snprintf(candidate->error, sizeof(candidate->error),
			 "this service cannot remove one face of person %" PRIu64
			 ", only the whole person, who has other photos; to remove it, delete the "
			 "person (facectl delete) and run set again",
			 number);
		return;
	}
	size_t i = 0;
	while (i < pruning->removal_count && pruning->removals[i].number != number) {
		i++;
	}
	if (i == pruning->removal_count) {
		pruning->removals[pruning->removal_count++] =
			(struct fc_sync_face){ .has_number = true, .number = number };
	}
	candidate->removal = &pruning->removals[i];
}

static void plan_face(struct pruning *pruning, struct candidate *candidate)
{
	const struct fc_pending *pending = candidate->pending;
	struct fc_sync_face *removal = &pruning->removals[pruning->removal_count++];
	*removal = (struct fc_sync_face){
		.pid = pending->item.pid,
		.has_number = pending->has_number,
		.number = pending->number,
		.name = pending->name,
		.reference = pending->reference,
		.content = pending->item.content,
	};
	candidate->removal = removal;
}

/* ---- removing ---- */

static enum fc_status plan(struct pruning *pruning, struct fc_error *err)
{
	const struct fc_resume_syncing *sync = pruning->sync;
	const struct fc_pending_list *pending = &sync->pending;
	pruning->candidates = calloc(pending->count + 1, sizeof(*pruning->candidates));
	pruning->removals = calloc(pending->count + 1, sizeof(*pruning->removals));
	if (!pruning->candidates || !pruning->removals) {
		return fc_fail_memory(err);
	}
	FC_TRY(sort_claims(pruning, err));
	for (size_t i = 0; i < pending->count; i++) {
		struct candidate *candidate = &pruning->candidates[pruning->count++];
		*candidate = (struct candidate){ .pending = &pending->items[i] };
		candidate->decision = decide(pruning, candidate->pending);
		if (candidate->decision == REMOVE && sync->verbs->whole_persons) {
			plan_person(pruning, candidate);
		} else if (candidate->decision == REMOVE) {
			plan_face(pruning, candidate);
		}
	}
	return FC_OK;
}

static enum fc_status drop(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct pruning *pruning = context;
	for (size_t i = 0; i < pruning->count; i++) {
		const struct candidate *candidate = &pruning->candidates[i];
		bool done = candidate->removal && candidate->removal->status == FC_OK;
		if (candidate->decision == FORGET || done) {
			FC_TRY(fc_pending_drop(txn, &pruning->sync->ledger,
					       &candidate->pending->item, err));
		}
	}
	return FC_OK;
}

/* A photo that moved or was replaced has its own report; one that was only sent was never reported. */
static enum fc_status report_face(const struct pruning *pruning, const struct candidate *candidate,
				  struct fc_error *err)
{
	static const struct fc_analysis not_analysed;
	const struct fc_resume_syncing *sync = pruning->sync;
	const struct fc_photo_sink *sink = &sync->request->set.sink;
	const struct fc_sync_face *removal = candidate->removal;
	const struct fc_pending *pending = candidate->pending;
	bool failed = candidate->decision == IMPOSSIBLE || (removal && removal->status != FC_OK);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_free) char *shown = NULL;
	if (pending->cause == FC_PENDING_SENT || candidate->decision == KEEP ||
	    candidate->decision == FORGET || (!failed && pending->cause != FC_PENDING_GONE)) {
		return FC_OK;
	}
	const char *path = pending->path ? pending->path : "";
	size_t length = strlen(sync->root);
	bool below = strncmp(path, sync->root, length) == 0;
	shown = below ? fc_path_join(sync->request->root, path + length) : strdup(path);
	fc_buffer_printf(&text, "'%s': its face was not removed: %s", shown ? shown : "",
			 removal ? removal->error : candidate->error);
	const char *error = fc_buffer_text(&text);
	if (!shown || !error) {
		return fc_fail_memory(err);
	}
	const struct fc_photo photo = { .name = shown, .path = shown };
	const enum fc_status status = !failed ? FC_OK : removal ? removal->status : FC_UNSUPPORTED;
	const struct fc_photo_outcome outcome = {
		.photo = &photo,
		.name = shown,
		.path = shown,
		.status = status,
		.error = failed ? error : NULL,
		.analysis = &not_analysed,
		.action = failed ? FC_ACTION_FAILED : FC_ACTION_REMOVED,
		.reason = failed ? FC_REASON_OTHER : FC_REASON_NONE,
		.identity = { .pid = pending->item.pid,
			      .has_number = removal && removal->found_number,
			      .number = removal ? removal->person_number : 0,
			      .name = removal ? removal->person_name : NULL },
	};
	fc_tally_count(sync->tally, status);
	fc_tally_note(sync->tally, outcome.action, outcome.reason);
	return sink->report(sink->context, &outcome, err);
}

static enum fc_status report_faces(const struct pruning *pruning, struct fc_error *err)
{
	for (size_t i = 0; i < pruning->count; i++) {
		FC_TRY(report_face(pruning, &pruning->candidates[i], err));
	}
	for (size_t i = 0; i < pruning->removal_count; i++) {
		pruning->sync->result->removed_persons += pruning->removals[i].person_removed;
	}
	return FC_OK;
}

/* In a dry run: the faces whose photos are gone, as if they were pending. */
static enum fc_status add_gone(struct fc_resume_syncing *sync, struct fc_error *err)
{
	struct fc_pending_list *list = &sync->pending;
	for (size_t i = 0; i < sync->faces.count; i++) {
		struct fc_resume_face *face = &sync->faces.items[i];
		if (!is_gone(face)) {
			continue;
		}
		FC_TRY(fc_array_grow(&list->items, sizeof(*list->items), list->count,
				     &list->capacity, err));
		list->items[list->count++] = (struct fc_pending){
			.item = face->item,
			.cause = FC_PENDING_GONE,
			.reference = FC_STEAL(face->item.text),
			.path = FC_STEAL(face->path),
		};
		list->items[list->count - 1].item.text = NULL;
	}
	return FC_OK;
}

/* Without the faces that are gone, which would otherwise count as stored. */
static void drop_gone(struct fc_resume_faces *faces)
{
	size_t kept = 0;
	for (size_t i = 0; i < faces->count; i++) {
		struct fc_resume_face face = faces->items[i];
		if (is_gone(&face)) {
			fc_ledger_item_release(&face.item);
			free(face.path);
		} else {
			faces->items[kept++] = face;
		}
	}
	faces->count = kept;
}

enum fc_status fc_resume_prune(struct fc_resume_syncing *sync, struct fc_error *err)
{
	FC_CLEANUP(pruning_release) struct pruning pruning = { .sync = sync };
	const struct fc_set_request *set = &sync->request->set;
	struct fc_gallery *gallery;
	FC_TRY(fc_resume_read_ledger(sync, err));
	if (set->dry_run) {
		leave_out_moved(sync);
	}
	FC_TRY(take_gone(sync, err));
	if (set->dry_run) {
		FC_TRY(add_gone(sync, err));
		drop_gone(&sync->faces);
	}
	FC_TRY(plan(&pruning, err));
	if (pruning.count == 0) {
		return FC_OK;
	}
	FC_TRY(pruning.removal_count == 0
		       ? FC_OK
		       : sync->verbs->remove(sync->resume->remote, set->space, pruning.removals,
					     pruning.removal_count, set->dry_run, err));
	if (!set->dry_run) {
		FC_TRY(fc_gallery_handle_open(&sync->resume->gallery, FC_GALLERY_WRITE, &gallery,
					      err));
		FC_TRY(fc_gallery_write(gallery, drop, &pruning, err));
	}
	return report_faces(&pruning, err);
}
