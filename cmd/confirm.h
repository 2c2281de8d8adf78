/* Confirmation before data is removed. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIRM_H
#define FC_CMD_CONFIRM_H

#include "command.h"

/*
 * Check that the user gave --yes or can be asked. Call it before anything is opened. Errors: FC_INVALID_ARGUMENT (neither --yes
 * nor a terminal).
 */
enum fc_status confirm_check(const struct command_context *ctx, bool yes, struct fc_error *err);

/*
 * Ask for confirmation. Returns FC_OK with --yes or after the answer y, FC_NOT_FOUND after any other answer, and the errors of
 * confirm_check. question must end with a question mark.
 */
enum fc_status confirm(const struct command_context *ctx, bool yes, const char *question,
		       struct fc_error *err);

#endif
