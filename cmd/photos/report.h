/*
 * The run of a command with photos: it passes photos on until a limit is reached, reports each result and the progress, and
 * finishes the data and the summary.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_REPORT_H
#define FC_CMD_REPORT_H

#include "command.h"
#include "output/record.h"
#include "photos/photo_source.h"
#include "photos/progress.h"
#include "photos/run_limits.h"
#include "photos/run_summary.h"

struct report {
	struct command_context *ctx;
	struct record_writer writer;
	const struct answer_shape *shape; /* of the JSON document; NULL: records */
	struct fc_json_writer json;       /* of that document */
	struct photo_source *source;
	bool exhausted; /* the source has no more photos */
	struct run_limits limits;
	struct run_summary summary;
	struct progress progress;
	size_t seen;              /* photos so far: the index of the next one */
	bool only_empty_image;    /* the one photo of the request is an empty file */
	enum record_flag dry_run; /* set by commands that store faces */
};

/* Begin before the request. Errors: those of run_limits_begin. Release the report in every case. */
FC_MUST_USE enum fc_status report_begin(struct report *report, struct command_context *ctx,
					const char *type, const struct record_field *fields,
					struct photo_source *source, struct fc_error *err);
void report_release(struct report *report);

/* The source for the request: it obeys the limits of the run, and answers signals while it waits. */
struct fc_photo_source report_source(struct report *report);

/* Count a result of a photo or of a face for the summary. word: a constant of the records. */
void report_result(struct report *report, const char *word);

/* Text without --verbose lists no photos that the ledger knows; they are only counted. */
bool report_leaves_out(const struct report *report, const struct fc_photo_outcome *outcome);

/* Called by a sink after a photo's records: shows a message if it failed, updates progress, and flushes the data. */
FC_MUST_USE enum fc_status
report_photo(struct report *report, const struct fc_photo_outcome *outcome, struct fc_error *err);

/*
 * Finish the data and the summary. status: the verb's; if it is FC_OK, the tally decides the result, and err is empty because each
 * failure has been shown.
 */
FC_MUST_USE enum fc_status report_end(struct report *report, enum fc_status status,
				      const struct fc_tally *tally, struct fc_error *err);

/* FC_NOT_FOUND when status is FC_OK but two services disagree about photos; else status. */
enum fc_status report_disagreement(const struct report *report, enum fc_status status,
				   const struct fc_tally *tally, struct fc_error *err);

#endif
