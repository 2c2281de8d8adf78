/* Convert the settings to options of the local engine. */
/* SPDX-License-Identifier: MIT */
#include "engine.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/out.h"

/* The cores of a container's quota, rounded up (cgroup v2, cpu.max: quota and period in microseconds). SIZE_MAX: no quota. */
static size_t quota_cores(void)
{
	unsigned long long quota = 0, period = 0;
	FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
	bool limited = file && fscanf(file, "%llu %llu", &quota, &period) == 2 && period > 0;
	if (file) {
		fclose(file);
	}
	return limited ? (size_t)((quota + period - 1) / period) : SIZE_MAX;
}

/* Processor cores that this process may use. */
static size_t core_count(void)
{
	cpu_set_t cores;
	size_t quota = quota_cores();
	CPU_ZERO(&cores);
	if (sched_getaffinity(0, sizeof(cores), &cores) != 0) {
		return 1;
	}
	size_t count = (size_t)CPU_COUNT(&cores);
	count = count < quota ? count : quota;
	return count > 0 ? count : 1;
}

/* Model path: the directories of --model-path, then the user's, then the installed one. */
static enum fc_status fill_model_path(struct engine *engine, const struct settings *settings,
				      struct fc_error *err)
{
	size_t room = 2;
	size_t count = 0;
	FC_TRY(settings_home_path("XDG_DATA_HOME", ".local/share", "models", &engine->user_models,
				  err));
	engine->given_models = strdup(settings->model_path ? settings->model_path : "");
	if (!engine->given_models) {
		return fc_fail_memory(err);
	}
	for (const char *cursor = engine->given_models; *cursor != '\0'; cursor++) {
		room += *cursor == ':';
	}
	engine->directories = calloc(room + 1, sizeof(*engine->directories));
	if (!engine->directories) {
		return fc_fail_memory(err);
	}
	char *rest = engine->given_models;
	for (char *part = strsep(&rest, ":"); part; part = strsep(&rest, ":")) {
		if (part[0] != '\0') {
			engine->directories[count++] = part;
		}
	}
	if (engine->user_models) {
		engine->directories[count++] = engine->user_models;
	}
	engine->directories[count++] = engine->locations.models;
	engine->options.model_path = (struct fc_model_path){ engine->directories, count };
	return FC_OK;
}

/* The variables by which fontconfig finds fonts and chooses those of the user's language. */
static void find_font_variables(struct engine *engine)
{
	static const char *const names[ENGINE_FONT_VARIABLES] = {
		"FC_LANG",  "FONTCONFIG_FILE", "FONTCONFIG_PATH", "HOME",          "LANG", "LC_ALL",
		"LC_CTYPE", "XDG_CACHE_HOME",  "XDG_CONFIG_HOME", "XDG_DATA_HOME",
	};
	size_t count = 0;
	for (char **entry = environ; *entry; entry++) {
		for (size_t i = 0; i < ENGINE_FONT_VARIABLES; i++) {
			size_t length = strlen(names[i]);
			if (count < ENGINE_FONT_VARIABLES &&
			    strncmp(*entry, names[i], length) == 0 && (*entry)[length] == '=') {
				engine->font_variables[count++] = *entry;
			}
		}
	}
}

enum fc_status engine_init(struct engine *engine, const struct settings *settings, size_t photos,
			   const volatile sig_atomic_t *stop, struct fc_error *err)
{
	FC_TRY(locations_find(&engine->locations, err));
	find_font_variables(engine);
	/*
	 * an embedder given for this command must match that of the gallery; one from a file is only the default for new
	 * galleries
	 */
	bool must_fit = settings_said_here(settings, "embedder");
	size_t count = settings->jobs.given ? (size_t)settings->jobs.value : core_count();
	size_t useful = photos > 0 ? photos : 1;
	engine->options = (struct fc_local_options){
		.gallery_directory = settings->gallery,
		.gallery_server = &settings->gallery_server,
		.lock_timeout = (unsigned)settings->lock_timeout.value,
		.detector = settings->detector,
		.embedder = must_fit ? settings->embedder : NULL,
		.default_embedder = settings->embedder,
		.vision = photos > 0,
		.letterer = {
			.program = engine->locations.lettering,
			.environment = engine->font_variables,
			.timeout = (unsigned)settings->photo_timeout.value,
			.sandbox = (enum fc_sandbox_rule)settings->sandbox,
		},
		.stop = stop,
		.workers = {
			.program = engine->locations.worker,
			.codecs_module = engine->locations.codecs_module,
			.limits = {
				.bytes = settings->max_file_size.value,
				.pixels = settings->max_pixels.value,
				.side = (uint32_t)settings->max_side.value,
			},
			.count = (unsigned)(count < useful ? count : useful),
			.photo_timeout = (unsigned)settings->photo_timeout.value,
			.sandbox = (enum fc_sandbox_rule)settings->sandbox,
		},
	};
	/* the text was checked when it was read */
	FC_TRY(fc_azure_quotas_parse(settings->quotas, &engine->options.quotas, err));
	return fill_model_path(engine, settings, err);
}

void engine_report_sandbox(void *out, const char *missing)
{
	out_note(
		out,
		"photos are read in an incomplete sandbox, because core.sandbox is best-effort: %s",
		missing);
}

void engine_release(struct engine *engine)
{
	locations_release(&engine->locations);
	free(engine->user_models);
	free(engine->given_models);
	free(engine->directories);
	*engine = (struct engine){ 0 };
}
