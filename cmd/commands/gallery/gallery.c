/* gallery check and reindex: find damage, rebuild the search index. */
/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "commands/gallery/open.h"
#include "gallery/maintain/maintain.h"
#include "output/record.h"

struct check_record {
	const char *gallery;
	struct fc_check_report found;
};

#define IN(member) offsetof(struct check_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "gallery", IN(gallery), 0, "gallery" },
	{ RECORD_INTEGER, "spaces", IN(found.spaces), 0, "spaces" },
	{ RECORD_INTEGER, "persons", IN(found.persons), 0, "persons" },
	{ RECORD_INTEGER, "faces", IN(found.faces), 0, "faces" },
	{ RECORD_INTEGER, "entries", IN(found.entries), 0, "entries" },
	{ RECORD_INTEGER, "bytes", IN(found.bytes), 0, "bytes" },
	{ RECORD_INTEGER, "problems", IN(found.problems), 0, "problems" },
	{ RECORD_END },
};

static void report_problem(const char *text, void *context)
{
	out_message(context, "%s", text);
}

static enum fc_status run_check(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	struct check_record record = { .gallery = ctx->settings->gallery };
	(void)args;
	FC_TRY(gallery_open(ctx, FC_GALLERY_READ, &gallery, err));
	FC_TRY(fc_gallery_check(gallery, report_problem, ctx->out, &record.found, err));
	bool damaged = record.found.problems > 0;
	FC_TRY(record_show(ctx->out, "gallery", fields, &record, damaged ? TONE_BAD : TONE_PLAIN,
			   err));
	return damaged ? fc_fail(err, FC_DAMAGED, "the gallery '%s' is damaged", record.gallery)
		       : FC_OK;
}

const struct command gallery_check_command = {
	.name = "gallery check",
	.summary = "read the whole gallery and report damage",
	.synopsis = "",
	.run = run_check,
};

struct reindex_record {
	const char *gallery;
	uint64_t spaces;
};

static const struct record_field reindex_fields[] = {
	{ RECORD_TEXT, "gallery", offsetof(struct reindex_record, gallery), 0, "gallery" },
	{ RECORD_INTEGER, "spaces", offsetof(struct reindex_record, spaces), 0, "spaces" },
	{ RECORD_END },
};

static enum fc_status run_reindex(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	struct reindex_record record = { .gallery = ctx->settings->gallery };
	(void)args;
	FC_TRY(gallery_open(ctx, FC_GALLERY_WRITE, &gallery, err));
	FC_TRY(fc_gallery_reindex(gallery, &record.spaces, err));
	return record_show(ctx->out, "reindex", reindex_fields, &record, TONE_PLAIN, err);
}

const struct command gallery_reindex_command = {
	.name = "gallery reindex",
	.summary = "rebuild the search index from the faces",
	.synopsis = "",
	.run = run_reindex,
};
