/* Who carries a command out: the local engine or a remote service, as the settings say. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CARRIER_H
#define FC_CMD_CARRIER_H

#include "command.h"
#include "engine.h"
#include "remote.h"

/* { 0 } is empty. */
struct carrier {
	struct engine engine;
	struct remote remote;
	char *ledger_name; /* what the ledger calls the remote service */
	struct fc_service *service;
};

/*
 * Open what the command needs, into ctx->service. Errors: FC_INVALID_ARGUMENT (there is no such service), and those of
 * engine_init, fc_local_open, remote_prepare and remote_start.
 */
FC_MUST_USE enum fc_status carrier_open(struct carrier *carrier, struct command_context *ctx,
					struct fc_error *err);
void carrier_release(struct carrier *carrier);

#endif
