/* The folder in which a backup is made: its lock, its leftovers, and its installation. */
/* SPDX-License-Identifier: MIT */
#include "gallery/maintain/backup_draft.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "gallery/maintain/maintain.h"
#include "gallery/store/directory.h"
#include "gallery/store/store.h"

/* Names in .NAME.new: the new backup; the old one for a moment, where folders cannot be swapped. */
#define NEW "new"
#define OLD "old"

enum { LOCK_PAUSE = 2000 }; /* microseconds between two tries */

static const int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/* The files of a backup or a gallery. */
static const char *const parts[] = {
	FC_DATA_FILE,     FC_LOCK_FILE,    FC_WRITE_LOCK_FILE,
	FC_NEW_DATA_FILE, FC_RESERVE_FILE, FC_BACKUP_MANIFEST,
};

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* ---- what is in a folder ---- */

/* Call visit for each name in a folder except "." and "..", until it returns false. False if the folder cannot be read. */
static bool each_name(int parent, const char *name, bool (*visit)(const char *, void *),
		      void *context)
{
	int fd = openat(parent, name, folder_flags);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	if (!listing) {
		fc_fd_close(&fd);
		return false;
	}
	errno = 0;
	for (const struct dirent *entry; (entry = readdir(listing)); errno = 0) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    !visit(entry->d_name, context)) {
			errno = 0;
			break;
		}
	}
	bool complete = errno == 0;
	closedir(listing);
	return complete;
}

static bool note_any(const char *name, void *context)
{
	bool *empty = context;
	(void)name;
	*empty = false;
	return false;
}

static bool is_empty(int parent, const char *name)
{
	bool empty = true;
	return each_name(parent, name, note_any, &empty) && empty;
}

/* A part of a backup, or a folder of .NAME.new. */
static bool note_foreign(const char *name, void *context)
{
	bool *own = context;
	bool known = strcmp(name, NEW) == 0 || strcmp(name, OLD) == 0;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(parts) && !known; i++) {
		known = strcmp(name, parts[i]) == 0;
	}
	*own = *own && known;
	return *own;
}

/* Whether a name has the form of .NAME.new. */
static bool is_lock_name(const char *name)
{
	size_t length = strlen(name);
	return name[0] == '.' && length > strlen("..new") &&
	       strcmp(name + length - strlen(".new"), ".new") == 0;
}

/* ---- removing ---- */

/* Remove a backup's files, and its folder unless it contains other files. */
static void remove_backup(int parent, const char *name)
{
	FC_CLEANUP(fc_fd_close) int fd = openat(parent, name, folder_flags);
	for (size_t i = 0; fd >= 0 && i < FC_ARRAY_LENGTH(parts); i++) {
		FC_IGNORE(unlinkat(fd, parts[i], 0));
	}
	FC_IGNORE(unlinkat(parent, name, AT_REMOVEDIR));
}

/* Remove what a process left in .NAME.new. If it died between two renames, the old backup gets its name back. */
static void clear_lock_folder(int parent, int lock, const char *lock_name)
{
	struct stat info;
	FC_CLEANUP(fc_free)
	char *name = strndup(lock_name + 1, strlen(lock_name) - strlen("..new"));
	if (!name) {
		return;
	}
	if (fstatat(lock, OLD, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
	    fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT) {
		FC_IGNORE(renameat(lock, OLD, parent, name));
	}
	remove_backup(lock, OLD);
	remove_backup(lock, NEW);
	/* Older versions made the backup in .NAME.new itself. */
	for (size_t i = 0; i < FC_ARRAY_LENGTH(parts); i++) {
		FC_IGNORE(unlinkat(lock, parts[i], 0));
	}
}

void fc_backup_draft_release(struct fc_backup_draft *draft)
{
	if (draft->lock >= 0) {
		clear_lock_folder(draft->parent, draft->lock, draft->lock_name);
		FC_IGNORE(unlinkat(draft->parent, draft->lock_name, AT_REMOVEDIR));
	}
	fc_fd_close(&draft->folder);
	fc_fd_close(&draft->lock);
	fc_fd_close(&draft->parent);
	fc_free(&draft->name);
	fc_free(&draft->lock_name);
	fc_free(&draft->path);
}

/* ---- the lock ---- */

/* Try once to lock a folder that exists. -1 if it is locked, or was removed or replaced meanwhile; errno is EWOULDBLOCK or ENOENT then. */
static int try_lock(int parent, const char *name)
{
	struct stat locked, named;
	FC_CLEANUP(fc_fd_close) int fd = openat(parent, name, folder_flags);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &locked) != 0 ||
	    fstatat(parent, name, &named, AT_SYMLINK_NOFOLLOW) != 0) {
		return -1;
	}
	if (!is_same_file(&locked, &named)) {
		errno = ENOENT;
		return -1;
	}
	int held = fd;
	fd = -1;
	return held;
}

static enum fc_status lock_place(struct fc_backup_draft *draft, unsigned timeout,
				 struct fc_error *err)
{
	int64_t deadline = fc_clock_monotonic_ms() + timeout;
	for (;;) {
		if (mkdirat(draft->parent, draft->lock_name, 0700) != 0 && errno != EEXIST) {
			return fc_fail_errno(err, FC_IO, errno, "cannot create '%s'", draft->place);
		}
		draft->lock = try_lock(draft->parent, draft->lock_name);
		if (draft->lock >= 0) {
			return FC_OK;
		}
		if (errno != EWOULDBLOCK && errno != EINTR && errno != ENOENT) {
			return fc_fail_errno(err, FC_IO, errno, "cannot lock '%s'", draft->path);
		}
		if (fc_clock_monotonic_ms() >= deadline) {
			return fc_fail(err, FC_BUSY,
				       "another backup to '%s' is running: waited %.1f s",
				       draft->place, timeout / 1000.0);
		}
		FC_IGNORE(usleep(LOCK_PAUSE));
	}
}

/* ---- leftovers ---- */

struct search {
	int parent;
	void (*found)(const struct search *search, int lock, const char *name);
	const char *path; /* of parent */
	fc_backup_leftover *visit;
	void *context;
};

/* Whether a folder contains a part of a backup. */
static bool has_part(int parent, const char *name)
{
	FC_CLEANUP(fc_fd_close) int fd = openat(parent, name, folder_flags);
	bool found = false;
	for (size_t i = 0; fd >= 0 && i < FC_ARRAY_LENGTH(parts) && !found; i++) {
		found = faccessat(fd, parts[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	}
	return found;
}

/* Whether .NAME.new contains parts of a backup, and nothing else. A process may have ended while it removed them one by one. */
static bool is_leftover(int parent, int lock, const char *name)
{
	struct stat info;
	bool own = true;
	if (fstat(lock, &info) != 0 || info.st_uid != geteuid() ||
	    !each_name(parent, name, note_foreign, &own)) {
		return false;
	}
	return own && (has_part(lock, NEW) || has_part(lock, OLD) || has_part(lock, "."));
}

/* A lock that can be taken means that the process of the backup has ended. */
static bool consider(const char *name, void *context)
{
	const struct search *search = context;
	if (!is_lock_name(name)) {
		return true;
	}
	FC_CLEANUP(fc_fd_close) int lock = try_lock(search->parent, name);
	if (lock >= 0 && is_leftover(search->parent, lock, name)) {
		search->found(search, lock, name);
	}
	return true;
}

static void remove_leftover(const struct search *search, int lock, const char *name)
{
	clear_lock_folder(search->parent, lock, name);
	FC_IGNORE(unlinkat(search->parent, name, AT_REMOVEDIR));
}

static void report_leftover(const struct search *search, int lock, const char *name)
{
	(void)lock;
	FC_CLEANUP(fc_free) char *path = fc_path_join(search->path, name);
	if (path) {
		search->visit(path, search->context);
	}
}

enum fc_status fc_backup_leftovers(const char *parent, fc_backup_leftover *visit, void *context,
				   struct fc_error *err)
{
	struct search search = {
		.path = parent, .visit = visit, .context = context, .found = report_leftover
	};
	FC_CLEANUP(fc_fd_close) int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		return FC_OK;
	}
	search.parent = fd;
	return fd >= 0 && each_name(fd, ".", consider, &search)
		       ? FC_OK
		       : fc_fail_errno(err, FC_IO, errno, "cannot list '%s'", parent);
}

/* ---- opening ---- */

static enum fc_status name_parts(struct fc_backup_draft *draft, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *place = strdup(draft->place);
	if (!place) {
		return fc_fail_memory(err);
	}
	size_t length = strlen(place);
	while (length > 1 && place[length - 1] == '/') {
		place[--length] = '\0';
	}
	char *slash = strrchr(place, '/');
	const char *name = slash ? slash + 1 : place;
	if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is not a valid name of a backup",
			       draft->place);
	}
	draft->name = strdup(name);
	if (!draft->name || asprintf(&draft->lock_name, ".%s.new", name) < 0 ||
	    asprintf(&draft->path, "%.*s.%s.new/" NEW, (int)(name - place), place, name) < 0) {
		return fc_fail_memory(err);
	}
	const char *parent = !slash ? "." : slash == place ? "/" : place;
	if (slash) {
		*slash = '\0';
	}
	draft->parent = open(slash == place ? "/" : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return draft->parent >= 0
		       ? FC_OK
		       : fc_fail_errno(err, FC_IO, errno, "cannot create '%s'", draft->place);
}

/* Whether the place may be used. *exists: something that may be replaced is there, and *there describes it. */
static enum fc_status check_place(const struct fc_backup_draft *draft, bool force, bool *exists,
				  struct stat *there, struct fc_error *err)
{
	*exists = fstatat(draft->parent, draft->name, there, AT_SYMLINK_NOFOLLOW) == 0;
	if (!*exists || (S_ISDIR(there->st_mode) && is_empty(draft->parent, draft->name))) {
		return FC_OK;
	}
	FC_CLEANUP(fc_free) char *data = fc_path_join(draft->name, FC_DATA_FILE);
	if (!S_ISDIR(there->st_mode) || !data ||
	    faccessat(draft->parent, data, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
		return fc_fail(err, FC_CONFLICT,
			       "'%s' exists and is not a backup: use a new directory",
			       draft->place);
	}
	return force ? FC_OK
		     : fc_fail(err, FC_CONFLICT,
			       "'%s' already contains a backup: use --force to replace it",
			       draft->place);
}

static enum fc_status check_outside(const struct fc_backup_draft *draft,
				    const struct fc_gallery *gallery, struct fc_error *err)
{
	struct stat there, parent, own;
	if (stat(fc_store_path(gallery), &own) != 0 || fstat(draft->parent, &parent) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create '%s'", draft->place);
	}
	bool exists = fstatat(draft->parent, draft->name, &there, AT_SYMLINK_NOFOLLOW) == 0;
	return !is_same_file(&own, &parent) && !(exists && is_same_file(&own, &there))
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "'%s' is inside the gallery: use another directory", draft->place);
}

enum fc_status fc_backup_draft_open(const struct fc_gallery *gallery, const char *place, bool force,
				    struct fc_backup_draft *draft, struct fc_error *err)
{
	struct stat there;
	bool exists;
	*draft = (struct fc_backup_draft){ .place = place, .parent = -1, .lock = -1, .folder = -1 };
	FC_TRY(name_parts(draft, err));
	FC_TRY(check_outside(draft, gallery, err));
	FC_TRY(check_place(draft, force, &exists, &there, err));
	FC_TRY(lock_place(draft, fc_store_lock_timeout(gallery), err));
	clear_lock_folder(draft->parent, draft->lock, draft->lock_name);
	struct search search = { .parent = draft->parent, .found = remove_leftover };
	FC_IGNORE(each_name(draft->parent, ".", consider, &search));
	/* Again: another backup may have ended while this one waited. */
	FC_TRY(check_place(draft, force, &exists, &there, err));
	if (mkdirat(draft->lock, NEW, 0700) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create '%s'", draft->path);
	}
	draft->folder = openat(draft->lock, NEW, folder_flags);
	return draft->folder >= 0
		       ? FC_OK
		       : fc_fail_errno(err, FC_IO, errno, "cannot open '%s'", draft->path);
}

/* ---- installation ---- */

/*
 * Swap the new backup with what is at the place. File systems without RENAME_EXCHANGE need two renames; clear_lock_folder repairs what a
 * process leaves that dies between them.
 */
static bool swap(const struct fc_backup_draft *draft)
{
	if (renameat2(draft->lock, NEW, draft->parent, draft->name, RENAME_EXCHANGE) == 0) {
		return true;
	}
	if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) {
		return false;
	}
	if (renameat(draft->parent, draft->name, draft->lock, OLD) != 0) {
		return false;
	}
	if (renameat(draft->lock, NEW, draft->parent, draft->name) != 0) {
		int os_errno = errno;
		FC_IGNORE(renameat(draft->lock, OLD, draft->parent, draft->name));
		errno = os_errno;
		return false;
	}
	FC_IGNORE(renameat(draft->lock, OLD, draft->lock, NEW));
	return true;
}

enum fc_status fc_backup_draft_install(struct fc_backup_draft *draft, bool force,
				       struct fc_error *err)
{
	struct stat there, replaced;
	bool exists;
	FC_TRY(check_place(draft, force, &exists, &there, err));
	bool done = fsync(draft->folder) == 0 &&
		    (exists ? swap(draft)
			    : renameat(draft->lock, NEW, draft->parent, draft->name) == 0);
	if (!done || fsync(draft->parent) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create '%s'", draft->place);
	}
	if (exists && fstatat(draft->lock, NEW, &replaced, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !is_same_file(&there, &replaced)) {
		FC_IGNORE(swap(draft));
		return fc_fail(err, FC_BUSY, "'%s' was changed by another program: try again",
			       draft->place);
	}
	return FC_OK;
}
