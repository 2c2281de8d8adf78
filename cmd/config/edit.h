/* Change one setting in a configuration file. All other lines are kept. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIG_EDIT_H
#define FC_CMD_CONFIG_EDIT_H

#include "base/buffer.h"
#include "base/error.h"

struct config_setting {
	const char *section, *name, *value;
};

/*
 * Append a configuration's text to out with one setting changed, or without the lines that set it if its value is NULL. The last line that sets it is replaced, but keeps its comment.
 * If there is none, a line is added to the first section of that name, or to a new section at the end.
 */
void config_text_set(const char *text, const struct config_setting *setting, struct fc_buffer *out);

/*
 * Change a setting in a file, which is replaced atomically. Changes by several processes at the same time are made one after the
 * other. Creates the file and its folder if needed; if the path is a symbolic
 * link, its target is replaced. Errors: FC_BUSY (another process holds the lock for 10 seconds); those of fc_file_read, fc_make_directories and fc_file_replace; FC_NO_MEMORY; FC_NOT_FOUND (to remove: the file does not set it).
 */
enum fc_status config_file_set(const char *path, const struct config_setting *setting,
			       struct fc_error *err);

#endif
