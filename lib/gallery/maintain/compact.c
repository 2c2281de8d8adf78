/* Compaction: rewrites the data file without deleted data. */
/* SPDX-License-Identifier: MIT */
#include "gallery/check/check.h"
#include "gallery/maintain/maintain.h"

static void ignore_stage(const char *text, void *context)
{
	(void)text, (void)context;
}

static enum fc_status find_no_problem(struct fc_gallery *gallery, struct fc_error *err)
{
	struct fc_error first = { 0 };
	const struct fc_check_sink sink = { fc_check_keep_first, ignore_stage, &first };
	struct fc_check_report report;
	FC_TRY(fc_check_walk(gallery, &sink, &report, err));
	return report.problems == 0 ? FC_OK
				    : fc_fail(err, FC_DAMAGED, "gallery '%s' was not compacted: %s",
					      fc_store_path(gallery), first.text);
}

enum fc_status fc_gallery_compact(struct fc_gallery *gallery, struct fc_compact_report *out,
				  struct fc_error *err)
{
	struct fc_compact_report report = { .before = fc_store_bytes(gallery) };
	uint64_t again = 0;
	FC_TRY(fc_store_check_space(gallery, err));
	/* First reindex without exclusive access. The second reindex only handles faces that were deleted meanwhile. */
	FC_TRY(fc_gallery_reindex(gallery, FC_REINDEX_DELETED, &report.spaces, err));
	FC_TRY(fc_store_lock_exclusive(gallery, err));
	FC_TRY(fc_gallery_reindex(gallery, FC_REINDEX_DELETED, &again, err));
	FC_TRY(fc_store_rewrite(gallery, find_no_problem, err));
	report.after = fc_store_bytes(gallery);
	report.spaces += again;
	*out = report;
	return FC_OK;
}
