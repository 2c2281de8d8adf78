/* Photos that are stored together. */
/* SPDX-License-Identifier: MIT */
#include "service/local/group.h"

#include <stdlib.h>

#include "base/clock.h"

/* 64 commits in one are some 50 times as many photos a second as one each (LMDB, a disk that syncs in 7 ms). */
enum { STORED_MAXIMUM = 64, HELD_MAXIMUM = 256, AGE_MAXIMUM = 1000 /* milliseconds */ };

struct held {
	struct fc_local_photo photo;
	enum fc_status arrived; /* the photo's status and reason before anything was stored */
	enum fc_reason arrived_reason;
	void *result;
	bool reported;
};

struct fc_local_group {
	struct fc_local *local;
	struct fc_local_memory *memory;
	const struct fc_local_verb *verb;
	bool dry_run;
	struct held *held;
	size_t count;
	size_t to_store; /* of them, those that the gallery has to do with */
	int64_t begun;   /* when the first of them came */
};

static void group_clear(struct fc_local_group *group)
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
	group->to_store = 0;
}

static void group_release(struct fc_local_group *group)
{
	group_clear(group);
	free(group->held);
}

/* ---- storing ---- */

struct attempt {
	struct fc_local_group *group;
	struct held *held;
};

static enum fc_status store_photo(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct attempt *attempt = context;
	const struct fc_local_verb *verb = attempt->group->verb;
	struct held *held = attempt->held;
	return verb->store(txn, verb->context, &held->photo, held->result, err);
}

/* A photo that is known moved to where another one was: that one's face goes. */
static enum fc_status clear_place(struct fc_gallery_txn *txn, struct fc_local_group *group,
				  struct fc_local_photo *photo, struct fc_error *err)
{
	const struct fc_ledger_item *item = &photo->recall.item;
	uint64_t face;
	photo->recall.replaces = false;
	if (item->state != FC_LEDGER_DONE) {
		return FC_OK;
	}
	FC_TRY(fc_local_memory_replaced(txn, group->memory, photo, &item->pid, &face, err));
	photo->recall.replaces = face != 0;
	return face != 0 ? fc_face_delete(txn, item->space, face, err) : FC_OK;
}

static enum fc_status refuse(struct fc_local_group *group, struct fc_local_photo *photo,
			     const struct fc_error *refusal, struct fc_error *err)
{
	if (!group->verb->is_the_photos(photo, refusal->status)) {
		return fc_fail(err, refusal->status, "%s", refusal->text);
	}
	photo->status = refusal->status;
	photo->error = *refusal;
	return FC_OK;
}

static enum fc_status store_held(struct fc_gallery_txn *txn, struct fc_local_group *group,
				 struct held *held, struct fc_error *err)
{
	const struct fc_local_verb *verb = group->verb;
	struct fc_local_photo *photo = &held->photo;
	struct attempt attempt = { group, held };
	struct fc_error refusal = { 0 };
	photo->status = held->arrived;
	photo->reason = held->arrived_reason;
	verb->begin(verb->context, photo, held->result);
	if (photo->recall.known) {
		FC_TRY(clear_place(txn, group, photo, err));
	} else if (photo->status == FC_OK) {
		enum fc_status status =
			txn ? fc_gallery_attempt(txn, store_photo, &attempt, &refusal)
			    : store_photo(NULL, &attempt, &refusal);
		FC_TRY(status == FC_OK ? FC_OK : refuse(group, photo, &refusal, err));
	}
	if (group->dry_run) {
		return FC_OK;
	}
	struct fc_local_result result = verb->result_of(photo, held->result);
	return fc_local_memory_note(txn, group->memory, photo, &result, err);
}

static bool concerns_gallery(const struct held *held)
{
	const struct fc_local_photo *photo = &held->photo;
	return (held->arrived == FC_OK && !photo->recall.known) ||
	       fc_local_memory_has_to_note(photo);
}

static enum fc_status store_all(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct fc_local_group *group = context;
	for (size_t i = 0; i < group->count; i++) {
		if (concerns_gallery(&group->held[i])) {
			FC_TRY(store_held(txn, group, &group->held[i], err));
		}
	}
	return FC_OK;
}

/* A dry run makes no gallery: where there is none yet, only the photos themselves can refuse. */
static enum fc_status commit(struct fc_local_group *group, struct fc_error *err)
{
	if (group->to_store == 0) {
		return FC_OK;
	}
	if (!group->dry_run) {
		return fc_local_change(group->local, FC_GALLERY_CREATE, false, store_all, group,
				       err);
	}
	enum fc_status status =
		fc_local_change(group->local, FC_GALLERY_WRITE, true, store_all, group, err);
	return status == FC_GALLERY_MISSING ? store_all(NULL, group, err) : status;
}

static enum fc_status report(const struct fc_local_group *group, struct held *held,
			     struct fc_error *err)
{
	const struct fc_local_verb *verb = group->verb;
	if (held->reported) {
		return FC_OK;
	}
	held->reported = true;
	return verb->report(verb->context, &held->photo, held->result, err);
}

static enum fc_status flush(struct fc_local_group *group, struct fc_error *err)
{
	FC_TRY(commit(group, err));
	for (size_t i = 0; i < group->count; i++) {
		FC_TRY(report(group, &group->held[i], err));
	}
	group_clear(group);
	return FC_OK;
}

/* A failure is told at once if it is its turn: who counts failures need not wait until the ledger has it. */
static enum fc_status report_failure(const struct fc_local_group *group, struct held *held,
				     struct fc_error *err)
{
	bool its_turn = group->count == 1 || held[-1].reported;
	return held->arrived != FC_OK && its_turn ? report(group, held, err) : FC_OK;
}

/* ---- what the batch calls ---- */

static enum fc_status recall(void *context, struct fc_local_photo *photo, int *fd,
			     struct fc_error *err)
{
	struct fc_local_group *group = context;
	return fc_local_memory_recall(group->memory, photo, fd, err);
}

static enum fc_status rest(void *context, bool idle, struct fc_error *err)
{
	struct fc_local_group *group = context;
	bool old = group->count > 0 && fc_clock_monotonic_ms() - group->begun >= AGE_MAXIMUM;
	return idle || old ? flush(group, err) : FC_OK;
}

static enum fc_status hold(void *context, struct fc_local_photo *photo, struct fc_error *err)
{
	struct fc_local_group *group = context;
	struct held *held = &group->held[group->count];
	void *result = calloc(1, group->verb->result_size);
	if (!result) {
		return fc_fail_memory(err);
	}
	*held = (struct held){
		.photo = *photo,
		.result = result,
	};
	*photo = (struct fc_local_photo){ .copy = -1 };
	if (group->count++ == 0) {
		group->begun = fc_clock_monotonic_ms();
	}
	group->verb->begin(group->verb->context, &held->photo, result);
	held->arrived = held->photo.status;
	held->arrived_reason = held->photo.reason;
	group->to_store += concerns_gallery(held);
	FC_TRY(report_failure(group, held, err));
	bool full = group->to_store == STORED_MAXIMUM || group->count == HELD_MAXIMUM;
	/* What waits for no commit is told at once, and a dry run's photos see each other only one by one. */
	return full || group->to_store == 0 || group->dry_run ? flush(group, err) : FC_OK;
}

enum fc_status fc_local_enrol(struct fc_local *local, struct fc_photo_source source,
			      enum fc_want want, bool dry_run, struct fc_local_memory *memory,
			      const struct fc_local_verb *verb, struct fc_error *err)
{
	FC_CLEANUP(group_release)
	struct fc_local_group group = {
		.local = local,
		.memory = memory,
		.verb = verb,
		.dry_run = dry_run,
		.held = calloc(HELD_MAXIMUM, sizeof(*group.held)),
	};
	const struct fc_local_batch batch = {
		.source = source,
		.want = want,
		.recall = recall,
		.pause = rest,
		.handle = hold,
		.context = &group,
	};
	if (!group.held) {
		return fc_fail_memory(err);
	}
	return fc_local_run(local, &batch, err);
}
