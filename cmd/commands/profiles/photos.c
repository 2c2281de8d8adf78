/* Profiles by photo: profiles create, reinit and search. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "command.h"
#include "exit.h"
#include "option/person.h"
#include "output/records_open.h"
#include "photos/attribute_option.h"
#include "photos/enrol_options.h"
#include "photos/known_place.h"
#include "photos/photo_options.h"
#include "photos/pictures.h"
#include "photos/profile_report.h"
#include "service/answer/platform.h"
#include "sheet/photo_faces.h"

/* ---- options of all three ---- */

struct input_args {
	const char *space, *origin;
	struct photo_source_args photos;
	struct option_number min_facesize;
	struct option_texts attributes;
	bool require_live, identify_asm, no_entry, dry_run;
	struct photo_source source; /* set by prepare */
};

/* clang-format off */
#define OPTION_ROWS_INPUT(args)                                                                    \
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct args, input.space),                  \
	  "set of persons; --origin implies it" },                      \
	{ OPTION_TEXT, 0, "origin", "ORIGIN", offsetof(struct args, input.origin),                 \
	  "where the photos come from; determines the space" },                                       \
	OPTION_ROW_FACE(args, input.photos.face),                                                  \
	{ OPTION_NUMBER, 0, "min-facesize", "PX2", offsetof(struct args, input.min_facesize),      \
	  "ignore faces whose box has a smaller area (pixels)" },                           \
	{ OPTION_FLAG, 0, "require-live", NULL, offsetof(struct args, input.require_live),         \
	  "reject faces that are not live (pictures of faces)" },                           \
	OPTION_ROW_ATTRIBUTES(args, input.attributes),                                             \
	{ OPTION_FLAG, 0, "identify-asm", NULL, offsetof(struct args, input.identify_asm),         \
	  "with --format json, also answer age, sex and mood" },                                   \
	{ OPTION_FLAG, 0, "no-entry", NULL, offsetof(struct args, input.no_entry),                 \
	  "do not add entries to the log of processed faces" },                                         \
	{ OPTION_FLAG, 'n', "dry-run", NULL, offsetof(struct args, input.dry_run),                 \
	  "do everything except store the result" }
/* clang-format on */

/* ---- preparation of all three ---- */

static enum fc_status prepare_input(struct command_context *ctx, struct input_args *input,
				    struct fc_error *err)
{
	const unsigned asked =
		1U << FC_ATTRIBUTE_AGE | 1U << FC_ATTRIBUTE_SEX | 1U << FC_ATTRIBUTE_EMOTION;
	ctx->liveness = input->require_live;
	FC_TRY(attributes_choose(ctx, &input->attributes, err));
	if (input->identify_asm && strcmp(ctx->settings->service, "local") == 0 &&
	    (ctx->attributes & asked) != asked) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"--identify-asm needs an attribute model and the attributes age, sex and mood");
	}
	FC_TRY(photo_source_check_watch(&input->photos, ctx, input->dry_run, err));
	return photo_source_open(&input->source, &input->photos, ctx, err);
}

static struct fc_profile_photos request_of(struct input_args *input, struct profile_report *report)
{
	return (struct fc_profile_photos){
		.space = input->space,
		.origin = input->origin,
		.photos = report_source(&report->photos),
		.sink = profile_report_sink(report),
		.has_min_facesize = input->min_facesize.given,
		.min_facesize = input->min_facesize.value,
		.liveness = input->require_live,
		.identify_asm = input->identify_asm,
		.no_entry = input->no_entry,
		.dry_run = input->dry_run,
	};
}

/* The arguments of all three begin with a struct input_args. */
static void release_input(void *parsed)
{
	struct input_args *input = parsed;
	photo_source_release(&input->source);
}

/* ---- create ---- */

struct create_args {
	struct input_args input;
	struct enrol_args enrol;
	struct fc_enrol_rules rules;
	enum option_switch create_on_ha, create_on_junk;
	const char *name, *user_data;
};

static const struct option_row create_options[] = {
	OPTION_ROWS_INPUT(create_args),
	OPTION_ROWS_SOURCE(create_args, input.photos),
	OPTION_ROW_WATCH(create_args, input.photos),
	OPTION_ROWS_LAYOUT(create_args, input.photos),
	OPTION_ROWS_ENROL(create_args, enrol),
	{ OPTION_SWITCH, 0, "create-on-ha", NULL, offsetof(struct create_args, create_on_ha),
	  "create a profile even if an existing one matches with high accuracy (ha)" },
	{ OPTION_SWITCH, 0, "create-on-junk", NULL, offsetof(struct create_args, create_on_junk),
	  "create a profile even if an existing one matches with low confidence (junk)" },
	{ OPTION_TEXT, 0, "name", "TEXT", offsetof(struct create_args, name),
	  "name of a new profile" },
	{ OPTION_TEXT, 0, "user-data", "TEXT", offsetof(struct create_args, user_data),
	  "any text to store with a new profile" },
	{ OPTION_END },
};

static enum fc_status prepare_create(struct command_context *ctx, void *parsed,
				     struct fc_error *err)
{
	struct create_args *args = parsed;
	FC_TRY(prepare_input(ctx, &args->input, err));
	return enrol_rules_of(&args->enrol, &args->input.source, &args->rules, err);
}

static enum fc_choice choice_of(enum option_switch option)
{
	static const enum fc_choice choices[] = {
		[SWITCH_UNSAID] = FC_CHOICE_OPEN,
		[SWITCH_NO] = FC_CHOICE_NO,
		[SWITCH_YES] = FC_CHOICE_YES,
	};
	return choices[option];
}

static enum fc_status run_create(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct create_args *args = parsed;
	struct fc_tally tally = { 0 }, total = { 0 };
	enum fc_status status;
	FC_CLEANUP(profile_report_release) struct profile_report report = { 0 };
	FC_TRY(known_place_check_new(ctx, args->input.space, err));
	FC_TRY(profile_report_begin(&report, ctx, "profile_create", &args->input.source, err));
	report.photos.dry_run = args->input.dry_run ? RECORD_TRUE : RECORD_FALSE;
	report.attributes = args->input.identify_asm;
	const struct fc_profile_create_request request = {
		.input = request_of(&args->input, &report),
		.rules = args->rules,
		.create_on_ha = choice_of(args->create_on_ha),
		.create_on_junk = choice_of(args->create_on_junk),
		.person_name = args->name,
		.user_data = args->user_data,
		.person_from_path = args->input.source.layout != LAYOUT_NONE,
		.keep_crops = settings_keep_crops(ctx->settings),
	};
	do {
		status = fc_service_profile_create(ctx->service, &request, &tally, err);
	} while (report_goes_on(&report.photos, status, &tally, &total));
	return profile_report_end(&report, status, &total, err);
}

const struct command profiles_create_command = {
	.name = "profiles create",
	.summary = "create a profile from the face in a photo, or find the matching one",
	.synopsis = "--space SPACE | --origin ORIGIN [OPTION...] PHOTO... | --from DIR | "
		    "--manifest FILE",
	.help = "Uses one face of each photo; see --face. The result is new, or exact, ha or junk for "
		"an existing profile that matches.",
	.options = create_options,
	.args_size = sizeof(struct create_args),
	.needs = COMMAND_SERVICE | COMMAND_LEDGER | COMMAND_VISION | COMMAND_RESUMES,
	.shape = &platform_shape,
	.fields = profile_outcome_fields,
	.prepare = prepare_create,
	.run = run_create,
	.release = release_input,
};

/* ---- reinit ---- */

struct reinit_args {
	struct input_args input;
	struct option_texts words;
	const char *min_result, *min_quality;
	bool force;
	struct fc_quality_limits quality;
	enum fc_result least;
};

static const char *const min_results[] = { "exact", "ha", "junk", NULL };

static const struct option_row reinit_options[] = {
	OPTION_ROWS_INPUT(reinit_args),
	{ OPTION_OPERANDS, 0, NULL, "PERSON PHOTO", offsetof(struct reinit_args, words),
	  "the person (UUID or a unique prefix of one, SPACE/NUMBER or SPACE/NAME), and the photo",
	  .minimum = 2, .maximum = 2 },
	{ OPTION_TEXT, 0, "min-result", "RESULT", offsetof(struct reinit_args, min_result),
	  "how well the photo must match the person at least: exact, ha (the default) or junk",
	  .choices = min_results },
	{ OPTION_FLAG, 0, "force", NULL, offsetof(struct reinit_args, force),
	  "accept a photo that does not match" },
	OPTION_ROW_QUALITY(reinit_args, min_quality),
	{ OPTION_END },
};

static enum fc_status prepare_reinit(struct command_context *ctx, void *parsed,
				     struct fc_error *err)
{
	struct reinit_args *args = parsed;
	args->input.photos.photos =
		(struct option_texts){ .items = args->words.items + 1, .count = 1 };
	args->least = FC_RESULT_HA;
	if (args->min_result && (!fc_platform_parse_result(args->min_result, &args->least) ||
				 (args->least != FC_RESULT_EXACT && args->least != FC_RESULT_HA &&
				  args->least != FC_RESULT_JUNK))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--min-result must be one of exact, ha, junk, not '%s'",
			       args->min_result);
	}
	FC_TRY(quality_limits_of(args->min_quality, &args->quality, err));
	return prepare_input(ctx, &args->input, err);
}

static enum fc_status run_reinit(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct reinit_args *args = parsed;
	struct fc_tally tally = { 0 };
	struct fc_person_id person;
	FC_CLEANUP(profile_report_release) struct profile_report report = { 0 };
	/* a UUID is looked up in all spaces: the service explains the conflict if it is in another one */
	const char *space =
		fc_uuid_parse(args->words.items[0], &person.pid) ? NULL : args->input.space;
	FC_TRY(person_find_id(ctx, args->words.items[0], space, &person, err));
	FC_TRY(profile_report_begin(&report, ctx, "profile_reinit", &args->input.source, err));
	report.answers = false;
	report.photos.dry_run = args->input.dry_run ? RECORD_TRUE : RECORD_FALSE;
	const struct fc_profile_reinit_request request = {
		.input = request_of(&args->input, &report),
		.person = person,
		.min_result = args->least,
		.force = args->force,
		.quality = args->quality,
		.keep_crops = settings_keep_crops(ctx->settings),
	};
	enum fc_status status = fc_service_profile_reinit(ctx->service, &request, &tally, err);
	return profile_report_end(&report, status, &tally, err);
}

const struct command profiles_reinit_command = {
	.name = "profiles reinit",
	.summary = "replace the faces of a profile by the face in a photo",
	.synopsis = "[OPTION...] PERSON PHOTO",
	.help = "A photo that does not match the person is rejected unless --force is given. With "
		"--format json nothing is printed on success, like the platform's empty response.",
	.options = reinit_options,
	.args_size = sizeof(struct reinit_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.shape = &platform_shape,
	.fields = profile_outcome_fields,
	.prepare = prepare_reinit,
	.run = run_reinit,
	.release = release_input,
};

/* ---- search ---- */

struct search_args {
	struct input_args input;
	const char *photo2, *template;
	struct option_number top;
	bool require_match;
	const char *annotate, *crops, *sheet_path;
	/* set by prepare */
	struct pictures pictures;
	struct contact_sheet sheet;
};

static const struct option_row search_options[] = {
	OPTION_ROWS_INPUT(search_args),
	OPTION_ROWS_SOURCE(search_args, input.photos),
	OPTION_ROW_WATCH(search_args, input.photos),
	OPTION_ROW_UNORDERED(search_args, input.photos),
	{ OPTION_PATH, 0, "photo2", "PHOTO", offsetof(struct search_args, photo2),
	  "another photo of the same person, for a more reliable search" },
	{ OPTION_PATH, 0, "template", "FILE", offsetof(struct search_args, template),
	  "search with the records of extract or detect --with template, instead of photos; - for "
	  "standard input" },
	{ OPTION_NUMBER, 0, "top", "N", offsetof(struct search_args, top),
	  "also list the N most similar profiles", .minimum = 1,
	  .maximum = FC_PROFILE_TOP_MAXIMUM },
	{ OPTION_FLAG, 0, "require-match", NULL, offsetof(struct search_args, require_match),
	  "exit with 1 if no profile was found" },
	OPTION_ROWS_PICTURES(search_args),
	OPTION_ROW_SHEET(search_args, sheet_path),
	{ OPTION_END },
};

static enum fc_status prepare_search(struct command_context *ctx, void *parsed,
				     struct fc_error *err)
{
	struct search_args *args = parsed;
	const struct photo_source_args *photos = &args->input.photos;
	if (args->template) {
		if (photos->photos.count > 0 || photos->from || photos->manifest ||
		    photos->files_from || photos->files0_from || args->photo2) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "give either photos or --template");
		}
		if (args->annotate || args->crops || args->sheet_path) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "--annotate, --crops and --contact-sheet need photos, not "
				       "--template");
		}
		/* without photos, leave the source empty and start no worker */
		ctx->photos = 0;
		args->input.source.args = photos;
		return FC_OK;
	}
	if (args->photo2 && photos->photos.count != 1) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--photo2 needs exactly one other photo");
	}
	FC_TRY(prepare_input(ctx, &args->input, err));
	FC_TRY(contact_sheet_open(&args->sheet, args->sheet_path, "profiles search", "face", err));
	return pictures_init(&args->pictures, args->crops, args->annotate, &args->input.source,
			     ctx->out, err);
}

/* Where search writes an outcome: to the report, and the faces to the crops and the contact sheet. */
struct search_sink {
	const struct search_args *args;
	struct contact_sheet *sheet;
	struct profile_report *report;
};

static enum fc_status take_searched(void *context, const struct fc_profile_outcome *outcome,
				    struct fc_error *err)
{
	const struct search_sink *sink = context;
	const struct search_args *args = sink->args;
	const struct fc_profile_sink report = profile_report_sink(sink->report);
	const struct fc_recognized_face face = {
		.face = outcome->face,
		.known = outcome->has_profile,
		.identity = outcome->profile,
		.unnamed = outcome->has_nearest ? FC_UNNAMED_BELOW_THRESHOLD : FC_UNNAMED_UNKNOWN,
		.has_nearest = outcome->has_nearest,
		.nearest = outcome->nearest,
		.has_similarity = outcome->has_similarity,
		.similarity = outcome->similarity,
	};
	const struct fc_photo_outcome photo = {
		.path = outcome->path,
		.status = outcome->status,
		.error = outcome->error,
		.analysis = outcome->analysis,
		.faces = &face,
		.face_count = outcome->face != NULL,
		.threshold = { .value = outcome->has_nearest ? outcome->threshold : (double)NAN },
	};
	FC_TRY(pictures_write_crops(&args->pictures, sink->report->photos.seen, &photo, err));
	FC_TRY(sheet_add_recognized(sink->sheet, &photo, args->input.space, args->input.origin,
				    err));
	return report.report(report.context, outcome, err);
}

static enum fc_status search_templates(struct command_context *ctx, const struct search_args *args,
				       struct profile_report *report, struct fc_tally *tally,
				       struct fc_error *err)
{
	FC_CLEANUP(fc_list_closep) struct fc_list_reader *records = NULL;
	FC_TRY(records_open(args->template, &records, NULL, err));
	/* there are no photos, and a search by records has no other end */
	report->photos.exhausted = true;
	if (report->photos.shape) {
		report->has_list = true;
		fc_json_begin_array(&report->photos.json);
	}
	const struct fc_template_search_request request = {
		.space = args->input.space,
		.origin = args->input.origin,
		.records = records,
		.source = args->template,
		.sink = profile_report_sink(report),
		.top = args->top.value,
	};
	return fc_service_template_search(ctx->service, &request, tally, err);
}

static enum fc_status run_search(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct search_args *args = parsed;
	struct fc_tally tally = { 0 }, total = { 0 };
	enum fc_status status;
	FC_CLEANUP(profile_report_release) struct profile_report report = { 0 };
	FC_TRY(known_place_check(ctx, args->input.space, args->input.origin, err));
	FC_TRY(profile_report_begin(&report, ctx, "profile_search", &args->input.source, err));
	report.attributes = args->input.identify_asm;
	const struct fc_photo second = { .name = "photo2",
					 .path = args->photo2,
					 .face = args->input.source.face };
	struct search_sink sink = { args, &args->sheet, &report };
	struct fc_profile_search_request request = {
		.input = request_of(&args->input, &report),
		.second = args->photo2 ? &second : NULL,
		.top = args->top.value,
		.watched = args->input.photos.watch ? args->input.photos.from : NULL,
		.watched_face = args->input.source.face,
	};
	request.input.sink = (struct fc_profile_sink){ take_searched, &sink };
	request.input.want_crops = args->crops || args->sheet_path;
	request.input.annotation = pictures_annotation(&args->pictures, &report.photos.seen);
	do {
		status = args->template
				 ? search_templates(ctx, args, &report, &tally, err)
				 : fc_service_profile_search(ctx->service, &request, &tally, err);
	} while (report_goes_on(&report.photos, status, &tally, &total));
	status = contact_sheet_finish(&args->sheet, status, err);
	status = profile_report_end(&report, status, &total, err);
	status = report_disagreement(&report.photos, status, &total, err);
	if (status == FC_OK && args->require_match && report.matched == 0) {
		return exit_no(err);
	}
	return status;
}

static void release_search(void *parsed)
{
	struct search_args *args = parsed;
	pictures_release(&args->pictures);
	contact_sheet_release(&args->sheet);
	release_input(parsed);
}

const struct command profiles_search_command = {
	.name = "profiles search",
	.summary = "find the profile of the face in a photo",
	.synopsis = "--space SPACE | --origin ORIGIN [OPTION...] PHOTO... | --from DIR | "
		    "--manifest FILE | --template FILE",
	.help = "The result is exact, ha or junk with the profile, nm when no profile matches, or nf "
		"when there is no face.",
	.options = search_options,
	.args_size = sizeof(struct search_args),
	.needs = COMMAND_SERVICE | COMMAND_POLICY | COMMAND_VISION,
	.shape = &platform_shape,
	.fields = profile_outcome_fields,
	.prepare = prepare_search,
	.run = run_search,
	.release = release_search,
};
