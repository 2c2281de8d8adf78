/* Find all model descriptors in the model path. */
/* SPDX-License-Identifier: MIT */
#include "commands/models/list.h"

#include <string.h>

void models_release(struct models *models)
{
	fc_model_list_release(&models->list);
	engine_release(&models->engine);
}

enum fc_status models_find(struct models *models, struct command_context *ctx, struct fc_error *err)
{
	size_t unusable = 0;
	FC_TRY(engine_init(&models->engine, ctx->settings, 0, NULL, err));
	FC_TRY(fc_model_list(&models->engine.options.model_path, &models->list, &unusable, err));
	if (unusable > 0) {
		out_note(ctx->out, "%zu model descriptors cannot be used", unusable);
	}
	if (models->list.count == 0) {
		out_note(
			ctx->out,
			"the model path contains no model; 'facectl models path' lists its folders");
	}
	return FC_OK;
}

enum fc_status models_get(const struct models *models, const char *name,
			  const struct fc_model **out, struct fc_error *err)
{
	for (size_t i = 0; i < models->list.count; i++) {
		if (strcmp(models->list.models[i]->name, name) == 0) {
			*out = models->list.models[i];
			return FC_OK;
		}
	}
	return fc_fail(err, FC_MODEL_MISSING,
		       "there is no model '%s'; 'facectl models list' lists all", name);
}
