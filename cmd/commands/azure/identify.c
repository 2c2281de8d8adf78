/* identify: find which persons of a group the faces of photos show. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_writer.h"
#include "base/memory.h"
#include "commands/azure/identified.h"
#include "commands/azure/probe_block.h"
#include "commands/azure/rows.h"
#include "commands/azure/scope.h"
#include "exit.h"
#include "option/operands.h"
#include "option/threshold.h"
#include "photos/photo_options.h"
#include "photos/photos.h"
#include "photos/run_limits.h"

enum { FACES_OF_A_REQUEST = 10 };

struct identify_args {
	struct scope_args scope;
	struct photo_source_args photos;
	struct option_number top;
	struct cut_args cut;
	bool require_match;
	const char *annotate, *crops, *sheet_path;
	/* set by prepare */
	struct option_texts face_ids;
	struct photo_source source;
	bool has_photos;
	struct pictures pictures;
	struct contact_sheet sheet;
};

#define AT(member) offsetof(struct identify_args, member)

static const struct option_row options[] = {
	OPTION_ROWS_GROUP(identify_args, scope),
	OPTION_ROWS_SOURCE(identify_args, photos),
	{ OPTION_NUMBER, 0, "top", "N", AT(top), "at most N candidates for each face; default: 1",
	  .minimum = 1, .maximum = 100 },
	OPTION_ROWS_CUT(identify_args, cut,
			"minimum confidence of a candidate, 0 to 1; default: 0.5 of the local "
			"engine, else that of the service"),
	{ OPTION_FLAG, 0, "require-match", NULL, AT(require_match),
	  "exit with 1 if no face is identified" },
	OPTION_ROWS_PICTURES(identify_args),
	OPTION_ROW_SHEET(identify_args, sheet_path),
	{ OPTION_END },
};

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct identify_args *args = parsed;
	FC_TRY(cut_check(&args->cut, ctx->settings, err));
	FC_TRY(probe_split(&args->photos.photos, &args->face_ids, err));
	args->has_photos = args->face_ids.count == 0 || args->photos.photos.count > 0 ||
			   args->photos.from || args->photos.manifest || args->photos.files_from ||
			   args->photos.files0_from;
	bool pictures = args->annotate || args->crops || args->sheet_path;
	const char *refused = args->face_ids.count > 0 ? args->face_ids.items[0] : NULL;
	for (size_t i = 0; i < args->photos.photos.count; i++) {
		const char *word = args->photos.photos.items[i];
		refused = photo_is_url(word) ? word : refused;
	}
	if (pictures && refused) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s': --annotate, --crops and --contact-sheet need the file of "
			       "each photo",
			       refused);
	}
	FC_TRY(args->has_photos ? photo_source_open(&args->source, &args->photos, ctx, err)
				: FC_OK);
	FC_TRY(contact_sheet_open(&args->sheet, args->sheet_path, "identify", "face", err));
	return pictures ? pictures_init(&args->pictures, args->crops, args->annotate, &args->source,
					ctx->out, err)
			: FC_OK;
}

/* A face to identify. */
struct face {
	char *path; /* NULL: given as a faceId */
	char id[FC_UUID_TEXT_SIZE];
	int64_t index;
	double box[4];
};

struct run {
	struct command_context *ctx;
	const struct identify_args *args;
	struct scope scope;
	char model[SCOPE_MODEL_SIZE];
	struct fc_threshold_choice cut;
	struct azure_rows rows;
	struct identified_pictures pictures;
	struct face faces[FACES_OF_A_REQUEST];
	size_t count;
	uint64_t matches;
	struct operand_outcomes outcomes;
	struct run_limits limits;
	/* the person whose name was read last */
	char person[FC_UUID_TEXT_SIZE];
	char *name;
};

static void drop_faces(struct run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		free(run->faces[i].path);
	}
	run->count = 0;
}

static void run_release(struct run *run)
{
	drop_faces(run);
	free(run->name);
	azure_rows_release(&run->rows);
	identified_release(&run->pictures);
	run_limits_release(&run->limits);
}

/* The name of a person of the group; NULL if the person has been deleted. */
static enum fc_status name_of(struct run *run, const char *person, const char **out,
			      struct fc_error *err)
{
	FC_CLEANUP(azure_call_release)
	struct azure_call call = {
		.service = run->ctx->service,
		.kind = run->scope.kind,
		.verb = FC_AZURE_PERSON_GET,
		.container = run->scope.id,
		.person = person,
	};
	if (strcmp(run->person, person) != 0) {
		const char *name;
		run->person[0] = '\0';
		free(run->name);
		run->name = NULL;
		FC_TRY(azure_send_for_name(&call, &name, err));
		run->name = name ? strdup(name) : NULL;
		if (name && !run->name) {
			return fc_fail_memory(err);
		}
		snprintf(run->person, sizeof(run->person), "%s", person);
	}
	*out = run->name;
	return FC_OK;
}

static struct azure_row row_of(const struct face *face)
{
	struct azure_row row = azure_row_new();
	row.path = face->path;
	row.status = "ok";
	row.face_id = face->id;
	row.index = face->index;
	if (face->path) {
		row.box = (struct record_reals){ face->box, 4 };
	}
	return row;
}

static enum fc_status add_to_pictures(struct run *run, const struct face *face,
				      const cJSON *candidate, struct fc_error *err)
{
	const char *person = fc_json_text(candidate, "personId"), *name = NULL;
	struct fc_uuid pid;
	double confidence = NAN;
	bool known = person && fc_uuid_parse(person, &pid);
	FC_IGNORE(fc_json_number(candidate, "confidence", 0, 1, &confidence));
	if (known) {
		FC_TRY(name_of(run, person, &name, err));
	}
	return identified_add(&run->pictures, face->box, known ? &pid : NULL, name, confidence,
			      err);
}

/* Write the result of a face: an object of the answer. */
static enum fc_status write_face(struct run *run, const struct face *face, const cJSON *result,
				 struct fc_error *err)
{
	const cJSON *candidates = fc_json_get(result, "candidates");
	const cJSON *candidate;
	int64_t rank = 0;
	run->matches += cJSON_GetArraySize(candidates) > 0;
	if (identified_wanted(&run->pictures)) {
		FC_TRY(add_to_pictures(run, face, cJSON_GetArrayItem(candidates, 0), err));
	}
	if (run->rows.objects || cJSON_GetArraySize(candidates) == 0) {
		struct azure_row row = row_of(face);
		row.result = "unknown";
		return azure_rows_add(&run->rows, run->rows.objects ? result : NULL, &row,
				      TONE_PLAIN, err);
	}
	cJSON_ArrayForEach (candidate, candidates) {
		struct azure_row row = row_of(face);
		row.result = "identified";
		row.rank = ++rank;
		row.pid = fc_json_text(candidate, "personId");
		if (row.pid) {
			FC_TRY(name_of(run, row.pid, &row.name, err));
		}
		FC_IGNORE(fc_json_number(candidate, "confidence", 0, 1, &row.confidence));
		FC_TRY(azure_rows_add(&run->rows, NULL, &row, TONE_GOOD, err));
	}
	return FC_OK;
}

/* Identify the faces so far. */
static enum fc_status flush(struct run *run, struct fc_error *err)
{
	FC_CLEANUP(azure_call_release)
	struct azure_call call = { .service = run->ctx->service,
				   .verb = FC_AZURE_IDENTIFY,
				   .cut = run->cut };
	struct fc_json_writer json = fc_json_writer_of(&call.body, false);
	if (run->count == 0) {
		return FC_OK;
	}
	fc_json_begin_object(&json);
	fc_json_put_text(&json, fc_azure_kinds[run->scope.kind].id_member, run->scope.id);
	fc_json_put_array(&json, "faceIds");
	for (size_t i = 0; i < run->count; i++) {
		fc_json_string(&json, run->faces[i].id);
	}
	fc_json_end_array(&json);
	if (run->args->top.given) {
		fc_json_put_integer(&json, "maxNumOfCandidatesReturned",
				    (int64_t)run->args->top.value);
	}
	if (run->args->cut.min_confidence.given) {
		fc_json_put_real(&json, "confidenceThreshold", run->args->cut.min_confidence.value,
				 7);
	}
	fc_json_end_object(&json);
	enum fc_status status = azure_send(&call, err);
	if (status != FC_OK) {
		fc_error_prefix(err, "'%s'", run->scope.id);
		azure_add_hint(run->scope.kind, run->scope.id, err);
		return status;
	}
	for (size_t i = 0; i < run->count; i++) {
		const cJSON *result = cJSON_GetArrayItem(call.json, (int)i);
		const char *id = fc_json_text(result, "faceId");
		if (!id || strcasecmp(id, run->faces[i].id) != 0) {
			return fc_fail(err, FC_REFUSED,
				       "the answer does not have the faces of the request");
		}
		FC_TRY(write_face(run, &run->faces[i], result, err));
	}
	drop_faces(run);
	return out_flush(run->ctx->out, err);
}

static enum fc_status add_face(struct run *run, const char *id, const char *path, int64_t index,
			       const cJSON *object, struct fc_error *err)
{
	struct face *face = &run->faces[run->count];
	*face = (struct face){ .index = index };
	snprintf(face->id, sizeof(face->id), "%s", id);
	face->path = path ? strdup(path) : NULL;
	if (path && !face->path) {
		return fc_fail_memory(err);
	}
	probe_box(object, face->box);
	run->count++;
	return run->count == FACES_OF_A_REQUEST ? flush(run, err) : FC_OK;
}

/* A photo that failed, or that shows no face. */
static enum fc_status write_photo(struct run *run, const char *path, const struct fc_error *failure,
				  struct fc_error *err)
{
	struct azure_row row = azure_row_new();
	bool failed = failure->status != FC_OK;
	FC_TRY(flush(run, err));
	row.path = path;
	row.status = fc_status_name(failure->status);
	row.error = failed ? failure->text : NULL;
	row.result = failed ? "failed" : "no_face";
	return azure_rows_add(&run->rows, NULL, &row, failed ? TONE_BAD : TONE_PLAIN, err);
}

/* Write or collect the faces of a photo whose faces were detected. */
static enum fc_status add_photo(struct run *run, struct probe_photo *probe, struct fc_error *err)
{
	int64_t index = 0;
	const cJSON *face;
	const struct fc_photo *photo = &probe->photo;
	enum fc_status status = probe->status;
	if (status == FC_OK) {
		cJSON_ArrayForEach (face, probe->call.json) {
			const char *id = fc_json_text(face, "faceId");
			if (!id) {
				return fc_fail(err, FC_REFUSED,
					       "the answer has a face without a faceId");
			}
			FC_TRY(add_face(run, id, photo->path, index++, face, err));
		}
	}
	if (status == FC_OK && identified_wanted(&run->pictures)) {
		FC_TRY(flush(run, err));
		status = identified_write(&run->pictures, photo, &probe->bytes, &probe->failure);
	} else if (status != FC_OK && probe_is_of_photo(status)) {
		const struct fc_photo_outcome failed = { .path = photo->path,
							 .status = status,
							 .error = probe->failure.text };
		FC_TRY(identified_fail(&run->pictures, &failed, err));
	}
	if (!probe_is_of_photo(status)) {
		*err = probe->failure;
		return status;
	}
	if (status != FC_OK) {
		fc_error_prefix(&probe->failure, "'%s'", photo->path);
		out_message(run->ctx->out, "%s", probe->failure.text);
	}
	operand_note(&run->outcomes, status == FC_OK ? NULL : &probe->failure);
	const struct fc_photo_outcome outcome = {
		.photo = photo, .path = photo->path, .status = status, .error = probe->failure.text
	};
	FC_TRY(run_limits_note(&run->limits, &outcome, err));
	return status != FC_OK || cJSON_GetArraySize(probe->call.json) == 0
		       ? write_photo(run, photo->path, &probe->failure, err)
		       : FC_OK;
}

static enum fc_status add_photos(struct run *run, struct probe_block *block, struct fc_error *err)
{
	FC_TRY(probe_block_detect(block, run->ctx, run->model, err));
	for (size_t i = 0; i < block->count; i++) {
		FC_TRY(add_photo(run, &block->items[i], err));
	}
	probe_block_release(block);
	return FC_OK;
}

static enum fc_status execute(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct identify_args *args = parsed;
	FC_CLEANUP(run_release)
	struct run run = { .ctx = ctx,
			   .args = args,
			   .cut = threshold_choice(&args->cut.threshold, &args->cut.fmr,
						   &args->cut.fpir),
			   .pictures = { .ctx = ctx,
					 .pictures = &args->pictures,
					 .sheet = &args->sheet,
					 .space = args->scope.space } };
	FC_CLEANUP(probe_block_release) struct probe_block block = { 0 };
	FC_TRY(scope_of(ctx, &args->scope, &run.scope, err));
	if (run.scope.kind == FC_AZURE_NO_KIND) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "give --group GROUP or --space SPACE");
	}
	FC_TRY(scope_model(ctx, &run.scope, run.model, err));
	FC_TRY(args->has_photos ? run_limits_begin(&run.limits, &args->source, err) : FC_OK);
	azure_rows_begin(&run.rows, ctx, "identify", azure_identify_fields, true, false);
	for (size_t i = 0; i < args->face_ids.count; i++) {
		FC_TRY(add_face(&run, args->face_ids.items[i], NULL, RECORD_ABSENT, NULL, err));
		operand_note(&run.outcomes, NULL);
	}
	for (bool end = !args->has_photos; !end;) {
		struct fc_photo photo;
		end = !run_limits_allow(&run.limits);
		if (!end) {
			FC_TRY(photo_source_next(&args->source, &photo, &end, err));
		}
		FC_TRY(end ? FC_OK : probe_block_add(&block, ctx, &photo, err));
		/* the number of errors is counted after each photo */
		if (end || args->photos.max_errors.given || probe_block_is_full(&block, ctx)) {
			FC_TRY(add_photos(&run, &block, err));
		}
	}
	uint64_t photos = run.outcomes.done + run.outcomes.failed;
	if (args->has_photos && run.limits.ended == RUN_GOES_ON) {
		FC_TRY(photo_source_check_empty(&args->source, photos, err));
	}
	FC_TRY(flush(&run, err));
	FC_TRY(azure_rows_end(&run.rows, err));
	FC_TRY(contact_sheet_commit(&args->sheet, err));
	FC_TRY(args->has_photos ? run_limits_end(&run.limits, ctx, photos, err) : FC_OK);
	enum fc_status status = operand_judge(&run.outcomes, err);
	if (status != FC_OK) {
		return exit_shown(status, err);
	}
	return args->require_match && run.matches == 0 ? exit_no(err) : FC_OK;
}

static void release(void *parsed)
{
	struct identify_args *args = parsed;
	option_texts_release(&args->face_ids);
	pictures_release(&args->pictures);
	contact_sheet_release(&args->sheet);
	photo_source_release(&args->source);
}

const struct command identify_command = {
	.name = "identify",
	.summary = "find which persons of a group photos show",
	.synopsis = "(--group GROUP | --space SPACE) [OPTION...] PHOTO... | FACEID...",
	.help = "FACEID is the id of a detected face. The group must be trained.",
	.options = options,
	.args_size = sizeof(struct identify_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.fields = azure_identify_fields,
	.prepare = prepare,
	.run = execute,
	.release = release,
};
