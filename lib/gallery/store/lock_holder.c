/* Who holds a lock of flock(2), for messages. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/lock_holder.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

const char *fc_lock_holder(int fd, char out[FC_LOCK_HOLDER_SIZE])
{
	struct stat info;
	char line[256];
	FILE *locks = fopen("/proc/locks", "re");
	snprintf(out, FC_LOCK_HOLDER_SIZE, "another process");
	if (!locks) {
		return out;
	}
	/* "1: FLOCK  ADVISORY  READ 123 08:01:456 0 EOF" (proc(5)); a lock that is waited for has "->" after the number. */
	while (fstat(fd, &info) == 0 && fgets(line, sizeof(line), locks)) {
		long process;
		unsigned device_major, device_minor;
		unsigned long long inode;
		if (sscanf(line, "%*d: FLOCK %*s %*s %ld %x:%x:%llu", &process, &device_major,
			   &device_minor, &inode) == 4 &&
		    process > 0 && process != getpid() && inode == info.st_ino &&
		    makedev(device_major, device_minor) == info.st_dev) {
			snprintf(out, FC_LOCK_HOLDER_SIZE, "process %ld", process);
			break;
		}
	}
	fclose(locks);
	return out;
}
