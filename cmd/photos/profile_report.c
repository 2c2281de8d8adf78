/* Report the results of profiles create, reinit and search as records or as the platform's JSON. */
/* SPDX-License-Identifier: MIT */
#include "photos/profile_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/face_record.h"
#include "photos/enrol_options.h"
#include "service/answer/platform.h"

/* ---- records ---- */

struct outcome_record {
	struct photo_part photo;
	const char *result, *pid, *name;
	int64_t person_id;
	double similarity;
	double confidence_scale;
	const char *space, *origin;
	int64_t face_id, entry, best_face;
	struct nearest_part nearest;
	double threshold;
	double best_similarity;
	struct answered_part answered;
	const char *action;
	struct enrol_part enrol;
	struct face_part face;
	enum record_flag dry_run;
	struct record_texts match_pids, match_results;
	struct record_reals match_similarities, match_confidences;
	struct record_reals match_best_faces, match_best_similarities;
	char pid_text[FC_UUID_TEXT_SIZE];
};

#define IN(member) offsetof(struct outcome_record, member)

/* "confidence" is that of the detector, as in all records of faces; that of the match is match_confidence. */
const struct record_field profile_outcome_fields[] = {
	PHOTO_FIELDS(outcome_record, photo),
	{ RECORD_TEXT, "result", IN(result), 0, "RESULT" },
	{ RECORD_TEXT, "pid", IN(pid), 0, "PROFILE" },
	{ RECORD_INTEGER, "person_id", IN(person_id) },
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_REAL, "match_confidence", IN(confidence_scale), 2, "MATCH", .rank = 3 },
	{ RECORD_REAL, "similarity", IN(similarity), 4, "SIMILARITY" },
	{ RECORD_REAL, "threshold", IN(threshold), 4 },
	NEAREST_FIELDS(outcome_record, nearest),
	{ RECORD_TEXT, "space", IN(space) },
	{ RECORD_TEXT, "origin", IN(origin) },
	{ RECORD_INTEGER, "face_id", IN(face_id) },
	{ RECORD_INTEGER, "entry", IN(entry) },
	{ RECORD_TEXTS, "match_pids", IN(match_pids) },
	{ RECORD_TEXTS, "match_results", IN(match_results) },
	{ RECORD_REALS, "match_confidences", IN(match_confidences), 2 },
	{ RECORD_REALS, "match_similarities", IN(match_similarities), 4 },
	{ RECORD_REALS, "match_best_faces", IN(match_best_faces), 0 },
	{ RECORD_REALS, "match_best_similarities", IN(match_best_similarities), 4 },
	ANSWERED_FIELDS(outcome_record, answered),
	{ RECORD_TEXT, "action", IN(action) },
	ENROL_FIELDS(outcome_record, enrol),
	FACE_FIELDS(outcome_record, face),
	{ RECORD_INTEGER, "best_face", IN(best_face) },
	{ RECORD_REAL, "best_similarity", IN(best_similarity), 4 },
	{ RECORD_FLAG, "dry_run", IN(dry_run) },
	PAGE_FIELDS(outcome_record, photo, face),
	CUTOUT_FIELD(outcome_record, photo),
	OCCLUSION_FIELDS(outcome_record, face),
	{ RECORD_END },
};

/* Storage of the arrays in a record with matches. */
struct match_columns {
	char (*pids)[FC_UUID_TEXT_SIZE];
	const char **pid_texts, **results;
	double *confidences, *similarities, *best_faces, *best_similarities;
};

static void match_columns_release(struct match_columns *columns)
{
	free(columns->pids);
	free(columns->pid_texts);
	free(columns->results);
	free(columns->confidences);
	free(columns->similarities);
	free(columns->best_faces);
	free(columns->best_similarities);
}

static enum fc_status fill_matches(struct outcome_record *record, struct match_columns *columns,
				   const struct fc_profile_outcome *outcome, struct fc_error *err)
{
	size_t count = outcome->match_count;
	columns->pids = calloc(count + 1, sizeof(*columns->pids));
	columns->pid_texts = calloc(count + 1, sizeof(*columns->pid_texts));
	columns->results = calloc(count + 1, sizeof(*columns->results));
	columns->confidences = calloc(count + 1, sizeof(*columns->confidences));
	columns->similarities = calloc(count + 1, sizeof(*columns->similarities));
	columns->best_faces = calloc(count + 1, sizeof(*columns->best_faces));
	columns->best_similarities = calloc(count + 1, sizeof(*columns->best_similarities));
	if (!columns->pids || !columns->pid_texts || !columns->results || !columns->confidences ||
	    !columns->similarities || !columns->best_faces || !columns->best_similarities) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		const struct fc_profile_match *match = &outcome->matches[i];
		fc_uuid_format(&match->profile.pid, columns->pids[i]);
		columns->pid_texts[i] = columns->pids[i];
		columns->results[i] = fc_result_name(match->result);
		columns->confidences[i] = match->confidence;
		columns->similarities[i] = (double)match->similarity;
		columns->best_faces[i] = (double)match->best.id;
		columns->best_similarities[i] = (double)match->best.similarity;
	}
	record->match_pids = (struct record_texts){ columns->pid_texts, count };
	record->match_results = (struct record_texts){ columns->results, count };
	record->match_confidences = (struct record_reals){ columns->confidences, count };
	record->match_similarities = (struct record_reals){ columns->similarities, count };
	/* Remote services do not name faces. */
	size_t faces = count > 0 && outcome->matches[0].best.id > 0 ? count : 0;
	record->match_best_faces = (struct record_reals){ columns->best_faces, faces };
	record->match_best_similarities =
		(struct record_reals){ columns->best_similarities, faces };
	return FC_OK;
}

/* The fields that the reports of set, recognize and detect have too. */
static struct fc_photo_outcome photo_of(const struct fc_profile_outcome *outcome)
{
	return (struct fc_photo_outcome){
		.photo = outcome->photo,
		.name = outcome->name,
		.path = outcome->path,
		.status = outcome->status,
		.error = outcome->error,
		.analysis = outcome->analysis,
		.cutout = outcome->cutout,
		.examined = outcome->examined,
		.reason = outcome->reason,
		.action = outcome->action,
		.identity = outcome->profile,
		.duplicate = outcome->duplicate,
		.answered = outcome->answered,
	};
}

/* The word for the result. A photo that was skipped or failed has no result of the platform. */
static const char *result_word(const struct fc_profile_outcome *outcome)
{
	const struct fc_photo_outcome photo = photo_of(outcome);
	return outcome->status == FC_OK && outcome->action != FC_ACTION_SKIPPED
		       ? fc_result_name(outcome->result)
		       : fc_action_name(run_summary_action(&photo));
}

static void fill_record(struct outcome_record *record, const struct profile_report *report,
			const struct fc_profile_outcome *outcome)
{
	const struct fc_photo_outcome photo = photo_of(outcome);
	const struct fc_identity *profile = &outcome->profile;
	bool done = outcome->status == FC_OK && outcome->action != FC_ACTION_SKIPPED;
	bool compared = done && outcome->has_similarity;
	*record = (struct outcome_record){
		.result =
			record_outcome(report->photos.ctx->out,
				       report->photos.dry_run == RECORD_TRUE, result_word(outcome)),
		.dry_run = report->photos.dry_run,
		.action = fc_action_name(outcome->action),
		.person_id = RECORD_ABSENT,
		.similarity = compared ? (double)outcome->similarity : NAN,
		.confidence_scale = compared ? outcome->confidence : NAN,
		.space = done ? outcome->space : NULL,
		.origin = done ? outcome->origin : NULL,
		.face_id = outcome->face_id > 0 ? (int64_t)outcome->face_id : RECORD_ABSENT,
		.entry = outcome->has_entry ? (int64_t)outcome->entry_id : RECORD_ABSENT,
		.best_face = outcome->best.id > 0 ? (int64_t)outcome->best.id : RECORD_ABSENT,
		.best_similarity = outcome->best.id > 0 ? (double)outcome->best.similarity : NAN,
		.answered = answered_part_of(&outcome->answered),
	};
	photo_part_fill(&record->photo, &photo);
	enrol_part_fill(&record->enrol, reason_word(outcome->reason, outcome->status),
			outcome->examined, &outcome->duplicate);
	const struct fc_face *face = outcome->face ? outcome->face : outcome->cutout_face;
	face_part_fill(&record->face, face, face ? (size_t)(face - outcome->analysis->faces) : 0);
	bool unnamed = done && outcome->face && outcome->result == FC_RESULT_NM;
	record->threshold = unnamed && outcome->has_nearest ? outcome->threshold : NAN;
	person_part_fill(&record->nearest.person,
			 unnamed && outcome->has_nearest ? &outcome->nearest : NULL);
	if (unnamed && !outcome->has_profile) {
		record->nearest.why =
			fc_unnamed_name(outcome->has_nearest      ? FC_UNNAMED_BELOW_THRESHOLD
					: outcome->has_similarity ? FC_UNNAMED_UNKNOWN
								  : FC_UNNAMED_NO_PERSONS);
	}
	if (outcome->has_profile) {
		record->pid = fc_person_id_text(&profile->pid, outcome->other_id, record->pid_text);
		record->name = profile->name;
		record->person_id = profile->has_number ? (int64_t)profile->number : RECORD_ABSENT;
	}
	if (record->dry_run == RECORD_TRUE && outcome->action != FC_ACTION_UNCHANGED) {
		record->face_id = RECORD_ABSENT; /* these were not stored */
		record->entry = RECORD_ABSENT;
		record->pid = outcome->result == FC_RESULT_NEW ? NULL : record->pid;
	}
}

/* ---- the report ---- */

enum fc_status profile_report_begin(struct profile_report *report, struct command_context *ctx,
				    const char *type, struct photo_source *source,
				    struct fc_error *err)
{
	FC_TRY(report_begin(&report->photos, ctx, type, profile_outcome_fields, source, err));
	report->answers = true;
	report->has_list = report->photos.shape && ctx->photos > 1;
	if (report->has_list) {
		fc_json_begin_array(&report->photos.json);
	}
	return FC_OK;
}

void profile_report_release(struct profile_report *report)
{
	report_release(&report->photos);
}

static void append_outcome(struct profile_report *report, const struct fc_profile_outcome *outcome)
{
	struct command_context *ctx = report->photos.ctx;
	struct fc_json_writer *json = &report->photos.json;
	const struct fc_platform_dialect *dialect = ctx->dialect;
	if (outcome->action == FC_ACTION_SKIPPED) {
		fc_platform_write_error(json, dialect, FC_CONFLICT,
					outcome->error ? outcome->error
						       : fc_reason_name(outcome->reason));
	} else if (outcome->status == FC_OK && report->answers) {
		fc_answer_profile_outcome(json, dialect, outcome, report->attributes);
	} else if (outcome->status != FC_OK) {
		struct fc_error answer = { 0 };
		FC_IGNORE(fc_fail(&answer, outcome->status, "%s", outcome->error));
		if (outcome->service_answer) {
			snprintf(answer.answer, sizeof(answer.answer), "%s",
				 outcome->service_answer);
		}
		if (report->has_list) {
			fc_answer_platform_failure(json, dialect, &answer);
		} else {
			command_answer_error(ctx, &answer);
		}
	}
}

/* Text of --top: a row for each further profile. Records have them as lists. */
static enum fc_status write_match_rows(struct profile_report *report,
				       const struct fc_profile_outcome *outcome,
				       struct fc_error *err)
{
	struct fc_profile_outcome row = *outcome;
	row.face = NULL;
	row.reason = FC_REASON_NONE;
	row.has_profile = row.has_similarity = true;
	for (size_t i = outcome->has_profile; i < outcome->match_count; i++) {
		const struct fc_profile_match *match = &outcome->matches[i];
		struct outcome_record record;
		row.profile = match->profile;
		row.result = match->result;
		row.similarity = match->similarity;
		row.confidence = match->confidence;
		fill_record(&record, report, &row);
		FC_TRY(record_write(&report->photos.writer, &record, TONE_FAINT, err));
	}
	return FC_OK;
}

static enum fc_status take_outcome(void *context, const struct fc_profile_outcome *outcome,
				   struct fc_error *err)
{
	struct profile_report *report = context;
	const struct fc_photo_outcome photo = photo_of(outcome);
	FC_CLEANUP(match_columns_release) struct match_columns columns = { 0 };
	bool again = outcome->answered.again;
	if (!again) {
		report->matched += outcome->has_profile;
	}
	if (outcome->status == FC_OK && !again) {
		look_alikes_note(&report->photos.alikes, report->photos.ctx->out, &photo,
				 report->photos.dry_run == RECORD_TRUE);
		report_result(&report->photos, result_word(outcome));
		report_enrolled(&report->photos, outcome->face_id > 0 ? outcome->face : NULL);
	}
	if (report->photos.shape && !again) {
		append_outcome(report, outcome);
	} else if (!report->photos.shape && !report_leaves_out(&report->photos, &photo)) {
		struct outcome_record record;
		fill_record(&record, report, outcome);
		FC_TRY(fill_matches(&record, &columns, outcome, err));
		enum record_tone tone = outcome->has_profile ? TONE_GOOD : TONE_PLAIN;
		tone = outcome->status == FC_OK ? tone : TONE_BAD;
		FC_TRY(record_write(&report->photos.writer, &record, tone, err));
		if (report->photos.ctx->out->format == FORMAT_TEXT) {
			FC_TRY(write_match_rows(report, outcome, err));
		}
	}
	return report_photo(&report->photos, &photo, err);
}

struct fc_profile_sink profile_report_sink(struct profile_report *report)
{
	return (struct fc_profile_sink){ take_outcome, report };
}

enum fc_status profile_report_end(struct profile_report *report, enum fc_status status,
				  const struct fc_tally *tally, struct fc_error *err)
{
	struct command_context *ctx = report->photos.ctx;
	bool whole = status == FC_OK;
	status = report_end(&report->photos, status, tally, err);
	if (report->photos.shape && (whole || ctx->answered) &&
	    (report->has_list || status == FC_OK)) {
		if (report->has_list) {
			fc_json_end_array(&report->photos.json);
		}
		if (ctx->out->data.length > 0) {
			fc_buffer_append_text(&ctx->out->data, "\n");
		}
		ctx->answered = true;
	}
	return status;
}
