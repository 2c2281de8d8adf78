/* The unknown faces of the log, for group --unknown. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_UNKNOWN_H
#define FC_CMD_COMMANDS_AZURE_UNKNOWN_H

#include "commands/azure/gather.h"

struct unknown_args {
	const char *space, *origin, *since, *until;
};

/*
 * Add the faces whose log entries have the result nm (no match). Their photos are read again from the paths in the log; one that is missing or
 * has changed is reported and counted as failed. Errors: FC_UNSUPPORTED (a service has no log), FC_NOT_FOUND (no such space or origin, or no
 * such entry).
 */
enum fc_status gather_unknown(struct gathered *gathered, const struct unknown_args *args,
			      struct fc_error *err);

#endif
