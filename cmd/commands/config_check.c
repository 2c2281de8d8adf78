/* config check: report errors in the configuration and services that cannot be opened. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "command.h"
#include "output/record.h"
#include "remote.h"

struct problem_record {
	const char *severity; /* problem, warning */
	const char *file;
	int64_t line;
	const char *text;
};

#define IN(member) offsetof(struct problem_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "severity", IN(severity), 0, "SEVERITY" },
	{ RECORD_TEXT, "file", IN(file), 0, "FILE" },
	{ RECORD_INTEGER, "line", IN(line), 0, "LINE" },
	{ RECORD_TEXT, "text", IN(text), 0, "TEXT" },
	{ RECORD_END },
};

/* Problems found by this command, in addition to those found while reading the files. */
struct check {
	struct command_context *ctx;
	struct config found;
	struct locations locations;
};

static void check_release(struct check *check)
{
	config_release(&check->found);
	locations_release(&check->locations);
}

static enum fc_status note_at(struct check *check, const struct config_line *line, bool warning,
			      const char *text, struct fc_error *err)
{
	return config_note(&check->found, line->file, line->number, warning, text, err);
}

/* ---- files ---- */

static bool holds_secrets(const struct config *config, const char *file)
{
	for (size_t i = 0; i < config->line_count; i++) {
		const struct config_line *line = &config->lines[i];
		if (strcmp(line->file, file) == 0 && strcmp(line->name, "proxy") == 0 &&
		    strchr(line->value, '@')) {
			return true;
		}
	}
	return false;
}

static enum fc_status check_file(struct check *check, const char *file, struct fc_error *err)
{
	struct stat info;
	if (stat(file, &info) != 0) {
		return FC_OK; /* reported already */
	}
	if (info.st_mode & (S_IWGRP | S_IWOTH)) {
		FC_TRY(config_note(
			&check->found, file, 0, true,
			"other users can write this file and so change what your commands do; run chmod 600 on it",
			err));
	}
	if (info.st_mode & (S_IRGRP | S_IROTH) &&
	    holds_secrets(&check->ctx->settings->configuration, file)) {
		FC_TRY(config_note(
			&check->found, file, 0, true,
			"the file contains a proxy password, and other users can read it; run chmod 600 on it",
			err));
	}
	return FC_OK;
}

/* Quotes are part of a value, but in other formats they are not: warn. Not for commands, whose quotes the shell removes. */
static enum fc_status check_quotes(struct check *check, struct fc_error *err)
{
	const struct config *config = &check->ctx->settings->configuration;
	for (size_t i = 0; i < config->line_count; i++) {
		const struct config_line *line = &config->lines[i];
		size_t length = strlen(line->value);
		char first = line->value[0];
		char text[200];
		if (length < 2 || (first != '"' && first != '\'') ||
		    line->value[length - 1] != first || strcmp(line->name, "token-command") == 0) {
			continue;
		}
		snprintf(text, sizeof(text),
			 "the quotes around the value of '%.100s' are part of it; remove them",
			 line->name);
		FC_TRY(note_at(check, line, true, text, err));
	}
	return FC_OK;
}

/* ---- services ---- */

/* The line that an error of a service refers to: its token or URL if the message mentions it, else its type. */
static const struct config_line *line_about(const struct config *config, const char *name,
					    const char *text)
{
	static const struct {
		const char *words, *key;
	} rows[] = { { "token file", "token-file" },
		     { "cannot open", "token-file" },
		     { "token-env", "token-env" },
		     { "the environment variable", "token-env" },
		     { "url", "url" },
		     { "plain-http", "url" } };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(rows); i++) {
		const struct config_line *line = services_line(config, name, rows[i].key);
		if (line && strstr(text, rows[i].words)) {
			return line;
		}
	}
	return services_line(config, name, "type");
}

static enum fc_status check_certificates(struct check *check, const char *name, const char *ca_file,
					 struct fc_error *err)
{
	const struct config *config = &check->ctx->settings->configuration;
	const struct config_line *line = services_line(config, name, "ca-file");
	char text[300];
	if (!ca_file || !line || access(ca_file, R_OK) == 0) {
		return FC_OK;
	}
	snprintf(text, sizeof(text), "the certificates in '%.200s' cannot be read", ca_file);
	return note_at(check, line, false, text, err);
}

/* Open the service, which sends no request. The command of token-command is not run. */
static enum fc_status try_service(struct remote *remote, const char *name,
				  const struct settings *settings, const struct check *check,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_service_closep) struct fc_service *service = NULL;
	FC_TRY(remote_prepare(remote, name, settings, &check->locations, err));
	struct fc_token_source *token = &remote->opening.token;
	if (token->command && !token->file && !token->value) {
		*token = (struct fc_token_source){ .value = "unknown-yet" };
	}
	return remote_start(remote, &service, err);
}

static enum fc_status check_service(struct check *check, const char *name, struct fc_error *err)
{
	FC_CLEANUP(remote_release) struct remote remote = { 0 };
	const struct settings *settings = check->ctx->settings;
	struct fc_error fault = { 0 };
	if (config_verdict(&settings->configuration, NULL) != FC_OK &&
	    services_get(&settings->configuration, name, &remote.settings, NULL) != FC_OK) {
		return FC_OK; /* reported already */
	}
	service_settings_release(&remote.settings);
	enum fc_status status = try_service(&remote, name, settings, check, &fault);
	if (status == FC_NO_MEMORY) {
		return fc_fail_memory(err);
	}
	if (status != FC_OK) {
		FC_TRY(note_at(check, line_about(&settings->configuration, name, fault.text), false,
			       fault.text, err));
	}
	return check_certificates(check, name, remote.settings.ca_file, err);
}

static enum fc_status check_services(struct check *check, struct fc_error *err)
{
	const struct settings *settings = check->ctx->settings;
	const struct config_line *chosen = settings->line[settings_index("service")];
	size_t count = 0;
	bool known = settings_are_local(settings);
	FC_CLEANUP(fc_free)
	const char **names = services_names(&settings->configuration, &count);
	if (!names) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		known = known || strcmp(settings->service, names[i]) == 0;
		FC_TRY(check_service(check, names[i], err));
	}
	return known || !chosen ? FC_OK
				: note_at(check, chosen, false,
					  "core.service names a service that does not exist", err);
}

/* ---- output ---- */

static enum fc_status write_problems(struct record_writer *writer, const struct config *config,
				     size_t *problems, struct fc_error *err)
{
	for (size_t i = 0; i < config->problem_count; i++) {
		const struct config_problem *problem = &config->problems[i];
		const struct problem_record record = {
			.severity = problem->warning ? "warning" : "problem",
			.file = problem->file,
			.line = problem->number > 0 ? (int64_t)problem->number : RECORD_ABSENT,
			.text = problem->text,
		};
		*problems += !problem->warning;
		FC_TRY(record_write(writer, &record, problem->warning ? TONE_PLAIN : TONE_BAD,
				    err));
	}
	return FC_OK;
}

static enum fc_status run(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(check_release) struct check check = { .ctx = ctx };
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "problem", fields, false);
	const struct config *config = &ctx->settings->configuration;
	size_t problems = 0;
	(void)args;
	FC_TRY(locations_find(&check.locations, err));
	for (size_t i = 0; i < config->file_count; i++) {
		FC_TRY(check_file(&check, config->files[i], err));
	}
	FC_TRY(check_quotes(&check, err));
	FC_TRY(check_services(&check, err));
	FC_TRY(write_problems(&writer, config, &problems, err));
	FC_TRY(write_problems(&writer, &check.found, &problems, err));
	FC_TRY(record_finish(&writer, err));
	if (problems == 0) {
		out_note(ctx->out, "%zu file%s read, no errors found", config->file_count,
			 config->file_count == 1 ? "" : "s");
		return FC_OK;
	}
	return fc_fail(err, FC_INVALID_ARGUMENT, "%zu error%s in the configuration", problems,
		       problems == 1 ? "" : "s");
}

const struct command config_check_command = {
	.name = "config check",
	.summary = "report all errors in the configuration",
	.synopsis = "",
	.help = "Opens every service and its token file, but sends no request. Exits with 2 if there is an error.",
	.needs = COMMAND_LENIENT,
	.fields = fields,
	.run = run,
};
