/* PERSON on the command line: a UUID or a unique prefix of one, SPACE/NUMBER, SPACE/NAME; with --space a number or name alone. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_PERSON_H
#define FC_CMD_PERSON_H

#include "command.h"
#include "service/profiles.h"

/* clang-format off */
/* For commands that need --space for nothing else. */
#define OPTION_ROW_PERSON_SPACE(args)                                                              \
	{ OPTION_TEXT, 's', "space", "SPACE", offsetof(struct args, space),                        \
	  "space of the person; with it a number or name alone is enough" }

/* PERSON operands, into the member `words` of the command's arguments. maximum 0: any number. */
#define OPTION_ROWS_PERSON(args, most)                                                             \
	{ OPTION_OPERANDS, 0, NULL, "PERSON", offsetof(struct args, words),                        \
	  "UUID or a unique prefix of one, SPACE/NUMBER or SPACE/NAME", .minimum = 1,              \
	  .maximum = most },                                                                       \
	OPTION_ROW_PERSON_SPACE(args)
/* clang-format on */

/*
 * The pid of the one person that the text means. space may be NULL. A remote service gets a UUID as it is, whether the person is
 * there or not. Several persons are listed on standard error.
 * Errors: FC_NOT_FOUND, FC_INVALID_ARGUMENT (several, or no such form).
 */
FC_MUST_USE enum fc_status person_find(struct command_context *ctx, const char *text,
				       const char *space, struct fc_uuid *out,
				       struct fc_error *err);

/* The same, with all of the person; the caller releases *out. Of a remote service it has the pid alone. */
FC_MUST_USE enum fc_status person_read(struct command_context *ctx, const char *text,
				       const char *space, struct fc_profile *out,
				       struct fc_error *err);

/* person_find for each text; out has room for all of them. */
FC_MUST_USE enum fc_status persons_find(struct command_context *ctx,
					const struct option_texts *texts, const char *space,
					struct fc_uuid *out, struct fc_error *err);

#endif
