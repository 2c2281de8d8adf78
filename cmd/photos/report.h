/*
 * How commands with photos run: what is taken from the source and until when, what is told of each photo, how far it is, and what the
 * whole came to.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_REPORT_H
#define FC_CMD_REPORT_H

#include "command.h"
#include "output/record.h"
#include "output/smarty_json.h"
#include "photos/photo_source.h"
#include "photos/progress.h"
#include "photos/run_limits.h"
#include "photos/run_summary.h"

struct report {
	struct command_context *ctx;
	struct record_writer writer;
	struct smarty_envelope envelope; /* instead of records: JSON of a Smarty command */
	bool smarty;
	bool document; /* the command writes a JSON document of its own instead of records */
	struct photo_source *source;
	bool exhausted; /* the source has no more */
	struct run_limits limits;
	struct run_summary summary;
	struct progress progress;
	size_t seen;           /* photos so far, so the index of the next */
	bool only_empty_image; /* the one photo of the request is an empty file */
};

/* Begin before the request. Errors: those of run_limits_begin. Release the report in every case. */
FC_MUST_USE enum fc_status report_begin(struct report *report, struct command_context *ctx,
					const char *type, const struct record_field *fields,
					struct photo_source *source, struct fc_error *err);
void report_release(struct report *report);

/* The report's source for the request: with the limits of the run, and an ear for signals while it waits. */
struct fc_photo_source report_source(struct report *report);

/* A result of a photo or one of its faces, for the summary: a constant word of the records. */
void report_result(struct report *report, const char *word);

/* In text, photos that a run only remembers are counted and not listed, unless it is to say more. */
bool report_leaves_out(const struct report *report, const struct fc_photo_outcome *outcome);

/* Called by a sink when a photo's records are written: a message if it failed, progress, and what is written so far goes out. */
FC_MUST_USE enum fc_status
report_photo(struct report *report, const struct fc_photo_outcome *outcome, struct fc_error *err);

/*
 * Close the document and say what the request comes to: status is the verb's own, and with FC_OK the tally decides. extra
 * appends members to the body of a Smarty envelope; may be NULL. An error that each photo's message has told leaves err empty.
 */
FC_MUST_USE enum fc_status report_end(struct report *report, enum fc_status status,
				      const struct fc_tally *tally,
				      void (*extra)(struct fc_json_writer *json),
				      struct fc_error *err);

/* FC_NOT_FOUND when all went well but two services disagree about photos; else status. */
enum fc_status report_disagreement(const struct report *report, enum fc_status status,
				   const struct fc_tally *tally, struct fc_error *err);

#endif
