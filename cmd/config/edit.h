/* Changing one setting in the text of a configuration file; all other lines stay as they are. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIG_EDIT_H
#define FC_CMD_CONFIG_EDIT_H

#include "base/buffer.h"
#include "base/error.h"

struct config_setting {
	const char *section, *name, *value;
};

/*
 * Append the text of a configuration with the setting changed to out: in the last line that sets it, whose comment stays, else in
 * the first section of its name, else in a new section at the end.
 */
void config_text_set(const char *text, const struct config_setting *setting, struct fc_buffer *out);

/*
 * The same in a file, which is replaced atomically. It and its folder are created if missing; a symbolic link stays one.
 * Errors: those of fc_file_read, fc_make_directories and fc_file_replace; FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status config_file_set(const char *path, const struct config_setting *setting,
					   struct fc_error *err);

#endif
