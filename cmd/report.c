/* What became of each photo. */
/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

/* Rows are written photo by photo, so the column of paths is laid out for the longest one, within reason. */
static void reserve_paths(struct record_writer *writer, const struct photo_list *photos)
{
	enum { PATH_COLUMNS = 60 };
	for (size_t i = 0; i < photos->count; i++) {
		size_t columns = fc_text_columns(photos->items[i].path);
		record_reserve(writer, 0, columns < PATH_COLUMNS ? columns : PATH_COLUMNS);
	}
}

void report_begin(struct report *report, struct command_context *ctx, const char *type,
		  const struct record_field *fields, const struct photo_list *photos)
{
	*report = (struct report){
		.ctx = ctx,
		.writer = record_writer_of(ctx->out, type, fields, false),
		.smarty = ctx->out->format == FORMAT_JSON && (ctx->command->needs & COMMAND_SMARTY),
		.document =
			ctx->out->format == FORMAT_JSON && (ctx->command->needs & COMMAND_PLATFORM),
		.progress = progress_begin(ctx->settings, ctx->photos),
	};
	reserve_paths(&report->writer, photos);
	if (report->smarty) {
		report->envelope = smarty_begin(&ctx->out->data);
		smarty_begin_objects(&report->envelope);
	}
}

void report_release(struct report *report)
{
	record_writer_release(&report->writer);
}

/* What was found, and the document's words for it where it has some. */
static void tell_failure(struct report *report, const struct fc_photo_outcome *outcome)
{
	const char *words = outcome->error ? outcome->error : fc_status_name(outcome->status);
	const char *documented =
		report->ctx->command->needs & COMMAND_SMARTY ? smarty_words(outcome) : words;
	if (strstr(words, documented)) {
		out_message(report->ctx->out, "%s", words);
	} else {
		out_message(report->ctx->out, "%s (%s)", words, documented);
	}
}

static void tell_times(const struct out *out, const struct fc_photo_outcome *outcome)
{
	const struct fc_analysis *analysis = outcome->analysis;
	if (out->verbose && outcome->status == FC_OK) {
		out_message(out,
			    "'%s': %zu faces; decoded in %.1f ms, detected in %.1f ms, embedded in "
			    "%.1f ms",
			    outcome->path, analysis->face_count, (double)analysis->decode_ms,
			    (double)analysis->detect_ms, (double)analysis->embed_ms);
	}
}

enum fc_status report_photo(struct report *report, const struct fc_photo_outcome *outcome,
			    struct fc_error *err)
{
	bool failed = outcome->status != FC_OK;
	report->seen++;
	progress_hide(&report->progress);
	if (failed) {
		report->only_empty_image = report->ctx->photos == 1 &&
					   strcmp(smarty_words(outcome), SMARTY_EMPTY_IMAGE) == 0;
		tell_failure(report, outcome);
	}
	tell_times(report->ctx->out, outcome);
	bool whole = report->smarty || report->document;
	enum fc_status status = whole ? FC_OK : record_flush(&report->writer, err);
	progress_step(&report->progress, failed);
	return status;
}

static enum fc_status status_of_tally(const struct fc_tally *tally)
{
	if (tally->failed == 0) {
		return FC_OK;
	}
	return tally->failed == tally->photos ? tally->first_failure : FC_PARTIAL;
}

enum fc_status report_end(struct report *report, enum fc_status status,
			  const struct fc_tally *tally, void (*extra)(struct json_text *json),
			  struct fc_error *err)
{
	struct command_context *ctx = report->ctx;
	progress_hide(&report->progress);
	if (!report->smarty && !report->document) {
		struct fc_error ending = { 0 };
		enum fc_status ended = record_finish(&report->writer, &ending);
		if (status == FC_OK && ended != FC_OK) {
			*err = ending;
			return ended;
		}
	}
	if (status != FC_OK) {
		return status;
	}
	status = status_of_tally(tally);
	err->text[0] = '\0'; /* told photo by photo */
	if (status == FC_PARTIAL) {
		out_note(ctx->out, "%" PRIu64 " of %" PRIu64 " photos failed", tally->failed,
			 tally->photos);
	}
	if (report->smarty && report->only_empty_image) {
		strcpy(ctx->documented, SMARTY_EMPTY_IMAGE);
	} else if (report->smarty) {
		smarty_end_objects(&report->envelope);
		if (extra) {
			extra(&report->envelope.json);
		}
		smarty_end(&report->envelope);
		ctx->answered = true;
	}
	return status;
}
