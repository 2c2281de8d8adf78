/* status: what set would do with photos. */
/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "exit.h"
#include "photos/enrol_options.h"
#include "photos/photo_options.h"
#include "protocol/smarty_request.h"
#include "service/survey.h"

struct status_args {
	const char *space, *origin;
	struct option_number person_id;
	struct photo_source_args photos;
	struct enrol_args enrol;
	struct photo_source source; /* set by prepare from the options */
	struct fc_enrol_rules rules;
};

static const struct option_row options[] = {
	OPTION_ROW_SPACE(status_args),
	{ OPTION_NUMBER, 0, "person-id", "N", offsetof(struct status_args, person_id),
	  "person number for photos that have none", .minimum = 1,
	  .maximum = FC_SMARTY_NUMBER_MAXIMUM },
	OPTION_ROWS_PLACES(status_args, photos),
	OPTION_ROWS_LAYOUT(status_args, photos),
	OPTION_ROW_FACE(status_args, photos.face),
	{ OPTION_TEXT, 0, "origin", "ORIGIN", offsetof(struct status_args, origin),
	  "where the photos come from; determines the space" },
	OPTION_ROWS_RULES(status_args, enrol),
	{ OPTION_END },
};

struct status_record {
	const char *path, *status, *reason, *error;
};

static const struct record_field fields[] = {
	{ RECORD_TEXT, "path", offsetof(struct status_record, path), 0, "PHOTO" },
	{ RECORD_TEXT, "standing", offsetof(struct status_record, status), 0, "STANDING" },
	{ RECORD_TEXT, "reason", offsetof(struct status_record, reason), 0, "REASON" },
	{ RECORD_TEXT, "error", offsetof(struct status_record, error) },
	{ RECORD_END },
};

struct count_record {
	const char *standing, *reason;
	int64_t photos;
};

static const struct record_field count_fields[] = {
	{ RECORD_TEXT, "standing", offsetof(struct count_record, standing), 0, "STANDING" },
	{ RECORD_TEXT, "reason", offsetof(struct count_record, reason), 0, "REASON" },
	{ RECORD_INTEGER, "photos", offsetof(struct count_record, photos), 0, "PHOTOS" },
	{ RECORD_END },
};

static enum fc_status write_finding(void *context, const struct fc_survey_finding *finding,
				    struct fc_error *err)
{
	struct record_writer *writer = context;
	const struct status_record record = {
		.path = finding->path,
		.status = fc_standing_name(finding->standing),
		.reason = fc_reason_name(finding->reason),
		.error = finding->error,
	};
	FC_TRY(record_write(writer, &record, TONE_PLAIN, err));
	return record_flush(writer, err);
}

static enum fc_status ignore_finding(void *context, const struct fc_survey_finding *finding,
				     struct fc_error *err)
{
	(void)context, (void)finding, (void)err;
	return FC_OK;
}

/* Write the text output: the number of photos with each standing and failure reason. */
static enum fc_status write_counts(struct command_context *ctx,
				   const struct fc_survey_counts *counts, struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "status", count_fields, false);
	for (int i = 0; i < FC_STANDING_COUNT; i++) {
		const struct count_record record = {
			.standing = fc_standing_name((enum fc_standing)i),
			.photos = (int64_t)counts->standings[i],
		};
		if (i != FC_STANDING_FAILED) {
			FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
		}
	}
	for (int i = FC_REASON_NONE + 1; i < FC_REASON_COUNT; i++) {
		const struct count_record record = {
			.standing = fc_standing_name(FC_STANDING_FAILED),
			.reason = fc_reason_name((enum fc_reason)i),
			.photos = (int64_t)counts->reasons[i],
		};
		if (counts->reasons[i] > 0) {
			FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
		}
	}
	return record_finish(&writer, err);
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct status_args *args = parsed;
	FC_TRY(photo_source_open(&args->source, &args->photos, ctx, err));
	photo_source_need_person(&args->source, &args->person_id);
	return enrol_rules_of(&args->enrol, &args->source, &args->rules, err);
}

static enum fc_status next_photo(void *context, struct fc_photo *out, bool *end,
				 struct fc_error *err)
{
	return photo_source_next(context, out, end, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct status_args *args = parsed;
	bool summarise = ctx->out->format == FORMAT_TEXT && !ctx->out->verbose;
	struct fc_survey_counts counts = { 0 };
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "status", fields, false);
	const struct fc_survey_request request = {
		.space = args->space,
		.origin = args->origin,
		.photos = { .next = next_photo, .context = &args->source },
		.rules = args->rules,
		.root = args->photos.from,
		.report = summarise ? ignore_finding : write_finding,
		.context = &writer,
	};
	FC_TRY(fc_service_survey(ctx->service, &request, &counts, err));
	FC_TRY(summarise ? write_counts(ctx, &counts, err) : record_finish(&writer, err));
	uint64_t photos = 0;
	for (int i = 0; i < FC_STANDING_COUNT; i++) {
		photos += i == FC_STANDING_GONE || i == FC_STANDING_AWAY ? 0 : counts.standings[i];
	}
	ctx->answered = true;
	FC_TRY(photo_source_check_empty(&args->source, photos, err));
	if (counts.incomplete) {
		out_message(ctx->out,
			    "a folder or a row could not be read: there may be more photos");
		return exit_shown(FC_PARTIAL, err);
	}
	bool work = counts.standings[FC_STANDING_NEW] + counts.standings[FC_STANDING_CHANGED] +
			    counts.standings[FC_STANDING_MOVED] >
		    0;
	return work ? exit_no(err) : FC_OK;
}

static void release(void *parsed)
{
	struct status_args *args = parsed;
	photo_source_release(&args->source);
}

const struct command status_command = {
	.name = "status",
	.summary = "show what set would do with photos",
	.synopsis = "--space SPACE [OPTION...] --from DIR | --manifest FILE | PHOTO...",
	.help = "Compares the photos with the ledger of earlier runs and shows which are new, changed, moved, known, failed before, gone, or perhaps on a disk that is not mounted. Analyses no photo. Exits with 1 if set would have photos to process.",
	.options = options,
	.args_size = sizeof(struct status_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.fields = fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
