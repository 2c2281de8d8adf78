/* How many pixels the workers may decode at the same time. */
/* SPDX-License-Identifier: MIT */
#include "vision/worker/budget.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/compiler.h"

/* Read a number; UINT64_MAX if the file does not exist or has a word instead ("max"). */
static uint64_t read_number(const char *path)
{
	uint64_t value = UINT64_MAX;
	FILE *file = fopen(path, "re");
	if (file) {
		value = fscanf(file, "%" SCNu64, &value) == 1 ? value : UINT64_MAX;
		FC_IGNORE(fclose(file));
	}
	return value;
}

/* MemAvailable of proc(5), in bytes. */
static uint64_t machine_memory(void)
{
	static const char name[] = "MemAvailable:";
	uint64_t kibibytes = UINT64_MAX;
	char line[128];
	FILE *file = fopen("/proc/meminfo", "re");
	while (file && kibibytes == UINT64_MAX && fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, sizeof(name) - 1) == 0 &&
		    sscanf(line + sizeof(name) - 1, "%" SCNu64, &kibibytes) != 1) {
			break;
		}
	}
	if (file) {
		FC_IGNORE(fclose(file));
	}
	return kibibytes < UINT64_MAX / 1024 ? kibibytes * 1024 : UINT64_MAX;
}

/* What the control group of a container may still use. Inside a container, its group is the root of the hierarchy. */
static uint64_t group_memory(void)
{
	uint64_t limit = read_number("/sys/fs/cgroup/memory.max");
	uint64_t used = read_number("/sys/fs/cgroup/memory.current");
	if (limit == UINT64_MAX || used == UINT64_MAX) {
		return UINT64_MAX;
	}
	return limit > used ? limit - used : 0;
}

uint64_t fc_pixel_budget(void)
{
	uint64_t machine = machine_memory(), group = group_memory();
	uint64_t bytes = machine < group ? machine : group;
	return bytes == UINT64_MAX ? UINT64_MAX : bytes / 2 / FC_BYTES_PER_PIXEL;
}
