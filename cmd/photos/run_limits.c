/* Check the limits of a batch, and write the list of its failures. */
/* SPDX-License-Identifier: MIT */
#include "photos/run_limits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/memory.h"
#include "interrupt.h"
#include "vision/faces/choice.h"

/* the list of failures contains names of persons */
enum { LIST_MODE = 0600 };

/* End an incomplete last row, which a full disk may have left, so that new rows start on a new line. */
static void end_torn_row(const char *path, const struct stat *info, int list)
{
	char last = '\n';
	FC_CLEANUP(fc_fd_close) int fd = -1;
	if (!S_ISREG(info->st_mode) || info->st_size == 0) {
		return;
	}
	fd = open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0 && pread(fd, &last, 1, info->st_size - 1) == 1 && last != '\n') {
		FC_IGNORE(write_fully(list, "\n", 1));
	}
}

static enum fc_status open_list(struct run_limits *limits, const struct photo_source *source,
				struct fc_error *err)
{
	struct stat info;
	const char *path = limits->args->failed_to;
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_CLOEXEC, LIST_MODE);
	if (fd < 0 || fstat(fd, &info) != 0) {
		enum fc_status status = fc_fail_errno(err, FC_IO, errno, "cannot open '%s'", path);
		fc_fd_close(&fd);
		return status;
	}
	limits->failed_to = fd;
	end_torn_row(path, &info, fd);
	if (source->manifest && S_ISREG(info.st_mode) && info.st_dev == source->list_file.device &&
	    info.st_ino == source->list_file.inode) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is also the list of photos; give --failed-to another file",
			       path);
	}
	return FC_OK;
}

enum fc_status run_limits_begin(struct run_limits *limits, const struct photo_source *source,
				struct fc_error *err)
{
	*limits = (struct run_limits){
		.args = source->args,
		.started = fc_clock_monotonic_ms(),
		.failed_to = -1,
	};
	return limits->args->failed_to ? open_list(limits, source, err) : FC_OK;
}

void run_limits_release(struct run_limits *limits)
{
	if (limits->args) {
		fc_fd_close(&limits->failed_to);
	}
}

bool run_limits_allow(struct run_limits *limits)
{
	const struct option_number *time = &limits->args->max_time;
	const struct option_number *errors = &limits->args->max_errors;
	if (limits->ended != RUN_GOES_ON) {
		return false;
	}
	if (interrupt_noted() != 0) {
		limits->ended = RUN_INTERRUPTED;
	} else if (time->given &&
		   fc_clock_monotonic_ms() - limits->started >= (int64_t)time->value) {
		limits->ended = RUN_OUT_OF_TIME;
	} else if (errors->given && limits->failed >= errors->value) {
		limits->ended = RUN_FULL_OF_ERRORS;
	}
	return limits->ended == RUN_GOES_ON;
}

/* ---- the list of failures: rows of a manifest ---- */

/* Write an absolute path, because the list may be read in another working folder. */
static enum fc_status put_path(struct fc_json_writer *json, const char *path, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *here = path[0] == '/' ? strdup("") : getcwd(NULL, 0);
	FC_CLEANUP(fc_free) char *whole = NULL;
	if (!here) {
		return fc_fail_errno(err, FC_IO, errno, "cannot determine the working folder");
	}
	whole = path[0] == '/' ? strdup(path) : fc_path_join(here, path);
	if (!whole) {
		return fc_fail_memory(err);
	}
	fc_json_put_text(json, "path", whole);
	fc_json_put_raw(json, "path", whole);
	return FC_OK;
}

/* The person and the face that the list of this run gave for the photo. */
static void put_given(struct fc_json_writer *json, const struct fc_photo *photo)
{
	char pid[FC_UUID_TEXT_SIZE];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer face = { 0 };
	if (photo->has_number) {
		fc_json_put_integer(json, "person_id", (int64_t)photo->number);
	}
	if (photo->has_pid) {
		fc_uuid_format(&photo->pid, pid);
		fc_json_put_text(json, "pid", pid);
	}
	fc_json_put_text(json, "name", photo->person);
	fc_json_put_text(json, "origin", photo->origin);
	fc_json_put_text(json, "user_data", photo->user_data);
	if (photo->has_face) {
		fc_face_choice_format(&photo->face, &face);
		fc_json_put_text(json, "face", fc_buffer_text(&face));
	}
}

/* Add a row with a single write, so that several processes can append to the same list. */
static enum fc_status add_row(struct run_limits *limits, const struct fc_photo_outcome *outcome,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer line = { 0 };
	struct fc_json_writer json = fc_json_writer_of(&line, false);
	fc_json_begin_object(&json);
	FC_TRY(put_path(&json, outcome->path, err));
	put_given(&json, outcome->photo);
	fc_json_put_text(&json, "status", fc_status_name(outcome->status));
	fc_json_put_text(&json, "error", outcome->error);
	fc_json_end_object(&json);
	fc_buffer_append_text(&line, "\n");
	if (!fc_buffer_ok(&line)) {
		return fc_fail_memory(err);
	}
	if (!write_fully(limits->failed_to, line.data, line.length)) {
		return fc_fail_errno(err, FC_IO, errno, "cannot write '%s'",
				     limits->args->failed_to);
	}
	return FC_OK;
}

enum fc_status run_limits_note(struct run_limits *limits, const struct fc_photo_outcome *outcome,
			       struct fc_error *err)
{
	const struct fc_photo *photo = outcome->photo;
	if (outcome->status == FC_OK) {
		return FC_OK;
	}
	limits->failed++;
	/* standard input cannot be read again, and an invalid folder or row would fail again */
	bool is_photo = photo && !photo->no_photo && strcmp(outcome->path, "-") != 0;
	return limits->failed_to >= 0 && is_photo ? add_row(limits, outcome, err) : FC_OK;
}

/* ---- the end ---- */

const char *run_limits_word(const struct run_limits *limits)
{
	static const char *const words[] = {
		[RUN_GOES_ON] = "done",
		[RUN_INTERRUPTED] = "interrupted",
		[RUN_OUT_OF_TIME] = "max_time",
		[RUN_FULL_OF_ERRORS] = "max_errors",
	};
	return words[limits->ended];
}

enum fc_status run_limits_end(const struct run_limits *limits, const struct command_context *ctx,
			      uint64_t photos, struct fc_error *err)
{
	const char *plural = photos == 1 ? "" : "s";
	bool resumes = (ctx->command->needs & COMMAND_RESUMES) || limits->args->watch;
	const char *advice =
		resumes ? "run the same command to continue" : "the other photos were not analysed";
	switch (limits->ended) {
	case RUN_GOES_ON:
		return FC_OK;
	case RUN_INTERRUPTED:
		out_note(ctx->out, "interrupted by SIG%s after %" PRIu64 " photo%s; %s",
			 sigabbrev_np(interrupt_noted()), photos, plural, advice);
		return FC_OK;
	case RUN_OUT_OF_TIME:
		return fc_fail(err, FC_BUSY, "stopped by --max-time after %" PRIu64 " photo%s; %s",
			       photos, plural, advice);
	case RUN_FULL_OF_ERRORS:
		return fc_fail(err, FC_BUSY,
			       "%" PRIu64 " of %" PRIu64
			       " photos failed; stopped by --max-errors (%" PRIu64 "); %s",
			       limits->failed, photos, limits->args->max_errors.value, advice);
	}
	return FC_OK;
}
