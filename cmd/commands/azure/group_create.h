/* group --create-new: create a person for each group of faces. Private to commands/azure. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_AZURE_GROUP_CREATE_H
#define FC_CMD_COMMANDS_AZURE_GROUP_CREATE_H

#include <cjson/cJSON.h>

#include "commands/azure/gather.h"

struct group_creation {
	const char *space;
	bool keep_crops, dry_run;
	uint64_t created, known,
		failed; /* groups with a new person; groups that resemble a person; faces */
};

/*
 * Create a person in the space for each group of the answer, with the faces of the group, which are all from photos. A group whose face is
 * similar to a person of the space creates none and adds nothing. Sets pid and stored of the faces.
 */
enum fc_status group_create(struct command_context *ctx, struct group_creation *creation,
			    struct gathered *gathered, const cJSON *answer, struct fc_error *err);

#endif
