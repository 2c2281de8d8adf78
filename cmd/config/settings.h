/*
 * Global options: their table, and their values from (in order of precedence) the command line, the environment (FACECTL_*), the
 * configuration files and the defaults.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_CONFIG_SETTINGS_H
#define FC_CMD_CONFIG_SETTINGS_H

#include "base/error.h"
#include "config/config.h"
#include "gallery/server.h"
#include "option/option.h"

enum output_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_NDJSON, FORMAT_TSV };
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };
enum { PROGRESS_JSON = WHEN_NEVER + 1 };

enum { SETTING_MAXIMUM = 48 };

struct settings {
	const char *gallery;                     /* NULL if there is no home folder */
	struct fc_gallery_server gallery_server; /* if the gallery is in a database */
	const char *preset;                      /* NULL for none */
	const char *service;
	unsigned policy; /* enum fc_policy */
	const char *detector;
	const char *embedder; /* NULL: the gallery's own */
	const char *liveness;
	const char *attributes; /* "none": no attributes */
	const char *model_path; /* colon separated; NULL for none */
	unsigned format;        /* enum output_format */
	unsigned dialect;       /* enum fc_platform_kind */
	const char *output;     /* NULL or "-": standard output */
	const char *fields;     /* comma separated; NULL: the default of the format */
	bool no_header, null;
	unsigned color;    /* enum when */
	unsigned progress; /* enum when, or PROGRESS_JSON */
	bool quiet, verbose;
	bool strict; /* an unknown space, origin or gallery is an error in every command */
	bool keep_crops;
	unsigned sandbox;          /* enum fc_sandbox_rule */
	unsigned fetch_urls;       /* enum fetch_urls */
	struct option_number jobs; /* not given: one for each processor core */
	const char *config;
	struct option_number lock_timeout;  /* milliseconds */
	struct option_number max_file_size; /* bytes */
	struct option_number max_pixels, max_side;
	struct option_number photo_timeout;    /* milliseconds */
	struct option_number max_request_size; /* of api, in bytes */
	const char *quotas;                    /* of api, see protocol/azure/quotas.h */
	bool help, version;

	/* indexed by row of setting_rows: true if the option was on the command line */
	bool given[SETTING_MAXIMUM];
	enum setting_source source[SETTING_MAXIMUM];
	/* indexed by row: the line of a file that set it, or NULL */
	const struct config_line *line[SETTING_MAXIMUM];
	struct config configuration;
	bool lenient;              /* ignore errors in the configuration */
	struct option_texts owned; /* strings read from files */
};

extern const struct option_row setting_rows[];

/*
 * Set the options that the command line does not give from the other sources. Errors: FC_INVALID_ARGUMENT (an invalid value or
 * configuration file; the message has its location), FC_NO_MEMORY.
 */
enum fc_status settings_resolve(struct settings *settings, struct fc_error *err);

/* The index of the option with this long name in setting_rows, given, source and line. */
size_t settings_index(const char *name);

/* Whether the option's value comes from the command line or the environment. */
bool settings_said_here(const struct settings *settings, const char *name);

/* Whether the service is the local engine. */
bool settings_are_local(const struct settings *settings);

/*
 * Whether to store the crops of enrolled faces. Only the local engine supports it: for remote services the setting of a
 * configuration file is ignored, and the option is an error.
 */
bool settings_keep_crops(const struct settings *settings);

/* Fill settings->gallery_server. Errors: FC_NO_MEMORY. */
enum fc_status settings_find_server(struct settings *settings, struct fc_error *err);

void settings_release(struct settings *settings);

/*
 * Find the row of a key in [preset "NAME"], which is the long name of a global option with a settings key. Errors: FC_INVALID_ARGUMENT (with
 * the most similar name).
 */
enum fc_status settings_find_preset_row(const char *name, const struct option_row **out,
					struct fc_error *err);

/* The row of a key such as "core.gallery", or NULL. */
const struct option_row *settings_row_of_key(const char *section, const char *name);

/* Return FC_INVALID_ARGUMENT for an unknown key, with its new name or the most similar key. */
enum fc_status settings_fail_unknown_key(const char *key, struct fc_error *err);

/*
 * The file that 'config set' writes: that of --config, else the user's. The caller frees *out. Errors: FC_INVALID_ARGUMENT (no
 * home folder).
 */
enum fc_status settings_config_path(const struct settings *settings, char **out,
				    struct fc_error *err);

/*
 * The path $VARIABLE/facectl/NAME or, if the variable is unset or relative, $HOME/FALLBACK/facectl/NAME; NULL if HOME is unset
 * too. variable is "XDG_DATA_HOME" or similar. The caller frees the result.
 */
enum fc_status settings_home_path(const char *variable, const char *fallback, const char *name,
				  char **out, struct fc_error *err);

#endif
