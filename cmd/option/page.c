/* The options that cut a list. */
/* SPDX-License-Identifier: MIT */
#include "option/page.h"

#include <inttypes.h>

enum fc_status page_limit(const struct page_args *args, const struct out *out, uint64_t *limit,
			  struct fc_error *err)
{
	bool pages = out->format == FORMAT_TEXT || out->format == FORMAT_JSON;
	if (args->limit.given && args->all) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give either --limit or --all");
	}
	*limit = args->limit.given ? args->limit.value
				   : (pages && !args->all ? (uint64_t)PAGE_DEFAULT : UINT64_MAX);
	return FC_OK;
}

void page_note(const struct out *out, uint64_t shown, uint64_t total)
{
	if (out->format == FORMAT_TEXT && shown < total) {
		out_note(out, "%" PRIu64 " of %" PRIu64 " shown; --all lists all", shown, total);
	}
}
