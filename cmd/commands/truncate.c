/* truncate: remove every person from a space. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "confirm.h"
#include "output/record.h"
#include "photos/photo_options.h"
#include "photos/smarty_request.h"
#include "service/answer/smarty.h"

struct truncate_args {
	const char *space;
	bool yes, dry_run;
	const char *meta;
	struct smarty_request request; /* set by prepare from the options */
};

static const struct option_row options[] = {
	OPTION_ROW_SPACE(truncate_args),
	{ OPTION_FLAG, 'y', "yes", NULL, offsetof(struct truncate_args, yes),
	  "do not ask for confirmation" },
	OPTION_ROW_META(truncate_args),
	OPTION_ROW_DRY_RUN(truncate_args),
	{ OPTION_END },
};

struct truncate_record {
	const char *space, *result;
	int64_t persons, faces;
	enum record_flag dry_run;
};

static const struct record_field fields[] = {
	{ RECORD_TEXT, "space", offsetof(struct truncate_record, space), 0, "space" },
	{ RECORD_TEXT, "result", offsetof(struct truncate_record, result), 0, "result" },
	{ RECORD_INTEGER, "persons", offsetof(struct truncate_record, persons), 0, "persons" },
	{ RECORD_INTEGER, "faces", offsetof(struct truncate_record, faces), 0, "faces" },
	{ RECORD_FLAG, "dry_run", offsetof(struct truncate_record, dry_run) },
	{ RECORD_END },
};

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct truncate_args *args = parsed;
	return smarty_request_init(&args->request, ctx, args->meta, args->space, NULL, err);
}

/* Ask for confirmation, unless the space is not found; the question has the numbers of persons and faces, if they are known. */
static enum fc_status ask(struct command_context *ctx, const struct truncate_args *args,
			  bool *found, struct fc_error *err)
{
	char question[256];
	struct fc_truncate_result result = { 0 };
	const struct fc_truncate_request rehearsal = { .space = args->request.space,
						       .dry_run = true };
	if (args->yes || args->dry_run) {
		return FC_OK;
	}
	enum fc_status status = fc_service_truncate(ctx->service, &rehearsal, &result, err);
	if (status == FC_UNSUPPORTED || (status == FC_OK && result.uncounted)) {
		snprintf(question, sizeof(question),
			 "remove every person from space '%s' of service '%s'?",
			 args->request.space, ctx->settings->service);
		return confirm(ctx, false, question, err);
	}
	*found = status != FC_NOT_FOUND;
	FC_TRY(status);
	snprintf(question, sizeof(question),
		 "remove %" PRIu64 " persons with %" PRIu64 " faces from space '%s'?",
		 result.persons, result.faces, args->request.space);
	return confirm(ctx, false, question, err);
}

static enum fc_status answer(struct command_context *ctx, const struct truncate_args *args,
			     bool found, const struct fc_truncate_result *result,
			     struct fc_error *err)
{
	if (ctx->out->format == FORMAT_JSON) {
		struct fc_json_writer json = fc_json_writer_of(&ctx->out->data, true);
		fc_answer_truncated(&json, &result->notes);
		return FC_OK;
	}
	const struct truncate_record record = {
		.space = args->request.space,
		.result =
			found ? record_outcome(ctx->out, args->dry_run, "truncated") : "not_found",
		.dry_run = args->dry_run ? RECORD_TRUE : RECORD_FALSE,
		.persons = result->uncounted ? RECORD_ABSENT : (int64_t)result->persons,
		.faces = result->uncounted ? RECORD_ABSENT : (int64_t)result->faces,
	};
	return record_show(ctx->out, "truncate", fields, &record, TONE_PLAIN, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct truncate_args *args = parsed;
	struct fc_truncate_result result = { 0 };
	const struct fc_truncate_request request = {
		.space = args->request.space,
		.dry_run = args->dry_run,
	};
	bool found = true;
	enum fc_status status = ask(ctx, args, &found, err);
	if (status == FC_OK) {
		status = fc_service_truncate(ctx->service, &request, &result, err);
		found = status != FC_NOT_FOUND;
	}
	if (status == FC_OK || !found) {
		/* a space that does not exist is empty: write the normal output, and exit with status 1 */
		FC_TRY(answer(ctx, args, found, &result, err));
		ctx->answered = true;
	}
	return status;
}

static void release(void *parsed)
{
	struct truncate_args *args = parsed;
	smarty_request_release(&args->request);
}

const struct command truncate_command = {
	.name = "truncate",
	.summary = "remove every person from a space",
	.synopsis = "--space SPACE [--yes]",
	.help = "Asks for confirmation on a terminal, and needs --yes elsewhere.",
	.options = options,
	.args_size = sizeof(struct truncate_args),
	.needs = COMMAND_SERVICE | COMMAND_LEDGER,
	.shape = &smarty_shape,
	.fields = fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
