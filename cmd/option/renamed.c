/* The table of old spellings. */
/* SPDX-License-Identifier: MIT */
#include "option/renamed.h"

#include <string.h>

const struct renamed renamed_rows[] = {
	/* options */
	{ "set", "--person-name", "--name", .alias = true },
	{ NULL, "--plan", "--dry-run" },
	{ "config", "--origin", "--show-origin" },

	/* commands */
	{ NULL, "config show", "config list" },
	{ NULL, "models remove", "models delete" },
	{ NULL, "models verify", "models check" },
	{ NULL, "services test", "services check" },

	/* settings keys */
	{ NULL, "models.attributes", "models.attribute-model" },
	{ NULL, "models.liveness", "models.liveness-model" },
	{ NULL, "models.path", "models.model-path" },
	{ 0 },
};

/* "profiles" is the first word of "profiles list". */
static bool is_within(const char *command, const char *words)
{
	size_t length = strlen(words);
	return command && strncmp(command, words, length) == 0 &&
	       (command[length] == '\0' || command[length] == ' ');
}

const struct renamed *renamed_find(const char *command, const char *old)
{
	for (const struct renamed *row = renamed_rows; row->old; row++) {
		if (strcmp(row->old, old) == 0 &&
		    (!row->command || is_within(command, row->command))) {
			return row;
		}
	}
	return NULL;
}

enum fc_status renamed_fail(const struct renamed *row, struct fc_error *err)
{
	return fc_fail(err, FC_INVALID_ARGUMENT, "'%s' is now '%s'", row->old, row->now);
}
