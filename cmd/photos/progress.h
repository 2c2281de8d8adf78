/*
 * Progress of a batch on standard error: a line on a terminal if it takes a while, an object each second for programs, and a message
 * after SIGUSR1.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PROGRESS_H
#define FC_CMD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"
#include "output/out.h"

/* The share of the work that was done at a time. */
struct progress_mark {
	int64_t at; /* milliseconds */
	double share;
};

struct progress {
	int fd;
	bool line;                           /* a line on the terminal */
	bool objects;                        /* objects for programs */
	bool shown;                          /* a line is on the terminal and must be erased */
	int64_t started, last;               /* milliseconds */
	struct progress_mark earlier, later; /* samples for the remaining time */
};

/* The state to report. */
struct progress_state {
	uint64_t photos, faces, accepted, rejected, failed;
	bool has_total;
	uint64_t total; /* photos */
	double share;   /* of the work, 0 to 1, if the total is unknown; NAN if unknown too */
};

struct progress progress_begin(const struct settings *settings);

/*
 * The remaining seconds when this share of the work (0 to 1) is done at `now` (milliseconds), by the speed of the last 10 to 20 seconds:
 * a resumed run skips thousands of photos at first. NAN if unknown.
 */
double progress_seconds_left(struct progress *progress, double share, int64_t now);

/* Erase the line, so that other output can follow. */
void progress_hide(struct progress *progress);

/* Whether an update is due: on a terminal at most ten a second, after the first two seconds; for programs one a second. */
bool progress_due(const struct progress *progress);
void progress_show(struct progress *progress, const struct progress_state *state);

/* Print the state as one message now. */
void progress_answer(struct progress *progress, const struct progress_state *state,
		     const struct out *out);

/* Progress of one file. The same rate limit, but from the start. */
void progress_bytes(struct progress *progress, const char *file, uint64_t have, uint64_t bytes);

#endif
