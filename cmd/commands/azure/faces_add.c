/* faces add: add faces of photos to a person or a face list. For persons of the spaces of the local engine, commands/faces implements it. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/azure/faces.h"
#include "commands/azure/probe.h"
#include "commands/faces/stored.h"
#include "exit.h"
#include "option/operands.h"
#include "photos/photo_options.h"
#include "photos/run_limits.h"

static const struct option_row add_options[] = {
	FACE_ROWS_OWNER,
	FACE_ROW_USER_DATA,
	OPTION_ROWS_PLACES(face_args, photos),
	OPTION_ROW_FACE(face_args, photos.face),
	OPTION_ROWS_RUN(face_args, photos),
	{ OPTION_FLAG, 0, "no-entry", NULL, FACE_AT(no_entry),
	  "do not add entries to the log of processed faces" },
	OPTION_ROW_DRY_RUN(face_args),
	{ OPTION_END },
};

static enum fc_status prepare_add(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct face_args *args = parsed;
	args->photos.face = args->photos.face ? args->photos.face : "only";
	FC_TRY(photo_source_open(&args->source, &args->photos, ctx, err));
	args->source.urls = true;
	return FC_OK;
}

/* A photo, and the request that adds its face. */
struct addition {
	char *path, *user_data;
	struct fc_photo photo; /* as given, with these two texts and no others */
	struct fc_buffer bytes;
	enum fc_status status;
	struct fc_error failure;
};

enum { ADDITIONS = 32 }; /* of one call to the service */

struct add_run {
	struct command_context *ctx;
	const struct face_args *args;
	struct face_owner owner;
	struct azure_rows rows;
	struct operand_outcomes outcomes;
	struct run_limits limits;
	struct addition additions[ADDITIONS];
	struct azure_call calls[ADDITIONS];
	size_t count;
};

static void drop_additions(struct add_run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		azure_call_release(&run->calls[i]);
		fc_buffer_release(&run->additions[i].bytes);
		free(run->additions[i].path);
		free(run->additions[i].user_data);
	}
	run->count = 0;
}

static void add_run_release(struct add_run *run)
{
	drop_additions(run);
	azure_rows_release(&run->rows);
	run_limits_release(&run->limits);
}

static enum fc_status append_photo(struct add_run *run, const struct fc_photo *photo,
				   struct fc_error *err)
{
	struct addition *addition = &run->additions[run->count];
	struct azure_call *call = &run->calls[run->count];
	const char *user_data = run->args->user_data ? run->args->user_data : photo->user_data;
	*call = face_call(run->ctx, &run->owner, FC_AZURE_FACE_ADD);
	call->keep_crops = settings_keep_crops(run->ctx->settings);
	*addition = (struct addition){
		.path = strdup(photo->path),
		.user_data = user_data ? strdup(user_data) : NULL,
	};
	run->count++;
	if (!addition->path || (user_data && !addition->user_data)) {
		return fc_fail_memory(err);
	}
	addition->photo = (struct fc_photo){ .path = addition->path,
					     .user_data = addition->user_data,
					     .face = photo->face,
					     .has_face = photo->has_face,
					     .no_photo = photo->no_photo };
	addition->status = probe_read(run->ctx, photo, &addition->bytes, &addition->failure);
	azure_query(call, "userData", addition->user_data);
	probe_put(call, addition->path, &addition->bytes);
	return FC_OK;
}

static enum fc_status write_addition(struct add_run *run, struct addition *addition,
				     const struct azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
	bool failed = addition->status != FC_OK;
	if (failed) {
		fc_error_prefix(&addition->failure, "'%s'", addition->path);
	}
	if (!probe_is_of_photo(addition->status)) {
		*err = addition->failure;
		return addition->status;
	}
	if (failed) {
		out_message(run->ctx->out, "%s", addition->failure.text);
	}
	row.path = addition->path;
	row.status = fc_status_name(addition->status);
	row.result = failed ? "failed" : record_outcome(run->ctx->out, run->args->dry_run, "added");
	row.dry_run = run->args->dry_run ? RECORD_TRUE : RECORD_FALSE;
	row.error = failed ? addition->failure.text : NULL;
	row.user_data = addition->user_data;
	operand_note(&run->outcomes, failed ? &addition->failure : NULL);
	const struct fc_photo_outcome outcome = { .photo = &addition->photo,
						  .path = addition->path,
						  .status = addition->status,
						  .error = row.error };
	FC_TRY(run_limits_note(&run->limits, &outcome, err));
	return azure_rows_add(&run->rows, call->json, &row, failed ? TONE_BAD : TONE_GOOD, err);
}

/* Send the requests of the photos at these places; the results go to the photos. */
static enum fc_status send_some(struct add_run *run, struct azure_call *calls, const size_t *places,
				size_t count, struct fc_error *err)
{
	enum fc_status statuses[ADDITIONS];
	struct fc_error failures[ADDITIONS];
	enum fc_status status = azure_send_many(calls, count, statuses, failures, err);
	for (size_t i = 0; i < count; i++) {
		struct addition *addition = &run->additions[places[i]];
		addition->status = status == FC_OK ? statuses[i] : status;
		addition->failure = status == FC_OK ? failures[i] : *err;
	}
	return FC_OK;
}

static enum fc_status add_some(struct add_run *run, const size_t *places, size_t count,
			       struct fc_error *err)
{
	struct azure_call calls[ADDITIONS];
	for (size_t i = 0; i < count; i++) {
		calls[i] = run->calls[places[i]];
	}
	enum fc_status status = send_some(run, calls, places, count, err);
	for (size_t i = 0; i < count; i++) {
		run->calls[places[i]] = calls[i];
	}
	return status;
}

/* Choose the faces of photos by their rectangles: detect all faces, and keep the places whose photo has the face. */
static enum fc_status choose_targets(struct add_run *run, size_t *places, size_t *count,
				     struct fc_error *err)
{
	struct azure_call detections[ADDITIONS];
	size_t kept = 0;
	for (size_t i = 0; i < *count; i++) {
		const struct addition *addition = &run->additions[places[i]];
		detections[i] = probe_detection(run->ctx, addition->path, &addition->bytes, NULL);
	}
	enum fc_status status = send_some(run, detections, places, *count, err);
	for (size_t i = 0; i < *count; i++) {
		struct addition *addition = &run->additions[places[i]];
		const cJSON *face;
		if (addition->status == FC_OK) {
			addition->status = probe_choose(detections[i].json, &addition->photo.face,
							addition->path, &addition->bytes, &face,
							&addition->failure);
		}
		if (addition->status == FC_OK) {
			double box[4];
			char text[64];
			probe_box(face, box);
			snprintf(text, sizeof(text), "%.0f,%.0f,%.0f,%.0f", box[0], box[1],
				 box[2] - box[0], box[3] - box[1]);
			azure_query(&run->calls[places[i]], "targetFace", text);
			places[kept++] = places[i];
		}
		azure_call_release(&detections[i]);
	}
	*count = kept;
	return status;
}

/*
 * Send the requests so far, and write the results in the order of the photos. A photo with one face needs no choice for the rules "only" and
 * "largest", so that its faces are detected once.
 */
static enum fc_status flush_additions(struct add_run *run, struct fc_error *err)
{
	size_t simple[ADDITIONS], chosen[ADDITIONS];
	size_t simple_count = 0, chosen_count = 0;
	bool dry_run = run->args->dry_run;
	for (size_t i = 0; i < run->count; i++) {
		enum fc_face_rule rule = run->additions[i].photo.face.rule;
		if (run->additions[i].status != FC_OK) {
			continue;
		}
		if (!dry_run && (rule == FC_FACE_ONLY || rule == FC_FACE_LARGEST)) {
			simple[simple_count++] = i;
		} else {
			chosen[chosen_count++] = i;
		}
	}
	FC_TRY(add_some(run, simple, simple_count, err));
	for (size_t i = 0; i < simple_count; i++) {
		const struct addition *addition = &run->additions[simple[i]];
		if (addition->status == FC_SEVERAL_FACES &&
		    addition->photo.face.rule == FC_FACE_LARGEST) {
			chosen[chosen_count++] = simple[i];
		}
	}
	FC_TRY(choose_targets(run, chosen, &chosen_count, err));
	FC_TRY(add_some(run, chosen, dry_run ? 0 : chosen_count, err));
	for (size_t i = 0; i < run->count; i++) {
		FC_TRY(write_addition(run, &run->additions[i], &run->calls[i], err));
	}
	drop_additions(run);
	return out_flush(run->ctx->out, err);
}

static enum fc_status run_add(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct face_args *args = parsed;
	FC_CLEANUP(add_run_release) struct add_run run = { .ctx = ctx, .args = args };
	bool single = !args->source.streams && args->source.list.count == 1;
	/* a service answers each request before the next one, so that an interrupted run loses nothing; failures are counted at once, too */
	bool together = settings_are_local(ctx->settings) && !args->photos.max_errors.given;
	size_t most = together ? ADDITIONS : 1;
	if (args->person && face_is_of_space(ctx, args)) {
		const struct fc_set_request request = { .face_user_data = args->user_data,
							.no_entry = args->no_entry,
							.dry_run = args->dry_run };
		return stored_faces_add(ctx, args->person, args->scope.space, &request,
					&args->source, err);
	}
	FC_TRY(face_owner_of(ctx, args, &run.owner, err));
	FC_TRY(run_limits_begin(&run.limits, &args->source, err));
	/* a dry run sends nothing to the owner, which must exist */
	char model[SCOPE_MODEL_SIZE];
	FC_TRY(args->dry_run ? scope_model(ctx, &run.owner.scope, model, err) : FC_OK);
	azure_rows_begin(&run.rows, ctx, "stored_face", azure_face_add_fields, !args->dry_run,
			 single);
	for (bool end = false; !end;) {
		struct fc_photo photo;
		end = !run_limits_allow(&run.limits);
		if (!end) {
			FC_TRY(photo_source_next(&args->source, &photo, &end, err));
		}
		if (!end) {
			FC_TRY(append_photo(&run, &photo, err));
		}
		if (run.count == most || (end && run.count > 0)) {
			FC_TRY(flush_additions(&run, err));
		}
	}
	uint64_t photos = run.outcomes.done + run.outcomes.failed;
	if (run.limits.ended == RUN_GOES_ON) {
		FC_TRY(photo_source_check_empty(&args->source, photos, err));
	}
	FC_TRY(azure_rows_end(&run.rows, err));
	FC_TRY(run_limits_end(&run.limits, ctx, photos, err));
	enum fc_status status = operand_judge(&run.outcomes, err);
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
