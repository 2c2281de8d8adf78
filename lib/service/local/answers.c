/* The ledger of verbs that answer each photo of a watched folder once. */
/* SPDX-License-Identifier: MIT */
#include "service/local/answers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "service/batch/missing.h"
#include "service/input/photo_identity.h"
#include "service/local/ledger.h"
#include "vision/faces/choice.h"

enum { CLEAN_EVERY = 3600000 /* milliseconds */ };

struct options {
	const char *verb, *space, *origin;
	const char *folder;            /* that is watched; NULL: none */
	const struct fc_buffer *rules; /* what answers depend on, apart from space and origin */
};

static enum fc_status init(struct fc_local *local, const struct options *options,
			   struct fc_local_answers *out, struct fc_error *err)
{
	const struct fc_enrol_rules rules = { .remember = options->folder != NULL };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	const char *origin = options->origin ? options->origin : "";
	fc_buffer_append(&bytes, origin, strlen(origin) + 1);
	fc_buffer_append(&bytes, options->rules->data, options->rules->length);
	if (!fc_buffer_ok(&bytes) || !fc_buffer_ok(options->rules)) {
		return fc_fail_memory(err);
	}
	struct fc_sha256 digest = fc_sha256_of(bytes.data, bytes.length);
	struct fc_reader reader = fc_reader_of(digest.bytes, sizeof(digest.bytes));
	snprintf(out->verb, sizeof(out->verb), "%s %016" PRIx64, options->verb,
		 fc_reader_u64(&reader));
	const struct fc_local_ledger_options ledger = {
		.verb = out->verb,
		.space = options->space,
		.origin = options->origin,
		.rules = &rules,
		.answers_below = options->folder,
	};
	return fc_local_ledger_init(local, &ledger, &out->ledger, err);
}

enum fc_status fc_local_answers_to_recognize(struct fc_local *local,
					     const struct fc_recognize_request *request,
					     struct fc_local_answers *out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer rules = { 0 };
	const struct fc_threshold_choice *threshold = &request->threshold;
	fc_buffer_printf(&rules, "%d %.9g %d %.9g %d %.9g %d %d %d %d", threshold->has_threshold,
			 threshold->threshold, threshold->has_fmr, threshold->fmr,
			 threshold->has_fpir, threshold->fpir, request->create_new,
			 request->update_embedding, request->allow_repeats, request->want_liveness);
	fc_buffer_append(&rules, &request->quality, sizeof(request->quality));
	const struct options options = {
		.verb = "recognize",
		.space = request->space,
		.origin = request->origin,
		.folder = request->watched,
		.rules = &rules,
	};
	return init(local, &options, out, err);
}

enum fc_status fc_local_answers_to_search(struct fc_local *local,
					  const struct fc_profile_search_request *request,
					  struct fc_local_answers *out, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer rules = { 0 };
	const struct fc_profile_photos *input = &request->input;
	fc_buffer_printf(&rules, "%d %" PRIu64 " %d %zu ", input->has_min_facesize,
			 input->min_facesize, input->liveness, request->top);
	fc_face_choice_format(&request->watched_face, &rules);
	const struct options options = {
		.verb = "search",
		.space = input->space,
		.origin = input->origin,
		.folder = request->watched,
		.rules = &rules,
	};
	return init(local, &options, out, err);
}

/* ---- photos that are gone ---- */

struct cleaning {
	const struct fc_batch_ledger *ledger;
	const struct fc_missing_photos *missing;
};

static enum fc_status forget_gone(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct cleaning *cleaning = context;
	for (size_t i = 0; i < cleaning->missing->count; i++) {
		const struct fc_missing_photo *photo = &cleaning->missing->items[i];
		FC_TRY(photo->presence == FC_PRESENCE_GONE
			       ? fc_ledger_forget_path(txn, &cleaning->ledger->target, photo->path,
						       err)
			       : FC_OK);
	}
	return FC_OK;
}

static enum fc_status find_missing(struct fc_local *local, struct fc_batch_ledger *ledger,
				   struct fc_missing_photos *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_free) char *root = fc_photo_root(ledger->folder, ledger->answers_below);
	bool found;
	if (!root) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_local_begin_read(local, &txn, err));
	FC_TRY(fc_batch_ledger_find_target(txn, ledger, ledger->origin, &found, err));
	return found ? fc_missing_photos_find(txn, &ledger->target, 1, root, out, err) : FC_OK;
}

enum fc_status fc_local_answers_end(struct fc_local *local, struct fc_local_answers *answers,
				    struct fc_tally *tally, struct fc_error *err)
{
	FC_CLEANUP(fc_missing_photos_release) struct fc_missing_photos missing = { 0 };
	struct fc_batch_ledger *ledger = &answers->ledger;
	struct cleaning cleaning = { ledger, &missing };
	tally->answered = ledger->answered;
	int64_t now = fc_clock_monotonic_ms();
	if (!ledger->answers_below || (local->cleaned != 0 && now - local->cleaned < CLEAN_EVERY)) {
		return FC_OK;
	}
	local->cleaned = now;
	FC_TRY(find_missing(local, ledger, &missing, err));
	return missing.count > 0 ? fc_local_change(local, FC_GALLERY_WRITE, false, forget_gone,
						   &cleaning, err)
				 : FC_OK;
}
