/* The table of old names of options, commands and settings keys. */
/* SPDX-License-Identifier: MIT */
#include "option/renamed.h"

#include <string.h>

const struct renamed renamed_rows[] = {
	/* options */
	{ "config", "--origin", "--show-origin" },
	{ "detect", "--liveness", "--with liveness" },
	{ "detect", "--template", "--with template" },
	{ "entries list", "--follow", "--watch", .alias = true },
	{ "entries list", "--pid", "--person", .alias = true },
	{ "eval", "--csv", "--curve" },
	{ "eval", "--write", "--calibrate" },
	{ "eval", "--write-space", "--calibrate --space" },
	{ "extract", "--all-faces", "--face all" },
	{ "gallery export", "--entries", "--with entries" },
	{ "gallery export", "--pid", "--person", .alias = true },
	{ "gallery export", "--with-crops", "--with crops" },
	{ "gallery reembed", "--model", "--embedder" },
	{ "gallery reembed", "-m", "--embedder" },
	{ "profiles", "--liveness", "--require-live" },
	{ "profiles delete", "--erase", "--with entries" },
	{ "profiles update", "--remove-name", "--unset name" },
	{ "profiles update", "--remove-user-data", "--unset user-data" },
	{ "recognize", "--liveness", "--with liveness" },
	{ "set", "--person-name", "--name", .alias = true },
	{ "spaces update", "--forget-calibration", "--unset calibration" },
	{ NULL, "--plan", "--dry-run" },

	/* commands */
	{ NULL, "config show", "config list" },
	{ NULL, "models remove", "models delete" },
	{ NULL, "models verify", "models check" },
	{ NULL, "origins set", "origins update" },
	{ NULL, "profiles export-faces", "faces export" },
	{ NULL, "services test", "services check" },
	{ NULL, "spaces thresholds", "spaces update" },

	/* settings keys */
	{ NULL, "models.attributes", "models.attribute-model" },
	{ NULL, "models.liveness", "models.liveness-model" },
	{ NULL, "models.path", "models.model-path" },
	{ 0 },
};

/* True if command equals words or is the first word of them: "profiles" and "profiles list". */
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
