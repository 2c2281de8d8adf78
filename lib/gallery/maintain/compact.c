/* A gallery without what was deleted from it. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "gallery/check/check.h"
#include "gallery/maintain/maintain.h"

/* The first of the problems that were found. */
struct finding {
	char text[256];
};

static void keep_first(const char *text, void *context)
{
	struct finding *finding = context;
	if (finding->text[0] == '\0') {
		snprintf(finding->text, sizeof(finding->text), "%s", text);
	}
}

static void pass_over(const char *text, void *context)
{
	(void)text, (void)context;
}

static enum fc_status find_whole(struct fc_gallery *gallery, struct fc_error *err)
{
	struct finding finding = { 0 };
	const struct fc_check_sink sink = { keep_first, pass_over, &finding };
	struct fc_check_report report;
	FC_TRY(fc_check_walk(gallery, &sink, &report, err));
	return report.problems == 0 ? FC_OK
				    : fc_fail(err, FC_DAMAGED, "gallery '%s' stays as it is: %s",
					      fc_store_path(gallery), finding.text);
}

enum fc_status fc_gallery_compact(struct fc_gallery *gallery, struct fc_compact_report *out,
				  struct fc_error *err)
{
	struct fc_compact_report report = { .before = fc_store_bytes(gallery) };
	uint64_t late = 0;
	/* What can be done beside others first; what they delete meanwhile is little. */
	FC_TRY(fc_gallery_reindex(gallery, FC_REINDEX_DELETED, &report.spaces, err));
	FC_TRY(fc_store_lock_exclusive(gallery, err));
	FC_TRY(fc_gallery_reindex(gallery, FC_REINDEX_DELETED, &late, err));
	FC_TRY(fc_store_rewrite(gallery, find_whole, err));
	report.after = fc_store_bytes(gallery);
	report.spaces += late;
	*out = report;
	return FC_OK;
}
