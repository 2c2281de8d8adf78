/*
 * How far a batch has come, on standard error: a line for people at a terminal when it takes a while, an object each second for
 * programs, and an answer to whoever sends SIGUSR1.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PROGRESS_H
#define FC_CMD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"
#include "output/out.h"

/* How much of the work was done when. */
struct progress_mark {
	int64_t at; /* milliseconds */
	double share;
};

struct progress {
	int fd;
	bool wanted;                         /* for people */
	bool objects;                        /* for programs */
	bool shown;                          /* a line stands on the terminal and must be wiped */
	int64_t started, last;               /* milliseconds */
	struct progress_mark earlier, later; /* what the time that is left is reckoned from */
};

/* What there is to tell. */
struct progress_state {
	uint64_t photos, faces, accepted, rejected, failed;
	bool has_total;
	uint64_t total; /* photos */
	double share; /* of the work, where the total is not known, 0 to 1; NAN when that is not known either */
};

struct progress progress_begin(const struct settings *settings);

/*
 * Seconds that are left when this share of the work (0 to 1) is done now (milliseconds): as it went in the last 10 to 20 seconds, since a
 * run that was resumed passes over thousands of photos at first. NAN when nobody can tell.
 */
double progress_seconds_left(struct progress *progress, double share, int64_t now);

/* Wipe the line, so that something else can be printed. */
void progress_hide(struct progress *progress);

/* Whether it is time to tell: people at most ten times a second and not in the first two, programs once a second. */
bool progress_due(const struct progress *progress);
void progress_tell(struct progress *progress, const struct progress_state *state);

/* The same as one message, now. */
void progress_answer(struct progress *progress, const struct progress_state *state,
		     const struct out *out);

/* How much of one file is there. The same limits of time, but from the start. */
void progress_bytes(struct progress *progress, const char *file, uint64_t have, uint64_t bytes);

#endif
