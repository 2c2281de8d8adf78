/* Copy or download the files of a model. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/model_pull.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/memory.h"

/* A file that is being copied or downloaded. */
struct pull {
	const struct fc_pull_options *options;
	size_t index;
	const struct fc_model_file *file;
	char *target, *partial; /* paths */
	int fd;                 /* of the partial file, locked */
};

static void pull_release(struct pull *pull)
{
	free(pull->target);
	free(pull->partial);
	fc_fd_close(&pull->fd);
}

static enum fc_status open_partial(struct pull *pull, struct fc_error *err)
{
	const char *directory = pull->options->directory;
	FC_TRY(fc_make_directories(directory, 0700, err));
	pull->target = fc_path_join(directory, pull->file->name);
	if (!pull->target || asprintf(&pull->partial, "%s.part", pull->target) < 0) {
		pull->partial = NULL;
		return fc_fail_memory(err);
	}
	for (;;) {
		struct stat opened, named;
		fc_fd_close(&pull->fd);
		pull->fd = open(pull->partial, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (pull->fd < 0) {
			return fc_fail_errno(err, FC_IO, errno, "cannot open '%s'", pull->partial);
		}
		if (flock(pull->fd, LOCK_EX | LOCK_NB) != 0) {
			return fc_fail(err, FC_BUSY, "another facectl is pulling '%s'",
				       pull->target);
		}
		/* A pull that ended in the meantime may have renamed or removed the file. */
		if (fstat(pull->fd, &opened) == 0 && lstat(pull->partial, &named) == 0 &&
		    opened.st_dev == named.st_dev && opened.st_ino == named.st_ino) {
			return FC_OK;
		}
	}
}

static void report_progress(void *context, uint64_t have, uint64_t bytes)
{
	const struct pull *pull = context;
	const struct fc_pull_options *options = pull->options;
	if (options->progress) {
		options->progress(options->progress_context, pull->file->name, have, bytes);
	}
}

/* ---- source ---- */

static enum fc_status download(struct pull *pull, const char *url, struct fc_error *err)
{
	struct stat info;
	if (fstat(pull->fd, &info) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot inspect '%s'", pull->partial);
	}
	struct fc_download download = {
		.url = url,
		.fd = pull->fd,
		.have = (uint64_t)info.st_size,
		.bytes = pull->file->bytes,
		.progress = report_progress,
		.progress_context = pull,
	};
	const struct fc_remote_module *module;
	FC_TRY(fc_remote_load(&pull->options->remote, &module, err));
	FC_TRY_PREFIX(module->download(&download, &pull->options->http, err), err, "'%s'", url);
	return FC_OK;
}

/* Try the descriptor's URLs in order. Stop after a temporary failure, because the partial file was downloaded from that URL. */
static enum fc_status download_from_publisher(struct pull *pull, struct fc_error *err)
{
	enum fc_status status =
		fc_fail(err, FC_MODEL_MISSING,
			"the descriptor of model '%s' has no URL for '%s'; give --from DIR or URL",
			pull->options->model->name, pull->file->name);
	for (size_t i = 0; i < pull->file->url_count; i++) {
		status = download(pull, pull->file->urls[i], err);
		if (status != FC_REFUSED && status != FC_PERMISSION) {
			return status;
		}
	}
	return status;
}

static enum fc_status copy_from_folder(struct pull *pull, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *source = fc_path_join(pull->options->from, pull->file->name);
	FC_CLEANUP(fc_fd_close) int fd = -1;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	uint64_t size = 0;
	if (!source) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_file_open(source, &fd, &size, err));
	if (size != pull->file->bytes) {
		return fc_fail(err, FC_MODEL_MISMATCH, "'%s' has %llu bytes, not %llu", source,
			       (unsigned long long)size, (unsigned long long)pull->file->bytes);
	}
	FC_TRY(fc_file_read_fd(fd, size, source, &bytes, err));
	if (ftruncate(pull->fd, 0) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot empty '%s'", pull->partial);
	}
	if (!fc_fd_write_all(pull->fd, bytes.data, bytes.length)) {
		return fc_fail_errno(err, FC_IO, errno, "cannot write '%s'", pull->partial);
	}
	report_progress(pull, bytes.length, size);
	return FC_OK;
}

static enum fc_status obtain(struct pull *pull, struct fc_error *err)
{
	const char *from = pull->options->from;
	if (!from) {
		return download_from_publisher(pull, err);
	}
	if (!strstr(from, "://")) {
		return copy_from_folder(pull, err);
	}
	FC_CLEANUP(fc_free) char *url = fc_path_join(from, pull->file->name);
	return url ? download(pull, url, err) : fc_fail_memory(err);
}

/* ---- result ---- */

static enum fc_status check(struct pull *pull, struct fc_error *err)
{
	struct fc_sha256 found;
	struct stat info;
	if (lseek(pull->fd, 0, SEEK_SET) != 0 || fstat(pull->fd, &info) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot read '%s'", pull->partial);
	}
	FC_TRY(fc_sha256_of_file(pull->fd, pull->partial, &found, err));
	return fc_model_check(pull->options->model, pull->index, (uint64_t)info.st_size, &found,
			      pull->target, err);
}

static enum fc_status give_name(struct pull *pull, struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close)
	int folder = open(pull->options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fchmod(pull->fd, 0644) != 0 || fsync(pull->fd) != 0 ||
	    rename(pull->partial, pull->target) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot keep '%s'", pull->target);
	}
	if (folder < 0 || fsync(folder) != 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot sync directory '%s'",
				     pull->options->directory);
	}
	return FC_OK;
}

enum fc_status fc_model_pull(const struct fc_pull_options *options, size_t file, char **path,
			     struct fc_error *err)
{
	FC_CLEANUP(pull_release)
	struct pull pull = {
		.options = options,
		.index = file,
		.file = &options->model->files[file],
		.fd = -1,
	};
	FC_TRY(open_partial(&pull, err));
	enum fc_status status = obtain(&pull, err);
	if (status == FC_OK) {
		status = check(&pull, err);
	}
	if (status == FC_OK) {
		status = give_name(&pull, err);
	}
	if (status != FC_OK) {
		struct stat info;
		bool is_start = status == FC_BUSY && fstat(pull.fd, &info) == 0 && info.st_size > 0;
		if (!is_start) {
			FC_IGNORE(unlink(pull.partial));
		}
		return status;
	}
	*path = FC_STEAL(pull.target);
	return FC_OK;
}
