/* The options of set --sync, and what is reported at its end. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_SYNC_OPTIONS_H
#define FC_CMD_PHOTOS_SYNC_OPTIONS_H

#include "command.h"
#include "photos/photo_source.h"
#include "service/sync.h"

struct sync_args {
	bool sync;
	const char *max_delete;
};

/* clang-format off */
#define OPTION_ROWS_SYNC(args, member)                                                             \
	{ OPTION_FLAG, 0, "sync", NULL, offsetof(struct args, member.sync),                        \
	  "with --from: move faces with their photos, and remove those whose photo is gone" },     \
	{ OPTION_TEXT, 0, "max-delete", "N|P%", offsetof(struct args, member.max_delete),          \
	  "with --sync: remove nothing if more faces than this are gone (default: 10%, at least 5)" }
/* clang-format on */

/* Errors: FC_INVALID_ARGUMENT (an option without the one that it needs, or --max-delete is not N or P%). */
enum fc_status sync_limit_of(const struct sync_args *args, const struct photo_source_args *photos,
			     bool has_ledger, struct fc_sync_limit *out, struct fc_error *err);

/* Write notes about what was not removed, and which persons were. Returns FC_PARTIAL, with the note shown, if faces of photos that are gone stay. */
enum fc_status sync_report_end(struct command_context *ctx, const struct fc_sync_result *result,
			       bool dry_run, struct fc_error *err);

#endif
