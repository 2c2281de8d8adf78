/* Open the service that executes a command: the local engine, a remote service, or wrappers around them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_SERVICE_STACK_H
#define FC_CMD_SERVICE_STACK_H

#include "command.h"
#include "cutter.h"
#include "engine.h"
#include "fetch_url.h"
#include "remote.h"

/* { 0 } is empty. */
struct service_stack {
	struct engine engine;
	struct remote remote;
	struct url_fetcher fetcher;
	struct cutter cutter;
	char *ledger_name; /* the remote service's name in the ledger */
	struct fc_service *service;
};

/*
 * Open the services that the command needs and set ctx->service. Errors: FC_INVALID_ARGUMENT (no such service), and those of
 * engine_init, fc_local_open, remote_prepare and remote_start.
 */
enum fc_status service_stack_open(struct service_stack *stack, struct command_context *ctx,
				  struct fc_error *err);
void service_stack_release(struct service_stack *stack);

#endif
