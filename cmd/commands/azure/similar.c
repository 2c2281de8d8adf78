/* similar: find the faces of a list or of other photos, or the persons of a space, that are similar to the face of a photo. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_writer.h"
#include "commands/azure/gather.h"
#include "commands/azure/rows.h"
#include "commands/azure/scope.h"
#include "exit.h"
#include "option/threshold.h"
#include "photos/photo_options.h"
#include "vision/faces/choice.h"

enum { PERSONS_MAXIMUM = 100, CANDIDATES = 20 /* by default */ };

enum { MODE_PERSON, MODE_FACE };
static const char *const modes[] = { "person", "face", NULL };

struct similar_args {
	struct option_texts words; /* PROBE, then CANDIDATE... */
	struct scope_args scope;
	const char *from, *face;
	unsigned mode;
	struct option_number top;
	struct cut_args cut;
	bool require_match;
	/* set by prepare */
	struct fc_face_choice choice;
	struct photo_source_args photos;
	struct photo_source source;
};

#define AT(member) offsetof(struct similar_args, member)

static const struct option_row options[] = {
	{ OPTION_OPERANDS, 0, NULL, "PROBE [CANDIDATE...]", AT(words),
	  "each a photo or a faceId; the candidates are compared with the first", .minimum = 1 },
	{ OPTION_PATH, 0, "from", "DIR", AT(from),
	  "candidates: all photos in this folder and its subfolders" },
	OPTION_ROW_LIST(similar_args, scope),
	OPTION_ROW_LARGE(similar_args, scope.large),
	{ OPTION_TEXT, 's', "space", "SPACE", AT(scope.space),
	  "candidates: the persons of a space" },
	{ OPTION_TEXT, 0, "face", "WHICH", AT(face),
	  "face of a probe with several: only, main, largest, central, index=N, box=L,T,R,B or rect=L,T,W,H" },
	{ OPTION_CHOICE, 0, "mode", "MODE", AT(mode),
	  "person: only faces of the same person; face: the most similar faces of anyone",
	  .choices = modes },
	{ OPTION_NUMBER, 0, "top", "N", AT(top), "at most N faces; default: 20", .minimum = 1,
	  .maximum = GATHER_MAXIMUM },
	OPTION_ROWS_CUT(similar_args, cut, "leave out what has a lower confidence, 0 to 1"),
	{ OPTION_FLAG, 0, "require-match", NULL, AT(require_match),
	  "exit with 1 if no face is similar" },
	{ OPTION_END },
};

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct similar_args *args = parsed;
	bool others = args->words.count > 1;
	FC_TRY(cut_check(&args->cut, ctx->settings, err));
	if ((args->scope.list != NULL) + (args->scope.space != NULL) + (args->from != NULL) +
		    others !=
	    1) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "give candidates to compare with: photos or faceIds, --from DIR, "
			       "--list LIST or --space SPACE");
	}
	if (args->scope.space && args->top.given && args->top.value > PERSONS_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "--top is at most %d with --space",
			       PERSONS_MAXIMUM);
	}
	if (args->from) {
		args->photos.from = args->from;
		FC_TRY(photo_source_open(&args->source, &args->photos, ctx, err));
	}
	return args->face ? fc_face_choice_parse(args->face, &args->choice, err) : FC_OK;
}

struct run {
	struct command_context *ctx;
	struct similar_args *args;
	struct scope scope;
	char model[SCOPE_MODEL_SIZE];
	char probe[FC_UUID_TEXT_SIZE];
	struct gathered candidates;
	struct azure_rows rows;
};

static void run_release(struct run *run)
{
	gathered_release(&run->candidates);
	azure_rows_release(&run->rows);
}

static enum fc_status read_candidates(struct run *run, struct fc_error *err)
{
	struct similar_args *args = run->args;
	FC_TRY(gather_words(&run->candidates, &args->words, 1, err));
	if (args->from) {
		FC_TRY(gather_source(&run->candidates, &args->source, err));
	}
	return run->candidates.count > 0 || run->scope.kind != FC_AZURE_NO_KIND
		       ? FC_OK
		       : fc_fail(err, FC_NO_FACE, "no face to compare with");
}

/* The persons of a space: an operation Identify without a threshold, or with the default of the same person. */
static void write_identify(const struct run *run, struct fc_buffer *body)
{
	struct fc_json_writer json = fc_json_writer_of(body, false);
	const struct similar_args *args = run->args;
	fc_json_begin_object(&json);
	fc_json_put_text(&json, fc_azure_kinds[run->scope.kind].id_member, run->scope.id);
	fc_json_put_array(&json, "faceIds");
	fc_json_string(&json, run->probe);
	fc_json_end_array(&json);
	fc_json_put_integer(&json, "maxNumOfCandidatesReturned",
			    args->top.given ? (int64_t)args->top.value : CANDIDATES);
	if (args->mode == MODE_FACE) {
		fc_json_put_integer(&json, "confidenceThreshold", 0);
	}
	fc_json_end_object(&json);
}

static void write_request(const struct run *run, struct fc_buffer *body)
{
	struct fc_json_writer json = fc_json_writer_of(body, false);
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "faceId", run->probe);
	if (run->scope.kind != FC_AZURE_NO_KIND) {
		fc_json_put_text(&json, fc_azure_kinds[run->scope.kind].id_member, run->scope.id);
	} else {
		fc_json_put_array(&json, "faceIds");
		for (size_t i = 0; i < run->candidates.count; i++) {
			fc_json_string(&json, run->candidates.items[i].id);
		}
		fc_json_end_array(&json);
	}
	if (run->args->top.given) {
		fc_json_put_integer(&json, "maxNumOfCandidatesReturned",
				    (int64_t)run->args->top.value);
	}
	fc_json_put_text(&json, "mode", run->args->mode == MODE_FACE ? "matchFace" : "matchPerson");
	fc_json_end_object(&json);
}

static enum fc_status write_match(struct run *run, const cJSON *match, int64_t rank,
				  struct fc_error *err)
{
	FC_CLEANUP(azure_row_release) struct azure_row row = azure_row_new();
	const char *probe = run->args->words.items[0];
	row.path = probe_is_face_id(probe) ? NULL : probe;
	row.face_id = run->probe;
	row.rank = rank;
	row.id = fc_json_text(match, "faceId");
	row.pid = fc_json_text(match, "personId");
	FC_IGNORE(fc_json_number(match, "confidence", 0, 1, &row.confidence));
	FC_CLEANUP(azure_call_release)
	struct azure_call person = { .service = run->ctx->service,
				     .kind = run->scope.kind,
				     .verb = FC_AZURE_PERSON_GET,
				     .container = run->scope.id,
				     .person = row.pid };
	if (row.pid && !run->rows.objects) {
		FC_TRY(azure_send_for_name(&person, &row.name, err));
	}
	const struct gathered_face *face = row.id ? gathered_find(&run->candidates, row.id) : NULL;
	row.resource = face ? face->path : NULL;
	return azure_rows_add(&run->rows, match, &row, TONE_GOOD, err);
}

static enum fc_status execute(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct similar_args *args = parsed;
	FC_CLEANUP(run_release) struct run run = { .ctx = ctx, .args = args };
	run.candidates = (struct gathered){ .ctx = ctx, .model = run.model };
	FC_CLEANUP(azure_call_release)
	struct azure_call call = {
		.service = ctx->service,
		.verb = args->scope.space ? FC_AZURE_IDENTIFY : FC_AZURE_FIND_SIMILAR,
		.cut = threshold_choice(&args->cut.threshold, &args->cut.fmr, &args->cut.fpir)
	};
	int64_t rank = 0;
	const cJSON *match;
	FC_TRY(scope_of(ctx, &args->scope, &run.scope, err));
	snprintf(run.model, sizeof(run.model), "recognition_04");
	if (run.scope.kind != FC_AZURE_NO_KIND) {
		FC_TRY(scope_model(ctx, &run.scope, run.model, err));
	}
	FC_TRY(probe_face_id(ctx, args->words.items[0], &args->choice, run.model, run.probe, err));
	FC_TRY(read_candidates(&run, err));
	if (args->scope.space) {
		write_identify(&run, &call.body);
	} else {
		write_request(&run, &call.body);
	}
	enum fc_status status = azure_send(&call, err);
	if (status != FC_OK) {
		azure_add_hint(run.scope.kind, run.scope.id, err);
		return status;
	}
	azure_rows_begin(&run.rows, ctx, "similar", azure_similar_fields, true, false);
	run.rows.writer.groups = args->scope.space  ? RECORD_OF_SPACE
				 : args->scope.list ? RECORD_OF_LIST
						    : RECORD_OF_PHOTOS;
	const cJSON *matches = args->scope.space
				       ? fc_json_get(cJSON_GetArrayItem(call.json, 0), "candidates")
				       : call.json;
	cJSON_ArrayForEach (match, matches) {
		double confidence = 0;
		FC_IGNORE(fc_json_number(match, "confidence", 0, 1, &confidence));
		if (!args->cut.min_confidence.given ||
		    confidence >= args->cut.min_confidence.value) {
			FC_TRY(write_match(&run, match, ++rank, err));
		}
	}
	FC_TRY(azure_rows_end(&run.rows, err));
	if (rank == 0) {
		out_note(ctx->out, args->scope.space ? "no similar person" : "no similar face");
	}
	return rank == 0 && args->require_match ? exit_no(err)
	       : run.candidates.failed > 0      ? exit_shown(FC_PARTIAL, err)
						: FC_OK;
}

static void release(void *parsed)
{
	struct similar_args *args = parsed;
	photo_source_release(&args->source);
}

const struct command similar_command = {
	.name = "similar",
	.summary = "find faces that are similar to the face of a photo",
	.synopsis = "[OPTION...] PROBE (CANDIDATE... | --from DIR | --list LIST | --space SPACE)",
	.options = options,
	.args_size = sizeof(struct similar_args),
	.needs = COMMAND_SERVICE | COMMAND_VISION,
	.fields = azure_similar_fields,
	.prepare = prepare,
	.run = execute,
	.release = release,
};
