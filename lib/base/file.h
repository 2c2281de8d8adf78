/* Files: safe opening, whole reads under a limit, atomic replacement, directories. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_FILE_H
#define FC_BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

/* Close *fd if it is not negative and set it to -1. For FC_CLEANUP. */
void fc_fd_close(int *fd);

/*
 * After a read or write that failed, by errno: should it be tried again? Waits until it can be (events: POLLIN or POLLOUT) where
 * somebody who shares the pipe or terminal has made it non-blocking.
 */
bool fc_fd_retry(int fd, short events);

/*
 * Open a regular file for reading without ever blocking on a FIFO or device. *size_out may be NULL.
 * Errors: FC_UNREADABLE (missing, not a regular file, not permitted; the text says which and names the path), FC_IO.
 */
FC_MUST_USE enum fc_status fc_file_open(const char *path, int *fd_out, uint64_t *size_out,
					struct fc_error *err);

/* Read to the end, at most limit bytes. name is for the error text. Errors: FC_TOO_LARGE, FC_IO, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_file_read_fd(int fd, uint64_t limit, const char *name,
					   struct fc_buffer *out, struct fc_error *err);

/* fc_file_open and fc_file_read_fd in one. */
FC_MUST_USE enum fc_status fc_file_read(const char *path, uint64_t limit, struct fc_buffer *out,
					struct fc_error *err);

/*
 * A file that is being written beside its place, to be put there whole. Another process sees what was there before, or all of it.
 * Where the file system can, it has no name until then (O_TMPFILE), so that nothing is left of it by whatever ends the process.
 * A pipe, a terminal or a device is never replaced: it is written to as it is.
 */
struct fc_file_draft {
	char *path;      /* NULL: none is open */
	bool in_place;   /* path is what is written to */
	char *temporary; /* the name that it has for the time being; NULL: none */
	int fd;
};

/* mode is the new file's. Errors: FC_IO, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_file_draft_open(const char *path, unsigned mode,
					      struct fc_file_draft *out, struct fc_error *err);
/* Sync it and rename it into place. FC_INTERNAL when it is not open. */
FC_MUST_USE enum fc_status fc_file_draft_commit(struct fc_file_draft *draft, struct fc_error *err);
/* What was not committed is removed. */
void fc_file_draft_release(struct fc_file_draft *draft);

/*
 * Write a file whole: a temporary file beside it, synced, renamed over it, directory synced. Another process sees the old
 * bytes or the new ones. mode is the new file's.
 */
FC_MUST_USE enum fc_status fc_file_replace(const char *path, const void *data, size_t length,
					   unsigned mode, struct fc_error *err);

/* Make a directory and the missing ones above it, all with this mode. An existing directory is fine. */
FC_MUST_USE enum fc_status fc_make_directories(const char *path, unsigned mode,
					       struct fc_error *err);

/* directory/name as a new string (free() it); NULL when out of memory. */
char *fc_path_join(const char *directory, const char *name);

/* The part behind the last slash, within path. */
const char *fc_path_name(const char *path);

#endif
