/* The files .facectlignore. */
/* SPDX-License-Identifier: MIT */
#include "service/input/ignore.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

enum { IGNORE_FILE_MAXIMUM = 1 << 20 };

struct pattern {
	const char *text; /* in fc_ignore.bytes */
	bool keeps, only_folders;
	bool any_depth; /* compared with the last part of the path, not with the whole path */
};

struct fc_ignore {
	struct fc_buffer bytes;
	struct pattern *items;
	size_t count, capacity;
};

void fc_ignore_free(struct fc_ignore *ignore)
{
	if (ignore) {
		fc_buffer_release(&ignore->bytes);
		free(ignore->items);
		free(ignore);
	}
}
FC_DEFINE_CLEANUP(struct fc_ignore *, fc_ignore_free);

/* ---- reading ---- */

/* Spaces at the end count only after a backslash. */
static void trim_end(char *line)
{
	size_t length = strlen(line);
	if (length > 0 && line[length - 1] == '\r') {
		length--;
	}
	while (length > 0 && line[length - 1] == ' ' && !(length > 1 && line[length - 2] == '\\')) {
		length--;
	}
	line[length] = '\0';
}

static enum fc_status add_pattern(struct fc_ignore *ignore, char *line, struct fc_error *err)
{
	struct pattern pattern = { .keeps = line[0] == '!' };
	size_t stars = 0;
	line += pattern.keeps;
	size_t length = strlen(line);
	if (length > 0 && line[length - 1] == '/') {
		pattern.only_folders = true;
		line[--length] = '\0';
	}
	pattern.any_depth = !strchr(line, '/');
	line += line[0] == '/';
	if (line[0] == '\0') {
		return FC_OK;
	}
	for (const char *at = line; (at = strstr(at, "**")) != NULL; at += 2) {
		stars++;
	}
	if (stars > FC_IGNORE_STARS_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%.100s' has more than %d times **", line,
			       FC_IGNORE_STARS_MAXIMUM);
	}
	FC_TRY(fc_array_grow(&ignore->items, sizeof(*ignore->items), ignore->count,
			     &ignore->capacity, err));
	pattern.text = line;
	ignore->items[ignore->count++] = pattern;
	return FC_OK;
}

static enum fc_status parse(struct fc_ignore *ignore, struct fc_error *err)
{
	static const char mark[] = "\xef\xbb\xbf";
	if (!fc_buffer_text(&ignore->bytes)) {
		return fc_fail_memory(err);
	}
	char *rest = (char *)ignore->bytes.data;
	rest += strncmp(rest, mark, strlen(mark)) == 0 ? strlen(mark) : 0;
	while (rest) {
		char *line = strsep(&rest, "\n");
		trim_end(line);
		if (line[0] != '\0' && line[0] != '#') {
			FC_TRY(add_pattern(ignore, line, err));
		}
	}
	return FC_OK;
}

enum fc_status fc_ignore_read(int folder, struct fc_ignore **out, struct fc_error *err)
{
	FC_CLEANUP(fc_ignore_freep) struct fc_ignore *ignore = NULL;
	FC_CLEANUP(fc_fd_close)
	int fd = openat(folder, FC_IGNORE_FILE, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	struct stat info;
	*out = NULL;
	if (fd < 0 && errno == ENOENT) {
		return FC_OK;
	}
	if (fd < 0 || fstat(fd, &info) != 0) {
		return fc_fail_errno(err, FC_UNREADABLE, errno, "cannot open '%s'", FC_IGNORE_FILE);
	}
	if (!S_ISREG(info.st_mode)) {
		return fc_fail(err, FC_UNREADABLE, "'%s' is not a file", FC_IGNORE_FILE);
	}
	ignore = calloc(1, sizeof(*ignore));
	if (!ignore) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_file_read_fd(fd, IGNORE_FILE_MAXIMUM, FC_IGNORE_FILE, &ignore->bytes, err));
	FC_TRY_PREFIX(parse(ignore, err), err, "'%s'", FC_IGNORE_FILE);
	*out = FC_STEAL(ignore);
	return FC_OK;
}

/* ---- matching ---- */

static const char *after_part(const char *path)
{
	const char *slash = strchr(path, '/');
	return slash ? slash + 1 : path + strlen(path);
}

/* Compare the first parts of a pattern and a path with fnmatch. */
static bool part_matches(const char *pattern, const char *path)
{
	char part[256], name[256];
	size_t pattern_length = strcspn(pattern, "/"), length = strcspn(path, "/");
	if (pattern_length >= sizeof(part) || length >= sizeof(name)) {
		return false;
	}
	memcpy(part, pattern, pattern_length);
	part[pattern_length] = '\0';
	memcpy(name, path, length);
	name[length] = '\0';
	return fnmatch(part, name, 0) == 0;
}

static bool path_matches(const char *pattern, const char *path)
{
	for (;;) {
		if (strcmp(pattern, "**") == 0) {
			return *path != '\0';
		}
		if (strncmp(pattern, "**/", 3) == 0) {
			for (; *path != '\0'; path = after_part(path)) {
				if (path_matches(pattern + 3, path)) {
					return true;
				}
			}
			return false;
		}
		if (*pattern == '\0' || *path == '\0') {
			return *pattern == *path;
		}
		if (!part_matches(pattern, path)) {
			return false;
		}
		pattern = after_part(pattern);
		path = after_part(path);
	}
}

enum fc_ignore_match fc_ignore_matches(const struct fc_ignore *ignore, const char *path,
				       bool is_folder)
{
	for (size_t i = ignore ? ignore->count : 0; i-- > 0;) {
		const struct pattern *pattern = &ignore->items[i];
		bool matches = pattern->any_depth ? part_matches(pattern->text, fc_path_name(path))
						  : path_matches(pattern->text, path);
		if (matches && (is_folder || !pattern->only_folders)) {
			return pattern->keeps ? FC_IGNORE_KEEP : FC_IGNORE_SKIP;
		}
	}
	return FC_IGNORE_NONE;
}
