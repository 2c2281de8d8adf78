/* Read the lines of configuration files, with file name and line number. This module does not interpret them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIG_CONFIG_H
#define FC_CMD_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Where a value comes from, in order of precedence. */
enum setting_source {
	SOURCE_NONE = 0,
	SOURCE_COMMAND_LINE,
	SOURCE_ENVIRONMENT,
	SOURCE_PRESET,    /* the section [preset "NAME"] of --preset */
	SOURCE_USER_FILE, /* the user's file, or the file of --config */
	SOURCE_SYSTEM_FILE,
	SOURCE_DEFAULT,
};

/* One "name = value". Strings live as long as the config. */
struct config_line {
	const char *file;
	unsigned number;
	enum setting_source source;
	const char *section; /* the text between the brackets; "" before the first */
	const char *name, *value;
};

/* An error or warning, and its location. */
struct config_problem {
	const char *file;
	unsigned number;       /* line; 0: the problem concerns the whole file */
	bool warning;          /* a warning: the configuration can be used */
	enum fc_status status; /* FC_INVALID_ARGUMENT, or why the file cannot be read */
	const char *text;      /* owned by the config */
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
 * Append the lines of a file in git's INI format. Invalid lines and an unreadable file are added to the problems. Errors:
 * FC_NO_MEMORY.
 */
enum fc_status config_read(struct config *config, const char *path, enum setting_source source,
			   struct fc_error *err);

/* Add a problem; problems are sorted by line within a file. text is copied, file is not. Errors: FC_NO_MEMORY. */
enum fc_status config_note(struct config *config, const char *file, unsigned number, bool warning,
			   const char *text, struct fc_error *err);

/* Add why a line cannot be applied. Errors: FC_NO_MEMORY, also as the fault itself: that is no mistake in the file. */
enum fc_status config_note_line(struct config *config, const struct config_line *line,
				const struct fc_error *fault, struct fc_error *err);

/* Return the status of a problem, with its location and text. */
enum fc_status config_describe(const struct config_problem *problem, struct fc_error *err);

/* The status of the first problem that is not a warning, with its location and text. FC_OK if there is none. */
enum fc_status config_verdict(const struct config *config, struct fc_error *err);

/* The name in a section of the form 'group "name"': a pointer into section, *length bytes long. NULL for any other section. */
const char *config_subsection(const char *section, const char *group, size_t *length);

/* Expand "~/" at the beginning and after each colon to the home folder. free() it; NULL when out of memory. */
char *config_expand_home(const char *text);

#endif
