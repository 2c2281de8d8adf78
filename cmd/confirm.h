/* Asking before something is lost. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIRM_H
#define FC_CMD_CONFIRM_H

#include "command.h"

/* FC_INVALID_ARGUMENT when yes is not set and nobody is there to ask: to be found out before anything is opened. */
FC_MUST_USE enum fc_status confirm_check(const struct command_context *ctx, bool yes,
					 struct fc_error *err);

/*
 * FC_OK when yes is set (--yes) or the person at the terminal says y; FC_NOT_FOUND, a clean no,
 * when the answer is another; the errors of confirm_check. question ends with a question mark.
 */
FC_MUST_USE enum fc_status confirm(const struct command_context *ctx, bool yes,
				   const char *question, struct fc_error *err);

#endif
