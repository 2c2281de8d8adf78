/* Send requests of NeuroIO and SERP to the service as they are given, with its token, limits and retries. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "service/remote/common/api.h"
#include "service/remote/platform/engine.h"

/* Whether the path belongs to NeuroIO's other address, for accounts. */
static bool is_of_account(const struct fc_api_target *target)
{
	static const char *const nouns[] = { "auth",  "tokens",   "whoami", "spaces",
					     "lists", "licenses", "billing" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(nouns); i++) {
		if (target->segment_count > 1 && strcmp(target->segments[1], nouns[i]) == 0) {
			return true;
		}
	}
	return false;
}

/* Requests that change nothing, or that have the same effect twice. */
static bool may_repeat(const char *method, const struct fc_api_target *target)
{
	static const char *const reads[] = { "search", "compare", "asm", "liveness" };
	if (strcmp(method, "POST") != 0) {
		return true;
	}
	const char *last = target->segments[target->segment_count - 1];
	for (size_t i = 0; i < FC_ARRAY_LENGTH(reads); i++) {
		if (strcmp(last, reads[i]) == 0) {
			return true;
		}
	}
	return false;
}

static enum fc_status send(struct fc_platform *platform, const struct fc_api_request *request,
			   struct fc_api_response *out, struct fc_error *err)
{
	FC_CLEANUP(fc_api_target_release) struct fc_api_target target = { 0 };
	uint64_t most = platform->options.photo.image_bytes;
	FC_TRY(fc_api_target_read(request->target, &target, err));
	if (target.segment_count < 2 || strcmp(target.segments[0], "v1") != 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "%s has no path '%s'; paths start with /v1/",
			       platform->dialect->name, request->target);
	}
	if (most > 0 && request->length > most) {
		return fc_fail(err, FC_TOO_LARGE, "the request has %zu bytes; the maximum is %zu",
			       request->length, (size_t)most);
	}
	struct fc_remote_api api = {
		.http = is_of_account(&target) ? platform->iam : platform->client.http,
		.headers = platform->headers,
		.header_count = FC_ARRAY_LENGTH(platform->headers),
		.trailing_slash = true,
		.repeatable = may_repeat(request->method, &target),
	};
	if (!api.repeatable) {
		api.advice = "it may have been carried out, so it was not repeated; check before "
			     "you repeat it";
	}
	return fc_remote_api_send(&api, request, &target, out, err);
}

static enum fc_status call_service(struct fc_service *service, const struct fc_api_request *request,
				   struct fc_api_response *out, struct fc_error *err)
{
	struct fc_platform *platform = fc_platform_of(service);
	FC_TRY_PREFIX(send(platform, request, out, err), err, "service '%s'",
		      platform->options.name);
	return FC_OK;
}

const struct fc_api_verbs fc_platform_api_verbs = { .call = call_service };
