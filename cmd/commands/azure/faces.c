/* faces list, show, update and delete. For persons of the spaces of the local engine, commands/faces implements them. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <strings.h>

#include "base/json.h"
#include "base/json_writer.h"
#include "commands/azure/faces.h"
#include "commands/faces/stored.h"
#include "option/operands.h"
#include "option/words.h"
#include "output/stored_face_record.h"

/* Whether the request is about persons of spaces of the local engine. --format json is the document's, which needs an owner. */
bool face_is_of_space(const struct command_context *ctx, const struct face_args *args)
{
	return settings_are_local(ctx->settings) && !args->scope.group && !args->scope.list &&
	       !args->scope.large && !(ctx->out->format == FORMAT_JSON && args->person);
}

enum fc_status face_owner_of(struct command_context *ctx, const struct face_args *args,
			     struct face_owner *out, struct fc_error *err)
{
	*out = (struct face_owner){ 0 };
	if ((args->person != NULL) == (args->scope.list != NULL)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give either --person or --list");
	}
	FC_TRY(scope_of(ctx, &args->scope, &out->scope, err));
	return args->person ? scope_person(ctx, &out->scope, args->person, out->person, err)
			    : FC_OK;
}

struct azure_call face_call(const struct command_context *ctx, const struct face_owner *owner,
			    enum fc_azure_verb verb)
{
	return (struct azure_call){
		.service = ctx->service,
		.kind = owner->scope.kind,
		.verb = verb,
		.container = owner->scope.id,
		.person = owner->person[0] != '\0' ? owner->person : NULL,
	};
}

/* ---- list ---- */

static const struct option_row list_options[] = {
	FACE_ROWS_OWNER,
	OPTION_ROWS_LISTING(face_args, listing),
	{ OPTION_END },
};

static enum fc_status run_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct face_args *args = parsed;
	struct face_owner owner;
	if (!args->listing.after && face_is_of_space(ctx, args)) {
		const struct page_args page = { .limit = args->listing.limit,
						.all = args->listing.all };
		return stored_faces_list(ctx, args->person, args->scope.space, &page, err);
	}
	FC_TRY(face_owner_of(ctx, args, &owner, err));
	bool pages = owner.scope.kind == FC_AZURE_LARGE_FACE_LIST;
	FC_CLEANUP(azure_call_release)
	struct azure_call call = face_call(ctx, &owner, FC_AZURE_FACE_LIST_ALL);
	if (pages) {
		return listing_write(ctx, &call, &args->listing, "stored_face", azure_face_fields,
				     err);
	}
	call.verb = call.person ? FC_AZURE_PERSON_GET : FC_AZURE_GET;
	FC_TRY(azure_send(&call, err));
	const cJSON *faces =
		fc_json_get(call.json, call.person ? "persistedFaceIds" : "persistedFaces");
	FC_CLEANUP(azure_rows_release) struct azure_rows rows = { 0 };
	azure_rows_begin(&rows, ctx, "stored_face", azure_face_fields, true, false);
	const cJSON *face;
	cJSON_ArrayForEach (face, faces) {
		FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
		FC_CLEANUP(azure_call_release)
		struct azure_call one = face_call(ctx, &owner, FC_AZURE_FACE_GET);
		const cJSON *object = face;
		if (call.person) {
			one.face = cJSON_GetStringValue(face);
			FC_TRY(azure_send(&one, err));
			object = one.json;
		}
		FC_TRY(azure_rows_add(&rows, object, &row, TONE_PLAIN, err));
	}
	return azure_rows_end(&rows, err);
}

const struct command faces_list_command = {
	.name = "faces list",
	.summary = "list the stored faces of a person, a face list or a space",
	.synopsis = "[--person PERSON | --list LIST | --space SPACE] [OPTION...]",
	.options = list_options,
	.args_size = sizeof(struct face_args),
	.needs = COMMAND_SERVICE,
	.fields = stored_face_fields,
	.run = run_list,
};

/* ---- show, update, delete: one request for each face ---- */

/* Find a face and send a request about it. */
static enum fc_status send_for(struct command_context *ctx, const struct face_owner *owner,
			       const char *text, struct azure_call *call,
			       char id[FC_UUID_TEXT_SIZE], struct fc_error *err)
{
	FC_TRY(scope_face(ctx, &owner->scope, call->person, text, id, err));
	call->face = id;
	return azure_send(call, err);
}

/* The verb of show for a face of a plain list, whose faces are read with the list. */
static enum fc_status show_of_list(struct command_context *ctx, const struct face_owner *owner,
				   const char *text, struct azure_call *call,
				   char id[FC_UUID_TEXT_SIZE], const cJSON **object,
				   struct fc_error *err)
{
	call->verb = FC_AZURE_GET;
	FC_TRY(scope_face(ctx, &owner->scope, NULL, text, id, err));
	FC_TRY(azure_send(call, err));
	const cJSON *face;
	cJSON_ArrayForEach (face, fc_json_get(call->json, "persistedFaces")) {
		const char *its_id = fc_json_text(face, "persistedFaceId");
		if (its_id && strcasecmp(its_id, id) == 0) {
			*object = face;
			return FC_OK;
		}
	}
	return fc_fail(err, FC_NOT_FOUND, "there is no face '%s' in '%s'", text, owner->scope.id);
}

static enum fc_status do_one(struct command_context *ctx, const struct face_args *args,
			     const struct face_owner *owner, enum fc_azure_verb verb,
			     const char *text, struct azure_rows *rows,
			     struct operand_outcomes *outcomes, struct fc_error *err)
{
	FC_CLEANUP(azure_call_release) struct azure_call call = face_call(ctx, owner, verb);
	FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
	struct fc_error failure = { 0 };
	char id[FC_UUID_TEXT_SIZE] = "";
	bool plain_list = owner->scope.kind == FC_AZURE_FACE_LIST;
	const cJSON *object = NULL;
	enum fc_status status;
	if (verb == FC_AZURE_FACE_UPDATE) {
		struct fc_json_writer json = fc_json_writer_of(&call.body, false);
		fc_json_begin_object(&json);
		fc_json_put_text(&json, "userData", args->user_data ? args->user_data : "");
		fc_json_end_object(&json);
	}
	if (verb == FC_AZURE_FACE_DELETE && args->dry_run) {
		call.verb = FC_AZURE_FACE_GET;
	}
	if (plain_list && call.verb == FC_AZURE_FACE_GET) {
		status = show_of_list(ctx, owner, text, &call, id, &object, &failure);
	} else {
		status = send_for(ctx, owner, text, &call, id, &failure);
		object = verb == FC_AZURE_FACE_GET ? call.json : NULL;
	}
	if (status != FC_OK && status != FC_NOT_FOUND) {
		*err = failure;
		return status;
	}
	operand_note(outcomes, status == FC_OK ? NULL : &failure);
	row.face = id[0] != '\0' ? id : text;
	row.user_data = args->user_data;
	row.dry_run = verb == FC_AZURE_FACE_DELETE ? (args->dry_run ? RECORD_TRUE : RECORD_FALSE)
						   : RECORD_UNSAID;
	row.result = status != FC_OK                ? "not_found"
		     : verb == FC_AZURE_FACE_UPDATE ? "updated"
		     : verb == FC_AZURE_FACE_DELETE
			     ? record_outcome(ctx->out, args->dry_run, "deleted")
			     : NULL;
	return azure_rows_add(rows, status == FC_OK && verb == FC_AZURE_FACE_GET ? object : NULL,
			      &row, status == FC_OK ? TONE_PLAIN : TONE_BAD, err);
}

static enum fc_status do_each(struct command_context *ctx, const struct face_args *args,
			      enum fc_azure_verb verb, struct fc_error *err)
{
	struct operand_outcomes outcomes = { 0 };
	struct face_owner owner;
	if (face_is_of_space(ctx, args) && verb == FC_AZURE_FACE_GET) {
		return stored_faces_show(ctx, &args->faces, args->person, args->scope.space, err);
	}
	if (face_is_of_space(ctx, args)) {
		bool updates = verb == FC_AZURE_FACE_UPDATE;
		struct fc_stored_face_change change = {
			.operation = updates ? FC_FACE_UPDATE : FC_FACE_DELETE,
			.user_data = args->user_data,
			.dry_run = args->dry_run,
		};
		return stored_faces_change(ctx, &args->faces, args->person, args->scope.space,
					   &change, updates ? "updated" : "deleted", err);
	}
	FC_TRY(face_owner_of(ctx, args, &owner, err));
	if (verb == FC_AZURE_FACE_UPDATE && owner.scope.kind == FC_AZURE_FACE_LIST) {
		return fc_fail(err, FC_UNSUPPORTED,
			       "faces of a face list cannot be changed; those of a large one can "
			       "(--large)");
	}
	FC_CLEANUP(azure_rows_release) struct azure_rows rows = { 0 };
	azure_rows_begin(&rows, ctx, "stored_face",
			 verb == FC_AZURE_FACE_GET ? azure_face_fields : azure_face_result_fields,
			 verb == FC_AZURE_FACE_GET,
			 verb == FC_AZURE_FACE_GET && args->faces.count == 1);
	for (size_t i = 0; i < args->faces.count; i++) {
		FC_TRY(do_one(ctx, args, &owner, verb, args->faces.items[i], &rows, &outcomes,
			      err));
	}
	FC_TRY(azure_rows_end(&rows, err));
	return operand_judge(&outcomes, err);
}

static const struct option_row show_options[] = {
	FACE_ROW_FACES,
	FACE_ROWS_OWNER,
	{ OPTION_END },
};

static enum fc_status run_show(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	return do_each(ctx, parsed, FC_AZURE_FACE_GET, err);
}

const struct command faces_show_command = {
	.name = "faces show",
	.summary = "show stored faces",
	.synopsis = "FACE... [--person PERSON | --list LIST]",
	.options = show_options,
	.args_size = sizeof(struct face_args),
	.needs = COMMAND_SERVICE,
	.fields = stored_face_fields,
	.run = run_show,
};

static const struct option_row update_options[] = {
	FACE_ROW_FACES,     FACE_ROWS_OWNER,
	FACE_ROW_USER_DATA, OPTION_ROW_UNSET_USER_DATA(face_args, unset),
	{ OPTION_END },
};

static enum fc_status run_update(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct face_args *args = parsed;
	const char *user_data;
	FC_TRY(words_user_data(&args->unset, args->user_data, &user_data, err));
	return user_data ? do_each(ctx, args, FC_AZURE_FACE_UPDATE, err)
			 : fc_fail(err, FC_INVALID_ARGUMENT,
				   "give either --user-data or --unset user-data");
}

const struct command faces_update_command = {
	.name = "faces update",
	.summary = "change the user data of stored faces",
	.synopsis = "FACE... [--person PERSON | --list LIST] --user-data TEXT",
	.options = update_options,
	.args_size = sizeof(struct face_args),
	.needs = COMMAND_SERVICE,
	.fields = stored_face_fields,
	.run = run_update,
};

static const struct option_row delete_options[] = {
	FACE_ROW_FACES,
	FACE_ROWS_OWNER,
	{ OPTION_FLAG, 'n', "dry-run", NULL, FACE_AT(dry_run),
	  "do everything except storing the result" },
	{ OPTION_END },
};

static enum fc_status run_delete(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	return do_each(ctx, parsed, FC_AZURE_FACE_DELETE, err);
}

const struct command faces_delete_command = {
	.name = "faces delete",
	.summary = "delete stored faces",
	.synopsis = "FACE... [--person PERSON | --list LIST] [--dry-run]",
	.options = delete_options,
	.args_size = sizeof(struct face_args),
	.needs = COMMAND_SERVICE,
	.fields = stored_face_fields,
	.run = run_delete,
};
