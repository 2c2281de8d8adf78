/* The tasks of the ledger of a verb: under which key the results of a photo are stored. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "service/batch/ledger.h"
#include "vision/faces/choice.h"

static struct fc_ledger_task task_of(const struct fc_batch_ledger *ledger)
{
	return (struct fc_ledger_task){
		.verb = ledger->verb,
		.service = ledger->service,
		.space = ledger->space ? ledger->space : ledger->target_space,
		.models = ledger->models,
	};
}

/* Each face of a file that is chosen explicitly has its own task, because each may be of another person. */
static bool has_own_task(const struct fc_batch_ledger *ledger, const struct fc_ledger_photo *photo)
{
	return !ledger->answers_below && fc_face_choice_is_explicit(&photo->face);
}

/* The task of a photo, whose verb may be in *verb. */
static enum fc_status photo_task(const struct fc_batch_ledger *ledger,
				 const struct fc_ledger_photo *photo, struct fc_buffer *verb,
				 struct fc_ledger_task *out, struct fc_error *err)
{
	*out = task_of(ledger);
	if (has_own_task(ledger, photo)) {
		fc_buffer_printf(verb, "%s ", ledger->verb);
		fc_face_choice_format(&photo->face, verb);
		out->verb = fc_buffer_text(verb);
	}
	return out->verb ? FC_OK : fc_fail_memory(err);
}

enum fc_status fc_batch_ledger_put(struct fc_gallery_txn *txn, const struct fc_batch_ledger *ledger,
				   struct fc_ledger_photo *photo, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer verb = { 0 };
	struct fc_ledger_task task;
	FC_TRY(photo_task(ledger, photo, &verb, &task, err));
	return fc_ledger_put(txn, &task, &photo->item, err);
}

enum fc_status fc_batch_ledger_set_target(struct fc_gallery_txn *txn,
					  struct fc_batch_ledger *ledger,
					  struct fc_ledger_photo *photo, bool *found,
					  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer verb = { 0 };
	struct fc_ledger_task task;
	FC_TRY(fc_batch_ledger_find_target(txn, ledger, photo->origin, found, err));
	if (!*found) {
		return FC_OK;
	}
	photo->item.target = ledger->target;
	if (!has_own_task(ledger, photo)) {
		return FC_OK;
	}
	FC_TRY(photo_task(ledger, photo, &verb, &task, err));
	return fc_ledger_target_of(&task, &photo->item.target, err);
}

enum fc_status fc_batch_ledger_targets(struct fc_gallery_txn *txn, struct fc_batch_ledger *ledger,
				       const struct fc_ledger_photo *photo,
				       struct fc_ledger_target **out, size_t *count,
				       struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer verb = { 0 };
	struct fc_ledger_task task;
	bool found;
	FC_TRY(fc_batch_ledger_find_target(txn, ledger, photo->origin, &found, err));
	if (!found) {
		*count = 0;
		return FC_OK;
	}
	FC_TRY(photo_task(ledger, photo, &verb, &task, err));
	return fc_ledger_targets_of(txn, &task, out, count, err);
}

static enum fc_status make_target(struct fc_batch_ledger *ledger, struct fc_error *err)
{
	const struct fc_ledger_task task = task_of(ledger);
	ledger->has_target = true;
	return fc_ledger_target_of(&task, &ledger->target, err);
}

enum fc_status fc_batch_ledger_init(struct fc_batch_ledger *ledger, struct fc_error *err)
{
	if (!ledger->enabled) {
		return FC_OK;
	}
	ledger->hashes = calloc(FC_LEDGER_HASHES, sizeof(*ledger->hashes));
	ledger->folder = getcwd(NULL, 0);
	if (!ledger->hashes || (!ledger->folder && errno == ENOMEM)) {
		return fc_fail_memory(err);
	}
	if (!ledger->folder) {
		return fc_fail_errno(err, FC_IO, errno, "cannot determine the working folder");
	}
	return ledger->space ? make_target(ledger, err) : FC_OK;
}

void fc_batch_ledger_release(struct fc_batch_ledger *ledger)
{
	fc_free(&ledger->folder);
	fc_free(&ledger->hashes);
	fc_buffer_release(&ledger->place_rules);
}

enum fc_status fc_batch_ledger_find_target(struct fc_gallery_txn *txn,
					   struct fc_batch_ledger *ledger, const char *origin,
					   bool *found, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer rules = { 0 };
	const char *key = origin ? origin : "";
	*found = true;
	if (!ledger->place_of) {
		ledger->target_rules = ledger->rules;
		return FC_OK;
	}
	fc_buffer_put_u64(&rules, ledger->rules);
	*found = ledger->place_of(txn, ledger, origin, ledger->target_space, &rules);
	if (!*found) {
		ledger->has_target = false;
		return FC_OK;
	}
	if (!fc_buffer_ok(&rules)) {
		return fc_fail_memory(err);
	}
	struct fc_buffer *known = &ledger->place_rules;
	if (known->length != rules.length || memcmp(known->data, rules.data, rules.length) != 0) {
		struct fc_sha256 digest = fc_sha256_of(rules.data, rules.length);
		struct fc_reader reader = fc_reader_of(digest.bytes, sizeof(digest.bytes));
		ledger->target_rules = fc_reader_u64(&reader) | 1; /* 0 means none */
		fc_buffer_release(known);
		*known = FC_STEAL_STRUCT(rules);
	}
	if (ledger->space || (ledger->has_target && strcmp(ledger->target_origin, key) == 0)) {
		return FC_OK;
	}
	snprintf(ledger->target_origin, sizeof(ledger->target_origin), "%s", key);
	return make_target(ledger, err);
}
