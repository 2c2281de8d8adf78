/* Open and close the client of a NeuroIO or SERP service. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/redact.h"
#include "service/remote/common/url.h"
#include "service/remote/platform/engine.h"

static void close_platform(struct fc_service *service)
{
	struct fc_platform *platform = fc_platform_of(service);
	if (platform->iam != platform->http) {
		fc_http_close(platform->iam);
	}
	fc_http_close(platform->http);
	fc_token_release(&platform->token);
	fc_secret_free(platform->authorization);
	fc_platform_names_release(&platform->origins);
	fc_platform_names_release(&platform->spaces);
	free(platform->created);
	free(platform->url);
	free(platform->iam_url);
	free(platform);
}

static void close_platformp(struct fc_platform **platform)
{
	if (*platform) {
		close_platform(&(*platform)->service);
	}
}

static const struct fc_profile_verbs profile_verbs = {
	.create = fc_platform_profile_create,
	.reinit = fc_platform_profile_reinit,
	.search = fc_platform_profile_search,
	.show = fc_platform_profile_show,
	.delete = fc_platform_profile_delete,
};

static const struct fc_entry_verbs entry_verbs = {
	.list = fc_platform_entry_list,
	.stats = fc_platform_entry_stats,
	.delete = fc_platform_entry_delete,
};

static const struct fc_origin_verbs origin_verbs = {
	.create = fc_platform_origin_create,
	.list = fc_platform_origin_list,
	.show = fc_platform_origin_show,
	.update = fc_platform_origin_update,
	.delete = fc_platform_origin_delete,
};

static const struct fc_service_verbs service_verbs = { .probe = fc_platform_probe };

static const struct fc_service_operations operations[] = {
	[FC_PLATFORM_NEUROIO] = {
		.type = "neuroio",
		.close = close_platform,
		.profiles = &profile_verbs,
		.entries = &entry_verbs,
		.origins = &origin_verbs,
		.spaces = &(const struct fc_space_verbs){
			.list = fc_platform_space_list,
			.delete = fc_platform_space_delete,
			.bands = fc_platform_space_bands,
		},
		.services = &service_verbs,
	},
	[FC_PLATFORM_SERP] = {
		.type = "serp",
		.close = close_platform,
		.profiles = &profile_verbs,
		.entries = &entry_verbs,
		.origins = &origin_verbs,
		.spaces = &(const struct fc_space_verbs){
			.list = fc_platform_space_list,
			.delete = fc_platform_space_delete,
		},
		.services = &service_verbs,
	},
};

static enum fc_status connect_platform(struct fc_platform *platform, struct fc_error *err)
{
	static const char *const tails[] = { "/v1", NULL };
	struct fc_http_options *http = &platform->options.http;
	struct fc_buffer text = { 0 };
	FC_TRY(fc_token_load(&platform->options.token, &platform->token, err));
	fc_buffer_printf(&text, "Token %s", platform->token.text);
	platform->authorization = fc_buffer_steal_text(&text);
	if (!platform->authorization) {
		return fc_fail_memory(err);
	}
	platform->headers[0] =
		(struct fc_http_field){ "Authorization", platform->authorization, true };
	platform->secrets[0] = platform->token.text;
	platform->url = fc_remote_bare_url(http->url, tails);
	if (!platform->url) {
		return fc_fail_memory(err);
	}
	/* NeuroIO has a second URL, for spaces. */
	const char *iam_url = platform->options.iam_url ? platform->options.iam_url : platform->url;
	if (!platform->options.iam_url && platform->options.kind == FC_PLATFORM_NEUROIO &&
	    strcmp(platform->url, "https://api.neuroio.com") == 0) {
		iam_url = "https://iam.neuroio.com";
	}
	platform->iam_url = fc_remote_bare_url(iam_url, tails);
	if (!platform->iam_url) {
		return fc_fail_memory(err);
	}
	http->url = platform->url;
	http->secrets = platform->secrets;
	http->secret_count = FC_ARRAY_LENGTH(platform->secrets);
	FC_TRY(fc_http_open(http, &platform->http, err));
	if (strcmp(platform->url, platform->iam_url) == 0) {
		platform->iam = platform->http;
		return FC_OK;
	}
	struct fc_http_options iam = *http;
	iam.url = platform->iam_url;
	return fc_http_open(&iam, &platform->iam, err);
}

enum fc_status fc_platform_open(const struct fc_platform_options *options, struct fc_service **out,
				struct fc_error *err)
{
	if (!options->http.url) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "service '%s': no url is configured",
			       options->name);
	}
	FC_CLEANUP(close_platformp) struct fc_platform *platform = calloc(1, sizeof(*platform));
	if (!platform) {
		return fc_fail_memory(err);
	}
	platform->service.operations = &operations[options->kind];
	platform->options = *options;
	platform->dialect = fc_platform_dialect_of(options->kind);
	enum fc_status status = connect_platform(platform, err);
	if (status != FC_OK) {
		fc_error_prefix(err, "service '%s'", options->name);
		return status;
	}
	*out = &FC_STEAL(platform)->service;
	return FC_OK;
}
