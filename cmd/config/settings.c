/* Global options, and the sources of their values. */
/* SPDX-License-Identifier: MIT */
#include "config/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "config/services.h"
#include "option/renamed.h"
#include "protocol/azure/quotas.h"

static const char *const formats[] = { "text", "json", "ndjson", "tsv", NULL };
static const char *const dialects[] = { "neuroio", "serp", NULL }; /* enum fc_platform_kind */
static const char *const whens[] = { "auto", "always", "never", NULL };
static const char *const sandbox_rules[] = { "strict", "best-effort",
					     NULL };                      /* enum fc_sandbox_rule */
static const char *const fetch_rules[] = { "no", "public", "any", NULL }; /* enum fetch_urls */
static const char *const progresses[] = { "auto", "always", "never", "json", NULL };

/* The words that completion offers; limits of single quotas may follow. */
static const char *const quota_tiers[] = { "off", "free", "s0", NULL };

static enum fc_status check_quotas(const char *text, struct fc_error *err)
{
	struct fc_azure_quotas quotas;
	return fc_azure_quotas_parse(text, &quotas, err);
}

#define PLACE(member) .offset = offsetof(struct settings, member)

const struct option_row setting_rows[] = {
	{ OPTION_PATH, 0, "gallery", "DIR", PLACE(gallery), "the folder of the gallery",
	  .variable = "FACECTL_GALLERY", .key = "core.gallery" },
	{ OPTION_TEXT, 0, "preset", "NAME", PLACE(preset),
	  "options of the section [preset \"NAME\"] of the configuration",
	  .variable = "FACECTL_PRESET", .key = "core.preset" },
	{ OPTION_TEXT, 0, "service", "NAME", PLACE(service),
	  "service that runs the command; local: this machine", .variable = "FACECTL_SERVICE",
	  .key = "core.service", .fallback = "local" },
	{ OPTION_CHOICE, 0, "policy", "POLICY", PLACE(policy),
	  "which service answers if --service is remote: remote, local, fallback or compare",
	  .choices = service_policies, .variable = "FACECTL_POLICY", .key = "core.policy",
	  .fallback = "remote" },
	{ OPTION_TEXT, 0, "detector", "NAME", PLACE(detector), "model that detects faces",
	  .variable = "FACECTL_DETECTOR", .key = "models.detector", .fallback = "facectl-detect" },
	{ OPTION_TEXT, 0, "embedder", "NAME", PLACE(embedder),
	  "model that computes templates; default: that of the gallery, else facectl-embed-2",
	  .variable = "FACECTL_EMBEDDER", .key = "models.embedder" },
	{ OPTION_TEXT, 0, "liveness-model", "NAME", PLACE(liveness),
	  "model that distinguishes real faces from pictures of faces",
	  .variable = "FACECTL_LIVENESS_MODEL", .key = "models.liveness-model",
	  .fallback = "minifasnet" },
	{ OPTION_TEXT, 0, "attribute-model", "NAME", PLACE(attributes),
	  "model that estimates age, sex and mood of faces; none: no attributes",
	  .variable = "FACECTL_ATTRIBUTE_MODEL", .key = "models.attribute-model",
	  .fallback = "facectl-attributes" },
	{ OPTION_PATH, 0, "model-path", "DIRS", PLACE(model_path),
	  "folders to search for models first, separated by colons",
	  .variable = "FACECTL_MODEL_PATH", .key = "models.model-path" },
	{ OPTION_CHOICE, 0, "format", "FORMAT", PLACE(format),
	  "output format: text, json, ndjson or tsv", .choices = formats,
	  .variable = "FACECTL_FORMAT", .key = "core.format", .fallback = "text" },
	{ OPTION_CHOICE, 0, "dialect", "DIALECT", PLACE(dialect),
	  "platform whose JSON format profiles and entries use: neuroio or serp",
	  .choices = dialects, .variable = "FACECTL_DIALECT", .key = "core.dialect",
	  .fallback = "neuroio" },
	{ OPTION_PATH, 'o', "output", "FILE", PLACE(output),
	  "write the data to this file instead of standard output; only its owner can read it" },
	{ OPTION_TEXT, 0, "fields", "FIELDS", PLACE(fields),
	  "write these fields, separated by commas, in this order; or all" },
	{ OPTION_FLAG, 0, "no-header", NULL, PLACE(no_header), "write no headings" },
	{ OPTION_FLAG, '0', "null", NULL, PLACE(null),
	  "with --format tsv and one field: end each row with a NUL byte and escape nothing" },
	{ OPTION_FLAG, 'q', "quiet", NULL, PLACE(quiet), "print only data and errors",
	  .variable = "FACECTL_QUIET", .key = "core.quiet", .fallback = "no" },
	{ OPTION_FLAG, 'v', "verbose", NULL, PLACE(verbose), "print more messages",
	  .variable = "FACECTL_VERBOSE", .key = "core.verbose", .fallback = "no" },
	{ OPTION_FLAG, 0, "strict", NULL, PLACE(strict),
	  "treat an unknown space, origin or gallery as an error, not as empty",
	  .variable = "FACECTL_STRICT", .key = "core.strict", .fallback = "no" },
	{ OPTION_FLAG, 0, "keep-crops", NULL, PLACE(keep_crops),
	  "store the aligned crops of enrolled faces", .variable = "FACECTL_KEEP_CROPS",
	  .key = "core.keep-crops", .fallback = "no" },
	{ OPTION_CHOICE, 0, "sandbox", "RULE", PLACE(sandbox),
	  "strict (read photos only in a complete sandbox) or best-effort",
	  .choices = sandbox_rules, .variable = "FACECTL_SANDBOX", .key = "core.sandbox",
	  .fallback = "strict" },
	{ OPTION_CHOICE, 0, "fetch-urls", "RULE", PLACE(fetch_urls),
	  "fetch images that are given as URLs: no, from public addresses, or from any",
	  .choices = fetch_rules, .variable = "FACECTL_FETCH_URLS", .key = "core.fetch-urls",
	  .fallback = "public" },
	{ OPTION_NUMBER, 'j', "jobs", "N", PLACE(jobs),
	  "number of worker processes; default: one per processor core", .minimum = 1,
	  .maximum = 256, .variable = "FACECTL_JOBS", .key = "core.jobs" },
	{ OPTION_CHOICE, 0, "color", "WHEN", PLACE(color), "use colours: auto, always or never",
	  .choices = whens, .variable = "FACECTL_COLOR", .key = "core.color", .fallback = "auto" },
	{ OPTION_CHOICE, 0, "progress", "WHEN", PLACE(progress),
	  "show progress: auto, always, never, or json for programs", .choices = progresses,
	  .variable = "FACECTL_PROGRESS", .key = "core.progress", .fallback = "auto" },
	{ OPTION_PATH, 0, "config", "FILE", PLACE(config),
	  "configuration file to read instead of those of the user and the system",
	  .variable = "FACECTL_CONFIG" },
	{ OPTION_DURATION, 0, "lock-timeout", "TIME", PLACE(lock_timeout),
	  "how long to wait for another process that writes to the gallery", .maximum = 86400000,
	  .variable = "FACECTL_LOCK_TIMEOUT", .key = "limits.lock-timeout", .fallback = "30s" },
	{ OPTION_SIZE, 0, "max-file-size", "SIZE", PLACE(max_file_size),
	  "maximum size of a photo file", .minimum = 1, .maximum = (double)(UINT64_C(1) << 32),
	  .variable = "FACECTL_MAX_FILE_SIZE", .key = "limits.max-file-size", .fallback = "64MiB" },
	{ OPTION_NUMBER, 0, "max-pixels", "N", PLACE(max_pixels),
	  "maximum width times height of a photo", .minimum = 1, .maximum = 1e10,
	  .variable = "FACECTL_MAX_PIXELS", .key = "limits.max-pixels", .fallback = "100000000" },
	{ OPTION_NUMBER, 0, "max-side", "N", PLACE(max_side), "maximum width or height of a photo",
	  .minimum = 1, .maximum = 1e6, .variable = "FACECTL_MAX_SIDE", .key = "limits.max-side",
	  .fallback = "20000" },
	{ OPTION_DURATION, 0, "photo-timeout", "TIME", PLACE(photo_timeout),
	  "time limit for analysing one photo", .minimum = 1, .maximum = 86400000,
	  .variable = "FACECTL_PHOTO_TIMEOUT", .key = "limits.photo-timeout", .fallback = "30s" },
	/* settings without an option */
	{ OPTION_SIZE, .help = "maximum size of the body of a request to api",
	  PLACE(max_request_size), .minimum = 1024, .maximum = (double)(UINT64_C(1) << 30),
	  .key = "api.max-request-size", .fallback = "32MiB" },
	{ OPTION_TEXT, .help = "quotas of the Azure Face API on the local engine", PLACE(quotas),
	  .choices = quota_tiers, .key = "api.quotas", .fallback = "off", .check = check_quotas },
	{ OPTION_FLAG, 'h', "help", NULL, PLACE(help), "show this help" },
	{ OPTION_FLAG, 'V', "version", NULL, PLACE(version), "show the version" },
	{ OPTION_END },
};

_Static_assert(FC_ARRAY_LENGTH(setting_rows) <= SETTING_MAXIMUM,
	       "given, source and line have room for all rows");

enum fc_status settings_home_path(const char *variable, const char *fallback, const char *name,
				  char **out, struct fc_error *err)
{
	const char *base = getenv(variable);
	const char *home = getenv("HOME");
	char *path = NULL;
	int length = 0;
	if (base && base[0] == '/') {
		length = asprintf(&path, "%s/facectl/%s", base, name);
	} else if (home && home[0] == '/') {
		length = asprintf(&path, "%s/%s/facectl/%s", home, fallback, name);
	}
	*out = length < 0 ? NULL : path;
	return length < 0 ? fc_fail_memory(err) : FC_OK;
}

/* Set the value of a row, unless a source of higher precedence has set it. Within one file the last line counts. */
static enum fc_status offer(struct settings *settings, const struct option_row *row,
			    enum setting_source source, const char *text, const char *what,
			    struct fc_error *err)
{
	enum setting_source *current = &settings->source[row - setting_rows];
	if (*current != SOURCE_NONE && *current < source) {
		return FC_OK;
	}
	FC_TRY(option_store(row, settings, text, what, err));
	*current = source;
	return FC_OK;
}

static enum fc_status apply_defaults(struct settings *settings, struct fc_error *err)
{
	for (const struct option_row *row = setting_rows; row->type != OPTION_END; row++) {
		if (row->fallback) {
			FC_TRY(offer(settings, row, SOURCE_DEFAULT, row->fallback,
				     row->name ? row->name : row->key, err));
		}
	}
	if (settings->gallery && fc_gallery_is_address(settings->gallery)) {
		FC_TRY(settings_find_server(settings, err));
	}
	if (!settings->gallery) {
		char *path;
		FC_TRY(settings_home_path("XDG_DATA_HOME", ".local/share", "gallery", &path, err));
		if (path) {
			settings->gallery = path;
			return option_texts_own(&settings->owned, path, err);
		}
	}
	return FC_OK;
}

/* ---- configuration files ---- */

const struct option_row *settings_row_of_key(const char *section, const char *name)
{
	for (const struct option_row *row = setting_rows; row->type != OPTION_END; row++) {
		const char *dot = row->key ? strchr(row->key, '.') : NULL;
		if (dot && strlen(section) == (size_t)(dot - row->key) &&
		    strncmp(section, row->key, strlen(section)) == 0 &&
		    strcmp(name, dot + 1) == 0) {
			return row;
		}
	}
	return NULL;
}

enum fc_status settings_fail_unknown_key(const char *key, struct fc_error *err)
{
	const char *candidates[SETTING_MAXIMUM + 1];
	size_t count = 0;
	const struct renamed *renamed = renamed_find(NULL, key);
	if (renamed) {
		return renamed_fail(renamed, err);
	}
	for (const struct option_row *row = setting_rows; row->type != OPTION_END; row++) {
		if (row->key) {
			candidates[count++] = row->key;
		}
	}
	candidates[count] = NULL;
	const char *nearest = fc_nearest_word(key, candidates);
	return nearest ? fc_fail(err, FC_INVALID_ARGUMENT,
				 "there is no setting '%s'; did you mean '%s'?", key, nearest)
		       : fc_fail(err, FC_INVALID_ARGUMENT, "there is no setting '%s'", key);
}

/* A preset cannot name a preset. */
static bool is_of_preset(const struct option_row *row)
{
	return row->key && row->name && strcmp(row->name, "preset") != 0;
}

enum fc_status settings_find_preset_row(const char *name, const struct option_row **out,
					struct fc_error *err)
{
	const char *candidates[SETTING_MAXIMUM + 1];
	size_t count = 0;
	const struct option_row *found = option_find(setting_rows, name, strlen(name));
	if (found && is_of_preset(found)) {
		*out = found;
		return FC_OK;
	}
	for (const struct option_row *row = setting_rows; row->type != OPTION_END; row++) {
		if (is_of_preset(row)) {
			candidates[count++] = row->name;
		}
	}
	candidates[count] = NULL;
	const char *nearest = fc_nearest_word(name, candidates);
	return fc_fail(err, FC_INVALID_ARGUMENT, "a preset has no option '%s'%s%s%s", name,
		       nearest ? "; did you mean '" : "", nearest ? nearest : "",
		       nearest ? "'?" : "");
}

/* Apply a line to the settings that its row belongs to. */
static enum fc_status take_value(struct settings *settings, const struct option_row *row,
				 const struct config_line *line, enum setting_source source,
				 struct fc_error *err)
{
	char *text =
		row->type == OPTION_PATH ? config_expand_home(line->value) : strdup(line->value);
	FC_TRY(option_texts_own(&settings->owned, text, err));
	FC_TRY(offer(settings, row, source, text, source == SOURCE_PRESET ? row->name : row->key,
		     err));
	if (settings->source[row - setting_rows] == source) {
		settings->line[row - setting_rows] = line;
	}
	return FC_OK;
}

static enum fc_status take_line(struct settings *settings, const struct config_line *line,
				struct fc_error *err)
{
	size_t length;
	const struct option_row *row = NULL;
	if (config_subsection(line->section, "preset", &length)) {
		struct settings scratch = { 0 }; /* only check the value: take_preset applies it */
		FC_TRY(settings_find_preset_row(line->name, &row, err));
		return option_store(row, &scratch, line->value, line->name, err);
	}
	row = settings_row_of_key(line->section, line->name);
	if (row) {
		return take_value(settings, row, line, line->source, err);
	}
	char key[160];
	snprintf(key, sizeof(key), "%s.%s", line->section, line->name);
	return settings_fail_unknown_key(key, err);
}

/* Apply the lines of the configuration. Errors in it are added to its problems. */
static enum fc_status take_lines(struct settings *settings, struct fc_error *err)
{
	struct config *config = &settings->configuration;
	for (size_t i = 0; i < config->line_count; i++) {
		const struct config_line *line = &config->lines[i];
		struct fc_error fault = { 0 };
		if (!services_own_section(line->section) &&
		    take_line(settings, line, &fault) != FC_OK) {
			FC_TRY(config_note_line(config, line, &fault, err));
		}
	}
	return services_check(config, err);
}

static enum fc_status fail_unknown_preset(const struct settings *settings, const char *section,
					  struct fc_error *err)
{
	const struct config *config = &settings->configuration;
	FC_CLEANUP(fc_free)
	const char **sections = calloc(config->line_count + 1, sizeof(*sections));
	size_t count = 0;
	for (size_t i = 0; sections && i < config->line_count; i++) {
		size_t length;
		if (config_subsection(config->lines[i].section, "preset", &length)) {
			sections[count++] = config->lines[i].section;
		}
	}
	const char *nearest = sections ? fc_nearest_word(section, sections) : NULL;
	return fc_fail(err, FC_INVALID_ARGUMENT, "the configuration has no section [%s]%s%s%s",
		       section, nearest ? "; did you mean [" : "", nearest ? nearest : "",
		       nearest ? "]?" : "");
}

/* Apply the lines of the preset of one file. Returns whether there are any in *found. */
static enum fc_status take_preset_of(struct settings *settings, const char *section,
				     enum setting_source file, bool *found, struct fc_error *err)
{
	const struct config *config = &settings->configuration;
	for (size_t i = 0; i < config->line_count; i++) {
		const struct config_line *line = &config->lines[i];
		const struct option_row *row;
		if (line->source != file || strcmp(line->section, section) != 0) {
			continue;
		}
		*found = true;
		/* invalid lines are among the problems of the configuration */
		if (settings_find_preset_row(line->name, &row, NULL) == FC_OK) {
			FC_TRY(take_value(settings, row, line, SOURCE_PRESET, err));
		}
	}
	return FC_OK;
}

/* Apply the options of --preset, which have precedence over the other lines of the files. The user's file is applied last. */
static enum fc_status take_preset(struct settings *settings, struct fc_error *err)
{
	FC_CLEANUP(fc_free) char *section = NULL;
	bool found = false;
	if (!settings->preset) {
		return FC_OK;
	}
	if (asprintf(&section, "preset \"%s\"", settings->preset) < 0) {
		section = NULL;
		return fc_fail_memory(err);
	}
	FC_TRY(take_preset_of(settings, section, SOURCE_SYSTEM_FILE, &found, err));
	FC_TRY(take_preset_of(settings, section, SOURCE_USER_FILE, &found, err));
	return found || settings->lenient ? FC_OK : fail_unknown_preset(settings, section, err);
}

static enum fc_status user_config_path(char **out, struct fc_error *err)
{
	return settings_home_path("XDG_CONFIG_HOME", ".config", "facectl.conf", out, err);
}

static enum fc_status read_files(struct settings *settings, struct fc_error *err)
{
	static const char system_file[] = "/etc/facectl/facectl.conf";
	struct config *config = &settings->configuration;
	if (settings->config) {
		return config_read(config, settings->config, SOURCE_USER_FILE, err);
	}
	FC_CLEANUP(fc_free) char *user_file = NULL;
	FC_TRY(user_config_path(&user_file, err));
	bool exists = false;
	if (user_file) {
		FC_TRY(fc_path_find(user_file, &exists, err));
	}
	if (exists) {
		FC_TRY(config_read(config, user_file, SOURCE_USER_FILE, err));
	}
	FC_TRY(fc_path_find(system_file, &exists, err));
	return exists ? config_read(config, system_file, SOURCE_SYSTEM_FILE, err) : FC_OK;
}

enum fc_status settings_config_path(const struct settings *settings, char **out,
				    struct fc_error *err)
{
	*out = NULL;
	if (settings->config) {
		*out = strdup(settings->config);
		return *out ? FC_OK : fc_fail_memory(err);
	}
	FC_TRY(user_config_path(out, err));
	return *out ? FC_OK
		    : fc_fail(err, FC_INVALID_ARGUMENT,
			      "there is no home folder; give --config FILE");
}

enum fc_status settings_resolve(struct settings *settings, struct fc_error *err)
{
	for (const struct option_row *row = setting_rows; row->type != OPTION_END; row++) {
		if (settings->given[row - setting_rows]) {
			settings->source[row - setting_rows] = SOURCE_COMMAND_LINE;
		}
	}
	for (const struct option_row *row = setting_rows; row->type != OPTION_END; row++) {
		const char *value = row->variable ? getenv(row->variable) : NULL;
		if (value && value[0] != '\0') {
			FC_TRY(offer(settings, row, SOURCE_ENVIRONMENT, value, row->variable, err));
		}
	}
	FC_TRY(read_files(settings, err));
	FC_TRY(take_lines(settings, err));
	if (!settings->lenient) {
		FC_TRY(config_verdict(&settings->configuration, err));
	}
	FC_TRY(take_preset(settings, err));
	return apply_defaults(settings, err);
}

size_t settings_index(const char *name)
{
	return (size_t)(option_find(setting_rows, name, strlen(name)) - setting_rows);
}

bool settings_said_here(const struct settings *settings, const char *name)
{
	enum setting_source source = settings->source[settings_index(name)];
	return source == SOURCE_COMMAND_LINE || source == SOURCE_ENVIRONMENT;
}

bool settings_are_local(const struct settings *settings)
{
	return strcmp(settings->service, "local") == 0;
}

bool settings_keep_crops(const struct settings *settings)
{
	bool given = settings->given[settings_index("keep-crops")];
	return settings->keep_crops && (given || settings_are_local(settings));
}

void settings_release(struct settings *settings)
{
	option_texts_release(&settings->owned);
	config_release(&settings->configuration);
}
