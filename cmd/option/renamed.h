/*
 * Old spellings of options, commands and settings keys. One that is used ends with a message that gives the new spelling; an
 * alias works as the new one does, without being in any help.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_RENAMED_H
#define FC_CMD_RENAMED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct renamed {
	const char *command; /* a command, or the first word of several; NULL: any */
	const char *old;     /* "--plan", "-m", "models verify", "models.path" */
	const char *now;
	bool alias;
};

/* All of them; old is NULL in the last row. */
extern const struct renamed renamed_rows[];

/*
 * The row of an old spelling. command: where an option was used; NULL before any, and for commands and keys. NULL: there is none.
 */
const struct renamed *renamed_find(const char *command, const char *old);

/* FC_INVALID_ARGUMENT: "'OLD' is now 'NEW'". */
enum fc_status renamed_fail(const struct renamed *row, struct fc_error *err);

#endif
