/*
 * Old names of options, commands and settings keys. Using one is an error whose message gives the new name. An old name that is
 * an alias still works, but is not in the help.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_RENAMED_H
#define FC_CMD_OPTION_RENAMED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct renamed {
	/* a command, or the first word of several commands; NULL: any command */
	const char *command;
	const char *old; /* "--plan", "-m", "models verify", "models.path" */
	const char *now;
	bool alias;
};

/* All old names. In the last row, old is NULL. */
extern const struct renamed renamed_rows[];

/*
 * The row of an old name, or NULL. command: the command of an option; NULL for an option before the command, and for names of
 * commands and keys.
 */
const struct renamed *renamed_find(const char *command, const char *old);

/* Return FC_INVALID_ARGUMENT with the message "'OLD' is now 'NEW'". */
enum fc_status renamed_fail(const struct renamed *row, struct fc_error *err);

#endif
