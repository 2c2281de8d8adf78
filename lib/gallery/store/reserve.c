/* Disk space that is kept for changes that remove data. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* A person with its entries is spread over pages everywhere in the file, the more the larger it is. */
static const uint64_t smallest = UINT64_C(1) << 20, largest = UINT64_C(64) << 20;
enum { PART_OF_DATA = 32 };

static uint64_t allocated(const struct stat *info)
{
	return (uint64_t)info->st_blocks * 512;
}

void fc_reserve_keep(const struct fc_directory *directory, uint64_t data_bytes)
{
	struct stat info;
	uint64_t size = data_bytes / PART_OF_DATA;
	size = size < smallest ? smallest : size > largest ? largest : size;
	/* A reserve that is not much too small is kept, so that it need not grow with each change. */
	if (fstatat(directory->fd, FC_RESERVE_FILE, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
	    allocated(&info) >= size - size / 4) {
		return;
	}
	FC_CLEANUP(fc_fd_close)
	int fd = openat(directory->fd, FC_RESERVE_FILE,
			O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd >= 0) {
		fc_directory_adopt(directory, fd);
	}
	if (fd >= 0 && fstat(fd, &info) == 0 && fallocate(fd, 0, 0, (off_t)size) != 0) {
		/* Give back what was allocated before the disk was full. */
		FC_IGNORE(ftruncate(fd, info.st_size));
	}
}

bool fc_reserve_release(const struct fc_directory *directory)
{
	struct stat info;
	return fstatat(directory->fd, FC_RESERVE_FILE, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
	       allocated(&info) > 0 && unlinkat(directory->fd, FC_RESERVE_FILE, 0) == 0;
}
