/*
 * Show the progress of a batch on standard error: a line on a terminal (after two seconds), a JSON object each second for
 * programs, and a message after SIGUSR1.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PHOTOS_PROGRESS_H
#define FC_CMD_PHOTOS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"
#include "output/out.h"

/* A sample: the share of the work that was done at a time. */
struct progress_mark {
	int64_t at; /* milliseconds */
	double share;
};

struct progress {
	int fd;
	bool line;                           /* show a line on the terminal */
	bool objects;                        /* print JSON objects for programs */
	bool shown;                          /* the line is on the terminal and must be erased */
	int64_t started, last;               /* milliseconds */
	struct progress_mark earlier, later; /* samples for the remaining time */
};

/* The state to show. */
struct progress_state {
	uint64_t photos, faces, accepted, rejected, failed;
	bool has_total;
	uint64_t total; /* photos */
	/* if the total is unknown: share of the work that is done, 0 to 1; NAN if unknown */
	double share;
};

struct progress progress_begin(const struct settings *settings);

/*
 * Estimate the remaining seconds if this share of the work (0 to 1) is done at `now` (milliseconds). Uses only the speed of the
 * last 10 to 20 seconds, because a resumed run first skips thousands of photos. NAN if unknown.
 */
double progress_seconds_left(struct progress *progress, double share, int64_t now);

/* Erase the line, so that other output can follow. */
void progress_hide(struct progress *progress);

/* Whether an update is due: on a terminal at most ten per second, after the first two seconds; for programs one per second. */
bool progress_due(const struct progress *progress);
void progress_show(struct progress *progress, const struct progress_state *state);

/* Print the state as one message, in response to SIGUSR1. */
void progress_answer(struct progress *progress, const struct progress_state *state,
		     const struct out *out);

/* Show the progress of one file. The rate limit is the same, but the line is shown from the start. */
void progress_bytes(struct progress *progress, const char *file, uint64_t have, uint64_t bytes);

#endif
