/* Run a verb on photos, in groups with one commit each. */
/* SPDX-License-Identifier: MIT */
#include "service/local/group.h"

#include <stdlib.h>

#include "base/clock.h"
#include "service/local/replaced.h"

/* One commit for 64 photos is about 50 times as fast as a commit for each photo (LMDB, on a disk that syncs in 7 ms). */
enum { STORED_MAXIMUM = 64, HELD_MAXIMUM = 256, AGE_MAXIMUM = 1000 /* milliseconds */ };

struct held {
	struct fc_local_photo photo;
	enum fc_status arrived; /* the photo's status and reason before it was processed */
	enum fc_reason arrived_reason;
	void *result;
};

struct group {
	struct fc_local *local;
	const struct fc_local_verb *verb;
	struct held *held;
	size_t count;
	size_t reported; /* number of photos that were reported, from the first */
	size_t to_store; /* number of photos that need the gallery */
	int64_t begun;   /* time when the first photo was added */
	struct fc_local_replacements replacements;
};

static void group_clear(struct group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		struct held *held = &group->held[i];
		if (held->result) {
			group->verb->release(held->result);
			free(held->result);
		}
		fc_local_photo_release(&held->photo);
	}
	group->count = 0;
	group->reported = 0;
	group->to_store = 0;
}

static void group_release(struct group *group)
{
	group_clear(group);
	free(group->held);
	fc_local_replacements_release(&group->replacements);
}

/* ---- storing ---- */

struct attempt {
	const struct fc_local_verb *verb;
	struct held *held;
};

static enum fc_status attempt_photo(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct attempt *attempt = context;
	struct held *held = attempt->held;
	return attempt->verb->decide(txn, attempt->verb->context, &held->photo, held->result, err);
}

/* Whether an error concerns only this photo. Any other error would recur for every further photo. */
static bool is_of_photo(const struct fc_photo *photo, enum fc_status status)
{
	bool has_texts = photo->origin || photo->person || photo->user_data;
	return status == FC_CONFLICT || status == FC_NO_FACE || status == FC_SEVERAL_FACES ||
	       status == FC_POOR_QUALITY ||
	       (has_texts && (status == FC_INVALID_ARGUMENT || status == FC_NOT_FOUND));
}

static enum fc_status decide(struct fc_gallery_txn *txn, const struct group *group,
			     struct held *held, struct fc_error *err)
{
	struct attempt attempt = { group->verb, held };
	struct fc_error failure = { 0 };
	bool writes = txn && group->verb->mode != FC_GALLERY_READ;
	enum fc_status status = writes ? fc_gallery_attempt(txn, attempt_photo, &attempt, &failure)
				       : attempt_photo(txn, &attempt, &failure);
	if (status == FC_OK) {
		return FC_OK;
	}
	if (!is_of_photo(&held->photo.given, status)) {
		return fc_fail(err, status, "%s", failure.text);
	}
	held->photo.status = status;
	held->photo.error = failure;
	return FC_OK;
}

static void conclude(struct fc_local_photo *photo)
{
	photo->result.reason = fc_local_reason(photo);
	photo->result.error = photo->error.text;
	if (photo->status != FC_OK) {
		photo->result.action = fc_action_of(photo->status, photo->result.reason);
	}
}

static enum fc_status store_photo(struct fc_gallery_txn *txn, const struct group *group,
				  struct held *held, struct fc_error *err)
{
	const struct fc_local_verb *verb = group->verb;
	struct fc_local_photo *photo = &held->photo;
	photo->status = held->arrived;
	photo->reason = held->arrived_reason;
	photo->result = (struct fc_ledger_result){ 0 };
	photo->ledger.replaces = false;
	verb->begin(verb->context, photo, held->result);
	if (fc_local_is_known(photo)) {
		/* A known photo may have been moved to the path of another photo. */
		const struct fc_ledger_item *item = &photo->ledger.item;
		photo->result.face = item->face;
		FC_TRY(item->state == FC_LEDGER_DONE
			       ? fc_local_check_replaced(txn, verb->ledger, photo, &item->pid, err)
			       : FC_OK);
	} else if (photo->status == FC_OK) {
		FC_TRY(decide(txn, group, held, err));
	}
	conclude(photo);
	bool written = verb->ledger && !verb->dry_run &&
		       fc_batch_ledger_take(verb->ledger, &photo->ledger, &photo->analysis,
					    &photo->result);
	return written ? fc_batch_ledger_write(txn, verb->ledger, &photo->ledger, err) : FC_OK;
}

static bool needs_gallery(const struct held *held)
{
	return (held->arrived == FC_OK && !fc_local_is_known(&held->photo)) ||
	       fc_ledger_photo_is_open(&held->photo.ledger);
}

static void prepare(struct fc_gallery_txn *txn, const struct group *group)
{
	const struct fc_local_photo *photos[HELD_MAXIMUM];
	size_t count = 0;
	for (size_t i = 0; i < group->count; i++) {
		const struct held *held = &group->held[i];
		if (held->arrived == FC_OK && !fc_local_is_known(&held->photo)) {
			photos[count++] = &held->photo;
		}
	}
	group->verb->prepare(txn, group->verb->context, photos, count);
}

static enum fc_status store_all(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct group *group = context;
	if (group->verb->prepare) {
		prepare(txn, group);
	}
	for (size_t i = 0; i < group->count; i++) {
		if (needs_gallery(&group->held[i])) {
			FC_TRY(store_photo(txn, group, &group->held[i], err));
		}
	}
	return FC_OK;
}

/* A dry run creates no gallery. */
static enum fc_status commit(struct group *group, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	const struct fc_local_verb *verb = group->verb;
	bool creates = verb->mode == FC_GALLERY_CREATE;
	bool may_be_missing = verb->empty_without_gallery || (creates && verb->dry_run);
	enum fc_status status;
	if (verb->mode == FC_GALLERY_READ) {
		status = fc_local_begin_read(group->local, &txn, err);
		if (status == FC_OK) {
			return store_all(txn, group, err);
		}
	} else {
		enum fc_gallery_mode mode =
			creates && verb->dry_run ? FC_GALLERY_WRITE : verb->mode;
		status = fc_local_change(group->local, mode, verb->dry_run, store_all, group, err);
	}
	return status == FC_GALLERY_MISSING && may_be_missing ? store_all(NULL, group, err)
							      : status;
}

/* ---- reporting ---- */

static enum fc_status report_next(struct group *group, struct fc_error *err)
{
	const struct fc_local_verb *verb = group->verb;
	struct held *held = &group->held[group->reported++];
	if (fc_local_is_known(&held->photo) && verb->ledger->answers_below) {
		verb->ledger->answered++;
		return FC_OK;
	}
	conclude(&held->photo);
	FC_TRY(verb->report(verb->context, &held->photo, held->result, err));
	return held->photo.ledger.replaces && !verb->dry_run
		       ? fc_local_replacements_add(&group->replacements, &held->photo, err)
		       : FC_OK;
}

static enum fc_status flush(struct group *group, struct fc_error *err)
{
	FC_TRY(group->to_store > 0 ? commit(group, err) : FC_OK);
	while (group->reported < group->count) {
		FC_TRY(report_next(group, err));
	}
	group_clear(group);
	return FC_OK;
}

static enum fc_status flush_in_pause(void *context, bool idle, struct fc_error *err)
{
	struct group *group = context;
	bool old = group->count > 0 && fc_clock_monotonic_ms() - group->begun >= AGE_MAXIMUM;
	return idle || old ? flush(group, err) : FC_OK;
}

static enum fc_status hold(void *context, struct fc_local_photo *photo, struct fc_error *err)
{
	struct group *group = context;
	const struct fc_local_verb *verb = group->verb;
	struct held *held = &group->held[group->count];
	void *result = calloc(1, verb->result_size);
	if (!result) {
		return fc_fail_memory(err);
	}
	*held = (struct held){ .photo = *photo, .result = result };
	*photo = (struct fc_local_photo){ .copy = -1 };
	if (group->count++ == 0) {
		group->begun = fc_clock_monotonic_ms();
	}
	verb->begin(verb->context, &held->photo, result);
	held->arrived = held->photo.status;
	held->arrived_reason = held->photo.reason;
	group->to_store += needs_gallery(held);
	/* Report a failure before the commit if all earlier photos were reported, so that a limit on failures takes effect early. */
	if (held->arrived != FC_OK && group->reported + 1 == group->count) {
		FC_TRY(report_next(group, err));
	}
	bool full = group->to_store == STORED_MAXIMUM || group->count == HELD_MAXIMUM;
	bool commits = verb->mode != FC_GALLERY_READ && !verb->dry_run;
	return full || group->to_store == 0 || !commits ? flush(group, err) : FC_OK;
}

enum fc_status fc_local_run_verb(struct fc_local *local, const struct fc_local_verb *verb,
				 struct fc_error *err)
{
	FC_CLEANUP(group_release)
	struct group group = {
		.local = local,
		.verb = verb,
		.held = calloc(HELD_MAXIMUM, sizeof(*group.held)),
	};
	const struct fc_local_batch batch = {
		.source = verb->source,
		.want = verb->want,
		.keep_descriptor = verb->keep_descriptor,
		.ledger = verb->ledger,
		.pause = flush_in_pause,
		.handle = hold,
		.context = &group,
	};
	if (!group.held) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_local_run(local, &batch, err));
	/* a photo that was not reached may have the content of a replaced face */
	bool complete = !verb->source.exhausted || verb->source.exhausted(verb->source.context);
	return complete
		       ? fc_local_replacements_finish(&group.replacements, local, verb->ledger, err)
		       : FC_OK;
}
