/* The completion of a command line: its state, and the names in the gallery and the configuration. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_COMPLETE_COMPLETE_H
#define FC_CMD_COMMANDS_COMPLETE_COMPLETE_H

#include "command.h"

struct completion {
	struct command_context *ctx;
	struct settings line; /* the settings that the line would run with */
	const struct command *command;
	const char *group; /* the first word of a two-word command */
	const char *space; /* the value of --space, or NULL */
	const char *first_operand;
	size_t operands;     /* before the current word */
	bool only_operands;  /* after -- */
	bool unknown;        /* there is no such command */
	const char *current; /* the part of the current word that is completed */
	/* the part of the word before it, such as "--format=" or "path," */
	const char *prefix;
	size_t prefix_length;
};

/* Print a value that begins with the current text. description may be NULL. */
void complete_offer(struct completion *completion, const char *value, const char *description);

/* Offer the first words of commands or, for a group, the second words of its commands. group may be NULL. */
void complete_commands(struct completion *completion, const char *group);

/*
 * Offer the names for a placeholder: spaces, persons, origins, groups, lists, faces, snapshots, services, presets, models, settings or commands. Only the
 * local gallery is read, and what cannot be read offers nothing. Errors: FC_NO_MEMORY.
 */
enum fc_status complete_names(struct completion *completion, const struct option_row *row,
			      const char *argument, struct fc_error *err);

/* ---- containers.c: of the local gallery ---- */

void complete_groups(struct completion *completion, struct fc_service *service);
void complete_lists(struct completion *completion, struct fc_service *service);
void complete_snapshots(struct completion *completion, struct fc_service *service);
void complete_faces(struct completion *completion, struct fc_service *service);

#endif
