/* Confirmation before data is removed. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIRM_H
#define FC_CMD_CONFIRM_H

#include "command.h"

/* FC_INVALID_ARGUMENT without --yes and without a terminal: call it before anything is opened. */
FC_MUST_USE enum fc_status confirm_check(const struct command_context *ctx, bool yes,
					 struct fc_error *err);

/*
 * FC_OK with --yes or after the answer y; FC_NOT_FOUND after any other answer; the errors of confirm_check. question ends with a
 * question mark.
 */
FC_MUST_USE enum fc_status confirm(const struct command_context *ctx, bool yes,
				   const char *question, struct fc_error *err);

#endif
