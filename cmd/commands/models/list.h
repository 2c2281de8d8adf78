/* Shared by the models commands: find all descriptors in the model path, and one of them by name. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_MODELS_LIST_H
#define FC_CMD_COMMANDS_MODELS_LIST_H

#include "command.h"
#include "engine.h"

/* { 0 } is empty. */
struct models {
	struct engine engine;
	struct fc_model_list list;
};

void models_release(struct models *models);

/* Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY. Unusable descriptors are skipped with a note. */
enum fc_status models_find(struct models *models, struct command_context *ctx,
			   struct fc_error *err);

/* Errors: FC_MODEL_MISSING (no model of that name). *out points into models. */
enum fc_status models_get(const struct models *models, const char *name,
			  const struct fc_model **out, struct fc_error *err);

#endif
