/* models pull: download or copy a model's files into the user's folder of models. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "commands/models/list.h"
#include "interrupt.h"
#include "output/record.h"
#include "photos/progress.h"
#include "remote.h"
#include "service/remote/model_pull.h"

struct pull_args {
	struct option_texts names;
	const char *from, *ca_file;
};

static const struct option_row options[] = {
	{ OPTION_OPERANDS, 0, NULL, "NAME", offsetof(struct pull_args, names), "name of a model",
	  .minimum = 1 },
	{ OPTION_TEXT, 0, "from", "DIR|URL", offsetof(struct pull_args, from),
	  "folder or https URL to get the files from, instead of the publisher's" },
	{ OPTION_PATH, 0, "ca-file", "FILE", offsetof(struct pull_args, ca_file),
	  "file of CA certificates to trust instead of the system's" },
	{ OPTION_END },
};

struct pull_record {
	const char *name, *file, *result, *licence;
	int64_t bytes;
};

#define IN(member) offsetof(struct pull_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_TEXT, "result", IN(result), 0, "RESULT" },
	{ RECORD_INTEGER, "bytes", IN(bytes), 0, "BYTES" },
	{ RECORD_TEXT, "licence", IN(licence), 0, "LICENCE" },
	{ RECORD_TEXT, "file", IN(file), 0, "FILE" },
	{ RECORD_END },
};

struct sink {
	struct progress progress;
	struct record_writer writer;
};

static void sink_release(struct sink *sink)
{
	progress_hide(&sink->progress);
	record_writer_release(&sink->writer);
}

static void show_progress(void *context, const char *file, uint64_t have, uint64_t bytes)
{
	struct sink *sink = context;
	progress_bytes(&sink->progress, file, have, bytes);
}

/* Download or copy one file, unless it exists with the right hash. */
static enum fc_status pull_file(struct sink *sink, const struct fc_pull_options *pull, size_t index,
				struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer present = { 0 };
	FC_CLEANUP(fc_free) char *path = NULL;
	const struct fc_model_file *file = &pull->model->files[index];
	bool there = file->path && fc_model_read(pull->model, index, &present, NULL) == FC_OK;
	fc_buffer_release(&present);
	if (!there) {
		enum fc_status status = fc_model_pull(pull, index, &path, err);
		progress_hide(&sink->progress);
		FC_TRY(status);
	}
	const struct pull_record record = {
		.name = pull->model->name,
		.result = there ? "present" : "pulled",
		.file = there ? file->path : path,
		.licence = pull->model->licence,
		.bytes = (int64_t)file->bytes,
	};
	return record_write(&sink->writer, &record, there ? TONE_PLAIN : TONE_GOOD, err);
}

/* Fail if another model needs a file of the same name with other bytes, because the pull would replace it. */
static enum fc_status check_names(const struct models *models, const struct fc_model *model,
				  struct fc_error *err)
{
	for (size_t i = 0; i < models->list.count; i++) {
		const struct fc_model *other = models->list.models[i];
		for (size_t k = 0; k < other->file_count * model->file_count; k++) {
			const struct fc_model_file *theirs = &other->files[k / model->file_count];
			const struct fc_model_file *ours = &model->files[k % model->file_count];
			if (strcmp(theirs->name, ours->name) == 0 &&
			    !fc_sha256_equal(&theirs->sha256, &ours->sha256)) {
				return fc_fail(
					err, FC_MODEL_MISMATCH,
					"the file '%s' of model '%s' belongs to model '%s', which needs other bytes",
					ours->name, model->name, other->name);
			}
		}
	}
	return FC_OK;
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pull_args *args = parsed;
	FC_CLEANUP(models_release) struct models models = { 0 };
	FC_TRY(models_find(&models, ctx, err));
	if (!models.engine.user_models) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "there is no home folder for models; set HOME");
	}
	FC_CLEANUP(sink_release)
	struct sink sink = {
		.progress = progress_begin(ctx->settings),
		.writer = record_writer_of(ctx->out, "model_file", fields, false),
	};
	struct fc_pull_options pull = {
		.directory = models.engine.user_models,
		.from = args->from,
		.remote = { models.engine.locations.remote_module, FC_VERSION },
		.http = fc_http_defaults(),
		.progress = show_progress,
		.progress_context = &sink,
	};
	pull.http.ca_file = args->ca_file;
	pull.http.proxy = proxy_of_environment("https:");
	pull.http.no_proxy = no_proxy_of_environment();
	pull.http.user_agent = "facectl/" FC_VERSION;
	pull.http.slow_bytes = 1024;
	pull.http.stop = interrupt_watch();
	for (size_t i = 0; i < args->names.count; i++) {
		FC_TRY(models_get(&models, args->names.items[i], &pull.model, err));
		FC_TRY(check_names(&models, pull.model, err));
		out_note(ctx->out, "%s: %s; from %s", pull.model->name, pull.model->licence,
			 pull.model->source);
		if (pull.model->note) {
			out_note(ctx->out, "%s", pull.model->note);
		}
		for (size_t file = 0; file < pull.model->file_count; file++) {
			FC_TRY(pull_file(&sink, &pull, file, err));
		}
	}
	return record_finish(&sink.writer, err);
}

const struct command models_pull_command = {
	.name = "models pull",
	.summary = "download a model and check it",
	.synopsis = "NAME... [--from DIR|URL]",
	.help = "No other command downloads anything. A file is installed only after its size and SHA-256 were verified; an interrupted download is resumed.",
	.options = options,
	.args_size = sizeof(struct pull_args),
	.fields = fields,
	.run = run,
};
