/* Open a file of face records, or standard input. */
/* SPDX-License-Identifier: MIT */
#include "output/records_open.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "service/profiles.h"

enum fc_status records_open(const char *path, struct fc_list_reader **out, uint64_t *bytes,
			    struct fc_error *err)
{
	struct stat info;
	int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
					: open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) != 0) {
		FC_IGNORE(fc_fail_errno(err, FC_UNREADABLE, errno, "cannot read '%s'", path));
		fc_fd_close(&fd);
		return FC_UNREADABLE;
	}
	if (S_ISDIR(info.st_mode)) {
		fc_fd_close(&fd);
		return fc_fail(err, FC_UNREADABLE, "'%s' is a folder, not a file of records", path);
	}
	if (bytes) {
		*bytes = S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
	}
	return fc_list_open(fd, FC_LIST_LINES, FC_TEMPLATE_RECORD_MAXIMUM, out, err);
}
