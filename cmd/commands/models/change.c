/* models use and delete: choose the models of new galleries, delete downloaded files. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "commands/models/list.h"
#include "config/edit.h"
#include "option/operands.h"
#include "output/record.h"

struct name_args {
	struct option_texts names;
};

static const struct option_row name_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "NAME", offsetof(struct name_args, names), "name of a model",
	  .minimum = 1 },
	{ OPTION_END },
};

/* ---- use ---- */

struct use_record {
	const char *setting, *value, *file;
};

static const struct record_field use_fields[] = {
	{ RECORD_TEXT, "setting", offsetof(struct use_record, setting), 0, "SETTING" },
	{ RECORD_TEXT, "value", offsetof(struct use_record, value), 0, "VALUE" },
	{ RECORD_TEXT, "file", offsetof(struct use_record, file), 0, "FILE" },
	{ RECORD_END },
};

static enum fc_status use_model(struct command_context *ctx, const struct fc_model *model,
				const char *path, struct record_writer *writer,
				struct fc_error *err)
{
	static const char *const names[] = {
		[FC_ROLE_DETECTOR] = "detector",
		[FC_ROLE_EMBEDDER] = "embedder",
		[FC_ROLE_LIVENESS] = "liveness-model",
		[FC_ROLE_ATTRIBUTES] = "attribute-model",
	};
	const char *name = names[model->role];
	const struct config_setting setting = { "models", name, model->name };
	FC_TRY(fc_model_require_files(model, err));
	FC_TRY(config_file_set(path, &setting, err));
	if (model->role == FC_ROLE_EMBEDDER) {
		out_note(ctx->out, "existing galleries keep their embedder");
	}
	const struct use_record record = { name, model->name, path };
	return record_write(writer, &record, TONE_GOOD, err);
}

static enum fc_status run_use(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct name_args *args = parsed;
	FC_CLEANUP(models_release) struct models models = { 0 };
	FC_CLEANUP(fc_free) char *path = NULL;
	FC_TRY(settings_config_path(ctx->settings, &path, err));
	FC_TRY(models_find(&models, ctx, err));
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "setting", use_fields, false);
	for (size_t i = 0; i < args->names.count; i++) {
		const struct fc_model *model = NULL;
		FC_TRY(models_get(&models, args->names.items[i], &model, err));
		FC_TRY(use_model(ctx, model, path, &writer, err));
	}
	return record_finish(&writer, err);
}

const struct command models_use_command = {
	.name = "models use",
	.summary = "make a model the default for new galleries",
	.synopsis = "NAME...",
	.help = "Writes the model's name to the section [models] of the configuration.",
	.options = name_options,
	.args_size = sizeof(struct name_args),
	.fields = use_fields,
	.run = run_use,
};

/* ---- delete ---- */

struct delete_record {
	const char *name, *file, *result;
};

static const struct record_field delete_fields[] = {
	{ RECORD_TEXT, "name", offsetof(struct delete_record, name), 0, "NAME" },
	{ RECORD_TEXT, "result", offsetof(struct delete_record, result), 0, "RESULT" },
	{ RECORD_TEXT, "file", offsetof(struct delete_record, file), 0, "FILE" },
	{ RECORD_END },
};

/* Delete one model file in the user's folder, and its partial download. *deleted is set if a file existed. */
static enum fc_status delete_file(const char *folder, const char *name, bool *deleted,
				  struct record_writer *writer, const struct fc_model *model,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *path = fc_path_join(folder, name);
	FC_CLEANUP(fc_free) char *partial = NULL;
	if (!path || asprintf(&partial, "%s.part", path) < 0) {
		partial = NULL;
		return fc_fail_memory(err);
	}
	const char *const paths[] = { path, partial };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(paths); i++) {
		if (unlink(paths[i]) == 0) {
			const struct delete_record record = { model->name, paths[i], "deleted" };
			*deleted = true;
			FC_TRY(record_write(writer, &record, TONE_PLAIN, err));
		} else if (errno != ENOENT) {
			return fc_fail_errno(err, FC_IO, errno, "cannot delete '%s'", paths[i]);
		}
	}
	return FC_OK;
}

static enum fc_status delete_model(const char *folder, const struct fc_model *model,
				   struct record_writer *writer, struct fc_error *err)
{
	bool deleted = false;
	for (size_t i = 0; folder && i < model->file_count; i++) {
		FC_TRY(delete_file(folder, model->files[i].name, &deleted, writer, model, err));
	}
	if (deleted) {
		return FC_OK;
	}
	return fc_fail(err, FC_NOT_FOUND, "no file of model '%s' was pulled%s%s%s", model->name,
		       model->files[0].path ? "; '" : "",
		       model->files[0].path ? model->files[0].path : "",
		       model->files[0].path ? "' is not deleted" : "");
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct name_args *args = parsed;
	FC_CLEANUP(models_release) struct models models = { 0 };
	struct operand_outcomes outcomes = { 0 };
	FC_TRY(models_find(&models, ctx, err));
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "model_file", delete_fields, false);
	for (size_t i = 0; i < args->names.count; i++) {
		const struct fc_model *model = NULL;
		struct fc_error failure = { 0 };
		enum fc_status status = models_get(&models, args->names.items[i], &model, &failure);
		if (status == FC_OK) {
			status = delete_model(models.engine.user_models, model, &writer, &failure);
		}
		if (status != FC_OK && status != FC_NOT_FOUND && status != FC_MODEL_MISSING) {
			*err = failure;
			return status;
		}
		operand_note(&outcomes, status == FC_OK ? NULL : &failure);
	}
	FC_TRY(record_finish(&writer, err));
	return operand_judge(&outcomes, err);
}

const struct command models_delete_command = {
	.name = "models delete",
	.summary = "delete downloaded model files",
	.synopsis = "NAME...",
	.options = name_options,
	.args_size = sizeof(struct name_args),
	.fields = delete_fields,
	.run = run_delete,
};
