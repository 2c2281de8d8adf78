/* Generate help from the option tables, at most 80 columns wide. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_HELP_H
#define FC_CMD_HELP_H

#include "base/buffer.h"
#include "command.h"

/* All commands and the global options. */
void help_overview(struct fc_buffer *out);

/* One command and its options. */
void help_command_page(const struct command *command, struct fc_buffer *out);

/* All commands with this first word. */
void help_group(const char *word, struct fc_buffer *out);

/*
 * Every option of every command as TSV, for completions and tests: command, letter, long name, argument, kind, choices, help,
 * environment variable, settings key. A command itself is a row of kind "command"; global options have no command.
 */
void help_dump_options(struct fc_buffer *out);

#endif
