/* List all settings with their values and sources. */
/* SPDX-License-Identifier: MIT */
#include "config/values.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* "http://user:password@proxy" with REDACTED before the @. */
char *config_without_secrets(const char *text)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
	const char *scheme = strstr(text, "://");
	const char *host = scheme ? scheme + 3 : text;
	const char *end = host + strcspn(host, "/?#");
	const char *at = memrchr(host, '@', (size_t)(end - host));
	if (!at) {
		return strdup(text);
	}
	fc_buffer_append(&out, text, (size_t)(host - text));
	fc_buffer_append_text(&out, "REDACTED");
	fc_buffer_append_text(&out, at);
	return fc_buffer_steal_text(&out);
}

static enum fc_status visit_row(const struct config_visitor *visitor, const struct option_row *row,
				const void *values, struct config_value *value,
				struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_free) char *shown = NULL;
	if (option_show(row, values, &text)) {
		const char *whole = fc_buffer_text(&text);
		shown = whole ? config_without_secrets(whole) : NULL;
		if (!shown) {
			return fc_fail_memory(err);
		}
	}
	value->value = shown;
	return visitor->visit(visitor->context, value, err);
}

static enum fc_status visit_settings(const struct settings *settings,
				     const struct config_visitor *visitor, struct fc_error *err)
{
	for (const struct option_row *row = setting_rows; row->type != OPTION_END; row++) {
		enum setting_source source = settings->source[row - setting_rows];
		struct config_value value = {
			.key = row->key,
			.source = source,
			.variable = source == SOURCE_ENVIRONMENT ? row->variable : NULL,
			.line = settings->line[row - setting_rows],
		};
		if (row->key) {
			FC_TRY(visit_row(visitor, row, settings, &value, err));
		}
	}
	return FC_OK;
}

static enum fc_status visit_service_rows(const struct config *config,
					 const struct service_settings *service,
					 const struct option_row *rows,
					 const struct config_visitor *visitor, struct fc_error *err)
{
	for (const struct option_row *row = rows; row->type != OPTION_END; row++) {
		char key[128];
		const struct config_line *line = services_line(config, service->name, row->name);
		struct config_value value = {
			.key = key,
			.source = line ? line->source : SOURCE_DEFAULT,
			.line = line,
		};
		snprintf(key, sizeof(key), "service.%s.%s", service->name, row->name);
		FC_TRY(visit_row(visitor, row, service, &value, err));
	}
	return FC_OK;
}

static enum fc_status visit_service(const struct config *config, const char *name,
				    const struct config_visitor *visitor, struct fc_error *err)
{
	FC_CLEANUP(service_settings_release) struct service_settings service = { 0 };
	struct fc_error fault = { 0 };
	enum fc_status status = services_get(config, name, &service, &fault);
	if (status != FC_OK) {
		/* skip an invalid service: the problems of the configuration report it */
		return status == FC_NO_MEMORY ? fc_fail_memory(err) : FC_OK;
	}
	FC_TRY(visit_service_rows(config, &service, service_rows, visitor, err));
	return visit_service_rows(config, &service, service_types[service.type].rows, visitor, err);
}

/* Visit the lines of presets, whether or not a preset is in use. */
static enum fc_status visit_presets(const struct config *config,
				    const struct config_visitor *visitor, struct fc_error *err)
{
	for (size_t i = 0; i < config->line_count; i++) {
		const struct config_line *line = &config->lines[i];
		size_t length;
		const char *preset = config_subsection(line->section, "preset", &length);
		char key[160];
		const struct config_value value = {
			.key = key, .value = line->value, .source = line->source, .line = line
		};
		if (preset) {
			snprintf(key, sizeof(key), "preset.%.*s.%s", (int)length, preset,
				 line->name);
			FC_TRY(visitor->visit(visitor->context, &value, err));
		}
	}
	return FC_OK;
}

enum fc_status config_values_visit(const struct settings *settings,
				   const struct config_visitor *visitor, struct fc_error *err)
{
	size_t count = 0;
	FC_TRY(visit_settings(settings, visitor, err));
	FC_TRY(visit_presets(&settings->configuration, visitor, err));
	FC_CLEANUP(fc_free)
	const char **names = services_names(&settings->configuration, &count);
	if (!names) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		FC_TRY(visit_service(&settings->configuration, names[i], visitor, err));
	}
	return FC_OK;
}

/* ---- section and name of a key ---- */

/* Find "service.vk.url" or "preset.door.format"; rest follows the first dot. The name of a service or preset contains no dot. */
static enum fc_status place_in_named(const struct settings *settings, const char *group,
				     const char *rest, struct config_place *out,
				     struct fc_error *err)
{
	size_t length = strcspn(rest, ".");
	char name[40];
	if (rest[length] != '.' || length == 0 || length >= sizeof(name)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the setting of a %s must have the form %s.NAME.KEY", group, group);
	}
	memcpy(name, rest, length);
	name[length] = '\0';
	snprintf(out->section, sizeof(out->section), "%s \"%s\"", group, name);
	out->name = rest + length + 1;
	if (strcmp(group, "preset") == 0) {
		return settings_find_preset_row(out->name, &out->row, err);
	}
	return services_find_row(&settings->configuration, name, out->name, &out->row, err);
}

enum fc_status config_place_of(const struct settings *settings, const char *key,
			       struct config_place *out, struct fc_error *err)
{
	static const char *const groups[] = { "service", "preset" };
	size_t length = strcspn(key, ".");
	*out = (struct config_place){ 0 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(groups); i++) {
		if (strlen(groups[i]) == length && strncmp(key, groups[i], length) == 0 &&
		    key[length] == '.') {
			return place_in_named(settings, groups[i], key + length + 1, out, err);
		}
	}
	if (key[length] == '.' && length < sizeof(out->section)) {
		memcpy(out->section, key, length);
		out->name = key + length + 1;
		out->row = settings_row_of_key(out->section, out->name);
	}
	return out->row ? FC_OK : settings_fail_unknown_key(key, err);
}
