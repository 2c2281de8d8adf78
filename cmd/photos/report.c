/* Run a command with photos: pass on photos, report results. */
/* SPDX-License-Identifier: MIT */
#include "photos/report.h"

#include <inttypes.h>
#include <string.h>

#include "base/unicode.h"
#include "exit.h"
#include "interrupt.h"
#include "service/answer/smarty.h"

enum { WAIT_MS = 200 }; /* wait for a slow list, between checks of signals and limits */

enum fc_status report_begin(struct report *report, struct command_context *ctx, const char *type,
			    const struct record_field *fields, struct photo_source *source,
			    struct fc_error *err)
{
	enum { PATH_COLUMNS = 60, UNKNOWN_COLUMNS = 40 };
	*report = (struct report){
		.ctx = ctx,
		.source = source,
		.writer = record_writer_of(ctx->out, type, fields, false),
		.shape = ctx->out->format == FORMAT_JSON ? ctx->command->shape : NULL,
		.json = fc_json_writer_of(&ctx->out->data, true),
		.progress = progress_begin(ctx->settings),
	};
	run_summary_begin(&report->summary);
	FC_TRY(run_limits_begin(&report->limits, source, err));
	if (report->progress.line || report->progress.objects) {
		photo_source_count(source);
	}
	/* reserve the width of the path column, because rows are written before all paths are known */
	report->writer.endless = source->streams;
	record_reserve(&report->writer, "path", source->streams ? UNKNOWN_COLUMNS : 0);
	/* columns of words, which later rows may need; names of fields that a record does not have are ignored */
	record_reserve(&report->writer, "result", sizeof("no_face") - 1);
	record_reserve(&report->writer, "why_unknown", sizeof("below_threshold") - 1);
	record_reserve(&report->writer, "box", sizeof("100,100,200,200") - 1);
	for (size_t i = 0; i < source->list.count; i++) {
		size_t columns = fc_text_cells(source->list.items[i].path);
		record_reserve(&report->writer, "path",
			       columns < PATH_COLUMNS ? columns : PATH_COLUMNS);
	}
	if (report->shape && report->shape->begin) {
		report->shape->begin(&report->json);
	}
	return FC_OK;
}

void report_release(struct report *report)
{
	record_writer_release(&report->writer);
	run_limits_release(&report->limits);
}

/* ---- the source ---- */

static void show_progress(struct report *report)
{
	const struct run_summary *summary = &report->summary;
	bool is_requested = interrupt_usr1_came();
	if (!is_requested && !progress_due(&report->progress)) {
		return;
	}
	struct progress_state state = {
		.photos = summary->photos,
		.faces = summary->faces,
		.accepted = summary->accepted,
		.rejected = summary->rejected,
		.failed = summary->failed,
		.share = photo_source_share(report->source),
	};
	state.has_total = photo_source_total(report->source, &state.total);
	if (is_requested) {
		progress_answer(&report->progress, &state, report->ctx->out);
	} else {
		progress_show(&report->progress, &state);
	}
}

/* Wait for a photo or the end of the source. Returns false if no more photos may be started, or if until_idle and a watched folder has no more now. */
static bool wait_for_photo(struct report *report, bool until_idle)
{
	do {
		report->exhausted = photo_source_is_idle(report->source);
		if (!run_limits_allow(&report->limits) || (until_idle && report->exhausted)) {
			return false;
		}
		show_progress(report);
		const char *notice = photo_source_notice(report->source);
		if (notice) {
			progress_hide(&report->progress);
			out_message(report->ctx->out, "%s", notice);
		}
	} while (!photo_source_ready(report->source, WAIT_MS));
	return true;
}

static enum fc_status next_photo(void *context, struct fc_photo *out, bool *end,
				 struct fc_error *err)
{
	struct report *report = context;
	*end = !wait_for_photo(report, true);
	if (*end) {
		return FC_OK;
	}
	FC_TRY(photo_source_next(report->source, out, end, err));
	report->exhausted = *end;
	return FC_OK;
}

static bool is_ready(void *context)
{
	struct report *report = context;
	return photo_source_ready(report->source, 0) || !run_limits_allow(&report->limits);
}

static bool is_exhausted(void *context)
{
	return ((struct report *)context)->exhausted;
}

struct fc_photo_source report_source(struct report *report)
{
	return (struct fc_photo_source){
		.next = next_photo,
		.context = report,
		.ready = is_ready,
		.exhausted = is_exhausted,
		.any_order = report->source->args->unordered,
	};
}

bool report_goes_on(struct report *report, enum fc_status status, const struct fc_tally *tally,
		    struct fc_tally *total)
{
	fc_tally_add(total, tally);
	if (status != FC_OK || !report->source->args->watch) {
		return false;
	}
	fc_service_rest(report->ctx->service);
	return wait_for_photo(report, false);
}

/* ---- one photo ---- */

void report_result(struct report *report, const char *word)
{
	run_summary_result(&report->summary, word);
}

/* Flush the data. A JSON document of known length is written only at its end, since an error document may replace it. */
static enum fc_status write_data(struct report *report, struct fc_error *err)
{
	if (!report->shape) {
		return record_flush(&report->writer, err);
	}
	if (!report->source->streams) {
		return FC_OK;
	}
	report->ctx->answered = true;
	return out_flush(report->ctx->out, err);
}

/* Show messages about a fallback: the service that answered instead, and disagreements of two services. */
static void show_fallback(const struct report *report, const struct fc_photo_outcome *outcome)
{
	const struct fc_answered *answered = &outcome->answered;
	if (answered->warning && outcome->status == FC_OK) {
		out_message(report->ctx->out, "%s; answered by '%s' instead", answered->warning,
			    answered->by);
	} else if (answered->warning) {
		out_message(report->ctx->out, "'%s': no fallback: %s", outcome->path,
			    answered->warning);
	}
	if (answered->agreement == FC_AGREEMENT_NO && !answered->again) {
		out_message(report->ctx->out, "'%s': '%s' and 'local' disagree", outcome->path,
			    answered->by);
	}
}

bool report_leaves_out(const struct report *report, const struct fc_photo_outcome *outcome)
{
	const struct out *out = report->ctx->out;
	bool remembered =
		outcome->action == FC_ACTION_UNCHANGED || outcome->action == FC_ACTION_SKIPPED;
	return out->format == FORMAT_TEXT && !out->verbose && remembered && !outcome->examined;
}

void report_enrolled(struct report *report, const struct fc_face *face)
{
	report->children += face && fc_is_child(&face->attributes);
}

static void show_notes(struct report *report, const struct fc_photo_outcome *outcome)
{
	unsigned notes = outcome->analysis->notes;
	const char *sentence;
	report->incomplete += (notes & FC_IMAGE_FACES_CUT) != 0;
	while (fc_image_note_next(&notes, &sentence)) {
		out_message(report->ctx->out, "'%s': %s", outcome->path, sentence);
	}
}

enum fc_status report_photo(struct report *report, const struct fc_photo_outcome *outcome,
			    struct fc_error *err)
{
	progress_hide(&report->progress);
	show_fallback(report, outcome);
	if (outcome->answered.again) {
		return write_data(report, err);
	}
	report->seen++;
	if (outcome->status != FC_OK) {
		report->refused = report->ctx->photos == 1 &&
				  fc_answer_refuses_photo(outcome, &report->refusal);
		out_message(report->ctx->out, "%s",
			    outcome->error ? outcome->error : fc_status_name(outcome->status));
	}
	show_notes(report, outcome);
	if (outcome->warning) {
		out_message(report->ctx->out, "'%s': %s", outcome->path, outcome->warning);
	}
	const struct fc_analysis *analysis = outcome->analysis;
	if (report->ctx->out->verbose && outcome->status == FC_OK && outcome->examined) {
		out_trace(report->ctx->out,
			  "'%s': %zu faces; decoded in %.1f ms, detected in %.1f ms, embedded in "
			  "%.1f ms",
			  outcome->path, analysis->face_count, (double)analysis->decode_ms,
			  (double)analysis->detect_ms, (double)analysis->embed_ms);
	}

	run_summary_count(&report->summary, outcome);
	FC_TRY(write_data(report, err));
	FC_TRY(run_limits_note(&report->limits, outcome, err));
	show_progress(report);
	return FC_OK;
}

/* ---- the end ---- */

/* Print the summary, unless there is a single photo. */
static void show_summary(const struct report *report, const char *ended)
{
	struct command_context *ctx = report->ctx;
	const struct run_summary *summary = &report->summary;
	const struct fc_folder_skipped *skipped = photo_source_skipped(report->source);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	if (report->progress.objects) {
		run_summary_object(summary, skipped, ended, &text);
		if (fc_buffer_ok(&text)) {
			FC_IGNORE(write_fully(ctx->out->message_fd, text.data, text.length));
		}
		return;
	}
	if (ctx->photos > 1) {
		run_summary_text(summary, skipped, &text);
		const char *words = fc_buffer_text(&text);
		out_note(ctx->out, "%s", words ? words : "");
	}
}

static enum fc_status status_of_tally(const struct report *report, const struct fc_tally *tally)
{
	if (tally->failed == 0) {
		return FC_OK;
	}
	if (tally->failed < tally->photos) {
		return FC_PARTIAL;
	}
	/* an invalid row of a list is an input error, not a usage error */
	bool is_input = report->source->streams && tally->first_failure == FC_INVALID_ARGUMENT;
	return is_input ? FC_UNREADABLE : tally->first_failure;
}

/* Write the end of the data, unless an error document replaces it. */
static enum fc_status end_data(struct report *report, enum fc_status status,
			       const struct fc_tally *tally, struct fc_error *err)
{
	struct command_context *ctx = report->ctx;
	if (!report->shape) {
		FC_TRY(record_finish(&report->writer, err));
		ctx->answered = status == FC_OK;
		return FC_OK;
	}
	if (!report->shape->end || (status != FC_OK && !ctx->answered)) {
		return FC_OK;
	}
	if (report->refused) {
		command_answer_error(ctx, &report->refusal);
		return FC_OK;
	}
	report->shape->end(&report->json, &tally->notes);
	ctx->answered = true;
	return FC_OK;
}

enum fc_status report_end(struct report *report, enum fc_status status,
			  const struct fc_tally *tally, struct fc_error *err)
{
	struct fc_error ending = { 0 };
	progress_hide(&report->progress);
	report->summary.dry_run = report->dry_run == RECORD_TRUE;
	if (!report->exhausted) {
		/* record a signal that the service noticed before the report did */
		FC_IGNORE(run_limits_allow(&report->limits));
	}
	enum fc_status ended = end_data(report, status, tally, &ending);
	if (status == FC_OK && ended != FC_OK) {
		*err = ending;
		status = ended;
	}
	look_alikes_end(&report->alikes, report->ctx->out);
	report->summary.look_alikes = report->alikes.total;
	report->summary.answered = tally->answered;
	/* no summary if the run failed before the first photo or the reader has closed the pipe */
	bool broken = status != FC_OK && report->summary.photos == 0;
	if (!broken && !report->ctx->out->closed_pipe) {
		show_summary(report, status == FC_OK ? run_limits_word(&report->limits) : "error");
	}
	if (report->children > 0) {
		out_note(report->ctx->out,
			 "%" PRIu64
			 " enrolled %s by the estimated age, of children under %d, whose "
			 "templates are not reliable: they resemble those of other children",
			 report->children, report->children == 1 ? "face is," : "faces are,",
			 FC_CHILD_AGE);
	}
	FC_TRY(status);
	bool is_done = report->exhausted && report->limits.ended == RUN_OUT_OF_TIME;
	FC_TRY(is_done ? FC_OK
		       : run_limits_end(&report->limits, report->ctx, report->summary.photos, err));
	FC_TRY(photo_source_check_empty(report->source, report->summary.photos, err));
	status = status_of_tally(report, tally);
	return exit_shown(status == FC_OK && report->incomplete > 0 ? FC_PARTIAL : status, err);
}

enum fc_status report_disagreement(const struct report *report, enum fc_status status,
				   const struct fc_tally *tally, struct fc_error *err)
{
	if (tally->disagreed == 0 || status != FC_OK) {
		return status;
	}
	out_note(report->ctx->out, "the services disagree about %" PRIu64 " of %" PRIu64 " photos",
		 tally->disagreed, tally->photos);
	return exit_no(err);
}
