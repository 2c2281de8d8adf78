/* The lines of configuration files: what each says, and where it stands. What the words mean is not known here. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIG_H
#define FC_CMD_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Where a value came from; a later one gives way to an earlier one. */
enum setting_source {
	SOURCE_NONE = 0,
	SOURCE_COMMAND_LINE,
	SOURCE_ENVIRONMENT,
	SOURCE_USER_FILE, /* or the one that --config names */
	SOURCE_SYSTEM_FILE,
	SOURCE_DEFAULT,
};

/* One "name = value". Strings live as long as the config. */
struct config_line {
	const char *file;
	unsigned number;
	enum setting_source source;
	const char *section; /* as it stands between the brackets; "" before the first */
	const char *name, *value;
};

/* Something wrong, and where. */
struct config_problem {
	const char *file;
	unsigned number; /* 0: the file as a whole */
	bool warning;    /* it works all the same */
	char *text;
};

/* { 0 } is empty. */
struct config {
	struct config_line *lines;
	size_t line_count, line_capacity;
	struct config_problem *problems;
	size_t problem_count, problem_capacity;
	char **files;
	size_t file_count, file_capacity;
};

void config_release(struct config *config);

/*
 * Append the lines of a file in git's INI manner. What is no line of it becomes a problem, as does a file that cannot be read.
 * Errors: FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status config_read(struct config *config, const char *path,
				       enum setting_source source, struct fc_error *err);

/* Note a problem, among the others of its file by its line; text is copied, file is not. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status config_note(struct config *config, const char *file, unsigned number,
				       bool warning, const char *text, struct fc_error *err);

/* FC_INVALID_ARGUMENT in the words of a problem, with its place before them. */
enum fc_status config_describe(const struct config_problem *problem, struct fc_error *err);

/* FC_INVALID_ARGUMENT in the words of the first problem that is no warning; FC_OK without any. */
FC_MUST_USE enum fc_status config_verdict(const struct config *config, struct fc_error *err);

/* The name in 'service "name"', within section's text and length bytes long; NULL for any other section. */
const char *config_subsection(const char *section, const char *group, size_t *length);

/* A path as the shell would have it: a leading "~/" is the home folder, behind each colon too. free() it; NULL when out of memory. */
char *config_expand_home(const char *text);

#endif
