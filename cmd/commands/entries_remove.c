/* Taking entries out of the log: delete, prune. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "command.h"
#include "option/dialect.h"
#include "output/platform_json.h"
#include "output/record.h"
#include "photos/photo_options.h"

/* ---- delete ---- */

struct delete_args {
	struct option_texts ids;
	bool dry_run;
	unsigned dialect;
};

static const struct option_row delete_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "ENTRY", offsetof(struct delete_args, ids),
	  "number of an entry", .minimum = 1 },
	OPTION_ROW_DRY_RUN(delete_args),
	OPTION_ROW_DIALECT(delete_args, dialect),
	{ OPTION_END },
};

struct delete_record {
	int64_t entry;
	const char *status;
};

static const struct record_field delete_fields[] = {
	{ RECORD_INTEGER, "entry", offsetof(struct delete_record, entry), 0, "ENTRY" },
	{ RECORD_TEXT, "status", offsetof(struct delete_record, status), 0, "STATUS" },
	{ RECORD_END },
};

static enum fc_status write_deleted(struct command_context *ctx,
				    const struct fc_entry_delete_item *items, size_t count,
				    struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "entry_delete", delete_fields, false);
	for (size_t i = 0; i < count; i++) {
		const struct delete_record record = {
			.entry = (int64_t)items[i].id,
			.status = items[i].status == FC_OK          ? "deleted"
				  : items[i].status == FC_NOT_FOUND ? "not_found"
								    : "failed",
		};
		FC_TRY(record_write(&writer, &record,
				    items[i].status == FC_OK ? TONE_PLAIN : TONE_BAD, err));
	}
	return record_finish(&writer, err);
}

/* FC_NOT_FOUND when nothing was there, FC_PARTIAL when some of it was. */
static enum fc_status judge(const struct fc_entry_delete_item *items, size_t count,
			    struct fc_error *err)
{
	size_t missing = 0;
	uint64_t first = 0;
	for (size_t i = 0; i < count; i++) {
		if (items[i].status != FC_OK && missing++ == 0) {
			first = items[i].id;
		}
	}
	if (missing == 0) {
		return FC_OK;
	}
	return fc_fail(err, missing == count ? FC_NOT_FOUND : FC_PARTIAL,
		       "there is no entry %" PRIu64 "%s", first,
		       missing > 1 ? ", and others are not there either" : "");
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct delete_args *args = parsed;
	size_t count = args->ids.count;
	FC_CLEANUP(fc_free) struct fc_entry_delete_item *items = calloc(count, sizeof(*items));
	ctx->dialect = dialect_of(args->dialect);
	if (!items) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		FC_TRY(fc_parse_u64(args->ids.items[i], 1, INT64_MAX, "ENTRY", &items[i].id, err));
	}
	enum fc_status status =
		fc_service_entry_delete(ctx->service, items, count, args->dry_run, err);
	if (status != FC_OK && status != FC_PARTIAL) {
		return status;
	}
	if (ctx->out->format != FORMAT_JSON) {
		FC_TRY(write_deleted(ctx, items, count, err));
	}
	return status == FC_OK ? judge(items, count, err) : status;
}

const struct command entries_delete_command = {
	.name = "entries delete",
	.summary = "delete entries by number",
	.synopsis = "ENTRY...",
	.help = "Under --format json success is silent, as the platform's empty answer is.",
	.options = delete_options,
	.args_size = sizeof(struct delete_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.run = run_delete,
};

/* ---- prune ---- */

struct prune_args {
	struct option_number older_than;
	const char *space, *origin;
	bool dry_run;
};

/* A hundred years, in milliseconds. */
#define AGE_MAXIMUM (36525.0 * 86400e3)

static const struct option_row prune_options[] = {
	{ OPTION_DURATION, 0, "older-than", "TIME", offsetof(struct prune_args, older_than),
	  "entries older than this, such as 90d; else what each origin's storage days say",
	  .maximum = AGE_MAXIMUM },
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct prune_args, space),
	  "of this space alone" },
	{ OPTION_TEXT, 0, "origin", "ORIGIN", offsetof(struct prune_args, origin),
	  "of this origin alone" },
	OPTION_ROW_DRY_RUN(prune_args),
	{ OPTION_END },
};

struct prune_record {
	int64_t removed;
	enum record_flag dry_run;
};

static const struct record_field prune_fields[] = {
	{ RECORD_INTEGER, "removed", offsetof(struct prune_record, removed), 0, "REMOVED" },
	{ RECORD_FLAG, "dry_run", offsetof(struct prune_record, dry_run), 0, "DRY RUN" },
	{ RECORD_END },
};

static enum fc_status run_prune(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct prune_args *args = parsed;
	uint64_t removed = 0;
	const struct fc_entry_prune_request request = {
		.has_older_than = args->older_than.given,
		.older_than = args->older_than.value,
		.space = args->space,
		.origin = args->origin,
		.dry_run = args->dry_run,
	};
	FC_TRY(fc_service_entry_prune(ctx->service, &request, &removed, err));
	const struct prune_record record = {
		.removed = (int64_t)removed,
		.dry_run = args->dry_run ? RECORD_TRUE : RECORD_FALSE,
	};
	return record_show(ctx->out, "prune", prune_fields, &record, TONE_PLAIN, err);
}

const struct command entries_prune_command = {
	.name = "entries prune",
	.summary = "delete old entries",
	.synopsis = "[--older-than TIME] [--space SPACE] [--origin ORIGIN]",
	.help = "Without --older-than each origin's own number of days counts; origins without one "
		"keep their entries.",
	.options = prune_options,
	.args_size = sizeof(struct prune_args),
	.needs = COMMAND_SERVICE,
	.run = run_prune,
};
