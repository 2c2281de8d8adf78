/*
 * The check of a gallery. It runs in a child process, so that damage that crashes the check is reported like any other damage. An LMDB
 * environment must not be used across fork(), so this process closes its environment and the child opens its own.
 */
/* SPDX-License-Identifier: MIT */
#include "gallery/check/check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "gallery/store/directory.h"
#include "gallery/store/engine.h"

/* Messages of the child: kind (u8), length (u32), bytes. */
enum message {
	MESSAGE_STAGE = 1,   /* a database's name */
	MESSAGE_PROBLEM = 2, /* a line of text */
	MESSAGE_REPORT = 3,  /* struct fc_check_report */
	MESSAGE_FAILURE = 4, /* struct fc_error */
};

enum { MESSAGE_HEADER = 5, MESSAGE_MAXIMUM = 4096 };

/* ---- the child ---- */

static void send_message(int fd, enum message kind, const void *data, size_t length)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer message = { 0 };
	fc_buffer_put_u8(&message, (uint8_t)kind);
	fc_buffer_put_u32(&message, (uint32_t)length);
	fc_buffer_append(&message, data, length);
	if (fc_buffer_ok(&message) && !fc_fd_write_all(fd, message.data, message.length)) {
		_exit(1);
	}
}

static void send_problem(const char *text, void *context)
{
	const int *fd = context;
	send_message(*fd, MESSAGE_PROBLEM, text, strlen(text));
}

static void send_stage(const char *text, void *context)
{
	const int *fd = context;
	send_message(*fd, MESSAGE_STAGE, text, strlen(text));
}

static _Noreturn void run_child(const struct fc_gallery_options *options, int fd)
{
	/* Restore the default handlers, so that a signal ends this process and the parent can report it. */
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGSEGV,
				      SIGBUS, SIGABRT, SIGFPE, SIGILL };
	const struct rlimit no_core = { 0, 0 }; /* a core dump would contain templates */
	const struct fc_check_sink sink = { send_problem, send_stage, &fd };
	struct fc_gallery *gallery = NULL;
	struct fc_check_report report = { 0 };
	struct fc_error err = { 0 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(ending); i++) {
		FC_IGNORE(signal(ending[i], SIG_DFL));
	}
	FC_IGNORE(setrlimit(RLIMIT_CORE, &no_core));
	FC_IGNORE(prctl(PR_SET_PDEATHSIG, SIGKILL));
	send_stage(FC_DATA_FILE, &fd);
	enum fc_status status = fc_gallery_open(options, &gallery, &err);
	if (status == FC_OK) {
		status = fc_check_walk(gallery, &sink, &report, &err);
		fc_gallery_close(gallery);
	}
	if (status == FC_OK) {
		send_message(fd, MESSAGE_REPORT, &report, sizeof(report));
	} else {
		send_message(fd, MESSAGE_FAILURE, &err, sizeof(err));
	}
	FC_WRITE_COVERAGE();
	_exit(0);
}

/* ---- the parent ---- */

struct reception {
	fc_check_problem *problem;
	void *context;
	char stage[64];
	uint64_t problems;
	bool reported, failed;
	struct fc_check_report report;
	struct fc_error failure;
};

static bool read_whole(int fd, void *out, size_t length)
{
	for (size_t got = 0; got < length;) {
		ssize_t count = read(fd, (char *)out + got, length - got);
		if (count == 0 || (count < 0 && errno != EINTR)) {
			return false;
		}
		got += count > 0 ? (size_t)count : 0;
	}
	return true;
}

static void receive_all(int fd, struct reception *reception)
{
	uint8_t header[MESSAGE_HEADER];
	char body[MESSAGE_MAXIMUM + 1];
	while (read_whole(fd, header, sizeof(header))) {
		struct fc_reader reader = fc_reader_of(header, sizeof(header));
		uint8_t kind = fc_reader_u8(&reader);
		uint32_t length = fc_reader_u32(&reader);
		if (length > MESSAGE_MAXIMUM || !read_whole(fd, body, length)) {
			return;
		}
		body[length] = '\0';
		switch (kind) {
		case MESSAGE_STAGE:
			snprintf(reception->stage, sizeof(reception->stage), "%.63s", body);
			break;
		case MESSAGE_PROBLEM:
			reception->problems++;
			reception->problem(body, reception->context);
			break;
		case MESSAGE_REPORT:
			reception->reported = length == sizeof(reception->report);
			memcpy(&reception->report, body, reception->reported ? length : 0);
			break;
		case MESSAGE_FAILURE:
			reception->failed = length == sizeof(reception->failure);
			memcpy(&reception->failure, body, reception->failed ? length : 0);
			break;
		default:
			break;
		}
	}
}

static enum fc_status result_of(const struct reception *reception, const char *path, int how,
				struct fc_check_report *out, struct fc_error *err)
{
	if (reception->reported) {
		*out = reception->report;
		return FC_OK;
	}
	if (reception->failed) {
		return fc_fail(err, reception->failure.status, "%.*s",
			       (int)sizeof(reception->failure.text) - 1, reception->failure.text);
	}
	int signal = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
	if (signal == 0 || signal == SIGPIPE) {
		return fc_fail(err, FC_IO, "cannot read the result of the check of gallery '%s'",
			       path);
	}
	if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGKILL) {
		return fc_fail(err, FC_IO, "the check of gallery '%s' was ended by signal %d", path,
			       signal);
	}
	return fc_fail(err, FC_DAMAGED,
		       "gallery '%s' is damaged: the check crashed in '%s' (signal %d) after %llu "
		       "problems; restore it from a backup",
		       path, reception->stage, signal, (unsigned long long)reception->problems);
}

static enum fc_status check_in_child(const char *path, struct reception *reception, int *how,
				     struct fc_error *err)
{
	const struct fc_gallery_options options = { .directory = path,
						    .mode = FC_GALLERY_READ,
						    .lock_timeout = 1000 };
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot start the check");
	}
	FC_CLEANUP(fc_fd_close) int reading = ends[0];
	FC_CLEANUP(fc_fd_close) int writing = ends[1];
	pid_t child = fork();
	if (child < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot start the check");
	}
	if (child == 0) {
		run_child(&options, writing);
	}
	fc_fd_close(&writing);
	receive_all(reading, reception);
	fc_fd_close(&reading);
	while (waitpid(child, how, 0) < 0 && errno == EINTR) {
	}
	return FC_OK;
}

enum fc_status fc_check_directory(const char *directory, fc_check_problem *problem, void *context,
				  struct fc_check_report *out, struct fc_error *err)
{
	struct reception reception = { .problem = problem, .context = context };
	int how = 0;
	FC_TRY(check_in_child(directory, &reception, &how, err));
	return result_of(&reception, directory, how, out, err);
}

static void ignore_stage(const char *text, void *context)
{
	(void)text, (void)context;
}

/* Rows of a database server cannot crash this process. */
static enum fc_status check_here(struct fc_gallery *gallery, fc_check_problem *problem,
				 void *context, struct fc_check_report *out, struct fc_error *err)
{
	const struct fc_check_sink sink = { problem, ignore_stage, context };
	return fc_check_walk(gallery, &sink, out, err);
}

enum fc_status fc_gallery_check(struct fc_gallery *gallery, fc_check_problem *problem,
				void *context, struct fc_check_report *out, struct fc_error *err)
{
	if (fc_engine_of(gallery)) {
		return check_here(gallery, problem, context, out, err);
	}
	FC_TRY(fc_store_suspend(gallery, err));
	enum fc_status status =
		fc_check_directory(fc_store_path(gallery), problem, context, out, err);
	FC_TRY(fc_store_resume(gallery, status == FC_OK ? err : NULL));
	return status;
}

void fc_check_keep_first(const char *text, void *context)
{
	struct fc_error *problem = context;
	if (problem->status == FC_OK) {
		FC_IGNORE(fc_fail(problem, FC_DAMAGED, "%s", text));
	}
}
