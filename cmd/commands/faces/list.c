/* faces list and faces show, for persons of spaces. */
/* SPDX-License-Identifier: MIT */
#include "commands/faces/stored.h"
#include "option/operands.h"
#include "option/person.h"
#include "output/stored_face_record.h"

enum fc_status stored_faces_list(struct command_context *ctx, const char *person, const char *space,
				 const struct page_args *args, struct fc_error *err)
{
	FC_CLEANUP(fc_stored_face_page_release) struct fc_stored_face_page page = { 0 };
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "stored_face", stored_face_fields, false);
	struct fc_stored_face_filter filter = { .space = space, .has_pid = person != NULL };
	FC_TRY(page_limit(args, ctx->out, &filter.limit, err));
	FC_TRY(person ? person_find(ctx, person, space, &filter.pid, err) : FC_OK);
	FC_TRY(fc_service_face_list(ctx->service, &filter, &page, err));
	for (size_t i = 0; i < page.count; i++) {
		struct stored_face_record record;
		stored_face_record_fill(&record, ctx->out, &page.items[i]);
		FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
	}
	FC_TRY(record_finish(&writer, err));
	page_note(ctx->out, page.count, page.total);
	return FC_OK;
}

enum fc_status stored_faces_show(struct command_context *ctx, const struct option_texts *faces,
				 const char *person, const char *space, struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer =
		record_writer_of(ctx->out, "stored_face", stored_face_fields, faces->count == 1);
	struct operand_outcomes outcomes = { 0 };
	struct fc_uuid pid;
	FC_TRY(person ? person_find(ctx, person, space, &pid, err) : FC_OK);
	for (size_t i = 0; i < faces->count; i++) {
		FC_CLEANUP(fc_stored_face_release) struct fc_stored_face face = { 0 };
		struct stored_face_record record;
		struct fc_error failure = { 0 };
		enum fc_status status =
			face_find(ctx, faces->items[i], person ? &pid : NULL, &face, &failure);
		operand_note(&outcomes, status == FC_OK ? NULL : &failure);
		if (status == FC_OK) {
			stored_face_record_fill(&record, ctx->out, &face);
			FC_TRY(record_write(&writer, &record, TONE_PLAIN, err));
		} else if (status != FC_NOT_FOUND) {
			*err = failure;
			return status;
		} else if (faces->count > 1) {
			out_message(ctx->out, "%s", failure.text);
		}
	}
	FC_TRY(record_finish(&writer, err));
	return operand_judge(&outcomes, err);
}
