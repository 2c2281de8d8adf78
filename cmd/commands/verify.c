/* verify: check whether two photos show the same person. */
/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "exit.h"
#include "option/threshold.h"
#include "output/record.h"
#include "photos/photo_options.h"
#include "photos/photos.h"
#include "vision/faces/choice.h"

struct verify_args {
	struct option_texts photos;
	struct option_real threshold, fmr;
	const char *face;
	struct photo_list list; /* set by prepare from the options */
};

static const struct option_row options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PHOTO", offsetof(struct verify_args, photos),
	  "two photos: files, URLs, or - for standard input", .minimum = 2, .maximum = 2 },
	OPTION_ROW_FACE(verify_args, face),
	OPTION_ROWS_THRESHOLD(verify_args),
	{ OPTION_END },
};

struct verify_record {
	const char *first, *second;
	enum record_flag same;
	double similarity, threshold;
	const char *basis;
};

#define IN(member) offsetof(struct verify_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "first", IN(first), 0, "first" },
	{ RECORD_TEXT, "second", IN(second), 0, "second" },
	{ RECORD_FLAG, "same", IN(same), 0, "same person" },
	{ RECORD_REAL, "similarity", IN(similarity), 4, "similarity" },
	{ RECORD_REAL, "threshold", IN(threshold), 4, "threshold" },
	{ RECORD_TEXT, "threshold_basis", IN(basis), 0, "threshold from" },
	{ RECORD_END },
};

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct verify_args *args = parsed;
	ctx->ignores_gallery = true;
	FC_TRY(photo_list_from_words(&args->photos, &args->list, err));
	FC_TRY(photo_list_refuse_folders(&args->list, NULL, err));
	for (size_t i = 0; i < args->list.count; i++) {
		struct fc_photo *photo = &args->list.items[i];
		photo->is_url = photo_is_url(photo->path);
		FC_TRY(args->face ? fc_face_choice_parse(args->face, &photo->face, err) : FC_OK);
	}
	return threshold_check(&args->threshold, &args->fmr, NULL, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct verify_args *args = parsed;
	struct fc_verify_result result = { .failed_photo = -1 };
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
	.synopsis = "[OPTION...] PHOTO PHOTO",
	.help = "Exits with 0 if they show the same person and with 1 if not.",
	.options = options,
	.args_size = sizeof(struct verify_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.fields = fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
