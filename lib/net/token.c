/* Reads the token of a service from a file, a value or a command. */
/* SPDX-License-Identifier: MIT */
#include "net/token.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "net/redact.h"

enum {
	TOKEN_MAXIMUM = 16 * 1024, /* a signed web token is a few kilobytes */
	COMMAND_LIMIT_MS = 60 * 1000,
};

/* The text that was read. It is kept on the stack: a growing buffer would leave copies of the token in freed memory. */
struct source_text {
	char bytes[TOKEN_MAXIMUM + 1];
	size_t length;
};

static void source_text_wipe(struct source_text *text)
{
	explicit_bzero(text, sizeof(*text));
}

void fc_token_release(struct fc_token *token)
{
	fc_secret_free(FC_STEAL(token->text));
}

/* Copy the first line to out. subject names the source in messages: "the token file 'x'". */
static enum fc_status copy_first_line(struct source_text *text, const char *subject,
				      struct fc_token *out, struct fc_error *err)
{
	size_t length = 0;
	while (length < text->length && text->bytes[length] != '\n' &&
	       text->bytes[length] != '\r') {
		length++;
	}
	if (length == 0) {
		return fc_fail(err, FC_PERMISSION, "%s has no token in its first line", subject);
	}
	if (length > TOKEN_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "%s: the token is too long (maximum: %d characters)", subject,
			       TOKEN_MAXIMUM);
	}
	for (size_t i = 0; i < length; i++) {
		if (text->bytes[i] <= ' ' || text->bytes[i] > '~') {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "%s: the token must be printable ASCII without spaces",
				       subject);
		}
	}
	char *token = strndup(text->bytes, length);
	if (!token) {
		return fc_fail_memory(err);
	}
	out->text = token;
	return FC_OK;
}

/*
 * Read to the end, at most one byte more than a token can have. deadline: monotonic milliseconds; -1 means none. FC_BUSY if the deadline
 * passed.
 */
static enum fc_status read_text(int fd, int64_t deadline, const char *subject,
				struct source_text *text, struct fc_error *err)
{
	while (text->length < sizeof(text->bytes)) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		int64_t left = deadline < 0 ? -1 : deadline - fc_clock_monotonic_ms();
		if (deadline >= 0 && left <= 0) {
			return FC_BUSY;
		}
		int count = poll(&ready, 1, (int)left);
		if (count < 0 && errno != EINTR) {
			return fc_fail_errno(err, FC_IO, errno, "cannot wait for %s", subject);
		}
		if (count <= 0) {
			continue;
		}
		ssize_t got =
			read(fd, text->bytes + text->length, sizeof(text->bytes) - text->length);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return fc_fail_errno(err, FC_IO, errno, "cannot read %s", subject);
		}
		if (got == 0) {
			break;
		}
		text->length += (size_t)got;
	}
	return FC_OK;
}

static enum fc_status load_file(const char *path, struct fc_token *out, struct fc_error *err)
{
	FC_CLEANUP(source_text_wipe) struct source_text text = { .length = 0 };
	FC_CLEANUP(fc_fd_close) int fd = -1;
	char subject[256];
	struct stat info;
	struct fc_error failure = { 0 };
	snprintf(subject, sizeof(subject), "the token file '%s'", path);
	if (fc_file_open(path, &fd, NULL, &failure) != FC_OK) {
		return fc_fail(err, FC_PERMISSION, "cannot read the token: %s", failure.text);
	}
	if (fstat(fd, &info) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot inspect %s", subject);
	}
	if (info.st_mode & (S_IRWXG | S_IRWXO)) {
		return fc_fail(
			err, FC_PERMISSION,
			"%s is open to others (mode %03o); chmod 600 it, and get a new token "
			"if it may have been read",
			subject, (unsigned)info.st_mode & 0777u);
	}
	FC_TRY(read_text(fd, -1, subject, &text, err));
	return copy_first_line(&text, subject, out, err);
}

static enum fc_status load_value(const struct fc_token_source *source, struct fc_token *out,
				 struct fc_error *err)
{
	FC_CLEANUP(source_text_wipe) struct source_text text = { .length = 0 };
	char subject[128];
	snprintf(subject, sizeof(subject), "the environment variable '%s'",
		 source->value_name ? source->value_name : "?");
	text.length = strnlen(source->value, sizeof(text.bytes));
	memcpy(text.bytes, source->value, text.length);
	return copy_first_line(&text, subject, out, err);
}

struct command {
	pid_t pid; /* 0 if no command is running */
	int output;
};

static int wait_for(pid_t pid)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	return status;
}

/* Like wait_for, but only until the deadline. False if the command is still running then. */
static bool wait_until(pid_t pid, int64_t deadline, int *status)
{
	pid_t ended;
	while ((ended = waitpid(pid, status, WNOHANG)) == 0 && fc_clock_monotonic_ms() < deadline) {
		FC_IGNORE(poll(NULL, 0, 5));
	}
	return ended == pid;
}

static void command_stop(struct command *command)
{
	fc_fd_close(&command->output);
	if (command->pid > 0) {
		FC_IGNORE(kill(command->pid, SIGKILL));
		FC_IGNORE(wait_for(command->pid));
	}
}

/* Reset only the signals that facectl itself ignores. The others are inherited, so that nohup keeps working. */
static int reset_signals(posix_spawnattr_t *attributes)
{
	sigset_t blocked, reset;
	sigemptyset(&blocked);
	sigemptyset(&reset);
	sigaddset(&reset, SIGPIPE);
	sigaddset(&reset, SIGXFSZ);
	int failure = posix_spawnattr_setflags(attributes,
					       POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	failure = failure ? failure : posix_spawnattr_setsigmask(attributes, &blocked);
	return failure ? failure : posix_spawnattr_setsigdefault(attributes, &reset);
}

/* The command's standard output goes to a pipe; its standard error stays the user's. */
static enum fc_status command_start(const struct fc_token_source *source, struct command *out,
				    struct fc_error *err)
{
	char shell[] = "/bin/sh", flag[] = "-c";
	FC_CLEANUP(fc_free) char *line = strdup(source->command);
	char *no_environment[] = { NULL };
	char *arguments[] = { shell, flag, line, NULL };
	int ends[2];
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	struct sigaction on_exit;
	if (!line) {
		return fc_fail_memory(err);
	}
	if (sigaction(SIGCHLD, NULL, &on_exit) != 0 || on_exit.sa_handler == SIG_IGN ||
	    on_exit.sa_flags & SA_NOCLDWAIT) {
		/* the kernel would discard the exit status, and the pid could be that of another process */
		return fc_fail(
			err, FC_INTERNAL,
			"cannot run the token command, because this process ignores SIGCHLD");
	}
	if (pipe2(ends, O_CLOEXEC) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create a pipe");
	}
	FC_CLEANUP(fc_fd_close) int input = ends[1];
	out->output = ends[0];
	if (posix_spawn_file_actions_init(&actions) != 0) {
		return fc_fail_memory(err);
	}
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return fc_fail_memory(err);
	}
	int failure =
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	failure = failure ? failure
			  : posix_spawn_file_actions_adddup2(&actions, input, STDOUT_FILENO);
	failure = failure ? failure : reset_signals(&attributes);
	failure = failure ? failure
			  : posix_spawn(&out->pid, shell, &actions, &attributes, arguments,
					source->environment ? source->environment : no_environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (failure) {
		out->pid = 0;
		return fc_fail_errno(err, FC_IO, failure, "cannot run the token command");
	}
	return FC_OK;
}

static enum fc_status load_command(const struct fc_token_source *source, struct fc_token *out,
				   struct fc_error *err)
{
	static const char subject[] = "the token command";
	FC_CLEANUP(source_text_wipe) struct source_text text = { .length = 0 };
	FC_CLEANUP(command_stop) struct command command = { .output = -1 };
	FC_TRY(command_start(source, &command, err));
	unsigned limit = source->command_timeout_ms ? source->command_timeout_ms : COMMAND_LIMIT_MS;
	int64_t deadline = fc_clock_monotonic_ms() + limit;
	int wait_status;
	enum fc_status status = read_text(command.output, deadline, subject, &text, err);
	if (status == FC_BUSY) {
		return fc_fail(err, FC_BUSY, "%s printed no token within %g s", subject,
			       limit / 1000.0);
	}
	FC_TRY(status);
	fc_fd_close(&command.output);
	if (!wait_until(command.pid, deadline, &wait_status)) {
		return fc_fail(err, FC_BUSY, "%s did not end within %g s", subject, limit / 1000.0);
	}
	command.pid = 0;
	if (WIFSIGNALED(wait_status)) {
		return fc_fail(err, FC_PERMISSION, "%s was ended by signal %d", subject,
			       WTERMSIG(wait_status));
	}
	if (WEXITSTATUS(wait_status) != 0) {
		return fc_fail(err, FC_PERMISSION, "%s failed with exit status %d", subject,
			       WEXITSTATUS(wait_status));
	}
	return copy_first_line(&text, subject, out, err);
}

enum fc_status fc_token_load(const struct fc_token_source *source, struct fc_token *out,
			     struct fc_error *err)
{
	int sources = !!source->file + !!source->value + !!source->command;
	if (sources != 1) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "%s; set just one of token-file, token-env and token-command",
			       sources == 0 ? "the service has no token"
					    : "the service has more than one token");
	}
	if (source->file) {
		return load_file(source->file, out, err);
	}
	return source->value ? load_value(source, out, err) : load_command(source, out, err);
}
