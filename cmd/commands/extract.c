/* extract: write the faces of photos as records for gallery import. Needs no gallery. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "command.h"
#include "commands/gallery/record.h"
#include "photos/enrol_options.h"
#include "photos/photo_options.h"
#include "photos/report.h"
#include "protocol/smarty_request.h"
#include "vision/image/encode.h"

struct extract_args {
	struct photo_source_args photos;
	struct option_number person_id;
	const char *space, *name, *origin, *min_quality;
	bool all_faces;
	struct fc_quality_limits quality;
	struct photo_source source; /* set by prepare from the options */
};

static const struct option_row options[] = {
	OPTION_ROWS_SOURCE(extract_args, photos),
	OPTION_ROWS_LAYOUT(extract_args, photos),
	OPTION_ROW_UNORDERED(extract_args, photos),
	{ OPTION_NUMBER, 0, "person-id", "N", offsetof(struct extract_args, person_id),
	  "number of the person in every photo", .minimum = 1,
	  .maximum = FC_SMARTY_NUMBER_MAXIMUM },
	{ OPTION_TEXT, 0, "name", "TEXT", offsetof(struct extract_args, name),
	  "name of the person in every photo" },
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct extract_args, space),
	  "space of the records; 'gallery import --space' overrides it" },
	{ OPTION_TEXT, 0, "origin", "ORIGIN", offsetof(struct extract_args, origin),
	  "where the photos come from" },
	{ OPTION_TEXT, 0, "face", "WHICH", offsetof(struct extract_args, photos.face),
	  "which face to write: all, only, main, largest, central, index=N, box=L,T,R,B or "
	  "rect=L,T,W,H" },
	OPTION_ROW_QUALITY(extract_args, min_quality),
	{ OPTION_END },
};

/* The report prints messages and orders the photos; the records themselves have the format of gallery export. */
static const struct record_field no_fields[] = { { RECORD_END } };

struct sink {
	struct report *report;
	const struct extract_args *args;
};

/* The photo's own person has precedence over --person-id and --name. The record points to their strings. */
static void fill_person(struct fc_transfer *record, const struct extract_args *args,
			const struct fc_photo *photo)
{
	struct fc_person *person = &record->person;
	bool has_person = photo->has_pid || photo->has_number || photo->person;
	const char *name = has_person ? photo->person : args->name;
	record->has_pid = photo->has_pid;
	person->pid = photo->pid;
	person->has_number = has_person ? photo->has_number : args->person_id.given;
	person->number = has_person ? photo->number : args->person_id.value;
	memcpy(&person->name, &name, sizeof(name));
	memcpy(&person->user_data, &photo->user_data, sizeof(photo->user_data));
}

static void fill_model(struct fc_transfer *record, const struct fc_model *model, size_t dimension)
{
	record->model = (struct fc_transfer_model){
		.has_sha256 = true,
		.has_preprocessing = true,
		.has_mirror = true,
		.sha256 = model->files[0].sha256,
		.preprocessing = model->preprocessing,
		.dimension = (uint32_t)dimension,
		.mirror = model->mirror,
	};
	snprintf(record->model.name, sizeof(record->model.name), "%s", model->name);
}

static void fill_face(struct fc_face_record *out, const struct fc_photo_outcome *outcome,
		      size_t index, const char *origin)
{
	const struct fc_face *face = &outcome->analysis->faces[index];
	*out = (struct fc_face_record){
		.photo = outcome->analysis->sha256,
		.photo_index = (uint16_t)index,
		.box = { face->box.left, face->box.top, face->box.right, face->box.bottom },
		.confidence = face->confidence,
		.quality = face->quality.awesomeness,
		.embedding = face->embedding,
		.dimension = (uint32_t)outcome->analysis->dimension,
	};
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		out->landmarks[2 * i] = face->landmarks[i].x;
		out->landmarks[2 * i + 1] = face->landmarks[i].y;
	}
	memcpy(&out->path, &outcome->path, sizeof(outcome->path));
	memcpy(&out->origin, &origin, sizeof(origin));
}

static enum fc_status write_face(struct sink *sink, const struct fc_photo_outcome *outcome,
				 size_t index, struct fc_error *err)
{
	const struct extract_args *args = sink->args;
	struct command_context *ctx = sink->report->ctx;
	const char *origin = outcome->photo->origin ? outcome->photo->origin : args->origin;
	const struct fc_face *face = &outcome->analysis->faces[index];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
	struct fc_transfer record = { .kind = FC_TRANSFER_FACE };
	snprintf(record.space, sizeof(record.space), "%s", args->space ? args->space : "");
	fill_person(&record, args, outcome->photo);
	fill_model(&record, fc_service_model(ctx->service, FC_ROLE_EMBEDDER),
		   outcome->analysis->dimension);
	/* the default origin of every command is "cli" */
	fill_face(&record.face, outcome, index, origin ? origin : "cli");
	bool has_person = record.has_pid || record.person.has_number || record.person.name;
	enum fc_reason reason;
	struct fc_error poor;
	if (args->all_faces && has_person &&
	    fc_quality_check(&args->quality, face, outcome->path, &reason, &poor) != FC_OK) {
		out_message(ctx->out, "%s", poor.text);
		return FC_OK;
	}
	if (face->crop) {
		FC_TRY(fc_crop_encode(face->crop, &png, err));
		record.crop = png;
	}
	gallery_record_append(&ctx->out->data, &record);
	return FC_OK;
}

static enum fc_status write_photo(void *context, const struct fc_photo_outcome *outcome,
				  struct fc_error *err)
{
	struct sink *sink = context;
	size_t count = outcome->status == FC_OK ? outcome->analysis->face_count : 0;
	for (size_t i = 0; i < count; i++) {
		if (sink->args->all_faces || i == outcome->chosen) {
			FC_TRY(write_face(sink, outcome, i, err));
		}
	}
	return report_photo(sink->report, outcome, err);
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct extract_args *args = parsed;
	enum { LABEL_MAXIMUM = 255 };
	ctx->ignores_gallery = true;
	FC_TRY(command_write_ndjson(ctx, err));
	if (args->space && !fc_text_is_space_name(args->space)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"invalid name of a space '%s': it must have 1 to 64 characters of a-z, 0-9, _ and -",
			args->space);
	}
	if ((args->name && !fc_text_is_label(args->name, LABEL_MAXIMUM)) ||
	    (args->origin && !fc_text_is_label(args->origin, LABEL_MAXIMUM))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a name must have 1 to %d bytes of UTF-8 without control characters",
			       LABEL_MAXIMUM);
	}
	FC_TRY(quality_limits_of(args->min_quality, &args->quality, err));
	args->all_faces = args->photos.face && strcmp(args->photos.face, "all") == 0;
	args->photos.face = args->all_faces ? NULL : args->photos.face;
	return photo_source_open(&args->source, &args->photos, ctx, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct extract_args *args = parsed;
	struct fc_tally tally = { 0 };
	FC_CLEANUP(report_release) struct report report = { 0 };
	struct sink sink = { &report, args };
	FC_TRY(fc_service_need(ctx->service, FC_VERB_EXTRACT, err));
	FC_TRY(report_begin(&report, ctx, "face", no_fields, &args->source, err));
	const struct fc_detect_request request = {
		.photos = report_source(&report),
		.sink = { write_photo, &sink },
		.want_templates = true,
		.want_crops = settings_keep_crops(ctx->settings),
		.one_face = !args->all_faces,
		.quality = &args->quality,
		.has_person = args->person_id.given || args->name,
	};
	enum fc_status status = fc_service_detect(ctx->service, &request, &tally, err);
	return report_end(&report, status, &tally, err);
}

static void release(void *parsed)
{
	struct extract_args *args = parsed;
	photo_source_release(&args->source);
}

const struct command extract_command = {
	.name = "extract",
	.summary = "write the faces of photos as records for gallery import",
	.synopsis = "[OPTION...] PHOTO... | --from DIR | --manifest FILE",
	.help = "Does not use a gallery. The records are NDJSON; 'gallery import' stores them, 'profiles search --template' searches with them.",
	.options = options,
	.args_size = sizeof(struct extract_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.prepare = prepare,
	.run = run,
	.release = release,
};
