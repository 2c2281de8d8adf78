/* Several photos whose faces are detected together, so that all workers of the local engine are used. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_PROBE_BLOCK_H
#define FC_CMD_COMMANDS_AZURE_PROBE_BLOCK_H

#include "commands/azure/probe.h"

enum { PROBE_BLOCK_PHOTOS = 32 };

struct probe_photo {
	struct fc_photo photo; /* a copy; its strings are in texts */
	struct fc_buffer texts;
	struct fc_buffer bytes; /* see probe_read */
	enum fc_status status;  /* of the photo, or of the run; see probe_is_of_photo */
	struct fc_error failure;
	struct azure_call call;      /* call.json: the faces, largest first */
	struct fc_analysis analysis; /* if the block wants it, of the local engine */
};

/* { 0 } is empty. */
struct probe_block {
	struct probe_photo items[PROBE_BLOCK_PHOTOS];
	size_t count;
	uint64_t bytes;
	bool want_analyses,
		want_crops; /* of the local engine; the crops are parts of the analyses */
};

/* Drop all photos. */
void probe_block_release(struct probe_block *block);

/* Whether to detect the faces now. A service gets one photo at a time, so that an interrupted run loses nothing. */
bool probe_block_is_full(const struct probe_block *block, const struct command_context *ctx);

/* Read a photo. What is wrong with the photo itself becomes its status. Errors: FC_NO_MEMORY. */
enum fc_status probe_block_add(struct probe_block *block, const struct command_context *ctx,
			       const struct fc_photo *photo, struct fc_error *err);

/* Detect the faces of all photos that were read; see probe_detection for the model. Errors: FC_NO_MEMORY. */
enum fc_status probe_block_detect(struct probe_block *block, struct command_context *ctx,
				  const char *model, struct fc_error *err);

#endif
