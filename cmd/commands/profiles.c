/* Profiles changed without a photo: update, merge, move, delete, export-faces. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "command.h"
#include "option/dialect.h"
#include "option/words.h"
#include "output/platform_json.h"
#include "output/profile_record.h"
#include "output/record.h"
#include "photos/photo_options.h"
#include "service/profiles.h"

struct pid_args {
	struct option_texts words;
	bool dry_run, erase;
	const char *name, *user_data;
	bool remove_name, remove_user_data;
	const char *space;
	unsigned dialect;
};

#define PID(member) offsetof(struct pid_args, member)

/* ---- update ---- */

static const struct option_row update_options[] = {
	OPTION_ROW_PID(pid_args),
	{ OPTION_TEXT, 0, "name", "TEXT", PID(name), "the new name" },
	{ OPTION_TEXT, 0, "user-data", "TEXT", PID(user_data), "anything to keep with it" },
	{ OPTION_FLAG, 0, "remove-name", NULL, PID(remove_name), "take the name away" },
	{ OPTION_FLAG, 0, "remove-user-data", NULL, PID(remove_user_data),
	  "take the user data away" },
	OPTION_ROW_DIALECT(pid_args, dialect),
	{ OPTION_END },
};

static enum fc_status run_update(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	struct fc_profile_update_request request = {
		.has_name = args->name || args->remove_name,
		.has_user_data = args->user_data || args->remove_user_data,
		.name = args->name,
		.user_data = args->user_data,
	};
	ctx->dialect = dialect_of(args->dialect);
	if ((args->name && args->remove_name) || (args->user_data && args->remove_user_data)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a name or user data is either given or removed");
	}
	FC_TRY(words_parse_pid(args->words.items[0], &request.pid, err));
	FC_TRY(fc_service_profile_update(ctx->service, &request, &profile, err));
	return profile_record_show(ctx->out, ctx->dialect, &profile, err);
}

const struct command profiles_update_command = {
	.name = "profiles update",
	.summary = "change a profile's name and user data",
	.synopsis = "PID [--name TEXT] [--user-data TEXT]",
	.options = update_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.run = run_update,
};

/* ---- merge and move ---- */

static const struct option_row merge_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PID OTHER", PID(words), "the profile to keep, and the other",
	  .minimum = 2, .maximum = 2 },
	OPTION_ROW_DIALECT(pid_args, dialect),
	{ OPTION_END },
};

static void note_carried(struct command_context *ctx, const struct fc_profile_carried *carried)
{
	out_note(ctx->out, "%" PRIu64 " face%s and %" PRIu64 " entr%s carried over", carried->faces,
		 carried->faces == 1 ? "" : "s", carried->entries,
		 carried->entries == 1 ? "y" : "ies");
}

static enum fc_status run_merge(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	struct fc_profile_carried carried = { 0 };
	struct fc_uuid kept, other;
	ctx->dialect = dialect_of(args->dialect);
	FC_TRY(words_parse_pid(args->words.items[0], &kept, err));
	FC_TRY(words_parse_pid(args->words.items[1], &other, err));
	FC_TRY(fc_service_profile_merge(ctx->service, &kept, &other, &carried, &profile, err));
	note_carried(ctx, &carried);
	return profile_record_show(ctx->out, ctx->dialect, &profile, err);
}

const struct command profiles_merge_command = {
	.name = "profiles merge",
	.summary = "make one profile of two that are the same person",
	.synopsis = "PID OTHER",
	.help = "Faces and entries of OTHER become PID's, and OTHER is no more. Name, number and "
		"user data are PID's.",
	.options = merge_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.run = run_merge,
};

static const struct option_row move_options[] = {
	OPTION_ROW_PID(pid_args),
	{ OPTION_TEXT, 's', "space", "SPACE", PID(space), "where to; made when it is not there" },
	OPTION_ROW_DIALECT(pid_args, dialect),
	{ OPTION_END },
};

static enum fc_status run_move(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(fc_profile_release) struct fc_profile profile = { 0 };
	struct fc_profile_carried carried = { 0 };
	struct fc_uuid pid;
	ctx->dialect = dialect_of(args->dialect);
	if (!args->space) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "say where to with --space");
	}
	FC_TRY(words_parse_pid(args->words.items[0], &pid, err));
	FC_TRY(fc_service_profile_move(ctx->service, &pid, args->space, &carried, &profile, err));
	note_carried(ctx, &carried);
	return profile_record_show(ctx->out, ctx->dialect, &profile, err);
}

const struct command profiles_move_command = {
	.name = "profiles move",
	.summary = "take a profile to another space",
	.synopsis = "PID --space SPACE",
	.help = "Its faces and entries go with it.",
	.options = move_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE,
	.shape = &platform_shape,
	.run = run_move,
};

/* ---- delete ---- */

static const struct option_row delete_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PID", PID(words), "id of a profile", .minimum = 1 },
	{ OPTION_FLAG, 0, "erase", NULL, PID(erase), "delete its entries too" },
	OPTION_ROW_DRY_RUN(pid_args),
	OPTION_ROW_DIALECT(pid_args, dialect),
	{ OPTION_END },
};

struct delete_record {
	const char *pid, *status;
	int64_t faces, entries;
	char pid_text[FC_UUID_TEXT_SIZE];
};

#define IN_DELETE(member) offsetof(struct delete_record, member)

static const struct record_field delete_fields[] = {
	{ RECORD_TEXT, "pid", IN_DELETE(pid), 0, "PROFILE" },
	{ RECORD_TEXT, "status", IN_DELETE(status), 0, "STATUS" },
	{ RECORD_INTEGER, "faces", IN_DELETE(faces), 0, "FACES" },
	{ RECORD_INTEGER, "entries", IN_DELETE(entries), 0, "ENTRIES" },
	{ RECORD_END },
};

static enum fc_status write_deleted(struct command_context *ctx,
				    const struct fc_profile_delete_request *request,
				    struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "profile_delete", delete_fields, false);
	for (size_t i = 0; i < request->count; i++) {
		const struct fc_profile_delete_item *item = &request->items[i];
		struct delete_record record = {
			.pid = record.pid_text,
			.status = item->status == FC_OK          ? "deleted"
				  : item->status == FC_NOT_FOUND ? "not_found"
								 : "failed",
			.faces = item->uncounted ? RECORD_ABSENT : (int64_t)item->faces,
			.entries = item->uncounted && !request->erase ? RECORD_ABSENT
								      : (int64_t)item->entries,
		};
		fc_uuid_format(&item->pid, record.pid_text);
		FC_TRY(record_write(&writer, &record, item->status == FC_OK ? TONE_PLAIN : TONE_BAD,
				    err));
	}
	return record_finish(&writer, err);
}

static enum fc_status judge(const struct fc_profile_delete_request *request, struct fc_error *err)
{
	char pid[FC_UUID_TEXT_SIZE] = "";
	size_t missing = 0;
	for (size_t i = 0; i < request->count; i++) {
		if (request->items[i].status != FC_OK && missing++ == 0) {
			fc_uuid_format(&request->items[i].pid, pid);
		}
	}
	if (missing == 0) {
		return FC_OK;
	}
	return fc_fail(err, missing == request->count ? FC_NOT_FOUND : FC_PARTIAL,
		       "there is no profile %s%s", pid,
		       missing > 1 ? ", and others are not there either" : "");
}

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(fc_free)
	struct fc_profile_delete_item *items = calloc(args->words.count, sizeof(*items));
	const struct fc_profile_delete_request request = {
		.items = items,
		.count = args->words.count,
		.erase = args->erase,
		.dry_run = args->dry_run,
	};
	ctx->dialect = dialect_of(args->dialect);
	if (!items) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < request.count; i++) {
		FC_TRY(words_parse_pid(args->words.items[i], &items[i].pid, err));
	}
	enum fc_status status = fc_service_profile_delete(ctx->service, &request, err);
	if (status != FC_OK && status != FC_PARTIAL) {
		return status;
	}
	if (ctx->out->format != FORMAT_JSON) {
		FC_TRY(write_deleted(ctx, &request, err));
	}
	return status == FC_OK ? judge(&request, err) : status;
}

const struct command profiles_delete_command = {
	.name = "profiles delete",
	.summary = "delete profiles and their faces",
	.synopsis = "PID...",
	.help = "Their entries stay and belong to nobody, unless --erase takes them too. Under "
		"--format json success is silent, as the platform's empty answer is.",
	.options = delete_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE | COMMAND_LEDGER,
	.shape = &platform_shape,
	.run = run_delete,
};

/* ---- export-faces ---- */

static const struct option_row export_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PID DIR", PID(words),
	  "id of the profile, and the folder for its faces", .minimum = 2, .maximum = 2 },
	{ OPTION_END },
};

struct export
{
	struct record_writer writer;
	const char *directory;
	char pid[FC_UUID_TEXT_SIZE];
};

struct export_record {
	int64_t face_id;
	const char *file;
};

static const struct record_field export_fields[] = {
	{ RECORD_INTEGER, "face_id", offsetof(struct export_record, face_id), 0, "FACE" },
	{ RECORD_TEXT, "file", offsetof(struct export_record, file), 0, "FILE" },
	{ RECORD_END },
};

static void export_release(struct export *export)
{
	record_writer_release(&export->writer);
}

static enum fc_status export_face(void *context, uint64_t face_id, const struct fc_buffer *png,
				  struct fc_error *err)
{
	struct export *export = context;
	char name[96];
	snprintf(name, sizeof(name), "%s-%" PRIu64 ".png", export->pid, face_id);
	FC_CLEANUP(fc_free) char *path = fc_path_join(export->directory, name);
	if (!path) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_file_replace(path, png->data, png->length, 0600, err));
	const struct export_record record = { .face_id = (int64_t)face_id, .file = path };
	return record_write(&export->writer, &record, TONE_PLAIN, err);
}

static enum fc_status run_export(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct pid_args *args = parsed;
	FC_CLEANUP(export_release)
	struct export export = {
		.writer = record_writer_of(ctx->out, "export_face", export_fields, false),
		.directory = args->words.items[1],
	};
	struct fc_uuid pid;
	size_t count = 0;
	FC_TRY(words_parse_pid(args->words.items[0], &pid, err));
	fc_uuid_format(&pid, export.pid);
	FC_TRY(fc_make_directories(export.directory, 0700, err));
	FC_TRY(fc_service_profile_crops(ctx->service, &pid, export_face, &export, &count, err));
	if (count == 0) {
		return fc_fail(err, FC_NOT_FOUND,
			       "no crop of profile %s is kept; --keep-crops keeps them when faces "
			       "are stored",
			       export.pid);
	}
	return record_finish(&export.writer, err);
}

const struct command profiles_export_faces_command = {
	.name = "profiles export-faces",
	.summary = "write the kept crops of a profile's faces",
	.synopsis = "PID DIR",
	.help = "Crops are kept where --keep-crops said so: 112 x 112 pixels, PNG.",
	.options = export_options,
	.args_size = sizeof(struct pid_args),
	.needs = COMMAND_SERVICE,
	.run = run_export,
};
