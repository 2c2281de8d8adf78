/* services list and check: show the configured services, and test whether they can be used. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "command.h"
#include "config/values.h"
#include "exit.h"
#include "interrupt.h"
#include "output/record.h"
#include "remote.h"

/* ---- list ---- */

struct service_record {
	const char *name, *type, *url, *token;
	enum record_flag is_default;
	struct record_texts verbs;
	const char *groups;
};

#define IN(member) offsetof(struct service_record, member)

static const struct record_field fields[] = {
	{ RECORD_TEXT, "name", IN(name), 0, "NAME" },
	{ RECORD_TEXT, "service_type", IN(type), 0, "TYPE" },
	{ RECORD_TEXT, "url", IN(url), 0, "URL" },
	{ RECORD_TEXT, "token", IN(token), 0, "TOKEN" },
	{ RECORD_FLAG, "default", IN(is_default), 0, "DEFAULT" },
	{ RECORD_TEXT, "commands", IN(groups), 0, "COMMANDS" },
	{ RECORD_TEXTS, "verbs", IN(verbs) },
	{ RECORD_END },
};

/* Append the second words of the commands of a group that the type supports. Returns whether it supports all that the local engine does. */
static bool append_group(const char *group, const char *type, struct fc_buffer *out)
{
	bool complete = true;
	for (enum fc_verb verb = 0; verb < FC_VERB_COUNT; verb++) {
		const struct command *command = command_find(fc_verb_name(verb));
		const char *second = command ? command_name_within(command, group) : NULL;
		if (second && fc_verb_supported_by(verb, type)) {
			fc_buffer_printf(out, "%s%s", out->length > 0 ? ", " : "", second);
		} else if (second && fc_verb_supported_by(verb, "local")) {
			complete = false;
		}
	}
	return complete;
}

/* Append "set, recognize, profiles (create, search)": a group of which all commands are supported has only its first word. */
static void append_commands(const char *type, struct fc_buffer *out)
{
	char last[32] = "";
	for (enum fc_verb verb = 0; verb < FC_VERB_COUNT; verb++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer seconds = { 0 };
		char group[32];
		const char *name = fc_verb_name(verb);
		snprintf(group, sizeof(group), "%.*s", (int)strcspn(name, " "), name);
		/* some verbs are parts of commands, such as finding a person by name */
		if (!command_find(name) || !fc_verb_supported_by(verb, type) ||
		    strcmp(group, last) == 0) {
			continue;
		}
		bool complete = append_group(group, type, &seconds);
		const char *words = fc_buffer_text(&seconds);
		fc_buffer_printf(out, "%s%s", out->length > 0 ? ", " : "", group);
		if (!complete && words) {
			fc_buffer_printf(out, " (%s)", words);
		}
		memcpy(last, group, sizeof(last));
	}
}

static enum fc_status write_service(struct record_writer *writer, struct service_record *record,
				    const struct settings *settings, struct fc_error *err)
{
	const char *verbs[FC_VERB_COUNT];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer groups = { 0 };
	bool chosen = strcmp(settings->service, record->name) == 0;
	size_t count = 0;
	for (enum fc_verb verb = 0; verb < FC_VERB_COUNT; verb++) {
		if (fc_verb_supported_by(verb, record->type)) {
			verbs[count++] = fc_verb_name(verb);
		}
	}
	append_commands(record->type, &groups);
	record->groups = fc_buffer_text(&groups);
	if (!record->groups) {
		return fc_fail_memory(err);
	}
	record->verbs = (struct record_texts){ verbs, count };
	record->is_default = chosen ? RECORD_TRUE : RECORD_FALSE;
	return record_write(writer, record, chosen ? TONE_GOOD : TONE_PLAIN, err);
}

static enum fc_status write_remote(struct record_writer *writer, const struct settings *settings,
				   const char *name, struct fc_error *err)
{
	FC_CLEANUP(service_settings_release) struct service_settings service = { 0 };
	FC_TRY(services_get(&settings->configuration, name, &service, err));
	FC_CLEANUP(fc_free)
	char *url = service.url ? config_without_secrets(service.url) : NULL;
	if (service.url && !url) {
		return fc_fail_memory(err);
	}
	struct service_record record = {
		.name = name,
		.type = service_types[service.type].name,
		.url = url,
		.token = service.token_file      ? "file"
			 : service.token_env     ? "environment"
			 : service.token_command ? "command"
						 : NULL,
	};
	return write_service(writer, &record, settings, err);
}

static enum fc_status run_list(struct command_context *ctx, void *args, struct fc_error *err)
{
	FC_CLEANUP(record_writer_release)
	struct record_writer writer = record_writer_of(ctx->out, "service", fields, false);
	struct service_record local = { .name = "local", .type = "local" };
	size_t count = 0;
	(void)args;
	FC_CLEANUP(fc_free)
	const char **names = services_names(&ctx->settings->configuration, &count);
	if (!names) {
		return fc_fail_memory(err);
	}
	FC_TRY(write_service(&writer, &local, ctx->settings, err));
	for (size_t i = 0; i < count; i++) {
		FC_TRY(write_remote(&writer, ctx->settings, names[i], err));
	}
	return record_finish(&writer, err);
}

const struct command services_list_command = {
	.name = "services list",
	.summary = "list the services that can run commands",
	.synopsis = "",
	.fields = fields,
	.run = run_list,
};

/* ---- check ---- */

struct check_args {
	struct option_texts names;
};

static const struct option_row check_options[] = {
	{ OPTION_OPERANDS, 0, NULL, "NAME", offsetof(struct check_args, names),
	  "name of a service; default: all services" },
	{ OPTION_END },
};

struct check_record {
	const char *name, *result, *status, *error, *request_id;
	int64_t http_status;
	double seconds;
};

#define OF(member) offsetof(struct check_record, member)

static const struct record_field check_fields[] = {
	{ RECORD_TEXT, "name", OF(name), 0, "NAME" },
	{ RECORD_TEXT, "result", OF(result), 0, "RESULT" },
	{ RECORD_TEXT, "status", OF(status), 0, "STATUS" },
	{ RECORD_INTEGER, "http_status", OF(http_status), 0, "HTTP" },
	{ RECORD_REAL, "seconds", OF(seconds), 3, "SECONDS" },
	{ RECORD_TEXT, "request_id", OF(request_id), 0, "REQUEST" },
	{ RECORD_TEXT, "error", OF(error) },
	{ RECORD_END },
};

/* State of the run, and the result of the current service. */
struct check {
	struct command_context *ctx;
	struct locations locations;
	struct record_writer writer;
	enum fc_status status; /* status of the first service that failed */
	bool answered;
	int http_status;
	double seconds;
	char request_id[80];
};

static void check_release(struct check *check)
{
	record_writer_release(&check->writer);
	locations_release(&check->locations);
}

static void note_event(void *context, const struct fc_http_event *event)
{
	struct check *check = context;
	check->answered = true;
	check->http_status = event->status;
	check->seconds = event->seconds;
	strncpy(check->request_id, event->request_id, sizeof(check->request_id) - 1);
	if (check->ctx->out->verbose) {
		remote_trace_event(check->ctx->out, event);
	}
}

static enum fc_status probe(struct check *check, const char *name, struct fc_error *err)
{
	FC_CLEANUP(remote_release) struct remote remote = { 0 };
	FC_CLEANUP(fc_service_closep) struct fc_service *service = NULL;
	struct fc_http_options *http = &remote.opening.http;
	FC_TRY(remote_prepare(&remote, name, check->ctx->settings, &check->locations, err));
	http->trace = (struct fc_http_trace){ note_event, check };
	http->retry.tries = 1;
	http->stop = interrupt_watch();
	FC_TRY(remote_start(&remote, &service, err));
	return fc_service_probe(service, err);
}

static enum fc_status check_service(struct check *check, const char *name, struct fc_error *err)
{
	struct fc_error why = { 0 };
	check->answered = false;
	check->http_status = 0;
	check->request_id[0] = '\0';
	enum fc_status status = probe(check, name, &why);
	const struct check_record record = {
		.name = name,
		.result = status == FC_OK ? "ok" : "failed",
		.status = fc_status_name(status),
		.error = status == FC_OK ? NULL : why.text,
		.request_id = check->request_id[0] != '\0' ? check->request_id : NULL,
		.http_status = check->http_status > 0 ? check->http_status : RECORD_ABSENT,
		.seconds = check->answered ? check->seconds : (double)NAN,
	};
	if (status != FC_OK) {
		out_message(check->ctx->out, "%s", why.text);
		check->status = check->status == FC_OK ? status : check->status;
	}
	return record_write(&check->writer, &record, status == FC_OK ? TONE_GOOD : TONE_BAD, err);
}

static enum fc_status run_check(struct command_context *ctx, void *parsed, struct fc_error *err)
{
	const struct check_args *args = parsed;
	FC_CLEANUP(check_release)
	struct check check = {
		.ctx = ctx,
		.writer = record_writer_of(ctx->out, "service_check", check_fields, false),
	};
	size_t count = 0;
	FC_CLEANUP(fc_free)
	const char **all = services_names(&ctx->settings->configuration, &count);
	const char *const *names = args->names.count > 0 ? args->names.items : all;
	if (!all) {
		return fc_fail_memory(err);
	}
	count = args->names.count > 0 ? args->names.count : count;
	if (count == 0) {
		return fc_fail(err, FC_NOT_FOUND, "no service is configured; see facectl.conf(5)");
	}
	FC_TRY(locations_find(&check.locations, err));
	for (size_t i = 0; i < count; i++) {
		FC_TRY(check_service(&check, names[i], err));
	}
	FC_TRY(record_finish(&check.writer, err));
	return exit_shown(check.status, err);
}

const struct command services_check_command = {
	.name = "services check",
	.summary = "check that services are reachable and accept their token",
	.synopsis = "[NAME...]",
	.help = "Sends one request to each service, which does not change anything.",
	.options = check_options,
	.args_size = sizeof(struct check_args),
	.fields = check_fields,
	.run = run_check,
};
