/* faces export: the stored crops of faces. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "command.h"
#include "option/face.h"
#include "option/person.h"
#include "output/record.h"

struct export_args {
	struct option_texts words;
	const char *person, *space, *crops;
};

static const struct option_row export_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "FACE", offsetof(struct export_args, words),
	  "UUID of a face, or a unique prefix of one" },
	{ OPTION_TEXT, 0, "person", "PERSON", offsetof(struct export_args, person),
	  "faces of this person: UUID or a unique prefix of one, SPACE/NUMBER or SPACE/NAME" },
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct export_args, space),
	  "faces of this space; PERSON can then be a number or name alone" },
	{ OPTION_PATH, 0, "crops", "DIR", offsetof(struct export_args, crops),
	  "folder for the crops, one PNG file for each face" },
	{ OPTION_END },
};

struct export
{
	struct record_writer writer;
	struct fc_out_folder folder;
	uint64_t written;
};

struct export_record {
	const char *uuid;
	int64_t face_id;
	const char *file;
};

static const struct record_field export_fields[] = {
	{ RECORD_INTEGER, "face_id", offsetof(struct export_record, face_id), 0, "FACE" },
	{ RECORD_TEXT, "file", offsetof(struct export_record, file), 0, "FILE" },
	{ RECORD_TEXT, "persisted_face_id", offsetof(struct export_record, uuid) },
	{ RECORD_END },
};

static void export_release(struct export *export)
{
	record_writer_release(&export->writer);
	fc_out_folder_close(&export->folder);
}

static enum fc_status export_face(struct command_context *ctx, struct export *export,
				  const struct fc_stored_face *face, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer png = { 0 };
	char pid[FC_UUID_TEXT_SIZE], uuid[FC_UUID_TEXT_SIZE], name[96];
	if (!face->crop) {
		return FC_OK;
	}
	FC_TRY(fc_service_face_crop(ctx->service, &face->record, &png, err));
	fc_uuid_format(&face->record.pid, pid);
	fc_uuid_format(&face->record.uuid, uuid);
	snprintf(name, sizeof(name), "%s-%" PRIu64 ".png", pid, face->record.id);
	FC_CLEANUP(fc_free) char *path = fc_path_join(export->folder.path, name);
	if (!path) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_out_folder_replace(&export->folder, name, png.data, png.length, 0600, err));
	const struct export_record record = {
		.uuid = uuid,
		.face_id = (int64_t)face->record.id,
		.file = path,
	};
	export->written++;
	return record_write(&export->writer, &record, TONE_PLAIN, err);
}

/* Export the faces of a person or a space. */
static enum fc_status export_list(struct command_context *ctx, struct export *export,
				  const struct fc_stored_face_filter *filter, struct fc_error *err)
{
	FC_CLEANUP(fc_stored_face_page_release) struct fc_stored_face_page page = { 0 };
	FC_TRY(fc_service_face_list(ctx->service, filter, &page, err));
	for (size_t i = 0; i < page.count; i++) {
		FC_TRY(export_face(ctx, export, &page.items[i], err));
	}
	return FC_OK;
}

static enum fc_status prepare_export(struct command_context *ctx, void *parsed,
				     struct fc_error *err)
{
	const struct export_args *args = parsed;
	(void)ctx;
	bool lists = args->person || args->space;
	if (!args->crops || lists == (args->words.count > 0)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give --crops DIR, and faces, --person PERSON or --space SPACE");
	}
	return FC_OK;
}

static enum fc_status run_export(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct export_args *args = parsed;
	FC_CLEANUP(export_release)
	struct export export = {
		.writer = record_writer_of(ctx->out, "export_face", export_fields, false),
		.folder = { .fd = -1 },
	};
	struct fc_stored_face_filter filter = {
		.space = args->space,
		.has_pid = args->person != NULL,
		.limit = UINT64_MAX,
	};
	FC_TRY(fc_service_need(ctx->service, FC_VERB_FACES_EXPORT, err));
	FC_TRY(args->person ? person_find(ctx, args->person, args->space, &filter.pid, err)
			    : FC_OK);
	FC_TRY(fc_out_folder_open(args->crops, 0700, &export.folder, err));
	for (size_t i = 0; i < args->words.count; i++) {
		FC_CLEANUP(fc_stored_face_release) struct fc_stored_face face = { 0 };
		FC_TRY(face_find(ctx, args->words.items[i], NULL, &face, err));
		FC_TRY(export_face(ctx, &export, &face, err));
	}
	FC_TRY(args->words.count == 0 ? export_list(ctx, &export, &filter, err) : FC_OK);
	if (export.written == 0) {
		return fc_fail(err, FC_NOT_FOUND,
			       "no crop is stored for these faces; --keep-crops stores them when "
			       "faces are enrolled");
	}
	return record_finish(&export.writer, err);
}

const struct command faces_export_command = {
	.name = "faces export",
	.summary = "write stored crops of faces",
	.synopsis = "FACE... | --person PERSON | --space SPACE --crops DIR",
	.help = "Crops are stored by commands with --keep-crops: 112 x 112 pixels, PNG.",
	.options = export_options,
	.args_size = sizeof(struct export_args),
	.needs = COMMAND_SERVICE,
	.fields = export_fields,
	.prepare = prepare_export,
	.run = run_export,
};
