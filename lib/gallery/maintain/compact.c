/* Rewriting the data file without deleted data, as gallery compact does. */
/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "gallery/check/check.h"
#include "gallery/maintain/rebuild.h"
#include "gallery/rows/detected.h"
#include "gallery/rows/snapshot.h"
#include "gallery/store/engine.h"

static void ignore_stage(const char *text, void *context)
{
	(void)text, (void)context;
}

struct compaction {
	fc_gallery_change *change;
	void *context;
	struct fc_compact_report report;
};

static enum fc_status inspect(struct fc_gallery *gallery, void *context, struct fc_error *err)
{
	struct compaction *compaction = context;
	struct fc_error first = { 0 };
	const struct fc_check_sink sink = { fc_check_keep_first, ignore_stage, &first };
	struct fc_check_report report;
	FC_TRY(fc_check_walk(gallery, &sink, &report, err));
	if (report.problems > 0) {
		return fc_fail(err, FC_DAMAGED, "gallery '%s' was not rewritten: %s",
			       fc_store_path(gallery), first.text);
	}
	/* After the swap nothing may fail. */
	compaction->report.after = report.bytes;
	return fc_store_digest(gallery, &compaction->report.sha256, err);
}

static enum fc_status compact(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	struct compaction *compaction = context;
	if (compaction->change) {
		FC_TRY(compaction->change(txn, compaction->context, err));
	}
	uint64_t expired;
	FC_TRY(fc_detected_sweep(txn, fc_clock_now(), &expired, err));
	FC_TRY(fc_snapshot_sweep(txn, fc_clock_now(), err));
	return fc_reindex_deleted(txn, &compaction->report.spaces, err);
}

enum fc_status fc_gallery_rewrite(struct fc_gallery *gallery, fc_gallery_change *change,
				  void *context, struct fc_compact_report *out,
				  struct fc_error *err)
{
	struct compaction compaction = { .change = change, .context = context };
	FC_TRY(fc_store_bytes(gallery, &compaction.report.before, err));
	FC_TRY(fc_store_check_space(gallery, err));
	FC_TRY(fc_store_lock_exclusive(gallery, err));
	FC_TRY(fc_store_rewrite(gallery, compact, &compaction, inspect, err));
	*out = compaction.report;
	return FC_OK;
}

enum fc_status fc_gallery_compact(struct fc_gallery *gallery, struct fc_compact_report *out,
				  struct fc_error *err)
{
	FC_TRY(fc_engine_require_lmdb(gallery, "gallery compact", err));
	return fc_gallery_rewrite(gallery, NULL, NULL, out, err);
}

bool fc_gallery_has_leftover(const struct fc_gallery *gallery)
{
	if (fc_engine_of(gallery)) {
		return false;
	}
	return fc_store_has_new_file(gallery);
}
