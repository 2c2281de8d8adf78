/* set --sync: move the faces of known photos to the persons of their folders. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "service/local/sync/sync.h"

struct adoption {
	struct fc_sync *sync;
	struct fc_gallery_txn *txn;
	uint32_t space;
	/* the claims sorted by path and by content */
	struct fc_sync_claim **by_path, **by_content;
};

static int compare_paths(const void *left, const void *right)
{
	const struct fc_sync_claim *const *a = left, *const *b = right;
	return strcmp((*a)->ledger.path, (*b)->ledger.path);
}

static int compare_contents(const void *left, const void *right)
{
	const struct fc_sync_claim *const *a = left, *const *b = right;
	return memcmp(&(*a)->own.content, &(*b)->own.content, sizeof(struct fc_sha256));
}

static struct fc_sync_claim *claim_of_path(const struct adoption *adoption, const char *path)
{
	struct fc_sync_claim key = { .ledger.path = fc_lend(path) };
	struct fc_sync_claim *pointer = &key;
	struct fc_sync_claim **found =
		bsearch(&pointer, adoption->by_path, adoption->sync->claim_count,
			sizeof(*adoption->by_path), compare_paths);
	return found ? *found : NULL;
}

/* Whether a claim for this content was resolved. */
static bool is_adopted(const struct adoption *adoption, const struct fc_sha256 *content)
{
	struct fc_sync_claim key = { .own.content = *content };
	struct fc_sync_claim *pointer = &key;
	size_t count = adoption->sync->claim_count, low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_contents(&adoption->by_content[middle], &pointer) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	for (; low < count && compare_contents(&adoption->by_content[low], &pointer) == 0; low++) {
		if (adoption->by_content[low]->action != FC_ACTION_NONE) {
			return true;
		}
	}
	return false;
}

/* ---- what the gallery has for a photo ---- */

/* Whether two items have the same content and the same person, perhaps under tasks with different models. */
static bool is_same_photo(const struct fc_ledger_item *a, const struct fc_ledger_item *b)
{
	return fc_sha256_equal(&a->content, &b->content) &&
	       memcmp(&a->person_key, &b->person_key, sizeof(a->person_key)) == 0;
}

struct place {
	const struct adoption *adoption;
	bool holds;
};

/* A path still holds an item unless its file is gone, or the survey found other content or another person there. */
static bool check_path(const char *path, const struct fc_file_identity *identity,
		       const struct fc_ledger_item *item, void *context)
{
	struct place *place = context;
	const struct fc_sync_claim *claim = claim_of_path(place->adoption, path);
	place->holds = claim ? claim->ledger.hashed && is_same_photo(&claim->own, item)
			     : !fc_sync_is_gone(place->adoption->sync, path, identity);
	return !place->holds;
}

struct search {
	const struct adoption *adoption;
	struct fc_ledger_item *out;
};

/* Take an item with a face if none of its paths holds it any more. */
static enum fc_status take_homeless(const struct fc_ledger_item *item, void *context,
				    struct fc_error *err)
{
	const struct search *search = context;
	struct place place = { .adoption = search->adoption };
	if (search->out->face != 0 || item->state != FC_LEDGER_DONE || item->face == 0 ||
	    item->space != search->adoption->space) {
		return FC_OK;
	}
	FC_TRY(fc_ledger_each_path_of(search->adoption->txn, item, check_path, &place, err));
	if (!place.holds) {
		*search->out = *item;
		search->out->text = NULL;
	}
	return FC_OK;
}

/* Find the item that has the face of a claim, with any models. claim->source.face is 0 if there is none. */
static enum fc_status find_source(struct adoption *adoption, struct fc_sync_claim *claim,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_ledger_target *targets = NULL;
	const struct fc_ledger_item *own = &claim->own;
	struct search search = { adoption, &claim->source };
	size_t count = 0;
	claim->source = (struct fc_ledger_item){ 0 };
	if (claim->ledger.match != FC_PHOTO_NEW && own->state == FC_LEDGER_DONE && own->face != 0 &&
	    own->space == adoption->space) {
		claim->source = *own;
		return FC_OK;
	}
	if (!claim->ledger.hashed) {
		return FC_OK;
	}
	FC_TRY(fc_batch_ledger_targets(adoption->txn, &adoption->sync->ledger, &claim->ledger,
				       &targets, &count, err));
	for (size_t i = 0; i < count; i++) {
		struct fc_ledger_item key = *own;
		key.target = targets[i];
		FC_TRY(fc_ledger_each_of_content(adoption->txn, &key, take_homeless, &search, err));
	}
	return FC_OK;
}

/* ---- one photo ---- */

/* The ledger finds the photo under the person of its folder from now on. */
static enum fc_status put_item(struct adoption *adoption, struct fc_sync_claim *claim,
			       struct fc_error *err)
{
	struct fc_ledger_item *item = &claim->ledger.item;
	bool found;
	FC_TRY(fc_batch_ledger_set_target(adoption->txn, &adoption->sync->ledger, &claim->ledger,
					  &found, err));
	item->state = FC_LEDGER_DONE;
	item->reason = 0;
	item->rules = claim->rules;
	item->space = adoption->space;
	item->pid = claim->person.pid;
	item->face = claim->face;
	fc_free(&item->text);
	return fc_batch_ledger_put(adoption->txn, &adoption->sync->ledger, &claim->ledger, err);
}

/*
 * Find what the ledger has for a claim now. Another photo with the same content may have taken the face already: if it is of the same
 * person, this one is just another path.
 */
static enum fc_status find_again(struct adoption *adoption, const struct fc_sync_claim *claim,
				 struct fc_ledger_item *out, struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item now = { 0 };
	enum fc_status status = fc_ledger_find(adoption->txn, &claim->source, &now, err);
	if (status == FC_NOT_FOUND) {
		status = fc_ledger_find(adoption->txn, &claim->own, &now, err);
	}
	FC_TRY(status);
	if (now.state != FC_LEDGER_DONE || now.face == 0) {
		return fc_fail(err, FC_NOT_FOUND, "the face has been moved");
	}
	*out = now;
	out->text = NULL;
	return FC_OK;
}

struct step {
	struct adoption *adoption;
	struct fc_sync_claim *claim;
};

/* Give the face of a photo to the person of its folder. Its path is stored later, when all items have their places. */
static enum fc_status adopt_photo(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct adoption *adoption = ((struct step *)context)->adoption;
	struct fc_sync_claim *claim = ((struct step *)context)->claim;
	const struct fc_set_request *request = &adoption->sync->request->set;
	struct fc_ledger_item source = { 0 };
	bool is_new;
	fc_person_release(&claim->person);
	FC_TRY(find_again(adoption, claim, &source, err));
	FC_TRY(fc_local_person_of_photo(txn, &claim->given, adoption->space, request->person_name,
					&claim->person, &is_new, err));
	claim->face = source.face;
	bool moves = !fc_uuid_equal(&source.pid, &claim->person.pid);
	if (moves) {
		FC_TRY(fc_face_move(txn, adoption->space, source.face, &claim->person.pid,
				    &claim->face, err));
	}
	if (!is_same_photo(&source, &claim->own)) {
		FC_TRY(fc_ledger_forget_item(txn, &source, err));
	}
	claim->rules = source.rules;
	FC_TRY(put_item(adoption, claim, err));
	claim->action = moves            ? FC_ACTION_MOVED
			: claim->renamed ? FC_ACTION_RENAMED
					 : FC_ACTION_UNCHANGED;
	return FC_OK;
}

/* Whether an error concerns only this photo, which is then left to set. */
static bool is_of_photo(enum fc_status status)
{
	return status == FC_CONFLICT || status == FC_NOT_FOUND || status == FC_INVALID_ARGUMENT;
}

static enum fc_status adopt_photos(struct adoption *adoption, struct fc_error *err)
{
	struct fc_sync *sync = adoption->sync;
	for (size_t i = 0; i < sync->claim_count; i++) {
		struct step step = { adoption, &sync->claims[i] };
		struct fc_error failure = { 0 };
		if (sync->claims[i].source.face == 0) {
			continue;
		}
		enum fc_status status =
			fc_gallery_attempt(adoption->txn, adopt_photo, &step, &failure);
		if (status != FC_OK && !is_of_photo(status)) {
			return fc_fail(err, status, "%s", failure.text);
		}
	}
	return FC_OK;
}

/* ---- paths ---- */

/* Remove the face that the file had before, unless its photo is elsewhere. */
static enum fc_status remove_replaced(struct adoption *adoption, const struct fc_sync_claim *claim,
				      struct fc_error *err)
{
	FC_CLEANUP(fc_ledger_item_release) struct fc_ledger_item before = { 0 };
	const struct fc_ledger_photo *photo = &claim->ledger;
	bool same, has_other;
	enum fc_status status = fc_ledger_find_path(adoption->txn, &photo->item.target, photo->path,
						    &photo->identity, &before, &same, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	if (status == FC_NOT_FOUND || before.state != FC_LEDGER_DONE || before.face == 0 ||
	    fc_sha256_equal(&before.content, &photo->item.content) ||
	    is_adopted(adoption, &before.content)) {
		return FC_OK;
	}
	FC_TRY(fc_ledger_has_other_path(adoption->txn, &before, photo->path, &has_other, err));
	if (has_other) {
		return FC_OK;
	}
	FC_TRY(fc_sync_note_removal(adoption->sync, adoption->txn, photo->path, &before, err));
	return fc_face_delete(adoption->txn, adoption->space, before.face, err);
}

static enum fc_status put_paths(struct adoption *adoption, struct fc_error *err)
{
	struct fc_sync *sync = adoption->sync;
	for (size_t i = 0; i < sync->claim_count; i++) {
		struct fc_sync_claim *claim = &sync->claims[i];
		if (claim->action == FC_ACTION_NONE) {
			continue;
		}
		FC_TRY(remove_replaced(adoption, claim, err));
		/* the item is gone if its only path was that of a photo before this one */
		FC_TRY(put_item(adoption, claim, err));
		FC_TRY(fc_ledger_put_path(adoption->txn, &claim->ledger.item, claim->ledger.path,
					  &claim->ledger.identity, err));
	}
	return FC_OK;
}

/* ---- persons without faces ---- */

/* Whether the folder has a photo for this person, except those that were refused. */
static enum fc_status has_folder(const struct fc_sync *sync, const struct fc_person *person,
				 bool *has, struct fc_error *err)
{
	struct fc_ledger_person_key keys[3];
	size_t count = 0;
	*has = false;
	FC_TRY(fc_ledger_person_key_of(NULL, &person->pid, NULL, &keys[count++], err));
	if (person->has_number) {
		FC_TRY(fc_ledger_person_key_of(&person->number, NULL, NULL, &keys[count++], err));
	}
	if (person->name) {
		FC_TRY(fc_ledger_person_key_of(NULL, NULL, person->name, &keys[count++], err));
	}
	for (size_t i = 0; i < sync->named_count && !*has; i++) {
		for (size_t k = 0; k < count; k++) {
			*has = *has || memcmp(&sync->named[i], &keys[k], sizeof(keys[k])) == 0;
		}
	}
	return FC_OK;
}

/* A person whose last face moved, and whose folder has no other photo, is merged into the person that has the face now: its entries stay. */
static enum fc_status merge_empty(struct adoption *adoption, struct fc_error *err)
{
	struct fc_sync *sync = adoption->sync;
	for (size_t i = 0; i < sync->claim_count; i++) {
		FC_CLEANUP(fc_person_release) struct fc_person person = { 0 };
		const struct fc_sync_claim *claim = &sync->claims[i];
		uint64_t faces, entries;
		bool has;
		if (claim->action != FC_ACTION_MOVED) {
			continue;
		}
		enum fc_status status =
			fc_person_get(adoption->txn, &claim->source.pid, &person, err);
		FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
		if (status == FC_NOT_FOUND || person.face_count > 0 ||
		    fc_uuid_equal(&person.pid, &claim->person.pid)) {
			continue;
		}
		FC_TRY(has_folder(sync, &person, &has, err));
		if (!has) {
			FC_TRY(fc_person_merge(adoption->txn, &claim->person.pid, &person.pid,
					       &faces, &entries, err));
			sync->result->merged_persons++;
		}
	}
	return FC_OK;
}

/* ---- the transaction ---- */

static enum fc_status adopt(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct adoption *adoption = context;
	struct fc_sync *sync = adoption->sync;
	bool found;
	adoption->txn = txn;
	sync->result->merged_persons = 0;
	fc_sync_forget_removals(sync);
	FC_TRY(fc_sync_find_space(sync, txn, &adoption->space, &found, err));
	if (!found) {
		return FC_OK;
	}
	for (size_t i = 0; i < sync->claim_count; i++) {
		struct fc_sync_claim *claim = &sync->claims[i];
		fc_ledger_item_release(&claim->ledger.item);
		claim->ledger.item = claim->own;
		claim->action = FC_ACTION_NONE;
		claim->renamed = false;
		FC_TRY(find_source(adoption, claim, err));
	}
	FC_TRY(fc_sync_rename(sync, txn, adoption->space, err));
	FC_TRY(adopt_photos(adoption, err));
	FC_TRY(put_paths(adoption, err));
	return merge_empty(adoption, err);
}

static void adoption_release(struct adoption *adoption)
{
	free(adoption->by_path);
	free(adoption->by_content);
}

enum fc_status fc_sync_adopt(struct fc_sync *sync, struct fc_error *err)
{
	const size_t count = sync->claim_count;
	FC_CLEANUP(adoption_release)
	struct adoption adoption = {
		.sync = sync,
		.by_path = calloc(count + 1, sizeof(*adoption.by_path)),
		.by_content = calloc(count + 1, sizeof(*adoption.by_content)),
	};
	if (!adoption.by_path || !adoption.by_content) {
		return fc_fail_memory(err);
	}
	if (count == 0) {
		return FC_OK;
	}
	for (size_t i = 0; i < count; i++) {
		adoption.by_path[i] = &sync->claims[i];
		adoption.by_content[i] = &sync->claims[i];
	}
	qsort(adoption.by_path, count, sizeof(*adoption.by_path), compare_paths);
	qsort(adoption.by_content, count, sizeof(*adoption.by_content), compare_contents);
	enum fc_status status = fc_local_change(sync->local, FC_GALLERY_WRITE,
						sync->request->set.dry_run, adopt, &adoption, err);
	return status == FC_GALLERY_MISSING ? FC_OK : status;
}
