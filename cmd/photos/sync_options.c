/* The options of set --sync, and what is reported at its end. */
/* SPDX-License-Identifier: MIT */
#include "photos/sync_options.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "exit.h"

static enum fc_status parse_limit(const char *text, struct fc_sync_limit *out, struct fc_error *err)
{
	*out = (struct fc_sync_limit){ .is_share = strchr(text, '%') != NULL };
	return out->is_share ? fc_parse_real(text, 0, 1, "--max-delete", &out->share, err)
			     : fc_parse_u64(text, 0, UINT64_MAX, "--max-delete", &out->faces, err);
}

enum fc_status sync_limit_of(const struct sync_args *args, const struct photo_source_args *photos,
			     bool has_ledger, struct fc_sync_limit *out, struct fc_error *err)
{
	*out = (struct fc_sync_limit){ .is_share = true, .share = 0.1, .minimum = 5 };
	if (!args->sync) {
		return args->max_delete
			       ? fc_fail(err, FC_INVALID_ARGUMENT, "--max-delete needs --sync")
			       : FC_OK;
	}
	if (!photos->from) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--sync needs a folder: --from DIR");
	}
	if (photos->watch) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"give either --watch or --sync, which compares the whole folder with "
			"the gallery; run it at intervals, as facectl-sync@.timer does");
	}
	if (!has_ledger) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--sync needs the ledger; --no-ledger cannot be given");
	}
	return args->max_delete ? parse_limit(args->max_delete, out, err) : FC_OK;
}

enum fc_status sync_report_end(struct command_context *ctx, const struct fc_sync_result *result,
			       bool dry_run, struct fc_error *err)
{
	if (result->merged_persons > 0) {
		out_note(ctx->out, "persons whose photos all moved, merged into others: %" PRIu64,
			 result->merged_persons);
	}
	if (result->removed_persons > 0) {
		out_note(ctx->out, "persons removed with their last face: %" PRIu64,
			 result->removed_persons);
	}
	if (result->over_limit) {
		out_message(ctx->out,
			    "the photos of %" PRIu64
			    " faces are gone, more than --max-delete allows (%" PRIu64
			    "); no face %s removed",
			    result->gone, result->maximum, dry_run ? "would be" : "was");
		return exit_shown(FC_PARTIAL, err);
	}
	if (result->incomplete) {
		out_message(ctx->out, "no face was removed, because the run did not see the whole "
				      "folder");
		return exit_shown(FC_PARTIAL, err);
	}
	return FC_OK;
}
