/* gallery export: the content of a gallery as lines of JSON. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "command.h"
#include "commands/gallery/open.h"
#include "commands/gallery/record.h"
#include "gallery/gallery.h"
#include "gallery/transfer/export.h"
#include "option/words.h"

enum { WITH_CROPS = 1 << 0, WITH_ENTRIES = 1 << 1 };
static const char *const with_names[] = { "crops", "entries", NULL };

struct export_args {
	const char *space;
	struct option_texts person_words, with_words;
	unsigned with;        /* WITH_CROPS, WITH_ENTRIES; set by prepare */
	struct fc_uuid *pids; /* of the persons; set by run */
};

static const struct option_row options[] = {
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct export_args, space),
	  "export only this space" },
	{ OPTION_TEXTS, 0, "person", "PERSON", offsetof(struct export_args, person_words),
	  "export only this person: UUID or a unique prefix of it, SPACE/NUMBER or SPACE/NAME; may be repeated" },
	{ OPTION_TEXTS, 0, "with", "WORDS", offsetof(struct export_args, with_words),
	  "also export: crops (stored images of the faces), entries (the log of processed faces)",
	  .choices = with_names },
	{ OPTION_END },
};

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct export_args *args = parsed;
	FC_TRY(command_write_ndjson(ctx, err));
	return words_to_bits(&args->with_words, "--with", with_names, &args->with, err);
}

/* The persons that match one PERSON text. */
struct candidates {
	const struct out *out; /* NULL: only count the persons; else list them too */
	struct fc_uuid pid;    /* pid of the last person found */
	size_t count;
};

static bool note_candidate(const struct fc_person *person, void *context)
{
	struct candidates *candidates = context;
	char pid[FC_UUID_TEXT_SIZE];
	fc_uuid_format(&person->pid, pid);
	if (candidates->out) {
		out_message(candidates->out, "%s  %s", pid, person->name ? person->name : "");
	}
	candidates->pid = person->pid;
	candidates->count++;
	return true;
}

static enum fc_status find_person(struct command_context *ctx, struct fc_gallery_txn *txn,
				  const char *text, const char *space, struct fc_uuid *out,
				  struct fc_error *err)
{
	struct candidates candidates = { 0 };
	FC_TRY(fc_person_find(txn, text, space, note_candidate, &candidates, err));
	if (candidates.count == 0) {
		return fc_fail(err, FC_NOT_FOUND, "there is no person '%s'", text);
	}
	if (candidates.count > 1) {
		candidates.out = ctx->out;
		FC_TRY(fc_person_find(txn, text, space, note_candidate, &candidates, err));
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is ambiguous: it matches %zu persons", text,
			       candidates.count / 2);
	}
	*out = candidates.pid;
	return FC_OK;
}

static enum fc_status find_persons(struct command_context *ctx, struct fc_gallery *gallery,
				   struct export_args *args, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	const struct option_texts *words = &args->person_words;
	args->pids = calloc(words->count + 1, sizeof(*args->pids));
	if (!args->pids) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	for (size_t i = 0; i < words->count; i++) {
		FC_TRY(find_person(ctx, txn, words->items[i], args->space, &args->pids[i], err));
	}
	return FC_OK;
}

enum { FLUSHED_FROM = 1 << 18 }; /* write the output when so many bytes are buffered */

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
	struct export_args *args = parsed;
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	FC_TRY(gallery_open(ctx, FC_GALLERY_READ, &gallery, err));
	FC_TRY(find_persons(ctx, gallery, args, err));
	const struct fc_export_options selection = {
		.space = args->space,
		.pids = args->pids,
		.pid_count = args->person_words.count,
		.entries = args->with & WITH_ENTRIES,
		.crops = args->with & WITH_CROPS,
	};
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
	.help = "The output contains the same personal data as the gallery: protect it in the same way. 'gallery import' reads it.",
	.options = options,
	.args_size = sizeof(struct export_args),
	.prepare = prepare,
	.run = run,
	.release = release,
};
