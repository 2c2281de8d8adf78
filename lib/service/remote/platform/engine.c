/* Open and close the client of a NeuroIO or SERP service. */
/* SPDX-License-Identifier: MIT */
#include "service/remote/platform/platform.h"

#include <stdlib.h>
#include <string.h>

#include "net/redact.h"
#include "service/remote/platform/engine.h"

static void close_platform(struct fc_service *service)
{
	struct fc_platform *platform = fc_platform_of(service);
	if (platform->iam != platform->client.http) {
		fc_http_close(platform->iam);
	}
	fc_remote_disconnect(&platform->client);
	fc_secret_free(platform->authorization);
	fc_platform_names_release(&platform->origins);
	fc_platform_names_release(&platform->spaces);
	free(platform->created);
	free(platform->iam_url);
	free(platform);
}

static const char *account(const struct fc_service *service)
{
	return ((const struct fc_platform *)service)->client.account;
}

static const struct fc_service_verbs service_verbs = { .probe = fc_platform_probe };

static const struct fc_service_operations operations[] = {
	[FC_PLATFORM_NEUROIO] = {
		.type = "neuroio",
		.close = close_platform,
		.account = account,
		.profiles = &fc_platform_profile_verbs,
		.entries = &fc_platform_entry_verbs,
		.origins = &fc_platform_origin_verbs,
		.api = &fc_platform_api_verbs,
		.spaces = &fc_platform_space_verbs[FC_PLATFORM_NEUROIO],
		.services = &service_verbs,
	},
	[FC_PLATFORM_SERP] = {
		.type = "serp",
		.close = close_platform,
		.account = account,
		.profiles = &fc_platform_profile_verbs,
		.entries = &fc_platform_entry_verbs,
		.origins = &fc_platform_origin_verbs,
		.api = &fc_platform_api_verbs,
		.spaces = &fc_platform_space_verbs[FC_PLATFORM_SERP],
		.services = &service_verbs,
	},
};

/* NeuroIO has a second URL, for spaces. If both are the same, so is the HTTP client. */
static enum fc_status connect_iam(struct fc_platform *platform, const char *const *tails,
				  struct fc_error *err)
{
	struct fc_http_options iam = platform->options.http;
	const char *url = platform->options.iam_url;
	if (!url) {
		bool own = platform->options.kind == FC_PLATFORM_NEUROIO &&
			   strcmp(iam.url, "https://api.neuroio.com") == 0;
		url = own ? "https://iam.neuroio.com" : iam.url;
	}
	platform->iam_url = fc_remote_bare_url(url, tails);
	if (!platform->iam_url) {
		return fc_fail_memory(err);
	}
	if (strcmp(iam.url, platform->iam_url) == 0) {
		platform->iam = platform->client.http;
		return FC_OK;
	}
	iam.url = platform->iam_url;
	return fc_http_open(&iam, &platform->iam, err);
}

enum fc_status fc_platform_open(const struct fc_platform_options *options, struct fc_service **out,
				struct fc_error *err)
{
	static const char *const tails[] = { "/v1", NULL };
	struct fc_buffer text = { 0 };
	struct fc_platform *platform = calloc(1, sizeof(*platform));
	if (!platform) {
		return fc_fail_memory(err);
	}
	FC_CLEANUP(fc_service_closep) struct fc_service *service = &platform->service;
	service->operations = &operations[options->kind];
	platform->options = *options;
	platform->dialect = fc_platform_dialect_of(options->kind);
	FC_TRY(fc_remote_connect(&platform->client, options->name, &options->token, tails,
				 &platform->options.http, err));
	fc_buffer_printf(&text, "Token %s", platform->client.token.text);
	platform->authorization = fc_buffer_steal_text(&text);
	if (!platform->authorization) {
		return fc_fail_memory(err);
	}
	platform->headers[0] =
		(struct fc_http_field){ "Authorization", platform->authorization, true };
	FC_TRY_PREFIX(connect_iam(platform, tails, err), err, "service '%s'", options->name);
	*out = FC_STEAL(service);
	return FC_OK;
}
