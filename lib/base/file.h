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
 * Whether to retry a failed read or write, according to errno. On EAGAIN, first waits for events (POLLIN or POLLOUT): another process that
 * shares the pipe or terminal may have made it non-blocking.
 */
bool fc_fd_retry(int fd, short events);

/* Write all bytes. False, with errno set, if not all could be written. */
FC_MUST_USE bool fc_fd_write_all(int fd, const void *data, size_t length);

/* A file in memory with these bytes, which cannot be changed, open at its beginning; -1, with errno set, on failure. The caller closes it. */
FC_MUST_USE int fc_file_in_memory(const void *data, size_t length);

/*
 * Open a regular file for reading; never blocks on a FIFO or device. size_out may be NULL.
 * Errors: FC_UNREADABLE (missing, not a regular file, no permission), FC_IO.
 */
enum fc_status fc_file_open(const char *path, int *fd_out, uint64_t *size_out,
			    struct fc_error *err);

/*
 * Append the file up to its end, at most limit bytes. A buffer that has room for the file (fc_buffer_reserve) does not grow. name: the
 * file's name in error texts. Errors: FC_TOO_LARGE, FC_IO, FC_NO_MEMORY.
 */
enum fc_status fc_file_read_fd(int fd, uint64_t limit, const char *name, struct fc_buffer *out,
			       struct fc_error *err);

/* fc_file_open, then fc_file_read_fd. */
enum fc_status fc_file_read(const char *path, uint64_t limit, struct fc_buffer *out,
			    struct fc_error *err);

/*
 * A new file that replaces the one at path on commit: other processes see either the old or the complete new content. If the file system
 * supports O_TMPFILE, the file has no name until the commit, so that a killed process leaves no temporary file. Pipes, terminals and
 * devices are not replaced but written directly.
 */
struct fc_file_draft {
	char *path;      /* NULL: not open */
	bool in_place;   /* path is written directly */
	char *temporary; /* temporary name; NULL: none */
	int fd;
};

/* mode: permissions of the new file. Errors: FC_IO, FC_NO_MEMORY. */
enum fc_status fc_file_draft_open(const char *path, unsigned mode, struct fc_file_draft *out,
				  struct fc_error *err);
/* Sync the file and rename it to path. FC_INTERNAL if it is not open. */
enum fc_status fc_file_draft_commit(struct fc_file_draft *draft, struct fc_error *err);
/* Remove the file if it was not committed. */
void fc_file_draft_release(struct fc_file_draft *draft);

/* Write a file atomically: draft, write, commit. mode: permissions of the new file. */
enum fc_status fc_file_replace(const char *path, const void *data, size_t length, unsigned mode,
			       struct fc_error *err);

/* Create a directory and its missing parents, all with this mode. FC_OK if it exists already. */
enum fc_status fc_make_directories(const char *path, unsigned mode, struct fc_error *err);

/* An open folder into which files are written, whatever its path refers to later. { .fd = -1 } is empty. */
struct fc_out_folder {
	char *path; /* as given */
	int fd;
};

/*
 * Create a folder and its missing parents, with this mode, and open it. Errors: FC_PERMISSION (the path is a symbolic link; with a slash at
 * its end it is followed), FC_IO, FC_NO_MEMORY.
 */
enum fc_status fc_out_folder_open(const char *path, unsigned mode, struct fc_out_folder *out,
				  struct fc_error *err);
void fc_out_folder_close(struct fc_out_folder *folder);

/* fc_file_replace in the folder. */
enum fc_status fc_out_folder_replace(const struct fc_out_folder *folder, const char *name,
				     const void *data, size_t length, unsigned mode,
				     struct fc_error *err);

/* directory/name as a new string (free() it); NULL when out of memory. */
char *fc_path_join(const char *directory, const char *name);

/* False only if the system says that there is no such file, or that its folder may not be searched; true after other errors. */
bool fc_path_exists(const char *path);

/* Like fc_path_exists. Errors: FC_IO (the system cannot tell). */
enum fc_status fc_path_find(const char *path, bool *exists, struct fc_error *err);

/* The part of path after the last slash. */
const char *fc_path_name(const char *path);

#endif
