/* Names of groups of accounts. */
/* SPDX-License-Identifier: MIT */
#include "commands/gallery/unix_group.h"

#include <grp.h>
#include <stdio.h>

const char *unix_group_name(uint32_t group, char text[UNIX_GROUP_SIZE])
{
	const struct group *found = getgrgid(group);
	snprintf(text, UNIX_GROUP_SIZE, "%u", group);
	if (found) {
		snprintf(text, UNIX_GROUP_SIZE, "%s", found->gr_name);
	}
	return text;
}
