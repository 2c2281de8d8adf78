/*
 * Find the persons that PERSON arguments name: a UUID or a unique prefix of it, SPACE/NUMBER, SPACE/NAME, or with --space a
 * number or name alone.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_PERSON_H
#define FC_CMD_OPTION_PERSON_H

#include "command.h"
#include "service/profiles.h"

/* clang-format off */
/* --space for commands that use it only to find persons. */
#define OPTION_ROW_PERSON_SPACE(args)                                                              \
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct args, space),                        \
	  "space of the person; PERSON can then be a number or name alone" }

/* PERSON operands, stored in the member `words` of the command's arguments. most: their maximum number; 0 means no limit. */
#define OPTION_ROWS_PERSON(args, most)                                                             \
	{ OPTION_OPERANDS, 0, NULL, "PERSON", offsetof(struct args, words),                        \
	  "UUID or a unique prefix of one, SPACE/NUMBER or SPACE/NAME", .minimum = 1,              \
	  .maximum = most },                                                                       \
	OPTION_ROW_PERSON_SPACE(args)
/* clang-format on */

/*
 * Find the pid of the person that the text names. space may be NULL. With a remote service, an id is returned without checking
 * that the person exists. If several persons match, they are listed on standard error. Errors: FC_NOT_FOUND, FC_INVALID_ARGUMENT
 * (several persons match, or the form of the text is not supported).
 */
enum fc_status person_find(struct command_context *ctx, const char *text, const char *space,
			   struct fc_uuid *out, struct fc_error *err);

/* As person_find_id, but reads the whole profile. With a remote service that finds no persons, only the id is set. The caller releases *out. */
enum fc_status person_read(struct command_context *ctx, const char *text, const char *space,
			   struct fc_profile *out, struct fc_error *err);

/* As person_find, but also takes the ids of a remote service that are not UUIDs. */
enum fc_status person_find_id(struct command_context *ctx, const char *text, const char *space,
			      struct fc_person_id *out, struct fc_error *err);

/* As person_find_id, but also finds the full UUID of a deleted person that still has entries. */
enum fc_status person_find_recorded(struct command_context *ctx, const char *text,
				    const char *space, struct fc_person_id *out,
				    struct fc_error *err);

/* Call person_find for each text. out has room for all pids. */
enum fc_status persons_find(struct command_context *ctx, const struct option_texts *texts,
			    const char *space, struct fc_uuid *out, struct fc_error *err);

#endif
