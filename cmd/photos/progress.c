/* Show the progress of a batch. */
/* SPDX-License-Identifier: MIT */
#include "photos/progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "output/record.h"

enum { QUIET_MS = 2000, STEP_MS = 100, OBJECT_MS = 1000, MARK_MS = 10000, LINE_MAXIMUM = 256 };

struct progress progress_begin(const struct settings *settings)
{
	bool terminal = isatty(STDERR_FILENO);
	int64_t now = fc_clock_monotonic_ms();
	return (struct progress){
		.fd = STDERR_FILENO,
		.line = settings->progress == WHEN_ALWAYS ||
			(settings->progress == WHEN_AUTO && terminal && !settings->quiet),
		.objects = settings->progress == PROGRESS_JSON,
		.started = now,
		.last = now,
		.earlier = { now, 0 },
		.later = { now, 0 },
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

/* ---- the state as text ---- */

/* Seconds since the start, at least a small positive value. */
static double seconds_passed(const struct progress *progress)
{
	int64_t passed = fc_clock_monotonic_ms() - progress->started;
	return (double)(passed > 0 ? passed : 1) / 1000.0;
}

double progress_seconds_left(struct progress *progress, double share, int64_t now)
{
	const struct progress_mark *from = &progress->earlier;
	if (!(share >= 0 && share <= 1)) {
		return NAN;
	}
	if (now - progress->later.at >= MARK_MS) {
		progress->earlier = progress->later;
		progress->later = (struct progress_mark){ now, share };
	}
	return share > from->share && now > from->at
		       ? (double)(now - from->at) / 1000.0 * (1 - share) / (share - from->share)
		       : NAN;
}

static double seconds_left(struct progress *progress, const struct progress_state *state)
{
	double share = state->share;
	if (state->has_total) {
		share = state->total > 0 ? (double)state->photos / (double)state->total : 1;
	}
	return progress_seconds_left(progress, share, fc_clock_monotonic_ms());
}

static void append_left(struct fc_buffer *out, double seconds)
{
	if (!isfinite(seconds) || seconds > 1e9) {
		return;
	}
	uint64_t whole = (uint64_t)ceil(seconds);
	if (whole >= 3600) {
		fc_buffer_printf(out, ", %" PRIu64 ":%02u:%02u left", whole / 3600,
				 (unsigned)(whole / 60 % 60), (unsigned)(whole % 60));
	} else {
		fc_buffer_printf(out, ", %u:%02u left", (unsigned)(whole / 60),
				 (unsigned)(whole % 60));
	}
}

/* "1200/20000 photos, 41.2 faces/s, 1190 accepted, 8 rejected, 2 failed, 7:40 left" */
static void append_words(struct fc_buffer *out, struct progress *progress,
			 const struct progress_state *state)
{
	fc_buffer_printf(out, "%" PRIu64, state->photos);
	if (state->has_total) {
		fc_buffer_printf(out, "/%" PRIu64, state->total);
	}
	fc_buffer_append_text(out, " photos");
	if (!state->has_total && isfinite(state->share)) {
		fc_buffer_printf(out, " (%.0f %% of the list)", 100 * state->share);
	}
	fc_buffer_printf(out,
			 ", %.1f faces/s, %" PRIu64 " accepted, %" PRIu64 " rejected, %" PRIu64
			 " failed",
			 (double)state->faces / seconds_passed(progress), state->accepted,
			 state->rejected, state->failed);
	append_left(out, seconds_left(progress, state));
}

/* ---- output ---- */

bool progress_due(const struct progress *progress)
{
	int64_t now = fc_clock_monotonic_ms();
	if (progress->objects) {
		return now - progress->last >= OBJECT_MS;
	}
	return progress->line && now - progress->started >= QUIET_MS &&
	       now - progress->last >= STEP_MS;
}

static void show_line(struct progress *progress, const struct progress_state *state)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
	char line[LINE_MAXIMUM];
	append_words(&words, progress, state);
	const char *text = fc_buffer_text(&words);
	/* cut the line to the width of the terminal: a line that wraps cannot be erased */
	struct winsize size;
	bool known = ioctl(progress->fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
	size_t columns = (known ? size.ws_col : 80) - 1;
	int most = (int)(columns < LINE_MAXIMUM - 8 ? columns : LINE_MAXIMUM - 8);
	int length = snprintf(line, sizeof(line), "\r%.*s\033[K", most, text ? text : "");
	progress->shown = length > 0 && write_fully(progress->fd, line, (size_t)length);
}

static void put_real(struct fc_json_writer *json, const char *key, double value)
{
	if (isfinite(value)) {
		fc_json_put_real(json, key, value, 3);
	}
}

static void write_object(struct progress *progress, const struct progress_state *state)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer line = { 0 };
	struct fc_json_writer json = fc_json_writer_of(&line, false);
	double seconds = seconds_passed(progress);
	fc_json_begin_object(&json);
	fc_json_put_text(&json, "type", "progress");
	fc_json_put_integer(&json, "schema", RECORD_SCHEMA);
	fc_json_put_integer(&json, "photos", (int64_t)state->photos);
	if (state->has_total) {
		fc_json_put_integer(&json, "total", (int64_t)state->total);
	}
	fc_json_put_integer(&json, "faces", (int64_t)state->faces);
	fc_json_put_integer(&json, "accepted", (int64_t)state->accepted);
	fc_json_put_integer(&json, "rejected", (int64_t)state->rejected);
	fc_json_put_integer(&json, "failed", (int64_t)state->failed);
	put_real(&json, "seconds", seconds);
	put_real(&json, "photos_per_second", (double)state->photos / seconds);
	put_real(&json, "faces_per_second", (double)state->faces / seconds);
	put_real(&json, "seconds_left", seconds_left(progress, state));
	fc_json_end_object(&json);
	fc_buffer_append_text(&line, "\n");
	if (fc_buffer_ok(&line)) {
		FC_IGNORE(write_fully(progress->fd, line.data, line.length));
	}
}

void progress_show(struct progress *progress, const struct progress_state *state)
{
	progress->last = fc_clock_monotonic_ms();
	if (progress->objects) {
		write_object(progress, state);
	} else {
		show_line(progress, state);
	}
}

void progress_answer(struct progress *progress, const struct progress_state *state,
		     const struct out *out)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
	if (progress->objects) {
		write_object(progress, state);
		return;
	}
	append_words(&words, progress, state);
	const char *text = fc_buffer_text(&words);
	progress_hide(progress);
	out_message(out, "%s", text ? text : "");
}

void progress_bytes(struct progress *progress, const char *file, uint64_t have, uint64_t bytes)
{
	enum { WIDTH = 24 };
	static const char full[] = "########################";
	FC_CLEANUP(fc_buffer_release) struct fc_buffer line = { 0 };
	int64_t now = fc_clock_monotonic_ms();
	if (!progress->line || (have < bytes && now - progress->last < STEP_MS)) {
		return;
	}
	int filled = bytes > 0 ? (int)(have * WIDTH / bytes) : WIDTH;
	fc_buffer_printf(&line, "\r[%-*.*s] %.1f of %.1f MB  ", WIDTH, filled, full,
			 (double)have / 1e6, (double)bytes / 1e6);
	fc_text_append_visible(&line, file);
	fc_buffer_append_text(&line, "\033[K");
	progress->last = now;
	progress->shown = fc_buffer_ok(&line) &&
			  write_fully(progress->fd, (const char *)line.data, line.length);
}
