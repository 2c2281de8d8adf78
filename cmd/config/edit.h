/* One setting in a configuration file is given another value; every other line stays as it is. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIG_EDIT_H
#define FC_CMD_CONFIG_EDIT_H

#include "base/buffer.h"
#include "base/error.h"

struct config_setting {
	const char *section, *name, *value;
};

/*
 * Append the text of a configuration with the setting in it to out: in the last line that sets it, where a comment behind the value
 * stays, else below the section's first heading, else in a new section at the end.
 */
void config_text_set(const char *text, const struct config_setting *setting, struct fc_buffer *out);

/*
 * The same in a file, which is replaced whole; it and its folder are made when they are not there, and a symbolic link stays one.
 * Errors: those of fc_file_read, fc_make_directories and fc_file_replace; FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status config_file_set(const char *path, const struct config_setting *setting,
					   struct fc_error *err);

#endif
