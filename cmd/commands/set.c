/* set: link photos to person numbers in a space. */
/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "photos/attribute_option.h"
#include "photos/enrol_options.h"
#include "photos/known_place.h"
#include "photos/photo_options.h"
#include "photos/report.h"
#include "photos/set_report.h"
#include "photos/smarty_request.h"
#include "photos/sync_options.h"

struct set_args {
	const char *space;
	struct option_number person_id;
	const char *name;
	const char *meta;
	struct photo_source_args photos;
	const char *origin;
	bool no_entry, dry_run;
	struct option_texts attributes;
	struct enrol_args enrol;
	struct sync_args sync;
	struct photo_source survey; /* for --sync: the folder is read twice */
	struct fc_sync_limit limit;
	struct smarty_request request; /* set by prepare from the options */
	struct fc_enrol_rules rules;
};

static const struct option_row options[] = {
	OPTION_ROW_SPACE(set_args),
	{ OPTION_NUMBER, 0, "person-id", "N", offsetof(struct set_args, person_id),
	  "number of the person in every photo", .minimum = 1,
	  .maximum = FC_SMARTY_NUMBER_MAXIMUM },
	{ OPTION_TEXT, 0, "name", "TEXT", offsetof(struct set_args, name),
	  "name for a person that is created" },
	OPTION_ROWS_SOURCE(set_args, photos),
	OPTION_ROW_WATCH(set_args, photos),
	OPTION_ROWS_LAYOUT(set_args, photos),
	OPTION_ROW_FACE(set_args, photos.face),
	OPTION_ROW_META(set_args),
	OPTION_ROWS_LOG(set_args),
	OPTION_ROW_ATTRIBUTES(set_args, attributes),
	OPTION_ROW_DRY_RUN(set_args),
	OPTION_ROWS_ENROL(set_args, enrol),
	OPTION_ROWS_SYNC(set_args, sync),
	{ OPTION_END },
};

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct set_args *args = parsed;
	FC_TRY(attributes_choose(ctx, &args->attributes, err));
	FC_TRY(smarty_request_init(&args->request, ctx, args->meta, args->space, args->origin,
				   err));
	FC_TRY(photo_source_check_watch(&args->photos, ctx, args->dry_run, err));
	FC_TRY(smarty_request_photos(&args->request, ctx, &args->photos, err));
	FC_TRY(enrol_rules_of(&args->enrol, &args->request.photos, &args->rules, err));
	/*
	 * A photo's person number comes from --meta, or from --person-id if --meta has none for it. Photos of a folder or list may have a
	 * person of their own; --person-id applies to the others.
	 */
	struct photo_source *photos = &args->request.photos;
	photo_source_need_person(photos, &args->person_id);
	FC_TRY(sync_limit_of(&args->sync, &args->photos, !args->enrol.no_ledger, &args->limit,
			     err));
	if (args->sync.sync) {
		FC_TRY(photo_source_open(&args->survey, &args->photos, ctx, err));
		photo_source_need_person(&args->survey, &args->person_id);
	}
	for (size_t i = 0; i < photos->list.count; i++) {
		if (!photos->list.items[i].has_number && !photos->has_number) {
			return fc_fail_code(
				err, FC_INVALID_ARGUMENT, FC_CODE_NO_PERSON_ID,
				"'%s': no person was given for this photo; give --person-id N",
				photos->list.items[i].path);
		}
	}
	return FC_OK;
}

static enum fc_status next_of_survey(void *context, struct fc_photo *out, bool *end,
				     struct fc_error *err)
{
	return photo_source_next(context, out, end, err);
}

static enum fc_status run_sync(struct command_context *ctx, struct set_args *args,
			       const struct fc_set_request *set, struct report *report,
			       struct fc_error *err)
{
	struct fc_tally tally = { 0 };
	struct fc_sync_result result = { 0 };
	const struct fc_sync_request request = {
		.set = *set,
		.survey = { .next = next_of_survey, .context = &args->survey },
		.root = args->photos.from,
		.limit = args->limit,
	};
	enum fc_status status = fc_service_sync(ctx->service, &request, &tally, &result, err);
	FC_TRY(report_end(report, status, &tally, err));
	return sync_report_end(ctx, &result, args->dry_run, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct set_args *args = parsed;
	struct fc_tally tally = { 0 }, total = { 0 };
	enum fc_status status;
	FC_CLEANUP(report_release) struct report report = { 0 };
	FC_TRY(known_place_check_new(ctx, args->request.space, err));
	FC_TRY(report_begin(&report, ctx, "set", set_fields, &args->request.photos, err));
	report.dry_run = args->dry_run ? RECORD_TRUE : RECORD_FALSE;
	struct fc_set_request request = {
		.space = args->request.space,
		.photos = report_source(&report),
		.sink = { set_report_photo, &report },
		.rules = args->rules,
		.person_name = args->name,
		.origin = args->origin,
		.keep_crops = settings_keep_crops(ctx->settings),
		.no_entry = args->no_entry,
		.dry_run = args->dry_run,
		.root = args->sync.sync ? NULL : args->photos.from,
	};
	if (args->sync.sync) {
		return run_sync(ctx, args, &request, &report, err);
	}
	do {
		status = fc_service_set(ctx->service, &request, &tally, err);
		request.root = NULL; /* a watched folder is compared with the ledger only once */
	} while (report_goes_on(&report, status, &tally, &total));
	report.summary.gone = total.gone;
	report.summary.away = total.away;
	return report_end(&report, status, &total, err);
}

static void release(void *parsed)
{
	struct set_args *args = parsed;
	smarty_request_release(&args->request);
	photo_source_release(&args->survey);
}

const struct command set_command = {
	.name = "set",
	.summary = "link photos to person numbers in a space",
	.synopsis =
		"--space SPACE [--person-id N] [OPTION...] PHOTO... | --from DIR | --manifest FILE",
	.help = "Stores one face of each photo; see --face. With --from, the name of its folder determines the person of a photo: N, personN or person_N is a person number, any other text a person's name.",
	.options = options,
	.args_size = sizeof(struct set_args),
	.needs = COMMAND_SERVICE | COMMAND_LEDGER | COMMAND_VISION | COMMAND_RESUMES,
	.shape = &smarty_shape,
	.fields = set_fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
