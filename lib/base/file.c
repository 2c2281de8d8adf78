/* Opens, reads, replaces and creates files and directories. */
/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

void fc_fd_close(int *fd)
{
	if (*fd >= 0) {
		FC_IGNORE(close(*fd));
		*fd = -1;
	}
}

bool fc_fd_retry(int fd, short events)
{
	struct pollfd waited = { .fd = fd, .events = events };
	struct stat info;
	if (errno != EAGAIN) {
		return errno == EINTR;
	}
	/* do not poll regular files: some of /proc never become readable */
	if (fstat(fd, &info) != 0 || S_ISREG(info.st_mode)) {
		errno = EAGAIN;
		return false;
	}
	return poll(&waited, 1, -1) >= 0 || errno == EINTR;
}

static const char *kind_of(mode_t mode)
{
	if (S_ISDIR(mode)) {
		return "a directory";
	}
	if (S_ISFIFO(mode)) {
		return "a FIFO";
	}
	if (S_ISSOCK(mode)) {
		return "a socket";
	}
	return "a device";
}

enum fc_status fc_file_open(const char *path, int *fd_out, uint64_t *size_out, struct fc_error *err)
{
	struct stat info;
	FC_CLEANUP(fc_fd_close) int fd = -1;
	do {
		fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	if (fd < 0) {
		switch (errno) {
		case ENXIO:
			return fc_fail(err, FC_UNREADABLE,
				       "'%s' is a socket or device, not a regular file", path);
		case EMFILE:
		case ENFILE:
		case ENOMEM:
		case ENOSPC:
		case EIO:
			return fc_fail_errno(err, FC_IO, errno, "cannot open '%s'", path);
		default:
			return fc_fail_errno(err, FC_UNREADABLE, errno, "cannot open '%s'", path);
		}
	}
	if (fstat(fd, &info) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot inspect '%s'", path);
	}
	if (!S_ISREG(info.st_mode)) {
		return fc_fail(err, FC_UNREADABLE, "'%s' is %s, not a regular file", path,
			       kind_of(info.st_mode));
	}
	if (size_out) {
		*size_out = (uint64_t)info.st_size;
	}
	*fd_out = fd;
	fd = -1;
	return FC_OK;
}

enum fc_status fc_file_read_fd(int fd, uint64_t limit, const char *name, struct fc_buffer *out,
			       struct fc_error *err)
{
	enum { STEP = 65536 };
	for (;;) {
		size_t room =
			out->capacity > out->length + 1 ? out->capacity - out->length - 1 : STEP;
		uint8_t *place = fc_buffer_reserve(out, room);
		if (!place) {
			return fc_fail_memory(err);
		}
		ssize_t got = read(fd, place, room);
		if (got < 0 && fc_fd_retry(fd, POLLIN)) {
			continue;
		}
		if (got < 0) {
			return fc_fail_errno(err, FC_IO, errno, "cannot read '%s'", name);
		}
		if (got == 0) {
			break;
		}
		if ((uint64_t)got > limit || out->length > limit - (uint64_t)got) {
			return fc_fail(err, FC_TOO_LARGE, "'%s' is larger than %llu bytes", name,
				       (unsigned long long)limit);
		}
		out->length += (size_t)got;
	}
	return FC_OK;
}

enum fc_status fc_file_read(const char *path, uint64_t limit, struct fc_buffer *out,
			    struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int fd = -1;
	FC_TRY(fc_file_open(path, &fd, NULL, err));
	return fc_file_read_fd(fd, limit, path, out, err);
}

bool fc_fd_write_all(int fd, const void *data, size_t length)
{
	for (const uint8_t *bytes = data; length > 0;) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno != EINTR) {
			return false;
		}
		bytes += written > 0 ? written : 0;
		length -= written > 0 ? (size_t)written : 0;
	}
	return true;
}

int fc_file_in_memory(const void *data, size_t length)
{
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int fd = memfd_create("facectl", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd >= 0 && (!fc_fd_write_all(fd, data, length) || lseek(fd, 0, SEEK_SET) != 0 ||
			fcntl(fd, F_ADD_SEALS, seals) != 0)) {
		fc_fd_close(&fd);
	}
	return fd;
}

/* The directory that holds path, as a new string. */
static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash) {
		return strdup(".");
	}
	return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static enum fc_status sync_directory(const char *directory, struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot sync directory '%s'", directory);
	}
	return FC_OK;
}

void fc_file_draft_release(struct fc_file_draft *draft)
{
	if (draft->path) {
		fc_fd_close(&draft->fd);
	}
	if (draft->temporary) {
		FC_IGNORE(unlink(draft->temporary));
	}
	fc_free(&draft->temporary);
	fc_free(&draft->path);
}

/* A pipe, a terminal, a device, or a symbolic link to an open file in /proc, such as /dev/stdout. */
static bool is_stream(const char *path, const struct stat *info)
{
	static const char open_files[] = "/proc/";
	char target[sizeof(open_files) - 1];
	return !S_ISREG(info->st_mode) ||
	       (readlink(path, target, sizeof(target)) == (ssize_t)sizeof(target) &&
		memcmp(target, open_files, sizeof(target)) == 0);
}

/* Not every file system supports O_TMPFILE, and linking the file later needs /proc. */
static bool open_unnamed(const char *path, unsigned mode, int *out)
{
	FC_CLEANUP(fc_free) char *directory = directory_of(path);
	if (!directory || access("/proc/self/fd", X_OK) != 0) {
		return false;
	}
	FC_CLEANUP(fc_fd_close) int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
	if (fd < 0 || fchmod(fd, mode) != 0) {
		return false;
	}
	*out = fd;
	fd = -1;
	return true;
}

/* linkat() does not replace files, so the file gets a temporary name for rename(). */
static enum fc_status give_name(struct fc_file_draft *draft, struct fc_error *err)
{
	enum { TRIES = 100 };
	char open_file[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	snprintf(open_file, sizeof(open_file), "/proc/self/fd/%d", draft->fd);
	for (int i = 0; i < TRIES; i++) {
		FC_CLEANUP(fc_free) char *name = NULL;
		uint32_t number = 0;
		FC_IGNORE(getrandom(&number, sizeof(number), 0));
		if (asprintf(&name, "%s.%08x", draft->path, number) < 0) {
			name = NULL;
			return fc_fail_memory(err);
		}
		if (linkat(AT_FDCWD, open_file, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0) {
			draft->temporary = FC_STEAL(name);
			return FC_OK;
		}
		if (errno != EEXIST) {
			break;
		}
	}
	return fc_fail_errno(err, FC_IO, errno, "cannot create a temporary file for '%s'",
			     draft->path);
}

static enum fc_status open_beside(const char *path, unsigned mode, char **temporary, int *out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *name = NULL;
	if (asprintf(&name, "%s.XXXXXX", path) < 0) {
		name = NULL;
		return fc_fail_memory(err);
	}
	FC_CLEANUP(fc_fd_close) int fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create a temporary file for '%s'",
				     path);
	}
	if (fchmod(fd, mode) != 0) {
		int os_errno = errno;
		FC_IGNORE(unlink(name));
		return fc_fail_errno(err, FC_IO, os_errno, "cannot write '%s'", path);
	}
	*temporary = FC_STEAL(name);
	*out = fd;
	fd = -1;
	return FC_OK;
}

enum fc_status fc_file_draft_open(const char *path, unsigned mode, struct fc_file_draft *out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_file_draft_release)
	struct fc_file_draft draft = { .path = strdup(path), .fd = -1 };
	struct stat info;
	if (!draft.path) {
		return fc_fail_memory(err);
	}
	bool exists = stat(path, &info) == 0;
	if (exists && S_ISDIR(info.st_mode)) {
		return fc_fail_errno(err, FC_IO, EISDIR, "cannot replace '%s'", path);
	}
	draft.in_place = exists && is_stream(path, &info);
	if (draft.in_place) {
		draft.fd = open(path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
		if (draft.fd < 0) {
			return fc_fail_errno(err, FC_IO, errno, "cannot write '%s'", path);
		}
	} else if (!open_unnamed(path, mode, &draft.fd)) {
		FC_TRY(open_beside(path, mode, &draft.temporary, &draft.fd, err));
	}
	*out = FC_STEAL_STRUCT(draft);
	return FC_OK;
}

enum fc_status fc_file_draft_commit(struct fc_file_draft *draft, struct fc_error *err)
{
	if (!draft->path) {
		return fc_fail(err, FC_INTERNAL, "the draft to commit is not open");
	}
	if (draft->in_place) {
		fc_file_draft_release(draft);
		return FC_OK;
	}
	FC_CLEANUP(fc_free) char *directory = directory_of(draft->path);
	if (!directory) {
		return fc_fail_memory(err);
	}
	if (fsync(draft->fd) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot write '%s'", draft->path);
	}
	if (!draft->temporary) {
		FC_TRY(give_name(draft, err));
	}
	if (rename(draft->temporary, draft->path) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot replace '%s'", draft->path);
	}
	fc_free(&draft->temporary);
	fc_fd_close(&draft->fd);
	return sync_directory(directory, err);
}

enum fc_status fc_file_replace(const char *path, const void *data, size_t length, unsigned mode,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_file_draft_release) struct fc_file_draft draft = { 0 };
	FC_TRY(fc_file_draft_open(path, mode, &draft, err));
	if (!fc_fd_write_all(draft.fd, data, length)) {
		return fc_fail_errno(err, FC_IO, errno, "cannot write '%s'", path);
	}
	return fc_file_draft_commit(&draft, err);
}

enum fc_status fc_make_directories(const char *path, unsigned mode, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *partial = strdup(path);
	if (!partial) {
		return fc_fail_memory(err);
	}
	for (char *cursor = partial + 1; cursor[-1] != '\0'; cursor++) {
		char here = *cursor;
		if (here != '/' && here != '\0') {
			continue;
		}
		*cursor = '\0';
		if (mkdir(partial, mode) != 0 && errno != EEXIST) {
			return fc_fail_errno(err, FC_IO, errno, "cannot create directory '%s'",
					     partial);
		}
		*cursor = here;
	}
	struct stat info;
	if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
		return fc_fail(err, FC_IO, "'%s' is not a directory", path);
	}
	return FC_OK;
}

enum fc_status fc_out_folder_open(const char *path, unsigned mode, struct fc_out_folder *out,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_out_folder_close)
	struct fc_out_folder folder = { .path = strdup(path), .fd = -1 };
	struct stat info;
	if (!folder.path) {
		return fc_fail_memory(err);
	}
	if (lstat(path, &info) == 0 && S_ISLNK(info.st_mode)) {
		return fc_fail(
			err, FC_PERMISSION,
			"'%s' is a symbolic link: give the folder itself, or '%s/' to follow "
			"the link",
			path, path);
	}
	FC_TRY(fc_make_directories(path, mode, err));
	folder.fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder.fd < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot open directory '%s'", path);
	}
	*out = FC_STEAL_STRUCT(folder);
	folder.fd = -1;
	return FC_OK;
}

void fc_out_folder_close(struct fc_out_folder *folder)
{
	fc_fd_close(&folder->fd);
	fc_free(&folder->path);
}

enum fc_status fc_out_folder_replace(const struct fc_out_folder *folder, const char *name,
				     const void *data, size_t length, unsigned mode,
				     struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *path = NULL;
	struct fc_error why = { 0 };
	if (asprintf(&path, "/proc/self/fd/%d/%s", folder->fd, name) < 0) {
		path = NULL;
		return fc_fail_memory(err);
	}
	enum fc_status status = fc_file_replace(path, data, length, mode, &why);
	const char *reason = strrchr(why.text, ':');
	return status == FC_OK ? FC_OK
			       : fc_fail(err, status, "cannot write '%s/%s'%s", folder->path, name,
					 reason ? reason : "");
}

char *fc_path_join(const char *directory, const char *name)
{
	size_t length = strlen(directory), name_length = strlen(name);
	bool slash = length == 0 || directory[length - 1] != '/';
	char *path = malloc(length + slash + name_length + 1);
	if (path) {
		char *end = mempcpy(mempcpy(path, directory, length), "/", slash);
		memcpy(end, name, name_length + 1);
	}
	return path;
}

bool fc_path_exists(const char *path)
{
	return access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR && errno != EACCES);
}

enum fc_status fc_path_find(const char *path, bool *exists, struct fc_error *err)
{
	errno = 0;
	*exists = fc_path_exists(path);
	return *exists && errno != 0
		       ? fc_fail_errno(err, FC_IO, errno, "cannot look for '%s'", path)
		       : FC_OK;
}

const char *fc_path_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}
