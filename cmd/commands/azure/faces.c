/* faces add, list, show, update and delete. For persons of the spaces of the local engine, commands/faces implements them. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <strings.h>

#include "base/json.h"
#include "base/json_writer.h"
#include "commands/azure/listing.h"
#include "commands/azure/probe.h"
#include "commands/faces/stored.h"
#include "exit.h"
#include "option/operands.h"
#include "option/words.h"
#include "output/stored_face_record.h"
#include "photos/photo_options.h"

struct face_args {
	struct option_texts faces;
	struct scope_args scope;
	const char *person, *user_data;
	struct option_texts unset;
	struct listing_args listing;
	bool dry_run;
	/* of faces add */
	struct photo_source_args photos;
	struct photo_source source;
};

#define AT(member) offsetof(struct face_args, member)
/* clang-format off */
#define ROW_FACES                                                                                  \
	{ OPTION_OPERANDS, 0, NULL, "FACE", AT(faces),                                             \
	  "persistedFaceId, or a unique prefix of one", .minimum = 1 }
#define ROWS_OWNER                                                                                 \
	{ OPTION_TEXT, 0, "person", "PERSON", AT(person),                                          \
	  "the person: UUID or a unique prefix of one, SPACE/NUMBER or SPACE/NAME; with --group "  \
	  "also a name" },                                                                         \
	OPTION_ROWS_GROUP(face_args, scope), OPTION_ROW_LIST(face_args, scope)
#define ROW_USER_DATA                                                                              \
	{ OPTION_TEXT, 0, "user-data", "TEXT", AT(user_data), "text of your own, up to 1024 characters" }
/* clang-format on */

/* The owner of faces: a person of a group, or a list. */
struct owner {
	struct scope scope;
	char person[FC_UUID_TEXT_SIZE]; /* "" for a list */
};

/* Whether the request is about persons of spaces of the local engine. --format json is the document's, which needs an owner. */
static bool is_of_space(const struct command_context *ctx, const struct face_args *args)
{
	return settings_are_local(ctx->settings) && !args->scope.group && !args->scope.list &&
	       !args->scope.large && !(ctx->out->format == FORMAT_JSON && args->person);
}

static enum fc_status owner_of(struct command_context *ctx, const struct face_args *args,
			       struct owner *out, struct fc_error *err)
{
	*out = (struct owner){ 0 };
	if ((args->person != NULL) == (args->scope.list != NULL)) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give either --person or --list");
	}
	FC_TRY(scope_of(ctx, &args->scope, &out->scope, err));
	return args->person ? scope_person(ctx, &out->scope, args->person, out->person, err)
			    : FC_OK;
}

static struct azure_call call_of(const struct command_context *ctx, const struct owner *owner,
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

/* ---- add ---- */

static const struct option_row add_options[] = {
	ROWS_OWNER,
	ROW_USER_DATA,
	OPTION_ROWS_PLACES(face_args, photos),
	OPTION_ROW_FACE(face_args, photos.face),
	{ OPTION_END },
};

static enum fc_status prepare_add(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct face_args *args = parsed;
	args->photos.face = args->photos.face ? args->photos.face : "only";
	return photo_source_open(&args->source, &args->photos, ctx, err);
}

/* Choose the face of a photo by its rectangle. Without --face the service chooses the only one. */
static enum fc_status choose_target(struct command_context *ctx, const struct fc_photo *photo,
				    const struct fc_buffer *bytes, struct azure_call *call,
				    struct fc_error *err)
{
	FC_CLEANUP(azure_call_release) struct azure_call detection = { 0 };
	const cJSON *face;
	double box[4];
	char text[64];
	if (photo->face.rule == FC_FACE_ONLY) {
		return FC_OK;
	}
	FC_TRY(probe_detect(ctx, bytes, NULL, &detection, err));
	FC_TRY(probe_choose(detection.json, &photo->face, &face, err));
	probe_box(face, box);
	snprintf(text, sizeof(text), "%.0f,%.0f,%.0f,%.0f", box[0], box[1], box[2] - box[0],
		 box[3] - box[1]);
	azure_query(call, "targetFace", text);
	return FC_OK;
}

static enum fc_status add_photo(struct command_context *ctx, const struct face_args *args,
				const struct owner *owner, const struct fc_photo *photo,
				struct azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	*call = call_of(ctx, owner, FC_AZURE_FACE_ADD);
	call->keep_crops = settings_keep_crops(ctx->settings);
	FC_TRY(probe_read(ctx, photo, &bytes, err));
	azure_query(call, "userData", args->user_data ? args->user_data : photo->user_data);
	FC_TRY(choose_target(ctx, photo, &bytes, call, err));
	call->image = bytes.data ? bytes.data : (const void *)"";
	call->image_length = bytes.length;
	return azure_send(call, err);
}

static enum fc_status run_add(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct face_args *args = parsed;
	struct operand_outcomes outcomes = { 0 };
	struct owner owner;
	if (args->person && is_of_space(ctx, args)) {
		return stored_faces_add(ctx, args->person, args->scope.space, args->user_data,
					&args->source, err);
	}
	FC_TRY(owner_of(ctx, args, &owner, err));
	FC_CLEANUP(azure_rows_release) struct azure_rows rows = { 0 };
	bool single = !args->source.streams && args->source.list.count == 1;
	azure_rows_begin(&rows, ctx, "stored_face", azure_face_add_fields, true, single);
	for (;;) {
		FC_CLEANUP(azure_call_release) struct azure_call call = { 0 };
		FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
		struct fc_error failure = { 0 };
		struct fc_photo photo;
		bool end = false;
		FC_TRY(photo_source_next(&args->source, &photo, &end, err));
		if (end) {
			break;
		}
		enum fc_status status = add_photo(ctx, args, &owner, &photo, &call, &failure);
		if (!probe_is_of_photo(status)) {
			*err = failure;
			fc_error_prefix(err, "'%s'", photo.path);
			return status;
		}
		fc_error_prefix(&failure, "'%s'", photo.path);
		row.path = photo.path;
		row.status = fc_status_name(status);
		row.result = status == FC_OK ? "added" : "failed";
		row.error = status == FC_OK ? NULL : failure.text;
		row.user_data = args->user_data ? args->user_data : photo.user_data;
		operand_note(&outcomes, status == FC_OK ? NULL : &failure);
		if (status != FC_OK) {
			out_message(ctx->out, "%s", failure.text);
		}
		FC_TRY(azure_rows_add(&rows, call.json, &row,
				      status == FC_OK ? TONE_GOOD : TONE_BAD, err));
		FC_TRY(out_flush(ctx->out, err));
	}
	FC_TRY(photo_source_check_empty(&args->source, outcomes.done + outcomes.failed, err));
	FC_TRY(azure_rows_end(&rows, err));
	enum fc_status status = operand_judge(&outcomes, err);
	return status == FC_OK ? FC_OK : exit_shown(status, err);
}

static void release_add(void *parsed)
{
	struct face_args *args = parsed;
	photo_source_release(&args->source);
}

const struct command faces_add_command = {
	.name = "faces add",
	.summary = "add faces of photos to a person or a face list",
	.synopsis =
		"(--person PERSON | --list LIST) [OPTION...] PHOTO... | --from DIR | --manifest FILE",
	.help = "The same photo can be added twice. Groups and large lists need a training afterwards.",
	.options = add_options,
	.args_size = sizeof(struct face_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.fields = azure_face_add_fields,
	.prepare = prepare_add,
	.run = run_add,
	.release = release_add,
};

/* ---- list ---- */

static const struct option_row list_options[] = {
	ROWS_OWNER,
	OPTION_ROWS_LISTING(face_args, listing),
	{ OPTION_END },
};

static enum fc_status run_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct face_args *args = parsed;
	struct owner owner;
	if (!args->listing.after && is_of_space(ctx, args)) {
		const struct page_args page = { .limit = args->listing.limit,
						.all = args->listing.all };
		return stored_faces_list(ctx, args->person, args->scope.space, &page, err);
	}
	FC_TRY(owner_of(ctx, args, &owner, err));
	bool pages = owner.scope.kind == FC_AZURE_LARGE_FACE_LIST;
	FC_CLEANUP(azure_call_release)
	struct azure_call call = call_of(ctx, &owner, FC_AZURE_FACE_LIST_ALL);
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
		struct azure_call one = call_of(ctx, &owner, FC_AZURE_FACE_GET);
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
static enum fc_status send_for(struct command_context *ctx, const struct owner *owner,
			       const char *text, struct azure_call *call,
			       char id[FC_UUID_TEXT_SIZE], struct fc_error *err)
{
	FC_TRY(scope_face(ctx, &owner->scope, call->person, text, id, err));
	call->face = id;
	return azure_send(call, err);
}

/* The verb of show for a face of a plain list, whose faces are read with the list. */
static enum fc_status show_of_list(struct command_context *ctx, const struct owner *owner,
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
			     const struct owner *owner, enum fc_azure_verb verb, const char *text,
			     struct azure_rows *rows, struct operand_outcomes *outcomes,
			     struct fc_error *err)
{
	FC_CLEANUP(azure_call_release) struct azure_call call = call_of(ctx, owner, verb);
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
	struct owner owner;
	if (is_of_space(ctx, args) && verb == FC_AZURE_FACE_GET) {
		return stored_faces_show(ctx, &args->faces, args->person, args->scope.space, err);
	}
	if (is_of_space(ctx, args)) {
		bool updates = verb == FC_AZURE_FACE_UPDATE;
		struct fc_stored_face_change change = {
			.operation = updates ? FC_FACE_UPDATE : FC_FACE_DELETE,
			.user_data = args->user_data,
			.dry_run = args->dry_run,
		};
		return stored_faces_change(ctx, &args->faces, args->person, args->scope.space,
					   &change, updates ? "updated" : "deleted", err);
	}
	FC_TRY(owner_of(ctx, args, &owner, err));
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
	ROW_FACES,
	ROWS_OWNER,
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
	ROW_FACES,
	ROWS_OWNER,
	ROW_USER_DATA,
	{ OPTION_TEXTS, 0, "unset", "FIELD", AT(unset), "remove a value: user-data" },
	{ OPTION_END },
};

static enum fc_status run_update(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	static const char *const names[] = { "user-data", NULL };
	const struct face_args *args = parsed;
	unsigned unset = 0;
	FC_TRY(words_to_bits(&args->unset, "--unset", names, &unset, err));
	return (args->user_data != NULL) != (unset != 0)
		       ? do_each(ctx, args, FC_AZURE_FACE_UPDATE, err)
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
	ROW_FACES,
	ROWS_OWNER,
	{ OPTION_FLAG, 'n', "dry-run", NULL, AT(dry_run),
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
