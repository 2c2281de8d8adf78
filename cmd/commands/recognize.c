/* recognize: find and name every face in photos. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "command.h"
#include "exit.h"
#include "option/threshold.h"
#include "option/words.h"
#include "output/face_record.h"
#include "photos/attribute_option.h"
#include "photos/enrol_options.h"
#include "photos/known_place.h"
#include "photos/photo_options.h"
#include "photos/pictures.h"
#include "photos/report.h"
#include "photos/smarty_request.h"
#include "sheet/photo_faces.h"

struct recognize_args {
	const char *space;
	bool create_new, update_embedding, allow_repeats, require_match;
	struct option_real threshold, fmr, fpir;
	const char *meta;
	struct photo_source_args photos;
	const char *annotate, *crops, *sheet_path;
	const char *min_quality;
	const char *origin;
	bool no_entry, dry_run;
	struct option_texts attributes;
	struct option_texts with_words;
	/* set by prepare from the options */
	unsigned liveness; /* bits of --with; not 0 if liveness was requested */
	struct fc_quality_limits quality;
	struct smarty_request request;
	struct pictures pictures;
	struct contact_sheet sheet;
};

#define AT(member) offsetof(struct recognize_args, member)

static const char *const with_names[] = { "liveness", NULL };

static const struct option_row options[] = {
	OPTION_ROW_SPACE(recognize_args),
	{ OPTION_FLAG, 'c', "create-new", NULL, AT(create_new),
	  "enrol unmatched faces as new persons" },
	OPTION_ROWS_SOURCE(recognize_args, photos),
	OPTION_ROW_WATCH(recognize_args, photos),
	OPTION_ROW_UNORDERED(recognize_args, photos),
	OPTION_ROWS_THRESHOLD(recognize_args),
	{ OPTION_REAL, 0, "fpir", "RATE", AT(fpir),
	  "threshold at this false positive identification rate in the space, such as 1% (the "
	  "default)",
	  .minimum = 1e-9, .maximum = 0.5 },
	{ OPTION_FLAG, 0, "allow-repeats", NULL, AT(allow_repeats),
	  "allow one person to match several faces of a photo" },
	{ OPTION_FLAG, 0, "update-embedding", NULL, AT(update_embedding),
	  "add each recognised face to its person" },
	OPTION_ROW_QUALITY(recognize_args, min_quality),
	{ OPTION_FLAG, 0, "require-match", NULL, AT(require_match),
	  "exit with 1 if no person was recognised" },
	OPTION_ROWS_PICTURES(recognize_args),
	OPTION_ROW_SHEET(recognize_args, sheet_path),
	OPTION_ROW_WITH(recognize_args,
			"add to each face: liveness (a real face or a picture of one)"),
	OPTION_ROW_META(recognize_args),
	OPTION_ROWS_LOG(recognize_args),
	OPTION_ROW_ATTRIBUTES(recognize_args, attributes),
	OPTION_ROW_DRY_RUN(recognize_args),
	{ OPTION_END },
};

struct recognize_record {
	struct photo_part photo;
	const char *result; /* known, created, unknown, no_face, failed */
	struct person_part person;
	int64_t entry, best_face;
	double similarity, margin, threshold, best_similarity;
	const char *basis;
	struct record_texts aliases;
	const char *reason;
	struct nearest_part nearest;
	struct answered_part answered;
	struct face_part face;
	enum record_flag dry_run;
};

#define IN(member) offsetof(struct recognize_record, member)

static const struct record_field fields[] = {
	PHOTO_FIELDS(recognize_record, photo),
	{ RECORD_TEXT, "result", IN(result), 0, "RESULT" },
	PERSON_FIELDS(recognize_record, person),
	{ RECORD_REAL, "similarity", IN(similarity), 4, "SIMILARITY" },
	{ RECORD_REAL, "margin", IN(margin), 4, "MARGIN", .rank = 3 },
	{ RECORD_REAL, "threshold", IN(threshold), 4, "THRESHOLD", .rank = RECORD_VERBOSE },
	{ RECORD_TEXT, "threshold_basis", IN(basis), 0, "FROM", .rank = RECORD_VERBOSE },
	{ RECORD_TEXTS, "aliases", IN(aliases), 0, "ALIASES", .rank = 6 },
	NEAREST_FIELDS(recognize_record, nearest),
	{ RECORD_TEXT, "reason", IN(reason) },
	ANSWERED_FIELDS(recognize_record, answered),
	FACE_FIELDS(recognize_record, face),
	{ RECORD_INTEGER, "entry", IN(entry) },
	{ RECORD_INTEGER, "best_face", IN(best_face) },
	{ RECORD_REAL, "best_similarity", IN(best_similarity), 4 },
	{ RECORD_FLAG, "dry_run", IN(dry_run) },
	PAGE_FIELDS(recognize_record, photo, face),
	OCCLUSION_FIELDS(recognize_record, face),
	{ RECORD_END },
};

struct sink {
	struct report report;
	const struct pictures *pictures;
	struct contact_sheet *sheet;
	const char *space, *origin; /* for commands on the contact sheet */
	uint64_t recognized;        /* faces of persons that existed before the run */
	struct fc_buffer basis;
	double threshold; /* the last one that was shown */
};

static const char *result_of(const struct fc_recognized_face *face)
{
	return face->created ? "created" : (face->known ? "known" : "unknown");
}

/* face NULL: the photo has no face, or it failed. */
static void fill_record(struct recognize_record *record, const struct fc_photo_outcome *outcome,
			const struct fc_recognized_face *face, const char *basis, bool text)
{
	*record = (struct recognize_record){
		.result = outcome->status == FC_OK ? "no_face"
						   : fc_action_name(run_summary_action(outcome)),
		.entry = RECORD_ABSENT,
		.best_face = RECORD_ABSENT,
		.best_similarity = NAN,
		.similarity = NAN,
		.margin = NAN,
		.threshold = NAN,
		.answered = answered_part_of(&outcome->answered),
	};
	photo_part_fill(&record->photo, outcome);
	person_part_fill(&record->person, face && face->known ? &face->identity : NULL);
	bool unnamed = face && (!face->known || face->created);
	person_part_fill(&record->nearest.person,
			 unnamed && face->has_nearest ? &face->nearest : NULL);
	if (text && record->nearest.person.name) {
		record->nearest.person.person = record->nearest.person.name;
	}
	record->nearest.why = unnamed ? fc_unnamed_name(face->unnamed) : NULL;
	face_part_fill(&record->face, face ? face->face : NULL,
		       face ? (size_t)(face - outcome->faces) : 0);
	if (face) {
		if (face->attributes) {
			face_part_say(&record->face, face->attributes);
		}
		record->result = result_of(face);
		record->reason = fc_reason_name(face->reason);
		record->similarity = face->has_similarity ? (double)face->similarity : NAN;
		record->margin = face->has_margin ? (double)face->margin : NAN;
		record->threshold = fc_threshold_for(&outcome->threshold, face->templates);
		if (face->best.id > 0) {
			record->best_face = (int64_t)face->best.id;
			record->best_similarity = (double)face->best.similarity;
		}
		record->basis = basis;
		record->entry = face->has_entry ? (int64_t)face->entry_id : RECORD_ABSENT;
	}
}

static enum fc_status write_face(struct sink *sink, const struct fc_photo_outcome *outcome,
				 const struct fc_recognized_face *face, const char *basis,
				 struct fc_error *err)
{
	struct recognize_record record;
	size_t count = face ? face->alias_count : 0;
	FC_CLEANUP(fc_free) char(*tags)[FC_PERSON_TAG_SIZE] = calloc(count + 1, sizeof(*tags));
	FC_CLEANUP(fc_free) const char **aliases = calloc(count + 1, sizeof(*aliases));
	if (!tags || !aliases) {
		return fc_fail_memory(err);
	}
	fill_record(&record, outcome, face, basis, sink->report.ctx->out->format == FORMAT_TEXT);
	record.dry_run = sink->report.dry_run;
	if (record.dry_run == RECORD_TRUE && face && face->created) {
		record.person.pid = NULL; /* it was not stored */
	}
	if (face && face->created) {
		record.result = record_outcome(sink->report.ctx->out, record.dry_run == RECORD_TRUE,
					       record.result);
	}
	for (size_t i = 0; i < count; i++) {
		fc_person_tag(&face->aliases[i], tags[i]);
		aliases[i] = tags[i];
	}
	record.aliases = (struct record_texts){ aliases, count };
	enum record_tone tone = outcome->status == FC_OK ? TONE_PLAIN : TONE_BAD;
	return record_write(&sink->report.writer, &record, face && face->known ? TONE_GOOD : tone,
			    err);
}

/* In text, show the threshold once, and again if it changes. It is that of persons with one photo; --verbose has one in each row. */
static enum fc_status show_threshold(struct sink *sink, const struct fc_threshold *threshold,
				     struct fc_error *err)
{
	const struct out *out = sink->report.ctx->out;
	if (out->format != FORMAT_TEXT || out->verbose || isnan(threshold->value) ||
	    threshold->value == sink->threshold) {
		return FC_OK;
	}
	sink->threshold = threshold->value;
	fc_buffer_clear(&sink->basis);
	fc_threshold_describe(threshold, 1, &sink->basis);
	const char *basis = fc_buffer_text(&sink->basis);
	if (!basis) {
		return fc_fail_memory(err);
	}
	out_note(out, "threshold %.4f: %s", threshold->value, basis);
	return FC_OK;
}

static enum fc_status write_faces(struct sink *sink, const struct fc_photo_outcome *outcome,
				  struct fc_error *err)
{
	if (outcome->status != FC_OK || outcome->face_count == 0) {
		return write_face(sink, outcome, NULL, NULL, err);
	}
	FC_TRY(show_threshold(sink, &outcome->threshold, err));
	for (size_t i = 0; i < outcome->face_count; i++) {
		const struct fc_recognized_face *face = &outcome->faces[i];
		fc_buffer_clear(&sink->basis);
		fc_threshold_describe(&outcome->threshold, face->templates, &sink->basis);
		const char *basis = fc_buffer_text(&sink->basis);
		if (!basis) {
			return fc_fail_memory(err);
		}
		FC_TRY(write_face(sink, outcome, face, basis, err));
	}
	return FC_OK;
}

/* Count the results of the photo's faces for the summary. */
static void count_results(struct sink *sink, const struct fc_photo_outcome *outcome)
{
	struct report *report = &sink->report;
	for (size_t i = 0; i < outcome->face_count; i++) {
		const struct fc_recognized_face *face = &outcome->faces[i];
		sink->recognized += face->known && !face->created;
		report_result(report, result_of(face));
		report_enrolled(report, face->created ? face->face : NULL);
	}
	if (outcome->status == FC_OK && outcome->face_count == 0) {
		report_result(report, "no_face");
	}
}

static enum fc_status write_photo(void *context, const struct fc_photo_outcome *outcome,
				  struct fc_error *err)
{
	struct sink *sink = context;
	struct report *report = &sink->report;
	bool again = outcome->answered.again;
	if (!again) {
		count_results(sink, outcome);
	}
	if (!report->shape) {
		FC_TRY(write_faces(sink, outcome, err));
	} else if (again) {
		return FC_OK; /* the document has one object for each photo */
	} else {
		report->shape->photo(&report->json, outcome);
	}
	FC_TRY(pictures_write_crops(sink->pictures, report->seen, outcome, err));
	FC_TRY(sheet_add_recognized(sink->sheet, outcome, sink->space, sink->origin, err));
	return report_photo(report, outcome, err);
}

static enum fc_status prepare(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct recognize_args *args = parsed;
	FC_TRY(smarty_request_init(&args->request, ctx, args->meta, args->space, args->origin,
				   err));
	FC_TRY(photo_source_check_watch(&args->photos, ctx, args->dry_run, err));
	FC_TRY(smarty_request_photos(&args->request, ctx, &args->photos, err));
	FC_TRY(words_to_bits(&args->with_words, "--with", with_names, &args->liveness, err));
	ctx->liveness = args->liveness != 0;
	FC_TRY(attributes_choose(ctx, &args->attributes, err));
	FC_TRY(threshold_check(&args->threshold, &args->fmr, &args->fpir, err));
	args->create_new = args->create_new || args->request.meta.create_new;
	args->update_embedding = args->update_embedding || args->request.meta.update_embedding;
	FC_TRY(quality_limits_of(args->min_quality, &args->quality, err));
	if (args->min_quality && !args->create_new && !args->update_embedding) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "--min-quality is for the faces that --create-new or "
			       "--update-embedding stores; give one of them");
	}
	FC_TRY(contact_sheet_open(&args->sheet, args->sheet_path, "recognize", "face", err));
	return pictures_init(&args->pictures, args->crops, args->annotate, &args->request.photos,
			     ctx->out, err);
}

static void sink_release(struct sink *sink)
{
	report_release(&sink->report);
	fc_buffer_release(&sink->basis);
}

static enum fc_status run(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	struct recognize_args *args = parsed;
	struct fc_tally tally = { 0 }, total = { 0 };
	enum fc_status status;
	FC_CLEANUP(sink_release)
	struct sink sink = {
		.pictures = &args->pictures,
		.sheet = &args->sheet,
		.space = args->request.space,
		.origin = args->origin,
	};
	FC_TRY(args->create_new ? known_place_check_new(ctx, args->request.space, err)
				: known_place_check(ctx, args->request.space, args->origin, err));
	FC_TRY(report_begin(&sink.report, ctx, "recognize", fields, &args->request.photos, err));
	sink.report.dry_run = args->dry_run ? RECORD_TRUE : RECORD_FALSE;
	sink.report.writer.groups = face_groups(ctx->service, args->liveness, ctx->attributes);
	/* rows are written photo by photo: make the columns wide enough for person999 and most names */
	record_reserve(&sink.report.writer, "person", 9);
	record_reserve(&sink.report.writer, "name", 12);
	const struct fc_recognize_request request = {
		.space = args->request.space,
		.photos = report_source(&sink.report),
		.sink = { write_photo, &sink },
		.threshold = threshold_choice(&args->threshold, &args->fmr, &args->fpir),
		.create_new = args->create_new,
		.update_embedding = args->update_embedding,
		.quality = args->quality,
		.allow_repeats = args->allow_repeats,
		.want_crops = args->crops || args->sheet_path,
		.want_liveness = args->liveness != 0,
		.origin = args->origin,
		.no_entry = args->no_entry,
		.dry_run = args->dry_run,
		.watched = args->photos.watch ? args->photos.from : NULL,
		.annotation = pictures_annotation(&args->pictures, &sink.report.seen),
	};
	do {
		status = fc_service_recognize(ctx->service, &request, &tally, err);
	} while (report_goes_on(&sink.report, status, &tally, &total));
	status = contact_sheet_finish(&args->sheet, status, err);
	status = report_end(&sink.report, status, &total, err);
	status = report_disagreement(&sink.report, status, &total, err);
	if (status == FC_OK && args->require_match && sink.recognized == 0) {
		return exit_no(err);
	}
	return status;
}

static void release(void *parsed)
{
	struct recognize_args *args = parsed;
	pictures_release(&args->pictures);
	contact_sheet_release(&args->sheet);
	smarty_request_release(&args->request);
}

const struct command recognize_command = {
	.name = "recognize",
	.summary = "find and name every face in photos",
	.synopsis = "--space SPACE [OPTION...] PHOTO... | --from DIR | --manifest FILE",
	.options = options,
	.args_size = sizeof(struct recognize_args),
	.needs = COMMAND_SERVICE | COMMAND_POLICY | COMMAND_VISION,
	.shape = &smarty_recognize_shape,
	.fields = fields,
	.prepare = prepare,
	.run = run,
	.release = release,
};
