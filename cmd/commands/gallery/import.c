/* gallery import: faces from other galleries and from extract. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/text.h"
#include "command.h"
#include "commands/gallery/open.h"
#include "engine.h"
#include "gallery/transfer/import.h"
#include "interrupt.h"
#include "output/record.h"
#include "output/records_open.h"
#include "photos/progress.h"
#include "service/input/list_reader.h"

struct import_args {
	const char *space;
	unsigned conflict;
	bool dry_run;
	struct option_texts file;
};

static const char *const conflicts[] = { "error", "skip", "merge", NULL }; /* fc_import_conflict */

static const struct option_row options[] = {
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct import_args, space),
	  "store all records in this space instead of their own" },
	{ OPTION_CHOICE, 0, "on-conflict", "RULE", offsetof(struct import_args, conflict),
	  "on a record that conflicts with the gallery: error (the default), skip, or merge persons with "
	  "the same number",
	  .choices = conflicts },
	{ OPTION_FLAG, 'n', "dry-run", NULL, offsetof(struct import_args, dry_run),
	  "do everything except storing the result" },
	{ OPTION_OPERANDS, 0, NULL, "FILE", offsetof(struct import_args, file),
	  "records, or - for standard input", .minimum = 1, .maximum = 1 },
	{ OPTION_END },
};

struct import_record {
	const char *gallery;
	struct fc_import_tally tally;
};

#define IN(member) offsetof(struct import_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "gallery", IN(gallery), 0, "gallery" },
	{ RECORD_INTEGER, "records", IN(tally.records), 0, "records" },
	{ RECORD_INTEGER, "spaces", IN(tally.added[FC_TRANSFER_SPACE]), 0, "spaces added" },
	{ RECORD_INTEGER, "origins", IN(tally.added[FC_TRANSFER_ORIGIN]), 0, "origins added" },
	{ RECORD_INTEGER, "persons", IN(tally.added[FC_TRANSFER_PERSON]), 0, "persons added" },
	{ RECORD_INTEGER, "faces", IN(tally.added[FC_TRANSFER_FACE]), 0, "faces added" },
	{ RECORD_INTEGER, "entries", IN(tally.added[FC_TRANSFER_ENTRY]), 0, "entries added" },
	{ RECORD_INTEGER, "unchanged", IN(tally.unchanged), 0, "already stored" },
	{ RECORD_INTEGER, "skipped", IN(tally.skipped), 0, "skipped" },
	{ RECORD_INTEGER, "failed", IN(tally.failed), 0, "failed" },
	{ RECORD_END },
};

struct source {
	struct command_context *ctx;
	const char *name;
	uint64_t bytes; /* 0 for a pipe */
	struct fc_gallery *gallery;
	struct progress progress;
};

static void source_release(struct source *source)
{
	progress_hide(&source->progress);
	fc_gallery_close(source->gallery);
}

static void report_problem(void *context, const char *text)
{
	struct source *source = context;
	progress_hide(&source->progress);
	out_message(source->ctx->out, "%s", text);
}

static enum fc_status create(void *context, struct fc_gallery **out, struct fc_error *err)
{
	struct source *source = context;
	FC_TRY(gallery_open(source->ctx, FC_GALLERY_CREATE, &source->gallery, err));
	*out = source->gallery;
	return FC_OK;
}

static enum fc_status describe(void *context, const char *name, struct fc_embedder_pin *out,
			       struct fc_error *err)
{
	const struct source *source = context;
	FC_CLEANUP(engine_release) struct engine engine = { 0 };
	FC_TRY(engine_init(&engine, source->ctx->settings, 0, NULL, err));
	return fc_local_describe_embedder(&engine.options, name, out, err);
}

enum {
	GATHERING = 1000
}; /* milliseconds without a line after which the records so far are stored */

static enum fc_status read_all(struct source *source, struct fc_list_reader *list,
			       struct fc_import *import, const volatile sig_atomic_t *stop,
			       struct fc_error *err)
{
	while (!*stop) {
		struct fc_list_record line;
		bool end = false;
		if (!fc_list_ready(list, GATHERING)) {
			FC_TRY(fc_import_store(import, err));
			continue;
		}
		FC_TRY_PREFIX(fc_list_next(list, &line, &end, err), err, "'%s'", source->name);
		if (end) {
			return fc_import_finish(import, err);
		}
		if (line.fault == FC_LIST_SOUND) {
			FC_TRY(fc_import_line(import, line.line, line.text, line.length, err));
		} else {
			fc_import_fail(import, line.line, "the line is too long");
		}
		if (source->bytes > 0) {
			progress_bytes(&source->progress, source->name, fc_list_offset(list),
				       source->bytes);
		}
	}
	return fc_import_store(import, err);
}

/* Also reports what was stored before an error or an interruption. */
static enum fc_status import_from(struct source *source,
				  const struct fc_import_options *import_options,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_list_closep) struct fc_list_reader *list = NULL;
	FC_CLEANUP(fc_import_closep) struct fc_import *import = NULL;
	const volatile sig_atomic_t *stop = interrupt_watch();
	FC_TRY(records_open(source->name, &list, &source->bytes, err));
	FC_TRY(fc_import_open(import_options, &import, err));
	enum fc_status status = read_all(source, list, import, stop, err);
	const struct fc_import_tally *tally = fc_import_tally(import);
	progress_hide(&source->progress);
	uint64_t counted = tally->unchanged + tally->skipped + tally->failed;
	for (size_t i = 0; i < FC_TRANSFER_KINDS; i++) {
		counted += tally->added[i];
	}
	if (status != FC_OK && counted == 0) {
		return status;
	}
	const struct import_record record = { source->ctx->settings->gallery, *tally };
	enum fc_status written = record_show(source->ctx->out, "import", fields, &record,
					     tally->failed > 0 ? TONE_BAD : TONE_PLAIN,
					     status == FC_OK ? err : NULL);
	if ((status != FC_OK || *stop) && !import_options->dry_run) {
		out_note(source->ctx->out,
			 "%sthe records counted above are stored; run the same command to continue",
			 *stop ? "interrupted; " : "");
	}
	FC_TRY(status);
	FC_TRY(written);
	return tally->failed == 0
		       ? FC_OK
		       : fc_fail(err, counted > tally->failed ? FC_PARTIAL : FC_UNREADABLE,
				 "%" PRIu64 " record%s of '%s' failed", tally->failed,
				 tally->failed == 1 ? "" : "s", source->name);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct import_args *args = parsed;
	FC_CLEANUP(source_release)
	struct source source = {
		.ctx = ctx,
		.name = args->file.items[0],
		.progress = progress_begin(ctx->settings),
	};
	if (args->space && !fc_text_is_space_name(args->space)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"invalid name of a space '%s': it must have 1 to 64 characters of a-z, 0-9, _ and -",
			args->space);
	}
	enum fc_status status = gallery_open(ctx, FC_GALLERY_WRITE, &source.gallery, err);
	if (status != FC_OK && status != FC_GALLERY_MISSING) {
		return status;
	}
	const struct fc_import_options import_options = {
		.gallery = source.gallery,
		.source = source.name,
		.space = args->space,
		.conflict = (enum fc_import_conflict)args->conflict,
		.dry_run = args->dry_run,
		.create = create,
		.problem = report_problem,
		.describe = describe,
		.context = &source,
	};
	return import_from(&source, &import_options, err);
}

const struct command gallery_import_command = {
	.name = "gallery import",
	.summary = "store faces that 'gallery export' or 'extract' wrote",
	.synopsis = "[--space SPACE] [--on-conflict error|skip|merge] [--dry-run] FILE|-",
	.help = "Existing data is kept, so importing a file again changes nothing. Faces of another embedder are rejected.",
	.options = options,
	.args_size = sizeof(struct import_args),
	.run = run,
};
