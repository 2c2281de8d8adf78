/* gallery compact, upgrade, backup: other forms of the gallery's file. */
/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "commands/gallery/open.h"
#include "gallery/maintain/maintain.h"
#include "output/record.h"

/* ---- compact ---- */

struct compact_record {
	const char *gallery;
	struct fc_compact_report done;
};

static const struct record_field compact_fields[] = {
	{ RECORD_TEXT, "gallery", offsetof(struct compact_record, gallery), 0, "gallery" },
	{ RECORD_INTEGER, "bytes_before", offsetof(struct compact_record, done.before), 0,
	  "bytes before" },
	{ RECORD_INTEGER, "bytes", offsetof(struct compact_record, done.after), 0, "bytes" },
	{ RECORD_INTEGER, "spaces", offsetof(struct compact_record, done.spaces), 0,
	  "spaces reindexed" },
	{ RECORD_END },
};

static enum fc_status run_compact(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	struct compact_record record = { .gallery = ctx->settings->gallery };
	(void)args;
	FC_TRY(gallery_open(ctx, FC_GALLERY_WRITE, &gallery, err));
	FC_TRY(fc_gallery_compact(gallery, &record.done, err));
	return record_show(ctx->out, "compact", compact_fields, &record, TONE_PLAIN, err);
}

const struct command gallery_compact_command = {
	.name = "gallery compact",
	.summary = "rewrite the gallery without deleted data",
	.synopsis = "",
	.help = "Erases deleted templates and makes the file smaller. Needs exclusive access: waits for other commands up to --lock-timeout.",
	.run = run_compact,
};

/* ---- upgrade ---- */

struct upgrade_record {
	const char *gallery;
	int64_t before, after;
};

static const struct record_field upgrade_fields[] = {
	{ RECORD_TEXT, "gallery", offsetof(struct upgrade_record, gallery), 0, "gallery" },
	{ RECORD_INTEGER, "format_before", offsetof(struct upgrade_record, before), 0,
	  "format before" },
	{ RECORD_INTEGER, "format", offsetof(struct upgrade_record, after), 0, "format" },
	{ RECORD_END },
};

static enum fc_status run_upgrade(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	struct fc_upgrade_report report;
	(void)args;
	FC_TRY(gallery_open(ctx, FC_GALLERY_UPGRADE, &gallery, err));
	FC_TRY(fc_gallery_upgrade(gallery, &report, err));
	const struct upgrade_record record = {
		.gallery = ctx->settings->gallery,
		.before = report.from,
		.after = report.to,
	};
	return record_show(ctx->out, "upgrade", upgrade_fields, &record, TONE_PLAIN, err);
}

const struct command gallery_upgrade_command = {
	.name = "gallery upgrade",
	.summary = "convert a gallery of an older format",
	.synopsis = "",
	.help = "One transaction: if it is interrupted, the gallery is unchanged. Needs exclusive access: waits for other commands up to --lock-timeout.",
	.run = run_upgrade,
};

/* ---- backup ---- */

struct backup_args {
	struct option_texts place;
	bool force;
};

static const struct option_row backup_options[] = {
	{ OPTION_FLAG, 0, "force", NULL, offsetof(struct backup_args, force),
	  "replace an existing backup" },
	{ OPTION_OPERANDS, 0, NULL, "DIR", offsetof(struct backup_args, place), "folder to create",
	  .minimum = 1, .maximum = 1 },
	{ OPTION_END },
};

struct backup_record {
	const char *gallery, *backup, *sha256;
	struct fc_backup_report done;
	char digest[FC_SHA256_TEXT_SIZE];
};

#define IN(member) offsetof(struct backup_record, member)

static const struct record_field backup_fields[] = {
	{ RECORD_TEXT, "gallery", IN(gallery), 0, "gallery" },
	{ RECORD_TEXT, "backup", IN(backup), 0, "backup" },
	{ RECORD_INTEGER, "spaces", IN(done.counts.spaces), 0, "spaces" },
	{ RECORD_INTEGER, "persons", IN(done.counts.persons), 0, "persons" },
	{ RECORD_INTEGER, "faces", IN(done.counts.faces), 0, "faces" },
	{ RECORD_INTEGER, "entries", IN(done.counts.entries), 0, "entries" },
	{ RECORD_INTEGER, "bytes", IN(done.counts.bytes), 0, "bytes" },
	{ RECORD_TEXT, "sha256", IN(sha256), 0, "sha256" },
	{ RECORD_END },
};

static enum fc_status run_backup(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct backup_args *args = parsed;
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	struct backup_record record = {
		.gallery = ctx->settings->gallery,
		.backup = args->place.items[0],
	};
	FC_TRY(gallery_open(ctx, FC_GALLERY_READ, &gallery, err));
	FC_TRY(fc_gallery_backup(gallery, record.backup, args->force, &record.done, err));
	FC_TRY(fc_gallery_share_backup(gallery, record.backup, err));
	fc_sha256_format(&record.done.sha256, record.digest);
	record.sha256 = record.digest;
	return record_show(ctx->out, "backup", backup_fields, &record, TONE_PLAIN, err);
}

const struct command gallery_backup_command = {
	.name = "gallery backup",
	.summary = "copy the gallery while it is in use",
	.synopsis = "[--force] DIR",
	.help = "The copy is a consistent snapshot and is verified by reading it back. It is a gallery itself: --gallery DIR opens it.",
	.options = backup_options,
	.args_size = sizeof(struct backup_args),
	.run = run_backup,
};
