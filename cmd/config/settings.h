/*
 * Global options: one table of them, and their values from the command line, the environment (FACECTL_*), the configuration
 * files and the defaults, in this order of precedence.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_SETTINGS_H
#define FC_CMD_SETTINGS_H

#include "base/error.h"
#include "config/config.h"
#include "option/option.h"

enum output_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_NDJSON, FORMAT_TSV };
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };
enum { PROGRESS_JSON = WHEN_NEVER + 1 };

enum { SETTING_MAXIMUM = 32 };

struct settings {
	const char *gallery; /* NULL when there is no home directory to put it in */
	const char *service;
	unsigned policy; /* enum fc_policy */
	const char *detector;
	const char *embedder; /* NULL: the gallery's own */
	const char *liveness;
	const char *attributes; /* NULL: none */
	const char *model_path; /* colon separated; NULL for none */
	unsigned format;        /* enum output_format */
	const char *output;     /* NULL or "-": standard output */
	unsigned color;         /* enum when */
	unsigned progress;      /* enum when, or PROGRESS_JSON */
	bool quiet, verbose;
	bool keep_crops;
	unsigned sandbox;          /* enum fc_sandbox_rule */
	struct option_number jobs; /* not given: as many as there are processor cores */
	const char *config;
	struct option_number lock_timeout;  /* milliseconds */
	struct option_number max_file_size; /* bytes */
	struct option_number max_pixels, max_side;
	struct option_number photo_timeout; /* milliseconds */
	bool help, version;

	bool given[SETTING_MAXIMUM]; /* by row: on the command line */
	enum setting_source source[SETTING_MAXIMUM];
	const struct config_line *line[SETTING_MAXIMUM]; /* where a file says it; NULL otherwise */
	struct config configuration;
	bool lenient;              /* problems of the configuration are only noted there */
	struct option_texts owned; /* strings that came out of files */
};

/* The table. */
extern const struct option_row setting_rows[];

/*
 * Complete what the command line has set. Errors: FC_INVALID_ARGUMENT (a value or a configuration file is off: the text names where),
 * FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status settings_resolve(struct settings *settings, struct fc_error *err);

/* The place of an option's row, by its long name: that of its source and its line too. */
size_t settings_index(const char *name);

/* Whether the value is meant for this command: the command line or the environment says it, and not a configuration file for all. */
bool settings_said_here(const struct settings *settings, const char *name);

/* Whether this machine is the service. */
bool settings_are_local(const struct settings *settings);

/* FC_INVALID_ARGUMENT when no gallery is named and there is no home folder for one. */
FC_MUST_USE enum fc_status settings_need_gallery(const struct settings *settings,
						 struct fc_error *err);

/*
 * Whether the aligned faces that are enrolled are kept. What a configuration says of it is meant for the local engine, which alone
 * can; what was given for this command is passed on, and refused by others.
 */
bool settings_keep_crops(const struct settings *settings);

void settings_release(struct settings *settings);

/* The row of "core.gallery" and the like, or NULL. */
const struct option_row *settings_row_of_key(const char *section, const char *name);

/* FC_INVALID_ARGUMENT: there is no such key, and what comes close. */
enum fc_status settings_fail_unknown_key(const char *key, struct fc_error *err);

/* The file that is written to: --config, else the user's. free() it. FC_INVALID_ARGUMENT when there is no home folder for one. */
FC_MUST_USE enum fc_status settings_config_path(const struct settings *settings, char **out,
						struct fc_error *err);

/*
 * $XDG_<KIND>_HOME or, where that is unset or relative, $HOME/fallback, with "/facectl" and "/name" behind it; NULL when neither is
 * set. variable is "XDG_DATA_HOME" or the like. free() it.
 */
char *settings_home_path(const char *variable, const char *fallback, const char *name);

#endif
