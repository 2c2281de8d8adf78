/* verify: check whether two photos, or a photo and a person, show the same person. */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "command.h"
#include "commands/azure/verified.h"
#include "exit.h"
#include "option/threshold.h"
#include "output/record.h"
#include "photos/photo_options.h"
#include "photos/photos.h"
#include "vision/faces/choice.h"

struct verify_args {
	struct option_texts photos;
	struct option_real threshold, fmr, min_confidence;
	const char *face, *person;
	struct scope_args scope;
	/* set by prepare from the options */
	struct photo_list list;
	struct fc_face_choice choice;
	bool by_api; /* compare by an operation of the Azure Face API */
};

static const struct option_row options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PHOTO", offsetof(struct verify_args, photos),
	  "two photos (files, URLs, - for standard input) or faceIds; one with --person",
	  .minimum = 1, .maximum = 2 },
	{ OPTION_TEXT, 0, "person", "PERSON", offsetof(struct verify_args, person),
	  "compare with this person instead of a second photo" },
	OPTION_ROWS_GROUP(verify_args, scope),
	OPTION_ROW_FACE(verify_args, face),
	OPTION_ROWS_THRESHOLD(verify_args),
	{ OPTION_REAL, 0, "min-confidence", "X", offsetof(struct verify_args, min_confidence),
	  "minimum confidence of the same person, 0 to 1", .minimum = 0, .maximum = 1 },
	{ OPTION_END },
};

struct verify_record {
	const char *first, *second;
	enum record_flag same;
	double similarity, threshold, confidence;
	const char *basis, *person;
};

#define IN(member) offsetof(struct verify_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "first", IN(first), 0, "first" },
	{ RECORD_TEXT, "second", IN(second), 0, "second" },
	{ RECORD_FLAG, "same", IN(same), 0, "same person" },
	{ RECORD_REAL, "similarity", IN(similarity), 4, "similarity" },
	{ RECORD_REAL, "threshold", IN(threshold), 4, "threshold" },
	{ RECORD_TEXT, "threshold_basis", IN(basis), 0, "threshold from" },
	{ RECORD_TEXT, "person", IN(person), 0, "person" },
	{ RECORD_REAL, "confidence", IN(confidence), 5, "confidence" },
	{ RECORD_END },
};

static enum fc_status check_operands(struct verify_args *args, struct fc_error *err)
{
	const struct scope_args *scope = &args->scope;
	bool similarity = args->threshold.given || args->fmr.given;
	if (args->photos.count != (args->person ? 1 : 2)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give two photos or faceIds, or one and --person PERSON");
	}
	if (!args->person && (scope->group || scope->space || scope->large)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--group, --space and --large need --person PERSON");
	}
	args->by_api = args->person || args->min_confidence.given;
	for (size_t i = 0; i < args->photos.count; i++) {
		args->by_api |= probe_is_face_id(args->photos.items[i]);
	}
	if (args->by_api && similarity) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--threshold and --fmr are for two photos; with --person, faceIds "
			       "and --min-confidence give only --min-confidence");
	}
	return FC_OK;
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct verify_args *args = parsed;
	FC_TRY(check_operands(args, err));
	ctx->ignores_gallery = !args->by_api;
	FC_TRY(photo_list_from_words(&args->photos, &args->list, err));
	FC_TRY(photo_list_refuse_folders(&args->list, NULL, err));
	FC_TRY(args->face ? fc_face_choice_parse(args->face, &args->choice, err) : FC_OK);
	for (size_t i = 0; i < args->list.count; i++) {
		struct fc_photo *photo = &args->list.items[i];
		photo->is_url = photo_is_url(photo->path);
		photo->face = args->choice;
	}
	return threshold_check(&args->threshold, &args->fmr, NULL, err);
}

static enum fc_status run_by_api(struct command_context *ctx, const struct verify_args *args,
				 struct fc_error *err)
{
	const struct fc_photo *photos = args->list.items;
	const struct verified_request request = {
		.first = photos[0].path,
		.second = args->person ? NULL : photos[1].path,
		.choice = &args->choice,
		.person = args->person,
		.scope = &args->scope,
	};
	struct verified result;
	FC_TRY(verify_by_api(ctx, &request, &result, err));
	bool same = args->min_confidence.given ? result.confidence >= args->min_confidence.value
					       : result.same;
	const struct verify_record record = {
		.first = request.first,
		.second = request.second,
		.person = request.person,
		.same = same ? RECORD_TRUE : RECORD_FALSE,
		.similarity = NAN,
		.threshold = NAN,
		.confidence = result.confidence,
	};
	FC_TRY(record_show(ctx->out, "verify", fields, &record, TONE_PLAIN, err));
	return same ? FC_OK : exit_no(err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct verify_args *args = parsed;
	struct fc_verify_result result = { .failed_photo = -1 };
	if (args->by_api) {
		return run_by_api(ctx, args, err);
	}
	const struct fc_verify_request request = {
		.first = args->list.items[0],
		.second = args->list.items[1],
		.threshold = threshold_choice(&args->threshold, &args->fmr, NULL),
	};
	FC_TRY(fc_service_verify(ctx->service, &request, &result, err));
	FC_CLEANUP(fc_buffer_release) struct fc_buffer basis = { 0 };
	fc_threshold_describe(&result.threshold, 1, &basis);
	const struct verify_record record = {
		.first = request.first.path,
		.second = request.second.path,
		.same = result.same ? RECORD_TRUE : RECORD_FALSE,
		.similarity = (double)result.similarity,
		.threshold = result.threshold.value,
		.confidence = NAN,
		.basis = fc_buffer_text(&basis),
	};
	if (!record.basis) {
		return fc_fail_memory(err);
	}
	FC_TRY(record_show(ctx->out, "verify", fields, &record, TONE_PLAIN, err));
	return result.same ? FC_OK : exit_no(err);
}

static void release(void *parsed)
{
	struct verify_args *args = parsed;
	photo_list_release(&args->list);
}

const struct command verify_command = {
	.name = "verify",
	.summary = "check whether two photos show the same person",
	.synopsis = "[OPTION...] (PHOTO | FACEID) (PHOTO | FACEID | --person PERSON)",
	.help = "Exits with 0 if they show the same person and with 1 if not.",
	.options = options,
	.args_size = sizeof(struct verify_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.fields = fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
