/* Names of groups of accounts. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_GALLERY_UNIX_GROUP_H
#define FC_CMD_COMMANDS_GALLERY_UNIX_GROUP_H

#include <stdint.h>

enum { UNIX_GROUP_SIZE = 64 };

/* The name of a group, else its number. Returns text. */
const char *unix_group_name(uint32_t group, char text[UNIX_GROUP_SIZE]);

#endif
