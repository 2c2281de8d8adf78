/* The lifetime of snapshots, for all commands of snapshots. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_GALLERY_SNAPSHOTS_H
#define FC_CMD_COMMANDS_GALLERY_SNAPSHOTS_H

#include "commands/azure/call.h"

/* clang-format off */
#define OPTION_ROW_TTL(args, member)                                                               \
	{ OPTION_TEXT, 0, "ttl", "TIME|never", offsetof(struct args, member),                      \
	  "time after which the snapshot expires; default 48h" }
/* clang-format on */

/* Set the lifetime of a request's snapshot; text may be NULL. FC_UNSUPPORTED: services of type azure have no such parameter. */
enum fc_status snapshot_set_ttl(const struct command_context *ctx, const char *text,
				struct azure_call *call, struct fc_error *err);

#endif
