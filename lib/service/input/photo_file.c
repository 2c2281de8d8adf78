/* Open photos. */
/* SPDX-License-Identifier: MIT */
#include "service/input/photo_file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

/* Copy standard input to a memory file, which can be read repeatedly and passed to a worker. */
static enum fc_status copy_stdin(uint64_t limit, int *fd_out, uint64_t *size_out,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_TRY(fc_file_read_fd(STDIN_FILENO, limit, "standard input", &bytes, err));
	*fd_out = fc_file_in_memory(bytes.data, bytes.length);
	if (*fd_out < 0) {
		return fc_fail_errno(err, FC_IO, errno, "cannot copy standard input to memory");
	}
	*size_out = bytes.length;
	return FC_OK;
}

enum fc_status fc_photo_open(const char *path, const struct fc_photo_limit *limit, int *fd_out,
			     uint64_t *size_out, struct fc_error *err)
{
	FC_CLEANUP(fc_fd_close) int fd = -1;
	uint64_t size = 0;
	if (strcmp(path, "-") == 0) {
		FC_TRY(copy_stdin(limit->bytes, &fd, &size, err));
	} else {
		FC_TRY(fc_file_open(path, &fd, &size, err));
	}
	if (size > limit->bytes) {
		return fc_fail(err, FC_TOO_LARGE,
			       "'%s' has %" PRIu64 " bytes, more than the limit of %" PRIu64 "; %s",
			       path, size, limit->bytes, limit->advice);
	}
	if (size_out) {
		*size_out = size;
	}
	*fd_out = fd;
	fd = -1;
	return FC_OK;
}
