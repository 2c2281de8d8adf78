/* Start and end one worker process. */
/* SPDX-License-Identifier: MIT */
#include "vision/worker/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

enum { END_TIMEOUT = 1000 /* milliseconds */ };

const char *const fc_worker_environment[] = {
	"PATH=/usr/bin:/bin",
	"HOME=/nonexistent",
	"LC_ALL=C",
	"OPENCV_LOG_LEVEL=SILENT",
	"OPENCV_OPENCL_RUNTIME=disabled",
	"OMP_NUM_THREADS=1",
	"OPENBLAS_NUM_THREADS=1",
	"MALLOC_ARENA_MAX=1",
#if FC_ADDRESS_SANITIZER
	/* Leak detection needs ptrace, which the sandbox forbids. */
	"ASAN_OPTIONS=detect_leaks=0:symbolize=0",
#endif
	NULL,
};

/* The new process gets the null device and the socket as descriptors, and no others. */
static int prepare_descriptors(posix_spawn_file_actions_t *actions, int socket)
{
	int failed = posix_spawn_file_actions_adddup2(actions, socket, FC_WORKER_SOCKET);
	for (int fd = 0; fd <= 2 && !failed; fd++) {
#if FC_ADDRESS_SANITIZER
		if (fd == 2) {
			continue; /* keep standard error, to which sanitizers write reports */
		}
#endif
		failed = posix_spawn_file_actions_addopen(actions, fd, "/dev/null", O_RDWR, 0);
	}
	return failed ? failed
		      : posix_spawn_file_actions_addclosefrom_np(actions, FC_WORKER_SOCKET + 1);
}

static int spawn(const char *program, int socket, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char *const arguments[] = { (char *)(uintptr_t)fc_path_name(program), NULL };
	/* posix_spawn requires strings that are not const, so copy them. */
	char variables[FC_ARRAY_LENGTH(fc_worker_environment)][64];
	char *environment[FC_ARRAY_LENGTH(fc_worker_environment)] = { NULL };
	for (size_t i = 0; fc_worker_environment[i]; i++) {
		snprintf(variables[i], sizeof(variables[i]), "%s", fc_worker_environment[i]);
		environment[i] = variables[i];
	}
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);

	int failed = posix_spawn_file_actions_init(&actions);
	if (failed) {
		return failed;
	}
	failed = posix_spawnattr_init(&attributes);
	if (failed) {
		posix_spawn_file_actions_destroy(&actions);
		return failed;
	}
	failed = prepare_descriptors(&actions, socket);
	/* Its own process group, and default signal handling. */
	failed = failed ? failed
			: posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP |
									POSIX_SPAWN_SETSIGMASK |
									POSIX_SPAWN_SETSIGDEF);
	failed = failed ? failed : posix_spawnattr_setpgroup(&attributes, 0);
	failed = failed ? failed : posix_spawnattr_setsigmask(&attributes, &none);
	failed = failed ? failed : posix_spawnattr_setsigdefault(&attributes, &all);
	failed = failed ? failed
			: posix_spawn(pid, program, &actions, &attributes, arguments, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return failed;
}

/*
 * Move the descriptor above the standard ones. If 0 to 2 are closed in this process, socketpair returns them, and opening the
 * null device for the child would close its end of the socket.
 */
static int above_standard(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, FC_WORKER_SOCKET);
	fc_fd_close(&fd);
	return moved;
}

enum fc_status fc_worker_process_start(const char *program, struct fc_worker_process *out,
				       struct fc_error *err)
{
	int pair[2];
	pid_t pid = 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create a socket for a worker");
	}
	FC_CLEANUP(fc_fd_close) int ours = above_standard(pair[0]);
	FC_CLEANUP(fc_fd_close) int theirs = above_standard(pair[1]);
	if (ours < 0 || theirs < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create a socket for a worker");
	}
	int failed = spawn(program, theirs, &pid);
	if (failed) {
		return fc_fail_errno(err, FC_IO, failed, "cannot start the worker '%s'", program);
	}
	*out = (struct fc_worker_process){ .pid = pid, .socket = ours };
	ours = -1;
	return FC_OK;
}

static enum fc_status status_of_signal(int number)
{
	switch (number) {
	case SIGSYS:
		return FC_INTERNAL;
	case SIGABRT:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGSEGV:
	case SIGTRAP:
	case SIGXCPU:
		return FC_WORKER_DIED;
	default:
		return FC_WORKER_KILLED;
	}
}

static void describe_end(int status, struct fc_worker_end *out)
{
	if (WIFSIGNALED(status)) {
		const char *words = sigdescr_np(WTERMSIG(status));
		snprintf(out->text, sizeof(out->text), "was ended by signal %d (%s)",
			 WTERMSIG(status), words ? words : "unknown");
	} else {
		snprintf(out->text, sizeof(out->text), "exited with status %d",
			 WEXITSTATUS(status));
	}
}

void fc_worker_process_kill(const struct fc_worker_process *process)
{
	if (process->pid > 0) {
		FC_IGNORE(kill(process->pid, SIGKILL));
	}
}

void fc_worker_process_wait_end(const struct fc_worker_process *process)
{
	struct pollfd ended = { .fd = -1, .events = POLLIN };
	int count;
	if (process->pid > 0) {
		ended.fd = pidfd_open(process->pid, 0);
	}
	if (ended.fd < 0) {
		return;
	}
	do {
		count = poll(&ended, 1, END_TIMEOUT);
	} while (count < 0 && errno == EINTR);
	fc_fd_close(&ended.fd);
}

static bool reap(pid_t pid, int flags, int *status)
{
	pid_t reaped;
	do {
		reaped = waitpid(pid, status, flags);
	} while (reaped < 0 && errno == EINTR);
	return reaped > 0;
}

void fc_worker_process_end(struct fc_worker_process *process, struct fc_worker_end *end)
{
	int status = 0;
	bool was_running = process->pid > 0 && !reap(process->pid, WNOHANG, &status);
	bool is_reaped = process->pid > 0 && !was_running;
	if (was_running) {
		/* If the process is already ending by itself, this does not change its status. */
		fc_worker_process_kill(process);
		is_reaped = reap(process->pid, 0, &status);
	}
	if (end) {
		*end = (struct fc_worker_end){ .status = FC_WORKER_DIED, .text = "ended" };
	}
	if (end && is_reaped) {
		describe_end(status, end);
		if (!was_running && WIFSIGNALED(status)) {
			end->status = status_of_signal(WTERMSIG(status));
		}
	}
	fc_fd_close(&process->socket);
	*process = (struct fc_worker_process){ .socket = -1 };
}
