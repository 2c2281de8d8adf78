/* Remove entries from the log: entries delete, entries prune. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "command.h"
#include "confirm.h"
#include "option/operands.h"
#include "output/record.h"
#include "photos/photo_options.h"
#include "service/answer/platform.h"

/* ---- delete ---- */

struct delete_args {
	struct option_texts ids;
	bool dry_run;
};

static const struct option_row delete_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "ENTRY", offsetof(struct delete_args, ids),
	  "number of an entry", .minimum = 1 },
	OPTION_ROW_DRY_RUN(delete_args),
	{ OPTION_END },
};

struct delete_record {
	int64_t entry;
	const char *result;
	enum record_flag dry_run;
};

static const struct record_field delete_fields[] = {
	{ RECORD_INTEGER, "entry", offsetof(struct delete_record, entry), 0, "ENTRY" },
	{ RECORD_TEXT, "result", offsetof(struct delete_record, result), 0, "RESULT" },
	{ RECORD_FLAG, "dry_run", offsetof(struct delete_record, dry_run) },
	{ RECORD_END },
};

static enum fc_status write_deleted(struct command_context *ctx, const struct delete_args *args,
				    const struct fc_entry_delete_item *items, struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "entry_delete", delete_fields, false);
	for (size_t i = 0; i < args->ids.count; i++) {
		enum fc_status status = items[i].status;
		const struct delete_record record = {
			.entry = (int64_t)items[i].id,
			.result = status == FC_OK
					  ? record_outcome(ctx->out, args->dry_run, "deleted")
				  : status == FC_NOT_FOUND ? "not_found"
							   : "failed",
			.dry_run = args->dry_run ? RECORD_TRUE : RECORD_FALSE,
		};
		FC_TRY(record_write(&writer, &record, status == FC_OK ? TONE_PLAIN : TONE_BAD,
				    err));
	}
	return record_finish(&writer, err);
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct delete_args *args = parsed;
	size_t count = args->ids.count;
	FC_CLEANUP(fc_free) struct fc_entry_delete_item *items = calloc(count, sizeof(*items));
	struct operand_outcomes outcomes = { 0 };
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
		FC_TRY(write_deleted(ctx, args, items, err));
	}
	if (status == FC_PARTIAL) {
		return status;
	}
	struct fc_error missing = *err;
	for (size_t i = 0; i < count; i++) {
		struct fc_error failure = { 0 };
		status = items[i].status == FC_OK
				 ? FC_OK
				 : fc_fail(&failure, items[i].status, "there is no entry %" PRIu64,
					   items[i].id);
		fc_error_copy_answer(&failure, &missing);
		operand_note(&outcomes, status == FC_OK ? NULL : &failure);
	}
	return operand_judge(&outcomes, err);
}

const struct command entries_delete_command = {
	.name = "entries delete",
	.summary = "delete entries by number",
	.synopsis = "ENTRY... [--dry-run]",
	.help = "With --format json nothing is printed on success, like the platform's empty response.",
	.options = delete_options,
	.args_size = sizeof(struct delete_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.fields = delete_fields,
	.run = run_delete,
};

/* ---- prune ---- */

struct prune_args {
	struct option_number older_than;
	const char *space, *origin;
	bool yes, dry_run;
};

/* A hundred years, in milliseconds. */
#define AGE_MAXIMUM (36525.0 * 86400e3)

static const struct option_row prune_options[] = {
	{ OPTION_DURATION, 0, "older-than", "AGE", offsetof(struct prune_args, older_than),
	  "delete entries older than this, such as 90d; default: the storage days of each origin",
	  .maximum = AGE_MAXIMUM },
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct prune_args, space),
	  "only entries of this space" },
	{ OPTION_TEXT, 0, "origin", "ORIGIN", offsetof(struct prune_args, origin),
	  "only entries from this origin (name or number)" },
	{ OPTION_FLAG, 'y', "yes", NULL, offsetof(struct prune_args, yes),
	  "do not ask for confirmation" },
	OPTION_ROW_DRY_RUN(prune_args),
	{ OPTION_END },
};

struct prune_record {
	const char *result;
	int64_t removed;
	enum record_flag dry_run;
};

static const struct record_field prune_fields[] = {
	{ RECORD_TEXT, "result", offsetof(struct prune_record, result), 0, "RESULT" },
	{ RECORD_INTEGER, "removed", offsetof(struct prune_record, removed), 0, "ENTRIES" },
	{ RECORD_FLAG, "dry_run", offsetof(struct prune_record, dry_run) },
	{ RECORD_END },
};

static enum fc_status prepare_prune(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct prune_args *args = parsed;
	return confirm_check(ctx, args->yes || args->dry_run, err);
}

static enum fc_status run_prune(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct prune_args *args = parsed;
	uint64_t removed = 0;
	struct fc_entry_prune_request request = {
		.has_older_than = args->older_than.given,
		.older_than = args->older_than.value,
		.space = args->space,
		.origin = args->origin,
		.dry_run = args->dry_run || !args->yes,
	};
	FC_TRY(fc_service_entry_prune(ctx->service, &request, &removed, err));
	if (request.dry_run && !args->dry_run && removed > 0) {
		char question[64];
		snprintf(question, sizeof(question), "delete %" PRIu64 " entr%s?", removed,
			 removed == 1 ? "y" : "ies");
		FC_TRY(confirm(ctx, false, question, err));
		request.dry_run = false;
		FC_TRY(fc_service_entry_prune(ctx->service, &request, &removed, err));
	}
	const struct prune_record record = {
		.result = record_outcome(ctx->out, args->dry_run, "deleted"),
		.removed = (int64_t)removed,
		.dry_run = args->dry_run ? RECORD_TRUE : RECORD_FALSE,
	};
	return record_show(ctx->out, "prune", prune_fields, &record, TONE_PLAIN, err);
}

const struct command entries_prune_command = {
	.name = "entries prune",
	.summary = "delete old entries",
	.synopsis = "[--older-than AGE] [--space SPACE] [--origin ORIGIN] [--yes] [--dry-run]",
	.help = "Without --older-than, deletes entries older than the storage days of their origin; origins "
		"without that setting keep their entries. Asks for confirmation on a terminal, and needs --yes "
		"elsewhere.",
	.options = prune_options,
	.args_size = sizeof(struct prune_args),
	.needs = COMMAND_SERVICE,
	.fields = prune_fields,
	.prepare = prepare_prune,
	.run = run_prune,
};
