/* How far a batch has come, on standard error: for people at a terminal, and only when it takes a while. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PROGRESS_H
#define FC_CMD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "settings.h"

struct progress {
	int fd;
	bool wanted;
	bool shown; /* a line stands on the terminal and must be wiped */
	size_t total, done, failed;
	int64_t started, last; /* milliseconds */
};

struct progress progress_begin(const struct settings *settings, size_t total);

/* Wipe the line, so that something else can be printed. */
void progress_hide(struct progress *progress);

/* One more photo is through. Shows the line at most ten times a second, and not in the first two. */
void progress_step(struct progress *progress, bool failed);

/* How much of one file is there. The same limits of time, but from the start. */
void progress_bytes(struct progress *progress, const char *file, uint64_t have, uint64_t bytes);

#endif
