/* Options of the local engine from the settings. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_ENGINE_H
#define FC_CMD_ENGINE_H

#include <signal.h>

#include "config/settings.h"
#include "locate.h"
#include "service/local/local.h"

struct engine {
	struct fc_local_options options;
	struct locations locations;
	char *user_models;        /* $XDG_DATA_HOME/facectl/models */
	char *given_models;       /* --model-path with NUL instead of colons */
	const char **directories; /* the model path */
};

/*
 * photos: their number, which limits the number of workers; 0 for a command without vision. stop: see fc_local_options; may be NULL.
 * The model path is --model-path, then the user's folder, then the installed one. Borrows from the settings.
 * Errors: FC_INVALID_ARGUMENT (there is no gallery path), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status engine_init(struct engine *engine, const struct settings *settings,
				       size_t photos, const volatile sig_atomic_t *stop,
				       struct fc_error *err);
void engine_release(struct engine *engine);

#endif
