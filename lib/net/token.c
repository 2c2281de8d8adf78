/* Where a token comes from. */
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

/* What a source gave, on the stack so that no growing buffer leaves copies behind. */
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

/* Keep the first line. subject names the source in messages: "the token file 'x'". */
static enum fc_status take_first_line(struct source_text *text, const char *subject,
				      struct fc_token *out, struct fc_error *err)
{
	size_t length = 0;
	while (length < text->length && text->bytes[length] != '\n' &&
	       text->bytes[length] != '\r') {
		length++;
	}
	if (length == 0) {
		return fc_fail(err, FC_PERMISSION, "%s holds no token in its first line", subject);
	}
	if (length > TOKEN_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "%s: a token has at most %d characters",
			       subject, TOKEN_MAXIMUM);
	}
	for (size_t i = 0; i < length; i++) {
		if (text->bytes[i] <= ' ' || text->bytes[i] > '~') {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "%s: a token is made of printable ASCII without spaces",
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

/* Read what there is, up to one byte more than a token can have. deadline: monotonic milliseconds, or -1. */
static enum fc_status read_text(int fd, int64_t deadline, const char *subject,
				struct source_text *text, struct fc_error *err)
{
	while (text->length < sizeof(text->bytes)) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		int64_t left = deadline < 0 ? -1 : deadline - fc_clock_monotonic_ms();
		if (deadline >= 0 && (left <= 0 || poll(&ready, 1, (int)left) == 0)) {
			return fc_fail(err, FC_BUSY, "%s gave no token within %d s", subject,
				       COMMAND_LIMIT_MS / 1000);
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
		return fc_fail(err, FC_PERMISSION, "there is no token: %s", failure.text);
	}
	if (fstat(fd, &info) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot inspect %s", subject);
	}
	if (info.st_mode & (S_IRWXG | S_IRWXO)) {
		return fc_fail(
			err, FC_PERMISSION,
			"%s is open to others (mode %03o); chmod 600 it, and let the service "
			"make a new token if somebody may have read it",
			subject, (unsigned)info.st_mode & 0777u);
	}
	FC_TRY(read_text(fd, -1, subject, &text, err));
	return take_first_line(&text, subject, out, err);
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
	return take_first_line(&text, subject, out, err);
}

struct command {
	pid_t pid; /* 0 when none runs */
	int output;
};

static int wait_for(pid_t pid)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	return status;
}

/* As wait_for, but only until the deadline. False when the command still runs then. */
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

/* The command in a shell, its output into a pipe, its words to the user left on standard error. */
static enum fc_status command_start(const struct fc_token_source *source, struct command *out,
				    struct fc_error *err)
{
	char shell[] = "/bin/sh", flag[] = "-c";
	FC_CLEANUP(fc_free) char *line = strdup(source->command);
	char *no_environment[] = { NULL };
	char *arguments[] = { shell, flag, line, NULL };
	int ends[2];
	posix_spawn_file_actions_t actions;
	if (!line) {
		return fc_fail_memory(err);
	}
	if (pipe2(ends, O_CLOEXEC) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot make a pipe");
	}
	FC_CLEANUP(fc_fd_close) int input = ends[1];
	out->output = ends[0];
	if (posix_spawn_file_actions_init(&actions) != 0) {
		return fc_fail_memory(err);
	}
	int failure =
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	failure = failure ? failure
			  : posix_spawn_file_actions_adddup2(&actions, input, STDOUT_FILENO);
	failure = failure ? failure
			  : posix_spawn(&out->pid, shell, &actions, NULL, arguments,
					source->environment ? source->environment : no_environment);
	FC_IGNORE(posix_spawn_file_actions_destroy(&actions));
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
	int64_t deadline = fc_clock_monotonic_ms() + COMMAND_LIMIT_MS;
	int status;
	FC_TRY(read_text(command.output, deadline, subject, &text, err));
	fc_fd_close(&command.output);
	if (!wait_until(command.pid, deadline, &status)) {
		return fc_fail(err, FC_BUSY, "%s did not end within %d s", subject,
			       COMMAND_LIMIT_MS / 1000);
	}
	command.pid = 0;
	if (WIFSIGNALED(status)) {
		return fc_fail(err, FC_PERMISSION, "%s was ended by signal %d", subject,
			       WTERMSIG(status));
	}
	if (WEXITSTATUS(status) != 0) {
		return fc_fail(err, FC_PERMISSION, "%s failed with exit status %d", subject,
			       WEXITSTATUS(status));
	}
	return take_first_line(&text, subject, out, err);
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
