/* How long a batch goes on, and the list of what failed in it. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_RUN_LIMITS_H
#define FC_CMD_RUN_LIMITS_H

#include "photos/photo_source.h"

/* Why no more photos are taken. */
enum run_end { RUN_GOES_ON, RUN_INTERRUPTED, RUN_OUT_OF_TIME, RUN_FULL_OF_ERRORS };

struct run_limits {
	const struct photo_source_args *args;
	int64_t started; /* milliseconds */
	uint64_t failed;
	enum run_end ended;
	int failed_to; /* the list; -1 for none */
};

/*
 * The clock starts, and the list of failures is opened. Errors: FC_INVALID_ARGUMENT (it is the list that is read), FC_IO and the like.
 * Release it also when this failed.
 */
FC_MUST_USE enum fc_status run_limits_begin(struct run_limits *limits,
					    const struct photo_source *source,
					    struct fc_error *err);
void run_limits_release(struct run_limits *limits);

/* Whether another photo may be taken. */
bool run_limits_allow(struct run_limits *limits);

/* A photo is through: count it and put it on the list if it failed. Errors: FC_IO, FC_FULL, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status run_limits_note(struct run_limits *limits,
					   const struct fc_photo_outcome *outcome,
					   struct fc_error *err);

/* "done", "interrupted", "max_time", "max_errors" */
const char *run_limits_word(const struct run_limits *limits);

/*
 * What a run that ended early comes to: FC_BUSY, in words that say how to go on; after a signal a message and FC_OK, since the signal
 * is what the process ends by. FC_OK when it did not end early.
 */
enum fc_status run_limits_end(const struct run_limits *limits, const struct command_context *ctx,
			      uint64_t photos, struct fc_error *err);

#endif
