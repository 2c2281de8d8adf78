/* snapshots export and import: a snapshot as a file, for another gallery. The option --ttl. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/number.h"
#include "commands/azure/rows.h"
#include "commands/gallery/open.h"
#include "commands/gallery/record.h"
#include "commands/gallery/snapshots.h"
#include "gallery/transfer/snapshot.h"
#include "interrupt.h"
#include "option/words.h"
#include "output/records_open.h"

static enum fc_status need_local(const struct command_context *ctx, struct fc_error *err)
{
	return settings_are_local(ctx->settings)
		       ? FC_OK
		       : fc_fail(err, FC_UNSUPPORTED,
				 "'%s' is for the local engine; 'snapshots copy' copies between two "
				 "services of type azure",
				 ctx->command->name);
}

/* The value of --ttl in microseconds. NULL: *out is not changed. */
static enum fc_status read_ttl(const char *text, int64_t *out, struct fc_error *err)
{
	static const uint64_t longest = UINT64_C(100) * 365 * 24 * 3600 * 1000; /* milliseconds */
	uint64_t milliseconds;
	if (!text || strcmp(text, "never") == 0) {
		*out = text ? FC_SNAPSHOT_FOREVER : *out;
		return FC_OK;
	}
	FC_TRY(fc_parse_duration(text, longest, "--ttl", &milliseconds, err));
	*out = (int64_t)milliseconds * 1000;
	return milliseconds > 0 ? FC_OK
				: fc_fail(err, FC_INVALID_ARGUMENT, "--ttl must be more than 0");
}

enum fc_status snapshot_set_ttl(const struct command_context *ctx, const char *ttl,
				struct azure_call *call, struct fc_error *err)
{
	if (ttl && !settings_are_local(ctx->settings)) {
		return fc_fail(err, FC_UNSUPPORTED,
			       "--ttl is for the local engine; snapshots of services of type azure "
			       "expire after 48 hours");
	}
	return read_ttl(ttl, &call->snapshot_life, err);
}

/* ---- export ---- */

struct export_args {
	struct option_texts snapshot;
};

static const struct option_row export_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "SNAPSHOT", offsetof(struct export_args, snapshot), "its UUID",
	  .minimum = 1, .maximum = 1 },
	{ OPTION_END },
};

enum { FLUSHED_FROM = 1 << 18 }; /* write the output when so many bytes are buffered */

struct export
{
	struct out *out;
	struct fc_sha256_stream digest; /* of the lines before the end */
};

static enum fc_status write_record(void *context, const struct fc_transfer *record,
				   struct fc_error *err)
{
	struct export *export = context;
	struct fc_buffer *data = &export->out->data;
	size_t start = data->length;
	if (record->kind == FC_TRANSFER_END) {
		struct fc_transfer end = { .kind = FC_TRANSFER_END, .has_digest = true };
		memcpy(end.counts, record->counts, sizeof(end.counts));
		end.digest = fc_sha256_end(&export->digest);
		gallery_record_append(data, &end);
		return out_flush(export->out, err);
	}
	gallery_record_append(data, record);
	if (!fc_buffer_ok(data)) {
		return fc_fail_memory(err);
	}
	fc_sha256_add(&export->digest, data->data + start, data->length - start);
	return data->length < FLUSHED_FROM ? FC_OK : out_flush(export->out, err);
}

static enum fc_status prepare_export(struct command_context *ctx, void *parsed,
				     struct fc_error *err)
{
	(void)parsed;
	FC_TRY(need_local(ctx, err));
	return command_write_ndjson(ctx, err);
}

static enum fc_status run_export(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct export_args *args = parsed;
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	const char *text = args->snapshot.items[0];
	struct export export = { .out = ctx->out };
	struct fc_uuid id;
	if (!fc_uuid_parse(text, &id)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not the UUID of a snapshot",
			       text);
	}
	fc_sha256_begin(&export.digest);
	FC_TRY(gallery_open(ctx, FC_GALLERY_READ, &gallery, err));
	FC_TRY_PREFIX(fc_snapshot_export(gallery, &id, write_record, &export, err), err, "'%s'",
		      text);
	return FC_OK;
}

const struct command snapshots_export_command = {
	.name = "snapshots export",
	.summary = "write a snapshot as a file for another gallery",
	.synopsis = "SNAPSHOT",
	.help = "The output contains the templates and names of the persons: protect it like the gallery. 'snapshots import' reads it.",
	.options = export_options,
	.args_size = sizeof(struct export_args),
	.prepare = prepare_export,
	.run = run_export,
};

/* ---- import ---- */

struct import_args {
	struct option_texts file, apply_scope;
	const char *ttl;
};

static const struct option_row import_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "FILE", offsetof(struct import_args, file),
	  "what 'snapshots export' wrote", .minimum = 1, .maximum = 1 },
	{ OPTION_TEXTS, 0, "apply-scope", "UUID,...", offsetof(struct import_args, apply_scope),
	  "subscriptions that may apply the snapshot; default that of the gallery" },
	OPTION_ROW_TTL(import_args, ttl),
	{ OPTION_END },
};

static enum fc_status read_lines(const char *path, struct fc_snapshot_import *import,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_list_closep) struct fc_list_reader *list = NULL;
	const volatile sig_atomic_t *stop = interrupt_watch();
	FC_TRY(records_open(path, &list, NULL, err));
	for (;;) {
		struct fc_list_record line;
		bool end = false;
		if (*stop) {
			return fc_fail(err, FC_BUSY,
				       "interrupted; nothing was imported, run the same command "
				       "again");
		}
		FC_TRY_PREFIX(fc_list_next(list, &line, &end, err), err, "'%s'", path);
		if (end) {
			break;
		}
		enum fc_status status = fc_fail(err, FC_TOO_LARGE, "the line is too long");
		if (line.fault == FC_LIST_SOUND) {
			status = fc_snapshot_import_line(import, line.text, line.length, err);
		}
		FC_TRY_PREFIX(status, err, "%s:%llu", path, (unsigned long long)line.line);
	}
	FC_TRY_PREFIX(fc_snapshot_import_finish(import, err), err, "'%s'", path);
	return FC_OK;
}

/* Check the whole file, so that nothing of a bad file is stored. */
static enum fc_status check_file(const char *path, struct fc_error *err)
{
	FC_CLEANUP(fc_snapshot_import_closep) struct fc_snapshot_import *check = NULL;
	const struct fc_snapshot_import_options options = { 0 };
	struct stat info;
	if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
		return fc_fail(
			err, FC_UNREADABLE,
			"'%s' is not a regular file: a snapshot is read twice, first to check "
			"it",
			path);
	}
	FC_TRY(fc_snapshot_import_open(&options, &check, err));
	enum fc_status status = read_lines(path, check, err);
	if (status == FC_INVALID_ARGUMENT || status == FC_TOO_LARGE) {
		err->status = FC_UNREADABLE; /* the file is wrong, not the command line */
		return FC_UNREADABLE;
	}
	return status;
}

static enum fc_status import_file(const struct command_context *ctx, const char *path,
				  struct fc_snapshot_import_options *options,
				  struct fc_container_snapshot *out, struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_closep) struct fc_gallery *gallery = NULL;
	FC_CLEANUP(fc_snapshot_import_closep) struct fc_snapshot_import *import = NULL;
	FC_TRY(gallery_open(ctx, FC_GALLERY_CREATE, &gallery, err));
	options->gallery = gallery;
	FC_TRY(fc_snapshot_import_open(options, &import, err));
	FC_TRY(read_lines(path, import, err));
	out->id = fc_snapshot_import_snapshot(import)->id;
	out->kind = fc_snapshot_import_snapshot(import)->kind;
	return FC_OK;
}

static enum fc_status read_scope(const struct option_texts *texts, struct fc_uuid **out,
				 size_t *count, struct fc_error *err)
{
	FC_CLEANUP(words_release) struct word_list words = { 0 };
	FC_TRY(words_split(texts, &words, err));
	*count = words.count;
	if (words.count == 0) {
		return FC_OK;
	}
	*out = calloc(words.count, sizeof(**out));
	if (!*out) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < words.count; i++) {
		if (!fc_uuid_parse(words.items[i], &(*out)[i])) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "'%s' of --apply-scope is not a UUID", words.items[i]);
		}
	}
	return FC_OK;
}

static enum fc_status run_import(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct import_args *args = parsed;
	FC_CLEANUP(fc_free) struct fc_uuid *scope = NULL;
	const char *path = args->file.items[0];
	struct fc_snapshot_import_options options = { 0 };
	struct fc_container_snapshot snapshot;
	struct azure_row row = azure_row_new();
	char id[FC_UUID_TEXT_SIZE];
	int64_t life = FC_SNAPSHOT_LIFE;
	FC_TRY(need_local(ctx, err));
	FC_TRY(read_ttl(args->ttl, &life, err));
	FC_TRY(read_scope(&args->apply_scope, &scope, &options.scope_count, err));
	options.scope = scope;
	options.expires = fc_snapshot_expiry(fc_clock_now(), life);
	FC_TRY(check_file(path, err));
	FC_TRY(import_file(ctx, path, &options, &snapshot, err));
	fc_uuid_format(&snapshot.id, id);
	row.result = "imported";
	row.id = id;
	row.kind = fc_azure_kinds[snapshot.kind].code;
	return azure_show(ctx, "snapshot", azure_snapshot_result_fields, NULL, &row, err);
}

const struct command snapshots_import_command = {
	.name = "snapshots import",
	.summary = "store a snapshot that 'snapshots export' wrote",
	.synopsis = "FILE [--apply-scope UUID,...] [--ttl TIME|never]",
	.help = "'snapshots apply' creates the list or group. The file is checked before anything is stored.",
	.options = import_options,
	.args_size = sizeof(struct import_args),
	.fields = azure_snapshot_result_fields,
	.run = run_import,
};
