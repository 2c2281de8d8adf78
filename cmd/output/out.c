/* Write data and messages. */
/* SPDX-License-Identifier: MIT */
#include "output/out.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"
#include "base/text.h"

static bool wants_color(const struct settings *settings, int fd)
{
	const char *no_color = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");
	if (settings->color != WHEN_AUTO) {
		return settings->color == WHEN_ALWAYS;
	}
	return isatty(fd) && !(no_color && no_color[0] != '\0') &&
	       !(terminal && strcmp(terminal, "dumb") == 0);
}

/* The width that tables must fit: COLUMNS, else that of the terminal; 0: no limit. */
static size_t terminal_columns(int fd)
{
	uint64_t columns = 0;
	struct winsize size;
	const char *variable = getenv("COLUMNS");
	if (variable && fc_parse_u64(variable, 1, 10000, "COLUMNS", &columns, NULL) == FC_OK) {
		return columns;
	}
	return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* Whether the descriptor is the connection to systemd's journal that JOURNAL_STREAM names (systemd.exec(5)). */
static bool is_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat info;
	return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(fd, &info) == 0 && info.st_dev == device && info.st_ino == inode;
}

struct out out_init(const struct settings *settings)
{
	return (struct out){
		.fd = STDOUT_FILENO,
		.message_fd = STDERR_FILENO,
		.format = (enum output_format)settings->format,
		.color = settings->format == FORMAT_TEXT && wants_color(settings, STDOUT_FILENO),
		.quiet = settings->quiet,
		.verbose = settings->verbose,
		.fields = settings->fields,
		.no_header = settings->no_header,
		.null = settings->null,
		.columns = terminal_columns(STDOUT_FILENO),
		.journal = is_journal(STDERR_FILENO),
	};
}

enum fc_status out_open(struct out *out, const struct settings *settings, struct fc_error *err)
{
	if (!settings->output || strcmp(settings->output, "-") == 0) {
		return FC_OK;
	}
	FC_TRY(fc_file_draft_open(settings->output, 0600, &out->draft, err));
	out->fd = out->draft.fd;
	out->columns = terminal_columns(out->fd);
	out->color = out->format == FORMAT_TEXT && wants_color(settings, out->fd);
	return FC_OK;
}

enum fc_status out_commit(struct out *out, struct fc_error *err)
{
	return out->draft.path ? fc_file_draft_commit(&out->draft, err) : FC_OK;
}

void out_release(struct out *out)
{
	fc_file_draft_release(&out->draft);
	fc_buffer_release(&out->data);
}

bool write_fully(int fd, const void *data, size_t length)
{
	const char *cursor = data;
	while (length > 0) {
		ssize_t written = write(fd, cursor, length);
		if (written < 0 && fc_fd_retry(fd, POLLOUT)) {
			continue;
		}
		if (written < 0) {
			return false;
		}
		cursor += written;
		length -= (size_t)written;
	}
	return true;
}

enum fc_status out_flush(struct out *out, struct fc_error *err)
{
	if (!fc_buffer_ok(&out->data)) {
		return fc_fail_memory(err);
	}
	if (out->failure == 0 && !write_fully(out->fd, out->data.data, out->data.length)) {
		out->failure = errno;
		out->closed_pipe = out->failure == EPIPE;
	}
	fc_buffer_clear(&out->data);
	if (out->failure == 0) {
		return FC_OK;
	}
	return out->draft.path
		       ? fc_fail_errno(err, FC_IO, out->failure, "cannot write '%s'",
				       out->draft.path)
		       : fc_fail_errno(err, FC_IO, out->failure, "cannot write standard output");
}

/* priority: of the journal (sd-daemon(3)), which removes the prefix "<N>". */
FC_PRINTF(3, 0)
static void write_message(const struct out *out, int priority, const char *format,
			  va_list arguments)
{
	static const char without_memory[] = "facectl: out of memory: a message cannot be shown\n";
	char *text = NULL;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer line = { 0 };
	if (vasprintf(&text, format, arguments) >= 0) {
		if (out->journal) {
			fc_buffer_printf(&line, "<%d>", priority);
		}
		fc_buffer_append_text(&line, "facectl: ");
		fc_text_append_visible(&line, text);
		fc_buffer_append_text(&line, "\n");
		free(text);
	}
	if (fc_buffer_ok(&line) && line.length > 0) {
		FC_IGNORE(write_fully(out->message_fd, line.data, line.length));
	} else {
		FC_IGNORE(write_fully(out->message_fd, without_memory, sizeof(without_memory) - 1));
	}
}

void out_message(const struct out *out, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	write_message(out, LOG_ERR, format, arguments);
	va_end(arguments);
}

void out_trace(const struct out *out, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	write_message(out, LOG_DEBUG, format, arguments);
	va_end(arguments);
}

void out_note(const struct out *out, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	if (!out->quiet) {
		write_message(out, LOG_NOTICE, format, arguments);
	}
	va_end(arguments);
}
