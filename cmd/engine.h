/* Convert the settings to options of the local engine. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_ENGINE_H
#define FC_CMD_ENGINE_H

#include <signal.h>

#include "config/settings.h"
#include "locate.h"
#include "service/local/local.h"

enum { ENGINE_FONT_VARIABLES = 10 };

struct engine {
	struct fc_local_options options;
	struct locations locations;
	char *user_models;        /* $XDG_DATA_HOME/facectl/models */
	char *given_models;       /* --model-path split: NUL bytes instead of colons */
	const char **directories; /* the model path */
	const char *font_variables[ENGINE_FONT_VARIABLES + 1]; /* borrowed from the environment */
};

/*
 * photos: number of photos, which limits the number of workers; 0 for a command that analyses none. stop: see fc_local_options;
 * may be NULL. The model path is --model-path, then the user's folder, then the installed one. The engine points into the
 * settings. Errors: FC_INVALID_ARGUMENT (no gallery path), FC_NO_MEMORY.
 */
enum fc_status engine_init(struct engine *engine, const struct settings *settings, size_t photos,
			   const volatile sig_atomic_t *stop, struct fc_error *err);
void engine_release(struct engine *engine);

/* Report that the sandbox is incomplete; see struct fc_workers_options. out: a struct out. */
void engine_report_sandbox(void *out, const char *missing);

#endif
