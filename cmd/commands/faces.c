/* faces export: the stored crops of a person's faces. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "command.h"
#include "option/person.h"
#include "output/record.h"

struct export_args {
	const char *person, *space, *crops;
};

static const struct option_row export_options[] = {
	{ OPTION_TEXT, 0, "person", "PERSON", offsetof(struct export_args, person),
	  "faces of this person: UUID or a unique prefix of one, SPACE/NUMBER or SPACE/NAME" },
	OPTION_ROW_PERSON_SPACE(export_args),
	{ OPTION_PATH, 0, "crops", "DIR", offsetof(struct export_args, crops),
	  "folder for the crops, one PNG file for each face" },
	{ OPTION_END },
};

struct export
{
	struct record_writer writer;
	struct fc_out_folder folder;
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
	fc_out_folder_close(&export->folder);
}

static enum fc_status export_face(void *context, uint64_t face_id, const struct fc_buffer *png,
				  struct fc_error *err)
{
	struct export *export = context;
	char name[96];
	snprintf(name, sizeof(name), "%s-%" PRIu64 ".png", export->pid, face_id);
	FC_CLEANUP(fc_free) char *path = fc_path_join(export->folder.path, name);
	if (!path) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_out_folder_replace(&export->folder, name, png->data, png->length, 0600, err));
	const struct export_record record = { .face_id = (int64_t)face_id, .file = path };
	return record_write(&export->writer, &record, TONE_PLAIN, err);
}

static enum fc_status prepare_export(struct command_context *ctx, void *parsed,
				     struct fc_error *err)
{
	const struct export_args *args = parsed;
	(void)ctx;
	if (!args->person || !args->crops) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give --person PERSON and --crops DIR");
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
	struct fc_uuid pid;
	size_t count = 0;
	FC_TRY(person_find(ctx, args->person, args->space, &pid, err));
	fc_uuid_format(&pid, export.pid);
	FC_TRY(fc_out_folder_open(args->crops, 0700, &export.folder, err));
	FC_TRY(fc_service_profile_crops(ctx->service, &pid, export_face, &export, &count, err));
	if (count == 0) {
		return fc_fail(err, FC_NOT_FOUND,
			       "no crop is stored for person %s; --keep-crops stores them when "
			       "faces are enrolled",
			       export.pid);
	}
	return record_finish(&export.writer, err);
}

const struct command faces_export_command = {
	.name = "faces export",
	.summary = "write the stored crops of a person's faces",
	.synopsis = "--person PERSON --crops DIR",
	.help = "Crops are stored by commands with --keep-crops: 112 x 112 pixels, PNG.",
	.options = export_options,
	.args_size = sizeof(struct export_args),
	.needs = COMMAND_SERVICE,
	.fields = export_fields,
	.prepare = prepare_export,
	.run = run_export,
};
