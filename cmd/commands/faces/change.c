/* faces move; and faces update and faces delete for persons of spaces. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "commands/faces/stored.h"
#include "option/operands.h"
#include "option/person.h"
#include "output/stored_face_record.h"
#include "photos/photo_options.h"

static const struct record_field fields[] = {
	{ RECORD_TEXT, "persisted_face_id", IN_STORED_FACE(uuid), 0, "FACE", .whole = true },
	{ RECORD_TEXT, "result", IN_STORED_FACE(result), 0, "RESULT" },
	STORED_FACE_FIELDS,
	{ RECORD_TEXT, "error", IN_STORED_FACE(error), 0, "ERROR" },
	{ RECORD_FLAG, "dry_run", IN_STORED_FACE(dry_run) },
	{ RECORD_END },
};

/*
 * Find and change the face named by one operand. A failure of this face goes into its record and the outcomes; other errors end the
 * command.
 */
static enum fc_status change_one(struct command_context *ctx, const char *word,
				 const struct fc_uuid *pid, struct fc_stored_face_change *change,
				 const char *done, struct record_writer *writer,
				 struct operand_outcomes *outcomes, struct fc_error *err)
{
	FC_CLEANUP(fc_stored_face_release) struct fc_stored_face found = { 0 };
	FC_CLEANUP(fc_stored_face_release) struct fc_stored_face changed = { 0 };
	struct stored_face_record record;
	struct fc_error failure = { 0 };
	enum fc_status status = face_find(ctx, word, pid, &found, &failure);
	if (status == FC_OK) {
		change->face = &found.record;
		status = fc_service_face_change(ctx->service, change, &changed, &failure);
	}
	if (status != FC_OK && status != FC_NOT_FOUND && status != FC_CONFLICT) {
		*err = failure;
		return status;
	}
	stored_face_record_fill(&record, ctx->out, status == FC_OK ? &changed : NULL);
	if (status == FC_OK) {
		record.result = record_outcome(ctx->out, change->dry_run, done);
	} else {
		record.uuid = word;
		record.result = status == FC_NOT_FOUND ? "not_found" : "failed";
		record.error = failure.text;
	}
	record.dry_run = change->dry_run ? RECORD_TRUE : RECORD_FALSE;
	operand_note(outcomes, status == FC_OK ? NULL : &failure);
	return record_write(writer, &record, status == FC_OK ? TONE_PLAIN : TONE_BAD, err);
}

enum fc_status stored_faces_change(struct command_context *ctx, const struct option_texts *faces,
				   const char *person, const char *space,
				   struct fc_stored_face_change *change, const char *done,
				   struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "stored_face", fields, false);
	struct operand_outcomes outcomes = { 0 };
	struct fc_uuid pid;
	FC_TRY(person ? person_find(ctx, person, space, &pid, err) : FC_OK);
	for (size_t i = 0; i < faces->count; i++) {
		FC_TRY(change_one(ctx, faces->items[i], person ? &pid : NULL, change, done, &writer,
				  &outcomes, err));
	}
	FC_TRY(record_finish(&writer, err));
	return operand_judge(&outcomes, err);
}

/* ---- move ---- */

struct move_args {
	struct option_texts faces;
	const char *to, *space;
	bool dry_run;
};

static const struct option_row move_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "FACE", offsetof(struct move_args, faces),
	  "UUID of a face, or a unique prefix of one", .minimum = 1 },
	{ OPTION_TEXT, 0, "to", "PERSON", offsetof(struct move_args, to),
	  "the person to move the faces to, or new for a new person for each" },
	OPTION_ROW_PERSON_SPACE(move_args),
	OPTION_ROW_DRY_RUN(move_args),
	{ OPTION_END },
};

static enum fc_status prepare_move(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct move_args *args = parsed;
	(void)ctx;
	return args->to ? FC_OK
			: fc_fail(err, FC_INVALID_ARGUMENT,
				  "give the person by --to PERSON, or --to new");
}

static enum fc_status run_move(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct move_args *args = parsed;
	struct fc_stored_face_change change = {
		.operation = FC_FACE_MOVE,
		.to_new = strcmp(args->to, "new") == 0,
		.dry_run = args->dry_run,
	};
	FC_TRY(fc_service_need(ctx->service, FC_VERB_FACES_MOVE, err));
	FC_TRY(change.to_new ? FC_OK : person_find(ctx, args->to, args->space, &change.to, err));
	return stored_faces_change(ctx, &args->faces, NULL, NULL, &change, "moved", err);
}

const struct command faces_move_command = {
	.name = "faces move",
	.summary = "move stored faces to another person",
	.synopsis = "FACE... --to (PERSON | new) [--dry-run]",
	.help = "The person must be in the same space. A person that loses its last face stays.",
	.options = move_options,
	.args_size = sizeof(struct move_args),
	.needs = COMMAND_SERVICE,
	.fields = fields,
	.prepare = prepare_move,
	.run = run_move,
};
