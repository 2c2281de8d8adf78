/* List, read and write settings: config list, get, set. */
/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "command.h"
#include "config/edit.h"
#include "config/values.h"
#include "output/record.h"

struct value_record {
	const char *key, *value, *source, *origin, *file;
	int64_t line;
};

#define IN(member) offsetof(struct value_record, member)

/* clang-format off */
#define FIELDS(heading)                                                                            \
	{ RECORD_TEXT, "key", IN(key), 0, "KEY" },                                                 \
	{ RECORD_TEXT, "value", IN(value), 0, "VALUE" },                                           \
	{ RECORD_TEXT, "source", IN(source) },                                                     \
	{ RECORD_TEXT, "origin", IN(origin), 0, heading },                                         \
	{ RECORD_TEXT, "file", IN(file) },                                                         \
	{ RECORD_INTEGER, "line", IN(line) },                                                      \
	{ RECORD_END }
/* clang-format on */

static const struct record_field fields[] = { FIELDS(NULL) };
static const struct record_field fields_with_origin[] = { FIELDS("ORIGIN") };

static const char *source_word(enum setting_source source)
{
	static const char *const words[] = {
		[SOURCE_NONE] = "unset",
		[SOURCE_COMMAND_LINE] = "command line",
		[SOURCE_ENVIRONMENT] = "environment",
		[SOURCE_PRESET] = "preset",
		[SOURCE_USER_FILE] = "file",
		[SOURCE_SYSTEM_FILE] = "file",
		[SOURCE_DEFAULT] = "default",
	};
	return words[source];
}

/* "/etc/facectl/facectl.conf:12", "FACECTL_JOBS", "command line", "default" */
static void describe_origin(const struct config_value *value, char *out, size_t size)
{
	if (value->line) {
		snprintf(out, size, "%s:%u", value->line->file, value->line->number);
	} else {
		snprintf(out, size, "%s",
			 value->variable ? value->variable : source_word(value->source));
	}
}

static enum fc_status write_value(struct record_writer *writer, const struct config_value *value,
				  struct fc_error *err)
{
	char origin[4200];
	const struct value_record record = {
		.key = value->key,
		.value = value->value,
		.source = source_word(value->value ? value->source : SOURCE_NONE),
		.origin = origin,
		.file = value->line ? value->line->file : NULL,
		.line = value->line ? (int64_t)value->line->number : RECORD_ABSENT,
	};
	describe_origin(value, origin, sizeof(origin));
	bool chosen = value->source != SOURCE_DEFAULT && value->source != SOURCE_NONE;
	return record_write(writer, &record, chosen ? TONE_PLAIN : TONE_FAINT, err);
}

/* ---- list ---- */

struct list_args {
	bool show_origin;
};

static const struct option_row list_options[] = {
	{ OPTION_FLAG, 0, "show-origin", NULL, offsetof(struct list_args, show_origin),
	  "show where each value comes from" },
	{ OPTION_END },
};

static enum fc_status list_value(void *context, const struct config_value *value,
				 struct fc_error *err)
{
	return value->value ? write_value(context, value, err) : FC_OK;
}

static enum fc_status run_list(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct list_args *args = parsed;
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(
		ctx->out, "setting", args->show_origin ? fields_with_origin : fields, false);
	const struct config_visitor visitor = { list_value, &writer };
	/* list the settings even if the configuration has errors, which are reported */
	const struct config *config = &ctx->settings->configuration;
	for (size_t i = 0; i < config->problem_count; i++) {
		struct fc_error words;
		FC_IGNORE(config_describe(&config->problems[i], &words));
		out_message(ctx->out, "%s", words.text);
	}

	FC_TRY(config_values_visit(ctx->settings, &visitor, err));
	return record_finish(&writer, err);
}

const struct command config_list_command = {
	.name = "config list",
	.summary = "list every setting that has a value",
	.synopsis = "[--show-origin]",
	.options = list_options,
	.args_size = sizeof(struct list_args),
	.needs = COMMAND_LENIENT,
	.run = run_list,
};

/* ---- get ---- */

struct get_args {
	struct option_texts words;
};

static const struct option_row get_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "KEY", offsetof(struct get_args, words),
	  "a setting, such as core.gallery or service.NAME.url", .minimum = 1, .maximum = 1 },
	{ OPTION_END },
};

struct lookup {
	struct command_context *ctx;
	const char *key;
	bool found;
};

static enum fc_status get_value(void *context, const struct config_value *value,
				struct fc_error *err)
{
	struct lookup *lookup = context;
	if (!value->value || strcmp(value->key, lookup->key) != 0) {
		return FC_OK;
	}
	lookup->found = true;
	if (lookup->ctx->out->format == FORMAT_TEXT) {
		fc_buffer_printf(&lookup->ctx->out->data, "%s\n", value->value);
		return FC_OK;
	}
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(lookup->ctx->out, "setting", fields, true);
	FC_TRY(write_value(&writer, value, err));
	return record_finish(&writer, err);
}

static enum fc_status run_get(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct get_args *args = parsed;
	struct lookup lookup = { .ctx = ctx, .key = args->words.items[0] };
	const struct config_visitor visitor = { get_value, &lookup };
	struct config_place place;
	FC_TRY(config_place_of(ctx->settings, lookup.key, &place, err));
	FC_TRY(config_values_visit(ctx->settings, &visitor, err));
	return lookup.found ? FC_OK : fc_fail(err, FC_NOT_FOUND, "'%s' has no value", lookup.key);
}

const struct command config_get_command = {
	.name = "config get",
	.summary = "print the value of a setting",
	.synopsis = "KEY",
	.help = "Exits with 1 if the setting has no value.",
	.options = get_options,
	.args_size = sizeof(struct get_args),
	.needs = COMMAND_LENIENT,
	.run = run_get,
};

/* ---- set ---- */

static const struct option_row set_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "KEY VALUE", offsetof(struct get_args, words),
	  "a setting, such as core.gallery or service.NAME.url, and its value", .minimum = 2,
	  .maximum = 2 },
	{ OPTION_END },
};

/* Reject a value that could not be read back unchanged from a file. */
static enum fc_status check_line(const char *value, struct fc_error *err)
{
	size_t length = strlen(value);
	bool blank = length > 0 && (isspace((unsigned char)value[0]) ||
				    isspace((unsigned char)value[length - 1]));
	for (const char *c = value; *c != '\0'; c++) {
		if (iscntrl((unsigned char)*c)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "a value cannot contain a control character");
		}
	}
	if (blank || strstr(value, " ;") || value[0] == ';') {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "a value cannot begin or end with a space, or contain ' ;', which "
			       "starts a comment");
	}
	return length < 4000 ? FC_OK : fc_fail(err, FC_INVALID_ARGUMENT, "the value is too long");
}

static enum fc_status run_set(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct get_args *args = parsed;
	const char *key = args->words.items[0];
	const char *value = args->words.items[1];
	struct config_place place;
	union {
		struct settings settings;
		struct service_settings service;
	} scratch = { 0 }; /* storage of the value, which is only checked */
	FC_CLEANUP(fc_free) char *path = NULL;
	FC_TRY(settings_config_path(ctx->settings, &path, err));
	FC_TRY(config_place_of(ctx->settings, key, &place, err));
	FC_TRY(option_store(place.row, &scratch, value, key, err));
	FC_TRY(check_line(value, err));
	const struct config_setting setting = { place.section, place.name, value };
	FC_TRY(config_file_set(path, &setting, err));
	out_note(ctx->out, "%s is set in '%s'", key, path);
	return FC_OK;
}

const struct command config_set_command = {
	.name = "config set",
	.summary = "change a setting in the configuration",
	.synopsis = "KEY VALUE",
	.help = "Writes the user's configuration file, or the file of --config. Other lines of the file are kept.",
	.options = set_options,
	.args_size = sizeof(struct get_args),
	.needs = COMMAND_LENIENT,
	.run = run_set,
};

/* ---- unset ---- */

static enum fc_status run_unset(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct get_args *args = parsed;
	const char *key = args->words.items[0];
	struct config_place place;
	FC_CLEANUP(fc_free) char *path = NULL;
	FC_TRY(settings_config_path(ctx->settings, &path, err));
	FC_TRY(config_place_of(ctx->settings, key, &place, err));
	const struct config_setting setting = { place.section, place.name, NULL };
	FC_TRY(config_file_set(path, &setting, err));
	out_note(ctx->out, "%s is no longer set in '%s'", key, path);
	return FC_OK;
}

const struct command config_unset_command = {
	.name = "config unset",
	.summary = "remove a setting from the configuration",
	.synopsis = "KEY",
	.help = "Changes the user's configuration file, or the file of --config. Exits with 1 if the file does not set it.",
	.options = get_options,
	.args_size = sizeof(struct get_args),
	.needs = COMMAND_LENIENT,
	.run = run_unset,
};
