/* Choose a face of a photo on this machine, for a remote service that accepts photos with one face only. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CUTTER_H
#define FC_CMD_CUTTER_H

#include "command.h"
#include "engine.h"

/* { 0 } is empty. */
struct cutter {
	const struct command_context *ctx;
	struct engine engine;
	struct fc_service *local; /* opened for the first photo that needs it */
	bool failed;              /* no face can be chosen on this machine; reported */
};

/* The cutter must outlive the service that gets this. */
struct fc_cutter cutter_init(struct cutter *cutter, const struct command_context *ctx);
void cutter_release(struct cutter *cutter);

#endif
