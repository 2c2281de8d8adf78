/* detect: find faces in photos, without a gallery. */
/* SPDX-License-Identifier: MIT */
#include "base/digest.h"
#include "command.h"
#include "option/words.h"
#include "output/face_record.h"
#include "photos/attribute_option.h"
#include "photos/photo_options.h"
#include "photos/pictures.h"
#include "photos/report.h"
#include "protocol/azure/request_body.h"
#include "sheet/photo_faces.h"

enum {
	WITH_TEMPLATE = 1 << 0,
	WITH_LANDMARKS = 1 << 1,
	WITH_LIVENESS = 1 << 2,
	WITH_FACE_ID = 1 << 3,
};
static const char *const with_names[] = { "template", "landmarks", "liveness", "face-id", NULL };

struct detect_args {
	struct option_texts with_words;
	struct photo_source_args photos;
	struct option_texts attributes;
	const char *annotate, *crops, *sheet_path;
	struct option_number ttl;
	const char *recognition_model, *detection_model;
	/* set by prepare from the options */
	unsigned with; /* WITH_TEMPLATE and so on */
	struct fc_face_id_request face_ids;
	struct photo_source source;
	struct pictures pictures;
	struct contact_sheet sheet;
};

static const struct option_row options[] = {
	OPTION_ROWS_SOURCE(detect_args, photos),
	OPTION_ROW_UNORDERED(detect_args, photos),
	OPTION_ROW_WITH(
		detect_args,
		"add to each face: liveness (a real face or a picture of one), landmarks "
		"(in text; other formats always have them), template (json, ndjson), face-id "
		"(keep the face, for verify, identify, similar and group)"),
	{ OPTION_DURATION, 0, "ttl", "TIME", offsetof(struct detect_args, ttl),
	  "with face-id: how long the face is kept, 1m to 24h; default: 24h", .minimum = 60000,
	  .maximum = 86400000 },
	{ OPTION_TEXT, 0, "recognition-model", "NAME",
	  offsetof(struct detect_args, recognition_model),
	  "with face-id: recognition_01 to recognition_04, the default" },
	{ OPTION_TEXT, 0, "detection-model", "NAME", offsetof(struct detect_args, detection_model),
	  "with face-id: detection_01 to detection_03; default: detection_01" },
	OPTION_ROWS_PICTURES(detect_args),
	OPTION_ROW_SHEET(detect_args, sheet_path),
	OPTION_ROW_ATTRIBUTES(detect_args, attributes),
	{ OPTION_END },
};

struct detect_record {
	struct photo_part photo;
	const char *result; /* face, no_face, failed */
	struct face_part face;
	const char *template;
	int64_t dimension;
	const char *model, *model_sha256;
	char model_digest[FC_SHA256_TEXT_SIZE];
	const char *face_id;
	char face_id_text[FC_UUID_TEXT_SIZE];
};

#define IN(member) offsetof(struct detect_record, member)

static const struct record_field fields[] = {
	PHOTO_FIELDS(detect_record, photo),
	{ RECORD_TEXT, "result", IN(result), 0, "RESULT" },
	FACE_FIELDS(detect_record, face),
	{ RECORD_TEXT, "template", IN(template), .json_only = true },
	{ RECORD_INTEGER, "dimension", IN(dimension), .json_only = true },
	{ RECORD_TEXT, "model", IN(model), .json_only = true },
	{ RECORD_TEXT, "model_sha256", IN(model_sha256), .json_only = true },
	PAGE_FIELDS(detect_record, photo, face),
	{ RECORD_TEXT, "face_id", IN(face_id), 0, "FACE ID", .group = RECORD_FACE_ID,
	  .whole = true },
	OCCLUSION_FIELDS(detect_record, face),
	{ RECORD_END },
};

struct sink {
	struct report report;
	bool with_template;
	const struct pictures *pictures;
	struct contact_sheet *sheet;
	struct fc_buffer floats, base64; /* one template, as floats and in base64 */
};

static void sink_release(struct sink *sink)
{
	report_release(&sink->report);
	fc_buffer_release(&sink->floats);
	fc_buffer_release(&sink->base64);
}

/* Little-endian 32-bit floats, in base64. */
static enum fc_status fill_template(struct sink *sink, struct detect_record *record,
				    const struct fc_face *face, size_t dimension,
				    struct fc_error *err)
{
	const struct fc_model *model =
		fc_service_model(sink->report.ctx->service, FC_ROLE_EMBEDDER);
	fc_buffer_clear(&sink->floats);
	fc_buffer_clear(&sink->base64);
	fc_buffer_put_f32s(&sink->floats, face->embedding, dimension);
	fc_base64_append(&sink->base64, sink->floats.data, sink->floats.length);
	record->template = fc_buffer_text(&sink->base64);
	record->dimension = (int64_t)dimension;
	if (model) {
		record->model = model->name;
		fc_sha256_format(&model->files[0].sha256, record->model_digest);
		record->model_sha256 = record->model_digest;
	}
	return fc_buffer_ok(&sink->floats) && record->template ? FC_OK : fc_fail_memory(err);
}

/* face NULL: the photo has no face, or it failed. */
static enum fc_status write_record(struct sink *sink, const struct fc_photo_outcome *outcome,
				   const struct fc_face *face, struct fc_error *err)
{
	const struct fc_analysis *analysis = outcome->analysis;
	bool failed = outcome->status != FC_OK;
	struct detect_record record = {
		.result = failed ? fc_action_name(run_summary_action(outcome))
				 : (face ? "face" : "no_face"),
		.dimension = RECORD_ABSENT,
	};
	photo_part_fill(&record.photo, outcome);
	face_part_fill(&record.face, face, face ? (size_t)(face - analysis->faces) : 0);
	if (face && face->embedding && sink->with_template) {
		FC_TRY(fill_template(sink, &record, face, analysis->dimension, err));
	}
	if (face && outcome->face_ids) {
		fc_uuid_format(&outcome->face_ids[face - analysis->faces], record.face_id_text);
		record.face_id = record.face_id_text;
	}
	return record_write(&sink->report.writer, &record, failed ? TONE_BAD : TONE_PLAIN, err);
}

static enum fc_status write_photo(void *context, const struct fc_photo_outcome *outcome,
				  struct fc_error *err)
{
	struct sink *sink = context;
	const struct fc_analysis *analysis = outcome->analysis;
	size_t count = outcome->status == FC_OK ? analysis->face_count : 0;
	for (size_t i = 0; i < count; i++) {
		report_result(&sink->report, "face");
		FC_TRY(write_record(sink, outcome, &analysis->faces[i], err));
	}
	if (count == 0 && outcome->status == FC_OK) {
		report_result(&sink->report, "no_face");
	}
	if (count == 0) {
		FC_TRY(write_record(sink, outcome, NULL, err));
	}
	FC_TRY(pictures_write_crops(sink->pictures, sink->report.seen, outcome, err));
	FC_TRY(sheet_add_detected(sink->sheet, outcome, err));
	return report_photo(&sink->report, outcome, err);
}

/* Read the options of faceIds. */
static enum fc_status choose_face_ids(struct detect_args *args, struct fc_error *err)
{
	int number;
	bool given = args->ttl.given || args->recognition_model || args->detection_model;
	if (given && !(args->with & WITH_FACE_ID)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"--ttl, --recognition-model and --detection-model need --with face-id");
	}
	if (args->recognition_model &&
	    !fc_azure_read_model(args->recognition_model, "recognition_", 4, &number)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--recognition-model: '%s' is not recognition_01 to recognition_04",
			       args->recognition_model);
	}
	if (args->detection_model &&
	    !fc_azure_read_model(args->detection_model, "detection_", 3, &number)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--detection-model: '%s' is not detection_01 to detection_03",
			       args->detection_model);
	}
	args->face_ids = (struct fc_face_id_request){
		.seconds = args->ttl.given ? (unsigned)(args->ttl.value / 1000) : 0,
		.recognition_model = args->recognition_model,
		.detection_model = args->detection_model,
	};
	return FC_OK;
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct detect_args *args = parsed;
	FC_TRY(words_to_bits(&args->with_words, "--with", with_names, &args->with, err));
	ctx->liveness = args->with & WITH_LIVENESS;
	ctx->no_templates = !(args->with & (WITH_TEMPLATE | WITH_FACE_ID));
	ctx->ignores_gallery = !(args->with & WITH_FACE_ID);
	FC_TRY(choose_face_ids(args, err));
	FC_TRY(attributes_choose(ctx, &args->attributes, err));
	FC_TRY(photo_source_open(&args->source, &args->photos, ctx, err));
	args->source.urls = true;
	FC_TRY(contact_sheet_open(&args->sheet, args->sheet_path, "detect", "face", err));
	return pictures_init(&args->pictures, args->crops, args->annotate, &args->source, ctx->out,
			     err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct detect_args *args = parsed;
	struct fc_tally tally = { 0 };
	FC_CLEANUP(sink_release)
	struct sink sink = { .with_template = args->with & WITH_TEMPLATE,
			     .pictures = &args->pictures,
			     .sheet = &args->sheet };
	const bool with_ids = (args->with & WITH_FACE_ID) != 0;
	FC_TRY(report_begin(&sink.report, ctx, "detect", fields, &args->source, err));
	sink.report.writer.groups =
		face_groups(ctx->service, args->with & WITH_LIVENESS, ctx->attributes) |
		(args->with & WITH_LANDMARKS ? RECORD_LANDMARKS : 0) |
		(with_ids ? RECORD_FACE_ID : 0);
	const struct fc_detect_request request = {
		.photos = report_source(&sink.report),
		.sink = { write_photo, &sink },
		.want_templates = sink.with_template,
		.face_ids = with_ids ? &args->face_ids : NULL,
		.want_crops = args->crops || args->sheet_path,
		.want_liveness = args->with & WITH_LIVENESS,
		.annotation = pictures_annotation(&args->pictures, &sink.report.seen),
	};
	enum fc_status status = fc_service_detect(ctx->service, &request, &tally, err);
	status = contact_sheet_finish(&args->sheet, status, err);
	return report_end(&sink.report, status, &tally, err);
}

static void release(void *parsed)
{
	struct detect_args *args = parsed;
	pictures_release(&args->pictures);
	contact_sheet_release(&args->sheet);
	photo_source_release(&args->source);
}

const struct command detect_command = {
	.name = "detect",
	.summary = "find faces in photos",
	.synopsis = "[OPTION...] PHOTO... | --from DIR | --manifest FILE",
	.options = options,
	.args_size = sizeof(struct detect_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.fields = fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
