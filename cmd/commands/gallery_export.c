/* gallery export: the content of a gallery as lines of JSON. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "command.h"
#include "commands/gallery_open.h"
#include "commands/gallery_record.h"
#include "gallery/transfer/export.h"
#include "option/words.h"

enum { WITH_CROPS = 1 << 0, WITH_ENTRIES = 1 << 1 };
static const char *const with_names[] = { "crops", "entries", NULL };

struct export_args {
	const char *space;
	struct option_texts person_words, with_words;
	/* what prepare makes of them */
	struct fc_uuid *pids;
	size_t pid_count;
	unsigned with; /* WITH_CROPS, WITH_ENTRIES */
};

static const struct option_row options[] = {
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct export_args, space),
	  "only this space" },
	{ OPTION_TEXTS, 0, "person", "PERSON", offsetof(struct export_args, person_words),
	  "only this person, by its UUID; may be repeated" },
	{ OPTION_TEXTS, 0, "with", "WORDS", offsetof(struct export_args, with_words),
	  "add crops (the kept crops of faces), entries (the log of processed faces)" },
	{ OPTION_END },
};

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct export_args *args = parsed;
	FC_CLEANUP(words_release) struct word_list words = { 0 };
	FC_TRY(command_write_ndjson(ctx, err));
	FC_TRY(words_to_bits(&args->with_words, "--with", with_names, &args->with, err));
	FC_TRY(words_split(&args->person_words, &words, err));
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

enum { FLUSHED_FROM = 1 << 18 }; /* bytes */

static enum fc_status write_record(void *context, const struct fc_transfer *record,
				   struct fc_error *err)
{
	struct out *out = context;
	gallery_record_append(&out->data, record);
	return out->data.length < FLUSHED_FROM && fc_buffer_ok(&out->data) ? FC_OK
									   : out_flush(out, err);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct export_args *args = parsed;
	const struct fc_export_options selection = {
		.space = args->space,
		.pids = args->pids,
		.pid_count = args->pid_count,
		.entries = args->with & WITH_ENTRIES,
		.crops = args->with & WITH_CROPS,
	};
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	FC_TRY(gallery_open(ctx, FC_GALLERY_READ, &gallery, err));
	return fc_gallery_export(gallery, &selection, write_record, ctx->out, err);
}

static void release(void *parsed)
{
	struct export_args *args = parsed;
	free(args->pids);
}

const struct command gallery_export_command = {
	.name = "gallery export",
	.summary = "write the content of the gallery as NDJSON",
	.synopsis = "[--space SPACE] [--person PERSON...] [--with crops,entries]",
	.help = "The output is as personal as the gallery: protect it equally. 'gallery import' reads it.",
	.options = options,
	.args_size = sizeof(struct export_args),
	.prepare = prepare,
	.run = run,
	.release = release,
};
