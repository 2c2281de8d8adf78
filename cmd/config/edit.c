/* Change one setting of a configuration file. */
/* SPDX-License-Identifier: MIT */
#include "config/edit.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"

enum { CONFIG_BYTES_MAXIMUM = 1 << 20, COMMENT_MAXIMUM = 4000 };

/* A part of the text, without a terminating NUL. */
struct piece {
	const char *start;
	size_t length;
};

static bool is_blank(char c)
{
	return isspace((unsigned char)c) != 0;
}

static struct piece trimmed(struct piece piece)
{
	while (piece.length > 0 && is_blank(piece.start[0])) {
		piece.start++;
		piece.length--;
	}
	while (piece.length > 0 && is_blank(piece.start[piece.length - 1])) {
		piece.length--;
	}
	return piece;
}

static bool is_text(struct piece piece, const char *text)
{
	return piece.length == strlen(text) && memcmp(piece.start, text, piece.length) == 0;
}

/* The name in "[name]"; start is NULL for any other line. */
static struct piece heading_of(struct piece line)
{
	line = trimmed(line);
	const char *end = line.length > 0 && line.start[0] == '['
				  ? memchr(line.start, ']', line.length)
				  : NULL;
	return end ? (struct piece){ line.start + 1, (size_t)(end - line.start) - 1 }
		   : (struct piece){ 0 };
}

static bool sets_name(struct piece line, const char *name)
{
	line = trimmed(line);
	size_t length = 0;
	while (length < line.length && line.start[length] != '=' && line.start[length] != ':') {
		length++;
	}
	return length < line.length && is_text(trimmed((struct piece){ line.start, length }), name);
}

/* Where the setting is, or where to insert it. */
struct places {
	struct piece setting;    /* the last line that sets it; start is NULL when none does */
	const char *section_end; /* after the section's last setting, or its heading */
};

static struct places find_places(const char *text, const struct config_setting *setting)
{
	static const char byte_order_mark[] = "\xEF\xBB\xBF";
	struct places found = { 0 };
	bool inside = false;
	bool marked = strncmp(text, byte_order_mark, 3) == 0;
	for (const char *at = text + (marked ? 3 : 0); *at != '\0';) {
		const char *end = strchr(at, '\n');
		struct piece line = { at, end ? (size_t)(end - at) + 1 : strlen(at) };
		struct piece heading = heading_of(line);
		at += line.length;
		if (heading.start) {
			inside = is_text(heading, setting->section);
		} else if (inside && sets_name(line, setting->name)) {
			found.setting = line;
		}
		/* empty lines and comments at the end may belong to the next section */
		line = trimmed(line);
		if (inside && line.length > 0 && !strchr("#;", line.start[0])) {
			found.section_end = at;
		}
	}
	return found;
}

/* The comment at the end of a line with the blanks before it, or an empty piece. In inih, a comment is a ";" after a blank. */
static struct piece comment_of(struct piece line)
{
	const char *end = line.start + line.length;
	const char *at = line.start + strcspn(line.start, "=:");
	while (at < end && !(at[0] == ';' && is_blank(at[-1]))) {
		at++;
	}
	const char *start = at;
	while (at < end && is_blank(start[-1])) {
		start--;
	}
	struct piece comment = trimmed((struct piece){ at, (size_t)(end - at) });
	return (struct piece){ start, (size_t)(comment.start - start) + comment.length };
}

/* Append the line of a setting. If it would be too long with its comment, write the comment on a line before it. */
static void append_line(struct fc_buffer *out, const struct config_setting *setting,
			struct piece comment)
{
	bool before = comment.length > COMMENT_MAXIMUM;
	if (before) {
		fc_buffer_append(out, comment.start, comment.length);
		fc_buffer_append_text(out, "\n");
	}
	fc_buffer_printf(out, "\t%s = %s", setting->name, setting->value);
	fc_buffer_append(out, comment.start, before ? 0 : comment.length);
	fc_buffer_append_text(out, "\n");
}

/* Append the text without the lines that set the setting. */
static void remove_lines(const char *text, const struct config_setting *setting,
			 struct fc_buffer *out)
{
	bool inside = false;
	while (*text != '\0') {
		const char *end = strchr(text, '\n');
		struct piece line = { text, end ? (size_t)(end - text) + 1 : strlen(text) };
		struct piece heading = heading_of(line);
		inside = heading.start ? is_text(heading, setting->section) : inside;
		if (heading.start || !inside || !sets_name(line, setting->name)) {
			fc_buffer_append(out, line.start, line.length);
		}
		text += line.length;
	}
}

void config_text_set(const char *text, const struct config_setting *setting, struct fc_buffer *out)
{
	if (!setting->value) {
		remove_lines(text, setting, out);
		return;
	}
	struct places places = find_places(text, setting);
	const char *here = places.setting.start ? places.setting.start : places.section_end;
	const char *rest = places.setting.start ? here + places.setting.length : here;
	fc_buffer_append(out, text, here ? (size_t)(here - text) : strlen(text));
	if (out->length > 0 && out->data[out->length - 1] != '\n') {
		fc_buffer_append_text(out, "\n");
	}
	if (!here) {
		fc_buffer_printf(out, "%s[%s]\n", out->length > 0 ? "\n" : "", setting->section);
	}
	append_line(out, setting,
		    places.setting.start ? comment_of(places.setting) : (struct piece){ "", 0 });
	if (rest) {
		fc_buffer_append_text(out, rest);
	}
}

/*
 * Create the folder of a file, and lock it until *out is closed, so that no other process changes the file between the reading and the
 * replacing. The file itself cannot be the lock, because it is replaced.
 */
static enum fc_status lock_folder_of(const char *path, int *out, struct fc_error *err)
{
	enum { TRIES = 1000, PAUSE_MS = 10 };
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };
	size_t length = (size_t)(fc_path_name(path) - path);
	FC_CLEANUP(fc_free) char *folder = length > 0 ? strndup(path, length) : strdup(".");
	if (!folder) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_make_directories(folder, 0700, err));
	FC_CLEANUP(fc_fd_close) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed = fd < 0 ? -1 : flock(fd, LOCK_EX | LOCK_NB);
	for (int i = 0; i < TRIES && failed && fd >= 0 && (errno == EWOULDBLOCK || errno == EINTR);
	     i++) {
		FC_IGNORE(nanosleep(&pause, NULL));
		failed = flock(fd, LOCK_EX | LOCK_NB);
	}
	if (failed && fd >= 0 && errno == EWOULDBLOCK) {
		return fc_fail(err, FC_BUSY, "another facectl is changing '%s'; try again", path);
	}
	if (failed) {
		return fc_fail_errno(err, FC_IO, errno, "cannot lock folder '%s'", folder);
	}
	*out = fd;
	fd = -1;
	return FC_OK;
}

enum fc_status config_file_set(const char *path, const struct config_setting *setting,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer before = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer after = { 0 };
	FC_CLEANUP(fc_free) char *real = realpath(path, NULL);
	FC_CLEANUP(fc_fd_close) int lock = -1;
	struct stat info = { .st_mode = 0600 };
	if (real) {
		path = real;
	}
	FC_TRY(lock_folder_of(path, &lock, err));
	if (stat(path, &info) == 0) {
		FC_TRY(fc_file_read(path, CONFIG_BYTES_MAXIMUM, &before, err));
	} else if (errno != ENOENT) {
		return fc_fail_errno(err, FC_IO, errno, "cannot inspect '%s'", path);
	}
	const char *text = fc_buffer_text(&before);
	if (!text) {
		return fc_fail_memory(err);
	}
	if (!setting->value && !find_places(text, setting).setting.start) {
		return fc_fail(err, FC_NOT_FOUND, "'%s' does not set %s.%s", path, setting->section,
			       setting->name);
	}
	config_text_set(text, setting, &after);
	return fc_buffer_ok(&after)
		       ? fc_file_replace(path, after.data, after.length, info.st_mode & 0777, err)
		       : fc_fail_memory(err);
}
