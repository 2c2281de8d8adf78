/*
 * Run a command with photos: pass photos to the service until a limit is reached, report results and progress, and finish the
 * output with a summary.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_REPORT_H
#define FC_CMD_PHOTOS_REPORT_H

#include "command.h"
#include "output/record.h"
#include "photos/look_alikes.h"
#include "photos/photo_source.h"
#include "photos/progress.h"
#include "photos/run_limits.h"
#include "photos/run_summary.h"

struct report {
	struct command_context *ctx;
	struct record_writer writer;
	const struct answer_shape *shape; /* shape of the JSON document; NULL: records */
	struct fc_json_writer json;       /* writer of that document */
	struct photo_source *source;
	bool exhausted; /* the source has no more photos; if watched: for now */
	struct run_limits limits;
	struct run_summary summary;
	struct progress progress;
	size_t seen;  /* number of photos so far, which is the index of the next one */
	bool refused; /* the only photo is answered by the error `refusal`, not by an object */
	struct fc_error refusal;
	enum record_flag dry_run; /* set by commands that store faces */
	struct look_alikes alikes;
	uint64_t children;   /* enrolled faces that look like children's */
	uint64_t incomplete; /* photos of which faces were left out */
};

/* Call before the request. Release *report even after an error. Errors: those of run_limits_begin. */
enum fc_status report_begin(struct report *report, struct command_context *ctx, const char *type,
			    const struct record_field *fields, struct photo_source *source,
			    struct fc_error *err);
void report_release(struct report *report);

/*
 * The source of photos for the request. It stops at the limits of the run, and handles signals while it waits. With --watch it ends when
 * every photo that is complete by then was taken: repeat the request while report_goes_on.
 */
struct fc_photo_source report_source(struct report *report);

/*
 * Call after the request: adds its tally to *total, and with --watch waits for a photo. Returns whether there is one, so that the request
 * must be repeated.
 */
bool report_goes_on(struct report *report, enum fc_status status, const struct fc_tally *tally,
		    struct fc_tally *total);

/* Count a result of a photo or of a face for the summary. word: a string constant used in records. */
void report_result(struct report *report, const char *word);

/* Call for each face that was enrolled: counts children, because their templates are not reliable. face: NULL is ignored. */
void report_enrolled(struct report *report, const struct fc_face *face);

/* Whether to omit a photo: text output without --verbose only counts the photos that are already in the ledger. */
bool report_leaves_out(const struct report *report, const struct fc_photo_outcome *outcome);

/* Call after writing the records of a photo: prints a message if the photo failed, updates the progress, and flushes the data. */
enum fc_status report_photo(struct report *report, const struct fc_photo_outcome *outcome,
			    struct fc_error *err);

/*
 * Finish the output and print the summary. status: that of the service's function. If it is FC_OK, the result depends on the
 * failures counted; err is then empty, because each failure has been shown.
 */
enum fc_status report_end(struct report *report, enum fc_status status,
			  const struct fc_tally *tally, struct fc_error *err);

/* Returns FC_NOT_FOUND if status is FC_OK but two services disagree about photos; else status. */
enum fc_status report_disagreement(const struct report *report, enum fc_status status,
				   const struct fc_tally *tally, struct fc_error *err);

#endif
