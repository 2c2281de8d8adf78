/* The models in the model path: models list, show, check, path. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "commands/models/list.h"
#include "exit.h"
#include "output/record.h"

enum { SET_TEXT_SIZE = 320 };

struct model_record {
	const char *name, *role, *file, *state, *sha256;
	const char *licence, *source, *note, *descriptor, *calibration, *urls;
	int64_t bytes, dimension;
	double threshold; /* at a false match rate of 1e-4 */
	char digest[FC_SHA256_TEXT_SIZE];
	struct record_texts sets; /* of the calibration */
	const char *set_items[FC_CALIBRATION_SETS_MAXIMUM];
	char set_texts[FC_CALIBRATION_SETS_MAXIMUM][SET_TEXT_SIZE];
};

#define IN(member) offsetof(struct model_record, member)

static const struct record_field list_fields[] = {
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_TEXT, "role", IN(role), 0, "ROLE" },
	{ RECORD_TEXT, "state", IN(state), 0, "STATE" },
	{ RECORD_INTEGER, "bytes", IN(bytes), 0, "BYTES" },
	{ RECORD_TEXT, "licence", IN(licence), 0, "LICENCE" },
	{ RECORD_TEXT, "sha256", IN(sha256) },
	{ RECORD_TEXT, "file", IN(file), 0, "FILE", .rank = 1, .end_counts = true },
	{ RECORD_END },
};

static const struct record_field show_fields[] = {
	{ RECORD_TEXT, "name", IN(name), 0, "name" },
	{ RECORD_TEXT, "role", IN(role), 0, "role" },
	{ RECORD_TEXT, "state", IN(state), 0, "state" },
	{ RECORD_TEXT, "file", IN(file), 0, "file" },
	{ RECORD_TEXT, "descriptor", IN(descriptor), 0, "descriptor" },
	{ RECORD_INTEGER, "bytes", IN(bytes), 0, "bytes" },
	{ RECORD_TEXT, "sha256", IN(sha256), 0, "sha256" },
	{ RECORD_INTEGER, "dimension", IN(dimension), 0, "dimension" },
	{ RECORD_REAL, "threshold_fmr_1e_4", IN(threshold), 4, "threshold at fmr 1e-4" },
	{ RECORD_TEXT, "calibration", IN(calibration), 0, "calibrated on" },
	{ RECORD_TEXTS, "calibration_sets", IN(sets), 0, "sets", .rows = true },
	{ RECORD_TEXT, "licence", IN(licence), 0, "licence" },
	{ RECORD_TEXT, "source", IN(source), 0, "source" },
	{ RECORD_TEXT, "url", IN(urls), 0, "download" },
	{ RECORD_TEXT, "note", IN(note), 0, "note" },
	{ RECORD_END },
};

/* Describe a set of thresholds, and at which rates it has the highest ones of those in use. */
static void describe_set(const struct fc_model *model, size_t index, char out[SET_TEXT_SIZE])
{
	static const double rates[] = { 1e-2, 1e-3, 1e-4, 1e-5 };
	const struct fc_calibration_set *set = &model->sets[index];
	const struct fc_calibration *measured = &set->calibration;
	const struct fc_calibration_point *last = &measured->points[measured->count - 1];
	char use[64] = "";
	if (!fc_calibration_set_is_used(set)) {
		snprintf(use, sizeof(use), "not used: %s",
			 set->natural ? "shows children" : "closely cropped");
	} else {
		for (size_t i = 0; i < FC_ARRAY_LENGTH(rates); i++) {
			size_t highest = SIZE_MAX;
			size_t length = strlen(use);
			double threshold = fc_calibration_sets_threshold(
				model->sets, model->set_count, rates[i], &highest);
			if (!isnan(threshold) && highest == index) {
				snprintf(use + length, sizeof(use) - length, "%s%g",
					 length > 0 ? ", " : "in use at fmr ", rates[i]);
			}
		}
		if (use[0] == '\0') {
			snprintf(use, sizeof(use), "another set is higher");
		}
	}
	char factors[64] = "";
	for (size_t i = 0; i < measured->factors.count; i++) {
		const struct fc_mean_factor *factor = &measured->factors.items[i];
		size_t length = strlen(factors);
		snprintf(factors + length, sizeof(factors) - length, "%s%u photos x %.3f",
			 length > 0 ? ", " : "; ", factor->templates, factor->factor);
	}
	snprintf(out, SET_TEXT_SIZE, "%s (%llu impostor pairs, %.4f at fmr %g%s; %s)", set->name,
		 (unsigned long long)measured->impostor_pairs, last->threshold, last->fmr, factors,
		 use);
}

/* A record describes one network; a model may have several. */
static void fill_record(struct model_record *record, const struct fc_model *model, size_t index,
			const char *state)
{
	const struct fc_model_file *file = &model->files[index];
	bool embedder = model->role == FC_ROLE_EMBEDDER;
	bool extrapolated;
	*record = (struct model_record){
		.name = model->name,
		.role = fc_model_role_name(model->role),
		.file = file->path ? file->path : file->name,
		.state = state,
		.licence = model->licence,
		.source = model->source,
		.note = model->note,
		.descriptor = model->descriptor_path,
		.calibration = embedder ? model->calibration.source : NULL,
		.urls = file->url_count > 0 ? file->urls[0] : NULL,
		.bytes = (int64_t)file->bytes,
		.dimension = embedder ? (int64_t)model->dimension : RECORD_ABSENT,
		.threshold = NAN,
	};
	if (embedder && fc_calibration_threshold(&model->calibration, 1e-4, &record->threshold,
						 &extrapolated, NULL) != FC_OK) {
		record->threshold = NAN;
	}
	for (size_t i = 0; i < model->set_count; i++) {
		describe_set(model, i, record->set_texts[i]);
		record->set_items[i] = record->set_texts[i];
	}
	record->sets = (struct record_texts){ record->set_items, model->set_count };
	fc_sha256_format(&file->sha256, record->digest);
	record->sha256 = record->digest;
}

/* Read a model's file and compare its SHA-256. The first failure is stored in *worst. */
static const char *state_by_hash(const struct command_context *ctx, const struct fc_model *model,
				 size_t index, enum fc_status *worst)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_error err = { 0 };
	enum fc_status status = fc_model_read(model, index, &bytes, &err);
	if (status == FC_OK) {
		return "verified";
	}
	out_message(ctx->out, "%s", err.text);
	*worst = *worst == FC_OK ? status : *worst;
	return status == FC_MODEL_MISSING ? "missing" : "damaged";
}

static enum fc_status write_model(struct record_writer *writer, const struct fc_model *model,
				  struct fc_error *err)
{
	for (size_t i = 0; i < model->file_count; i++) {
		struct model_record record;
		bool present = model->files[i].path != NULL;
		fill_record(&record, model, i, present ? "present" : "missing");
		FC_TRY(record_write(writer, &record, present ? TONE_PLAIN : TONE_FAINT, err));
	}
	return FC_OK;
}

static enum fc_status run_list(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(models_release) struct models models = { 0 };
	(void)args;
	FC_TRY(models_find(&models, ctx, err));
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "model", list_fields, false);
	for (size_t i = 0; i < models.list.count; i++) {
		FC_TRY(write_model(&writer, models.list.models[i], err));
	}
	return record_finish(&writer, err);
}

const struct command models_list_command = {
	.name = "models list",
	.summary = "list the models in the model path",
	.synopsis = "",
	.fields = list_fields,
	.run = run_list,
};

/* ---- models by name ---- */

struct models_args {
	struct option_texts names;
};

static const struct option_row show_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "NAME", offsetof(struct models_args, names), "name of a model",
	  .minimum = 1, .maximum = 1 },
	{ OPTION_END },
};

static const struct option_row check_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "NAME", offsetof(struct models_args, names),
	  "name of a model; default: all installed models" },
	{ OPTION_END },
};

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct models_args *args = parsed;
	const struct fc_model *model = NULL;
	FC_CLEANUP(models_release) struct models models = { 0 };
	FC_TRY(models_find(&models, ctx, err));
	FC_TRY(models_get(&models, args->names.items[0], &model, err));
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "model", show_fields, model->file_count == 1);
	FC_TRY(write_model(&writer, model, err));
	return record_finish(&writer, err);
}

const struct command models_show_command = {
	.name = "models show",
	.summary = "show the descriptor of a model",
	.synopsis = "NAME",
	.options = show_options,
	.args_size = sizeof(struct models_args),
	.fields = show_fields,
	.run = run_show,
};

static enum fc_status check_model(struct command_context *ctx, struct record_writer *writer,
				  const struct fc_model *model, enum fc_status *worst,
				  struct fc_error *err)
{
	for (size_t i = 0; i < model->file_count; i++) {
		struct model_record record;
		enum fc_status one = FC_OK;
		fill_record(&record, model, i, state_by_hash(ctx, model, i, &one));
		*worst = *worst == FC_OK ? one : *worst;
		FC_TRY(record_write(writer, &record, one == FC_OK ? TONE_GOOD : TONE_BAD, err));
	}
	return FC_OK;
}

static enum fc_status run_check(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct models_args *args = parsed;
	enum fc_status worst = FC_OK;
	FC_CLEANUP(models_release) struct models models = { 0 };
	FC_TRY(models_find(&models, ctx, err));
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "model", list_fields, false);
	for (size_t i = 0; i < args->names.count; i++) {
		const struct fc_model *model = NULL;
		FC_TRY(models_get(&models, args->names.items[i], &model, err));
		FC_TRY(check_model(ctx, &writer, model, &worst, err));
	}
	for (size_t i = 0; args->names.count == 0 && i < models.list.count; i++) {
		if (fc_model_is_present(models.list.models[i])) {
			FC_TRY(check_model(ctx, &writer, models.list.models[i], &worst, err));
		}
	}
	FC_TRY(record_finish(&writer, err));
	return exit_shown(worst, err);
}

const struct command models_check_command = {
	.name = "models check",
	.summary = "verify the SHA-256 of models",
	.synopsis = "[NAME...]",
	.options = check_options,
	.args_size = sizeof(struct models_args),
	.fields = list_fields,
	.run = run_check,
};

/* ---- the model path ---- */

struct folder_record {
	const char *folder, *origin, *state;
};

static const struct record_field folder_fields[] = {
	{ RECORD_TEXT, "folder", offsetof(struct folder_record, folder), 0, "FOLDER" },
	{ RECORD_TEXT, "origin", offsetof(struct folder_record, origin), 0, "FROM" },
	{ RECORD_TEXT, "state", offsetof(struct folder_record, state), 0, "STATE" },
	{ RECORD_END },
};

static enum fc_status run_path(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(engine_release) struct engine engine = { 0 };
	(void)args;
	FC_TRY(engine_init(&engine, ctx->settings, 0, NULL, err));
	const struct fc_model_path *path = &engine.options.model_path;
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "model_folder", folder_fields, false);
	for (size_t i = 0; i < path->count; i++) {
		const char *folder = path->directories[i];
		bool there = access(folder, R_OK | X_OK) == 0;
		const struct folder_record record = {
			.folder = folder,
			.origin = folder == engine.user_models
					  ? "pulled"
					  : (folder == engine.locations.models ? "box" : "given"),
			.state = there ? "present" : "missing",
		};
		FC_TRY(record_write(&writer, &record, there ? TONE_PLAIN : TONE_FAINT, err));
	}
	return record_finish(&writer, err);
}

const struct command models_path_command = {
	.name = "models path",
	.summary = "list the folders that are searched for models",
	.synopsis = "",
	.fields = folder_fields,
	.run = run_path,
};
