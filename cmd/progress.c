/* Progress of a batch. */
/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "out.h"

enum { QUIET_MS = 2000, STEP_MS = 100 };

struct progress progress_begin(const struct settings *settings, size_t total)
{
	bool terminal = isatty(STDERR_FILENO);
	bool wanted = settings->progress == WHEN_ALWAYS ||
		      (settings->progress == WHEN_AUTO && terminal && !settings->quiet);
	return (struct progress){
		.fd = STDERR_FILENO,
		.wanted = wanted,
		.total = total,
		.started = fc_clock_monotonic_ms(),
	};
}

void progress_hide(struct progress *progress)
{
	static const char wipe[] = "\r\033[K";
	if (progress->shown) {
		FC_IGNORE(write_fully(progress->fd, wipe, strlen(wipe)));
		progress->shown = false;
	}
}

void progress_step(struct progress *progress, bool failed)
{
	char line[128];
	progress->done++;
	progress->failed += failed;
	int64_t now = fc_clock_monotonic_ms();
	int64_t passed = now - progress->started;
	if (!progress->wanted || passed < QUIET_MS || now - progress->last < STEP_MS) {
		return;
	}
	double rate = (double)progress->done * 1000.0 / (double)passed;
	double left = (double)(progress->total - progress->done) / rate;
	int length = snprintf(line, sizeof(line),
			      "\r%zu of %zu photos, %zu failed, %.1f a second, %.0f s left\033[K",
			      progress->done, progress->total, progress->failed, rate, left);
	progress->last = now;
	progress->shown = length > 0 && write_fully(progress->fd, line, (size_t)length);
}

void progress_bytes(struct progress *progress, const char *file, uint64_t have, uint64_t bytes)
{
	enum { WIDTH = 24 };
	static const char full[] = "########################";
	char line[256];
	int64_t now = fc_clock_monotonic_ms();
	if (!progress->wanted || (have < bytes && now - progress->last < STEP_MS)) {
		return;
	}
	int filled = bytes > 0 ? (int)(have * WIDTH / bytes) : WIDTH;
	int length = snprintf(line, sizeof(line), "\r[%-*.*s] %.1f of %.1f MB  %.100s\033[K", WIDTH,
			      filled, full, (double)have / 1e6, (double)bytes / 1e6, file);
	progress->last = now;
	progress->shown = length > 0 && write_fully(progress->fd, line, (size_t)length);
}
