/* Open a remote service. */
/* SPDX-License-Identifier: MIT */
#include "remote.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read a proxy variable: libcurl gets its proxy from facectl, not from the environment. */
static const char *variable(const char *lower, const char *upper)
{
	const char *value = getenv(lower);
	value = value ? value : getenv(upper);
	return value && value[0] != '\0' ? value : NULL;
}

const char *proxy_of_environment(const char *url)
{
	bool plain = strncmp(url, "http:", strlen("http:")) == 0;
	/* HTTP_PROXY is never read: in a CGI environment it is the client's Proxy header */
	const char *proxy = plain ? variable("http_proxy", "http_proxy")
				  : variable("https_proxy", "HTTPS_PROXY");
	return proxy ? proxy : variable("all_proxy", "ALL_PROXY");
}

const char *no_proxy_of_environment(void)
{
	return variable("no_proxy", "NO_PROXY");
}

/* "POST https://host/path?oauth_token=REDACTED: 200 in 0.113 s, 48 kB out, 1 kB in, request 17" */
void remote_trace_event(void *context, const struct fc_http_event *event)
{
	const struct out *out = context;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer line = { 0 };
	fc_buffer_printf(&line, "%s %s: ", event->method, event->url);
	if (event->status > 0) {
		fc_buffer_printf(&line, "%d ", event->status);
	}
	fc_buffer_printf(&line, "in %.3f s, %" PRIu64 " bytes out, %" PRIu64 " in", event->seconds,
			 event->bytes_sent, event->bytes_received);
	if (event->request_id[0] != '\0') {
		fc_buffer_printf(&line, ", request %s", event->request_id);
	}
	if (event->attempt > 1) {
		fc_buffer_printf(&line, ", try %u", event->attempt);
	}
	if (event->failure) {
		fc_buffer_printf(&line, "; %s", event->failure);
	}
	if (event->again) {
		fc_buffer_printf(&line, "; again in %.1f s", (double)event->wait_ms / 1000);
	}
	const char *text = fc_buffer_text(&line);
	if (text) {
		out_trace(out, "%s", text);
	}
}

static struct fc_http_options http_options(const struct settings *settings,
					   const struct service_settings *service)
{
	struct fc_http_options http = fc_http_defaults();
	const uint64_t base = service->retry_wait.value;
	http.url = service->url;
	http.insecure_http = service->plain_http;
	http.ca_file = service->ca_file;
	http.user_agent = "facectl/" FC_VERSION;
	http.connect_ms = service->connect_timeout.value;
	http.try_ms = service->timeout.value;
	http.slow_ms = service->slow_time.value;
	http.slow_bytes = service->slow_speed.value;
	http.answer_bytes = service->max_answer.value;
	http.requests_a_second = service->rate_limit.value;
	/* --jobs of this command overrides the section; core.jobs sets the number of worker processes */
	http.parallel = (unsigned)(settings_said_here(settings, "jobs") ? settings->jobs.value
									: service->jobs.value);
	http.retry = (struct fc_retry_policy){
		.tries = (unsigned)service->retries.value + 1,
		.base_ms = base,
		.ceiling_ms = 30 * base,
		.longest_wait_ms = service->longest_wait.value,
		.deadline_ms = service->deadline.value,
	};
	if (!service->proxy) {
		http.proxy = service->url ? proxy_of_environment(service->url) : NULL;
	} else if (strcmp(service->proxy, "none") != 0) {
		http.proxy = service->proxy;
	}
	http.no_proxy = service->no_proxy ? service->no_proxy : no_proxy_of_environment();
	return http;
}

/* The tokens that were removed from the environment, because another service may use the same variable. */
struct taken {
	struct taken *next;
	char *value;
	char name[];
};

static struct taken *taken;

static const char *value_of(const char *name)
{
	const struct taken *found = taken;
	while (found && strcmp(found->name, name) != 0) {
		found = found->next;
	}
	return found ? found->value : getenv(name);
}

/* Remove a token from /proc/self/environ and from the environment of child processes. */
static enum fc_status take_value(const char *name, struct fc_error *err)
{
	char *value = getenv(name);
	if (!value) {
		return FC_OK;
	}
	struct taken *entry = calloc(1, sizeof(*entry) + strlen(name) + 1);
	char *copy = strdup(value);
	if (!entry || !copy) {
		free(entry);
		free(copy);
		return fc_fail_memory(err);
	}
	strcpy(entry->name, name);
	entry->value = copy;
	entry->next = taken;
	taken = entry;
	explicit_bzero(value, strlen(value));
	FC_IGNORE(unsetenv(name));
	return FC_OK;
}

/* Fail if the configuration that sets the service's token-command can be changed by another user, whose command would then be run. */
static enum fc_status check_command(const struct config *config, const char *name,
				    struct fc_error *err)
{
	for (size_t i = 0; i < config->line_count; i++) {
		const struct config_line *line = &config->lines[i];
		struct stat info;
		size_t length = 0;
		const char *service = config_subsection(line->section, "service", &length);
		if (!service || length != strlen(name) || strncmp(service, name, length) != 0 ||
		    strcmp(line->name, "token-command") != 0) {
			continue;
		}
		if (stat(line->file, &info) != 0) {
			return fc_fail_errno(err, FC_PERMISSION, errno, "cannot inspect '%s'",
					     line->file);
		}
		if ((info.st_uid != geteuid() && info.st_uid != 0) ||
		    (info.st_mode & (S_IWGRP | S_IWOTH))) {
			return fc_fail(
				err, FC_PERMISSION,
				"service '%s': token-command is not run, because other users can change '%s'; "
				"make it your file and run chmod 600 on it",
				name, line->file);
		}
	}
	return FC_OK;
}

static enum fc_status find_token(const struct service_settings *settings,
				 struct fc_token_source *out, struct fc_error *err)
{
	*out = (struct fc_token_source){
		.file = settings->token_file,
		.command = settings->token_command,
		.environment = environ,
	};
	if (settings->token_env) {
		const char *value = value_of(settings->token_env);
		out->value = value ? value : "";
		out->value_name = settings->token_env;
		if (!value && !out->file && !out->command) {
			return fc_fail(
				err, FC_PERMISSION,
				"service '%s': the environment variable '%s' (token-env) is not set",
				settings->name, settings->token_env);
		}
	}
	return FC_OK;
}

enum fc_status remote_prepare(struct remote *remote, const char *name,
			      const struct settings *settings, const struct locations *locations,
			      struct fc_error *err)
{
	const struct service_settings *own = &remote->settings;
	FC_IGNORE(unsetenv("SSLKEYLOGFILE")); /* of libcurl: a log of TLS keys */
	remote->module = (struct fc_remote){ locations->remote_module, FC_VERSION };
	remote->opening = (struct service_opening){ .settings = own };
	FC_TRY(services_get(&settings->configuration, name, &remote->settings, err));
	FC_TRY(check_command(&settings->configuration, name, err));
	FC_TRY(find_token(own, &remote->opening.token, err));
	remote->opening.photo = own->photo;
	remote->opening.photo.image_bytes = own->max_photo_size.value;
	remote->opening.photo.smallest_side = (uint32_t)own->min_side.value;
	remote->opening.photo.longer_side = (uint32_t)own->max_side.value;
	remote->opening.photo.shorter_side = (uint32_t)own->max_short_side.value;
	remote->opening.http = http_options(settings, own);
	return FC_OK;
}

enum fc_status remote_start(struct remote *remote, struct fc_service **service,
			    struct fc_error *err)
{
	FC_TRY(fc_remote_load(&remote->module, &remote->opening.module, err));
	FC_TRY(service_types[remote->settings.type].open(&remote->opening, service, err));
	return remote->settings.token_env ? take_value(remote->settings.token_env, err) : FC_OK;
}

void remote_release(struct remote *remote)
{
	service_settings_release(&remote->settings);
	*remote = (struct remote){ 0 };
}
