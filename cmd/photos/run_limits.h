/* Check the limits of a batch, and write the list of its failures. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_RUN_LIMITS_H
#define FC_CMD_PHOTOS_RUN_LIMITS_H

#include "photos/photo_source.h"

/* Why a run ended early. */
enum run_end { RUN_GOES_ON, RUN_INTERRUPTED, RUN_OUT_OF_TIME, RUN_FULL_OF_ERRORS };

struct run_limits {
	const struct photo_source_args *args;
	int64_t started; /* milliseconds */
	uint64_t failed;
	enum run_end ended;
	int failed_to; /* descriptor of the list of failures; -1 if there is none */
};

/*
 * Start the clock and open the list of failures. Release *limits even after an error. Errors: FC_INVALID_ARGUMENT (it is also the
 * input list), FC_IO and others.
 */
enum fc_status run_limits_begin(struct run_limits *limits, const struct photo_source *source,
				struct fc_error *err);
void run_limits_release(struct run_limits *limits);

/* Whether another photo may be started. */
bool run_limits_allow(struct run_limits *limits);

/* Count a finished photo and add it to the list if it failed. Errors: FC_IO, FC_FULL, FC_NO_MEMORY. */
enum fc_status run_limits_note(struct run_limits *limits, const struct fc_photo_outcome *outcome,
			       struct fc_error *err);

/* "done", "interrupted", "max_time", "max_errors" */
const char *run_limits_word(const struct run_limits *limits);

/*
 * The status of a run. If it ended early: FC_BUSY with a message that explains how to continue; after a signal, prints that
 * message and returns FC_OK, because the process then exits by the signal. Else FC_OK.
 */
enum fc_status run_limits_end(const struct run_limits *limits, const struct command_context *ctx,
			      uint64_t photos, struct fc_error *err);

#endif
