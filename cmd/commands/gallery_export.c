/* All that a gallery holds as lines of JSON. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "command.h"
#include "commands/gallery_open.h"
#include "gallery/transfer/export.h"
#include "option/words.h"
#include "output/gallery_record.h"

struct export_args {
	const char *space, *output;
	struct option_texts pid_words;
	bool entries, crops;
	/* what prepare makes of them */
	struct fc_uuid *pids;
	size_t pid_count;
};

static const struct option_row options[] = {
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct export_args, space),
	  "this space alone" },
	{ OPTION_TEXTS, 0, "pid", "PID", offsetof(struct export_args, pid_words),
	  "this person alone; may be repeated" },
	{ OPTION_FLAG, 0, "entries", NULL, offsetof(struct export_args, entries),
	  "the log of processed faces too" },
	{ OPTION_FLAG, 0, "with-crops", NULL, offsetof(struct export_args, crops),
	  "the kept crops of faces too" },
	{ OPTION_PATH, 'o', "output", "FILE", offsetof(struct export_args, output),
	  "write there, for the user alone, instead of to standard output" },
	{ OPTION_END },
};

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct export_args *args = parsed;
	FC_CLEANUP(words_release) struct word_list words = { 0 };
	(void)ctx;
	FC_TRY(words_split(&args->pid_words, &words, err));
	args->pids = calloc(words.count + 1, sizeof(*args->pids));
	if (!args->pids) {
		return fc_fail_memory(err);
	}
	for (; args->pid_count < words.count; args->pid_count++) {
		FC_TRY(words_parse_pid(words.items[args->pid_count], &args->pids[args->pid_count],
				       err));
	}
	return FC_OK;
}

/* Where records go: standard output, or a file in the making. */
struct sink {
	struct out *out;
	struct fc_file_draft draft;
};

static void sink_release(struct sink *sink)
{
	fc_file_draft_release(&sink->draft);
}

enum { FLUSHED_FROM = 1 << 18 }; /* bytes */

static enum fc_status flush(struct sink *sink, struct fc_error *err)
{
	struct fc_buffer *data = &sink->out->data;
	if (!sink->draft.path) {
		return out_flush(sink->out, err);
	}
	if (!fc_buffer_ok(data)) {
		return fc_fail_memory(err);
	}
	if (!write_fully(sink->draft.fd, data->data, data->length)) {
		return fc_fail_errno(err, FC_IO, errno, "cannot write '%s'", sink->draft.path);
	}
	fc_buffer_clear(data);
	return FC_OK;
}

static enum fc_status write_record(void *context, const struct fc_transfer *record,
				   struct fc_error *err)
{
	struct sink *sink = context;
	gallery_record_append(&sink->out->data, record);
	return sink->out->data.length < FLUSHED_FROM && fc_buffer_ok(&sink->out->data)
		       ? FC_OK
		       : flush(sink, err);
}

static enum fc_status export_into(struct sink *sink, struct fc_gallery *gallery,
				  const struct export_args *args, struct fc_error *err)
{
	const struct fc_export_options wanted = {
		.space = args->space,
		.pids = args->pids,
		.pid_count = args->pid_count,
		.entries = args->entries,
		.crops = args->crops,
	};
	if (args->output && strcmp(args->output, "-") != 0) {
		FC_TRY(fc_file_draft_open(args->output, 0600, &sink->draft, err));
	}
	FC_TRY(fc_gallery_export(gallery, &wanted, write_record, sink, err));
	FC_TRY(flush(sink, err));
	return sink->draft.path ? fc_file_draft_commit(&sink->draft, err) : FC_OK;
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct export_args *args = parsed;
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	FC_CLEANUP(sink_release) struct sink sink = { .out = ctx->out };
	FC_TRY(gallery_open(ctx, FC_GALLERY_READ, &gallery, err));
	enum fc_status status = export_into(&sink, gallery, args, err);
	if (status != FC_OK && sink.draft.path) {
		fc_buffer_clear(&ctx->out->data); /* of a file that there will not be */
	}
	return status;
}

static void release(void *parsed)
{
	struct export_args *args = parsed;
	free(args->pids);
}

const struct command gallery_export_command = {
	.name = "gallery export",
	.summary = "write all that the gallery holds as NDJSON",
	.synopsis = "[--space SPACE] [--pid PID...] [--entries] [--with-crops] [--output FILE]",
	.help = "Templates are faces: keep what is written as you keep the gallery. 'gallery "
		"import' reads it again.",
	.options = options,
	.args_size = sizeof(struct export_args),
	.prepare = prepare,
	.run = run,
	.release = release,
};
