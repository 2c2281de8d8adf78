/* Creates a backup: a copy of a gallery that is itself a gallery. Other processes can use the original meanwhile. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "gallery/check/check.h"
#include "gallery/maintain/backup_draft.h"
#include "gallery/maintain/maintain.h"
#include "gallery/store/directory.h"
#include "gallery/store/engine.h"
#include "gallery/store/meta.h"

static enum fc_status copy_data(const struct fc_backup_draft *draft, struct fc_gallery *gallery,
				struct fc_sha256 *sha256, struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close)
	int fd = openat(draft->folder, FC_DATA_FILE,
			O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot create '%s/" FC_DATA_FILE "'",
				     draft->path);
	}
	FC_TRY(fc_store_copy(gallery, fd, draft->place, err));
	return fc_sha256_of_file(fd, draft->path, sha256, err);
}

static enum fc_status write_manifest(const struct fc_backup_draft *draft,
				     const struct fc_backup_report *report,
				     const struct fc_format *format, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_free) char *path = fc_path_join(draft->path, FC_BACKUP_MANIFEST);
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

/* The text about a damaged record without the path of the copy, which is removed. */
static const char *without_name(const char *text, const char *copy)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer prefix = { 0 };
	fc_buffer_printf(&prefix, "gallery '%s' is damaged: ", copy);
	bool named =
		fc_buffer_ok(&prefix) && strncmp(text, fc_buffer_text(&prefix), prefix.length) == 0;
	return named ? text + prefix.length : text;
}

enum fc_status fc_gallery_backup(struct fc_gallery *gallery, const char *directory, bool force,
				 struct fc_backup_report *out, struct fc_error *err)
{
	FC_CLEANUP(fc_backup_draft_release)
	struct fc_backup_draft draft = { .parent = -1, .lock = -1, .folder = -1 };
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct fc_backup_report report = { 0 };
	struct fc_error problem = { 0 };
	struct fc_format format;
	FC_TRY(fc_engine_require_lmdb(gallery, "gallery backup", err));
	FC_TRY(fc_backup_draft_open(gallery, directory, force, &draft, err));
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(fc_store_format(txn, &format, err));
	fc_gallery_end_readp(&txn);
	FC_TRY(copy_data(&draft, gallery, &report.sha256, err));
	enum fc_status status =
		fc_check_directory(draft.path, fc_check_keep_first, &problem, &report.counts, err);
	if (status == FC_DAMAGED) {
		return fc_fail(err, FC_DAMAGED,
			       "no backup of gallery '%s' was created: its copy on the disk of "
			       "'%s' cannot be read back",
			       fc_store_path(gallery), directory);
	}
	FC_TRY(status);
	if (report.counts.problems > 0) {
		return fc_fail(err, FC_DAMAGED, "no backup of gallery '%s' was created: %s",
			       fc_store_path(gallery), without_name(problem.text, draft.path));
	}
	FC_TRY(write_manifest(&draft, &report, &format, err));
	FC_TRY(fc_backup_draft_install(&draft, force, err));
	*out = report;
	return FC_OK;
}
