/* Read the sections of remote services in the configuration. */
/* SPDX-License-Identifier: MIT */
#include "config/services.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/nearest.h"
#include "base/text.h"

enum { NAME_MAXIMUM = 32, KEYS_MAXIMUM = 96 };

bool services_own_section(const char *section)
{
	return strncmp(section, "service", strlen("service")) == 0;
}

static const char *name_of(const struct config_line *line, size_t *length)
{
	return config_subsection(line->section, "service", length);
}

static bool is_of(const struct config_line *line, const char *name)
{
	size_t length;
	const char *its_name = name_of(line, &length);
	return its_name && strlen(name) == length && memcmp(its_name, name, length) == 0;
}

/* The files are in order of precedence; within one file the last line of a key counts. */
const struct config_line *services_line(const struct config *config, const char *name,
					const char *key)
{
	const struct config_line *found = NULL;
	for (size_t i = 0; i < config->line_count; i++) {
		const struct config_line *line = &config->lines[i];
		if (strcmp(line->name, key) == 0 && is_of(line, name) &&
		    (!found || found->source == line->source)) {
			found = line;
		}
	}
	return found;
}

static const struct option_row *find_row(const struct option_row *rows, const char *key)
{
	return option_find(rows, key, strlen(key));
}

/* ---- one service's settings ---- */

void service_settings_release(struct service_settings *settings)
{
	option_texts_release(&settings->owned);
}

static enum fc_status store(const struct option_row *row, const struct config_line *line,
			    struct service_settings *out, struct fc_error *err)
{
	const char *value = line->value;
	if (row->type == OPTION_PATH) {
		char *path = config_expand_home(line->value);
		FC_TRY(option_texts_own(&out->owned, path, err));
		value = path;
	}
	return option_store(row, out, value, row->name, err);
}

static enum fc_status store_rows(const struct config *config, const struct option_row *rows,
				 const char *name, struct service_settings *out,
				 struct fc_error *err)
{
	for (const struct option_row *row = rows; row->type != OPTION_END; row++) {
		const struct config_line *line = services_line(config, name, row->name);
		if (line) {
			FC_TRY_PREFIX(store(row, line, out, err), err, "configuration '%s' line %u",
				      line->file, line->number);
		}
	}
	return FC_OK;
}

static enum fc_status fail_no_service(const struct config *config, const char *name,
				      struct fc_error *err)
{
	size_t count = 0;
	FC_CLEANUP(fc_free) const char **names = services_names(config, &count);
	if (!names) {
		return fc_fail_memory(err);
	}
	if (count == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "there is no service '%s': the only configured one is "
			       "'local'; see facectl.conf(5)",
			       name);
	}
	const char *nearest = fc_nearest_word(name, names);
	return nearest ? fc_fail(err, FC_INVALID_ARGUMENT,
				 "there is no service '%s'; did you mean '%s'?", name, nearest)
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "there is no service '%s'; 'facectl services list' lists all",
				 name);
}

enum fc_status services_get(const struct config *config, const char *name,
			    struct service_settings *out, struct fc_error *err)
{
	const struct config_line *type = services_line(config, name, "type");
	struct service_settings chosen = { 0 };
	*out = (struct service_settings){ .name = name };
	for (size_t i = 0; i < config->line_count && !type; i++) {
		if (is_of(&config->lines[i], name)) {
			return fc_fail(err, FC_INVALID_ARGUMENT, "service '%s' has no type", name);
		}
	}
	if (!type) {
		return fail_no_service(config, name, err);
	}
	FC_TRY_PREFIX(store(find_row(service_rows, "type"), type, &chosen, err), err,
		      "configuration '%s' line %u", type->file, type->number);
	out->type = chosen.type;
	service_types[chosen.type].defaults(out);
	FC_TRY(store_rows(config, service_rows, name, out, err));
	return store_rows(config, service_types[chosen.type].rows, name, out, err);
}

/* ---- all services ---- */

static int compare_names(const void *a, const void *b)
{
	const char *const *left = a;
	const char *const *right = b;
	return strcmp(*left, *right);
}

/* One allocation holds the array of pointers, followed by the strings. */
const char **services_names(const struct config *config, size_t *count)
{
	size_t room = config->line_count + 1;
	const char **names = calloc(room, sizeof(*names) + NAME_MAXIMUM + 1);
	char *text = names ? (char *)(names + room) : NULL;
	*count = 0;
	for (size_t i = 0; names && i < config->line_count; i++) {
		size_t length;
		const char *name = name_of(&config->lines[i], &length);
		bool known = !name || length > NAME_MAXIMUM;
		for (size_t k = 0; k < *count && !known; k++) {
			known = strlen(names[k]) == length && memcmp(names[k], name, length) == 0;
		}
		if (!known) {
			memcpy(text, name, length);
			names[(*count)++] = text;
			text += length + 1;
		}
	}
	if (names) {
		qsort(names, *count, sizeof(*names), compare_names);
	}
	return names;
}

/* ---- errors in the configuration ---- */

static void collect_keys(const struct option_row *rows, const char **out, size_t *count)
{
	for (const struct option_row *row = rows; row->type != OPTION_END; row++) {
		out[(*count)++] = row->name;
	}
}

static enum fc_status fail_unknown_key(const char *type, const struct option_row *own,
				       const char *key, struct fc_error *err)
{
	const char *keys[KEYS_MAXIMUM];
	size_t count = 0;
	if (strcmp(key, "token") == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a token cannot be stored in the configuration; set token-file, "
			       "token-env or token-command");
	}
	collect_keys(service_rows, keys, &count);
	collect_keys(own, keys, &count);
	keys[count] = NULL;
	const char *nearest = fc_nearest_word(key, keys);
	return nearest ? fc_fail(err, FC_INVALID_ARGUMENT,
				 "a service of type %s has no setting '%s'; did you mean '%s'?",
				 type, key, nearest)
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "a service of type %s has no setting '%s'", type, key);
}

static enum fc_status check_name(const char *name, struct fc_error *err)
{
	if (!fc_text_is_space_name(name) || strlen(name) > NAME_MAXIMUM) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"the section of a service must be [service \"NAME\"] with a NAME of 1 to %d characters of a-z, "
			"0-9, _ and -",
			NAME_MAXIMUM);
	}
	if (strcmp(name, "local") == 0) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"'local' is reserved for this machine; give the service another name");
	}
	return FC_OK;
}

enum fc_status services_find_row(const struct config *config, const char *name, const char *key,
				 const struct option_row **out, struct fc_error *err)
{
	FC_CLEANUP(service_settings_release) struct service_settings scratch = { 0 };
	const struct option_row *type = find_row(service_rows, "type");
	const struct config_line *line = services_line(config, name, type->name);
	*out = type;
	FC_TRY(check_name(name, err));
	if (strcmp(key, type->name) == 0) {
		return FC_OK;
	}
	if (!line) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "service '%s' has no type", name);
	}
	FC_TRY(store(type, line, &scratch, err));
	*out = find_row(service_rows, key);
	if (!*out) {
		*out = find_row(service_types[scratch.type].rows, key);
	}
	return *out ? FC_OK
		    : fail_unknown_key(service_types[scratch.type].name,
				       service_types[scratch.type].rows, key, err);
}

static enum fc_status judge_line(const struct config *config, const struct config_line *line,
				 struct service_settings *scratch, struct fc_error *err)
{
	char name[NAME_MAXIMUM + 1] = "";
	size_t length = 0;
	const char *start = name_of(line, &length);
	const struct option_row *row = NULL;
	if (start && length <= NAME_MAXIMUM) {
		memcpy(name, start, length);
	}
	const struct config_line *type = services_line(config, name, "type");
	if (type && strcmp(line->name, "type") != 0 &&
	    store(find_row(service_rows, "type"), type, scratch, NULL) != FC_OK) {
		return FC_OK; /* an invalid type is reported at its own line only */
	}
	FC_TRY(services_find_row(config, name, line->name, &row, err));
	return store(row, line, scratch, err);
}

enum fc_status services_check(struct config *config, struct fc_error *err)
{
	for (size_t i = 0; i < config->line_count; i++) {
		const struct config_line *line = &config->lines[i];
		FC_CLEANUP(service_settings_release) struct service_settings scratch = { 0 };
		struct fc_error fault = { 0 };
		if (services_own_section(line->section) &&
		    judge_line(config, line, &scratch, &fault) != FC_OK) {
			FC_TRY(config_note_line(config, line, &fault, err));
		}
	}
	return FC_OK;
}
