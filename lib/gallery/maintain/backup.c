/* Creates a backup: a copy of a gallery that is itself a gallery. Other processes can use the original meanwhile. */
/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "gallery/check/check.h"
#include "gallery/maintain/maintain.h"
#include "gallery/store/directory.h"
#include "gallery/store/meta.h"

struct backup {
	const char *place; /* as given */
	char *name;        /* the last component of place */
	char *draft;       /* temporary name of the backup until it is complete */
	char *draft_path;
	int parent;
	int folder; /* descriptor of the draft directory; -1 before it is created */
};

/* The files of a backup or a gallery. */
static const char *const parts[] = {
	FC_DATA_FILE, FC_LOCK_FILE, FC_WRITE_LOCK_FILE, FC_NEW_DATA_FILE, FC_BACKUP_MANIFEST,
};

/*
 * Remove a backup directory, so that a failed attempt leaves no templates. Other files in the directory are kept, and then the directory is
 * too.
 */
static void remove_folder(int parent, const char *name)
{
	FC_CLEANUP(fc_fd_close)
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	for (size_t i = 0; fd >= 0 && i < FC_ARRAY_LENGTH(parts); i++) {
		FC_IGNORE(unlinkat(fd, parts[i], 0));
	}
	FC_IGNORE(unlinkat(parent, name, AT_REMOVEDIR));
}

static void backup_release(struct backup *backup)
{
	if (backup->folder >= 0) {
		remove_folder(backup->parent, backup->draft);
	}
	fc_fd_close(&backup->folder);
	fc_fd_close(&backup->parent);
	free(backup->name);
	free(backup->draft);
	free(backup->draft_path);
}

/* ---- the place ---- */

static enum fc_status name_parts(struct backup *backup, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *place = strdup(backup->place);
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
			       backup->place);
	}
	backup->name = strdup(name);
	if (!backup->name || asprintf(&backup->draft, ".%s.new", name) < 0 ||
	    asprintf(&backup->draft_path, "%.*s.%s.new", (int)(name - place), place, name) < 0) {
		return fc_fail_memory(err);
	}
	const char *parent = !slash ? "." : slash == place ? "/" : place;
	if (slash) {
		*slash = '\0';
	}
	backup->parent = open(slash == place ? "/" : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return backup->parent >= 0
		       ? FC_OK
		       : fc_fail_errno(err, FC_IO, errno, "cannot create '%s'", backup->place);
}

/* Whether the directory is empty, except for "." and "..". */
static bool is_empty(const struct backup *backup)
{
	int fd = openat(backup->parent, backup->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd < 0 ? NULL : fdopendir(fd);
	size_t count = 0;
	if (!listing) {
		fc_fd_close(&fd);
		return false;
	}
	while (readdir(listing)) {
		count++;
	}
	closedir(listing);
	return count <= 2;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static enum fc_status check_place(const struct backup *backup, const struct fc_gallery *gallery,
				  bool force, struct fc_error *err)
{
	struct stat there, parent, own;
	if (stat(fc_store_path(gallery), &own) != 0 || fstat(backup->parent, &parent) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create '%s'", backup->place);
	}
	bool exists = fstatat(backup->parent, backup->name, &there, AT_SYMLINK_NOFOLLOW) == 0;
	if (is_same_file(&own, &parent) || (exists && is_same_file(&own, &there))) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is inside the gallery: use another directory", backup->place);
	}
	if (!exists || (S_ISDIR(there.st_mode) && is_empty(backup))) {
		return FC_OK;
	}
	FC_CLEANUP(fc_free) char *data = fc_path_join(backup->name, FC_DATA_FILE);
	if (!S_ISDIR(there.st_mode) || !data ||
	    faccessat(backup->parent, data, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
		return fc_fail(err, FC_CONFLICT,
			       "'%s' exists and is not a backup: use a new directory",
			       backup->place);
	}
	return force ? FC_OK
		     : fc_fail(err, FC_CONFLICT,
			       "'%s' already contains a backup: use --force to replace it",
			       backup->place);
}

/* ---- its content ---- */

static enum fc_status make_draft(struct backup *backup, struct fc_gallery *gallery,
				 struct fc_sha256 *sha256, struct fc_error *err)
{
	remove_folder(backup->parent, backup->draft); /* left by a process that was killed */
	if (mkdirat(backup->parent, backup->draft, 0700) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create '%s'", backup->draft_path);
	}
	backup->folder = openat(backup->parent, backup->draft,
				O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (backup->folder < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot open '%s'", backup->draft_path);
	}
	FC_CLEANUP(fc_fd_close)
	int fd = openat(backup->folder, FC_DATA_FILE,
			O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create '%s/" FC_DATA_FILE "'",
				     backup->draft_path);
	}
	FC_TRY(fc_store_copy(gallery, fd, backup->place, err));
	return fc_sha256_of_file(fd, backup->draft_path, sha256, err);
}

static void keep_first(const char *text, void *context)
{
	struct fc_error *problem = context;
	if (problem->text[0] == '\0') {
		FC_IGNORE(fc_fail(problem, FC_DAMAGED, "%s", text));
	}
}

static enum fc_status write_manifest(const struct backup *backup,
				     const struct fc_backup_report *report,
				     const struct fc_format *format, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_free) char *path = fc_path_join(backup->draft_path, FC_BACKUP_MANIFEST);
	const struct fc_check_report *counts = &report->counts;
	char uuid[FC_UUID_TEXT_SIZE], digest[FC_SHA256_TEXT_SIZE], time[FC_TIME_TEXT_SIZE];
	fc_uuid_format(&format->gallery, uuid);
	fc_sha256_format(&report->sha256, digest);
	fc_time_format(fc_clock_now(), time);
	fc_buffer_printf(&text,
			 "{\"type\":\"backup\",\"schema\":1,\"gallery\":\"%s\",\"format\":%" PRIu32
			 ",\"created\":\"%s\",\"file\":\"" FC_DATA_FILE "\",\"bytes\":%" PRIu64
			 ",\"sha256\":\"%s\",\"spaces\":%" PRIu64 ",\"persons\":%" PRIu64
			 ",\"faces\":%" PRIu64 ",\"entries\":%" PRIu64 "}\n",
			 uuid, format->read, time, counts->bytes, digest, counts->spaces,
			 counts->persons, counts->faces, counts->entries);
	if (!path || !fc_buffer_ok(&text)) {
		return fc_fail_memory(err);
	}
	return fc_file_replace(path, text.data, text.length, 0600, err);
}

/* Rename the draft into place. If there is an old backup, the two swap names, and the old one is removed. */
static enum fc_status install(struct backup *backup, struct fc_error *err)
{
	bool renamed = fsync(backup->folder) == 0;
	bool fresh = renamed && renameat2(backup->parent, backup->draft, backup->parent,
					  backup->name, RENAME_NOREPLACE) == 0;
	if (renamed && !fresh && errno == EEXIST) {
		renamed = renameat2(backup->parent, backup->draft, backup->parent, backup->name,
				    RENAME_EXCHANGE) == 0;
	} else {
		renamed = fresh;
	}
	if (!renamed || fsync(backup->parent) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create '%s'", backup->place);
	}
	if (!fresh) {
		remove_folder(backup->parent, backup->draft);
	}
	fc_fd_close(&backup->folder);
	return FC_OK;
}

enum fc_status fc_gallery_backup(struct fc_gallery *gallery, const char *directory, bool force,
				 struct fc_backup_report *out, struct fc_error *err)
{
	FC_CLEANUP(backup_release)
	struct backup backup = { .place = directory, .parent = -1, .folder = -1 };
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct fc_backup_report report = { 0 };
	struct fc_error problem = { 0 };
	struct fc_format format;
	FC_TRY(name_parts(&backup, err));
	FC_TRY(check_place(&backup, gallery, force, err));
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(fc_store_format(txn, &format, err));
	fc_gallery_end_readp(&txn);
	FC_TRY(make_draft(&backup, gallery, &report.sha256, err));
	FC_TRY(fc_check_directory(backup.draft_path, keep_first, &problem, &report.counts, err));
	if (report.counts.problems > 0) {
		return fc_fail(err, FC_DAMAGED, "no backup of gallery '%s' was created: %s",
			       fc_store_path(gallery), problem.text);
	}
	FC_TRY(write_manifest(&backup, &report, &format, err));
	FC_TRY(install(&backup, err));
	*out = report;
	return FC_OK;
}
