/* Open the service that executes a command. */
/* SPDX-License-Identifier: MIT */
#include "service_stack.h"

#include <stdio.h>
#include <stdlib.h>

#include "interrupt.h"
#include "service/wrap/fallback.h"
#include "service/wrap/resume.h"

static void report_letterer(void *context, const char *reason)
{
	const struct out *out = context;
	out_note(out, "names on pictures may be replaced by numbers: %s", reason);
}

/* alone: it answers for no other service, so it may treat unknown places as empty (see known_place_check). */
static enum fc_status open_local(struct service_stack *stack, const struct command_context *ctx,
				 bool alone, struct fc_service **out, struct fc_error *err)
{
	const struct settings *settings = ctx->settings;
	const volatile sig_atomic_t *stop =
		ctx->command->needs & COMMAND_VISION ? interrupt_watch() : NULL;
	FC_TRY(engine_init(&stack->engine, settings, ctx->photos, stop, err));
	stack->engine.options.unknown_origin_is_empty = alone && !settings->strict;
	stack->engine.options.missing_gallery_is_empty =
		alone && !settings->strict && !settings->given[settings_index("gallery")];
	stack->engine.options.workers.report_incomplete_sandbox = engine_report_sandbox;
	stack->engine.options.report_letterer = report_letterer;
	stack->engine.options.workers.context = ctx->out;
	stack->engine.options.no_templates = ctx->no_templates;
	stack->engine.options.ignores_gallery = ctx->ignores_gallery;
	stack->engine.options.one_request = ctx->one_request;
	stack->engine.options.liveness = ctx->liveness ? settings->liveness : NULL;
	stack->engine.options.attributes = ctx->attributes != 0 ? settings->attributes : NULL;
	stack->engine.options.attributes_wanted = ctx->attributes;
	stack->engine.options.attributes_required = ctx->attributes_named;
	stack->fetcher = (struct url_fetcher){ settings, &stack->engine.locations };
	stack->engine.options.fetch = settings->fetch_urls == FETCH_NO ? NULL : fetch_url;
	stack->engine.options.fetch_context = &stack->fetcher;
	if (ctx->embedder) {
		stack->engine.options.embedder = ctx->embedder;
	}
	return fc_local_open(&stack->engine.options, out, err);
}

static enum fc_status open_remote(struct service_stack *stack, const struct command_context *ctx,
				  struct fc_service **out, struct fc_error *err)
{
	struct fc_http_options *http = &stack->remote.opening.http;
	if (!stack->engine.locations.remote_module) {
		FC_TRY(locations_find(&stack->engine.locations, err));
	}
	FC_TRY(remote_prepare(&stack->remote, ctx->settings->service, ctx->settings,
			      &stack->engine.locations, err));
	stack->remote.opening.cutter = cutter_init(&stack->cutter, ctx);
	http->stop = interrupt_watch();
	if (ctx->out->verbose) {
		http->trace = (struct fc_http_trace){ remote_trace_event, ctx->out };
	}
	return remote_start(&stack->remote, out, err);
}

/* The ledger is keyed by URL and account: if one of them changes, a service starts with an empty ledger. */
static enum fc_status open_with_resume(struct service_stack *stack,
				       const struct command_context *ctx, struct fc_error *err)
{
	const struct settings *settings = ctx->settings;
	const struct service_settings *own = &stack->remote.settings;
	FC_CLEANUP(fc_service_closep) struct fc_service *remote = NULL;
	FC_TRY(open_remote(stack, ctx, &remote, err));
	if (!settings->gallery) {
		stack->service = FC_STEAL(remote);
		return FC_OK;
	}
	if (asprintf(&stack->ledger_name, "%s %s", settings->service, own->url) < 0) {
		stack->ledger_name = NULL;
		return fc_fail_memory(err);
	}
	const struct fc_resume_options options = {
		.gallery_directory = settings->gallery,
		.gallery_server = &settings->gallery_server,
		.lock_timeout = (unsigned)settings->lock_timeout.value,
		.name = stack->ledger_name,
		.account = own->account ? own->account : fc_service_account(remote),
	};
	return fc_resume_open(&options, FC_STEAL(remote), &stack->service, err);
}

/* The policy, in order of precedence: command line or environment, section of the service, rest of the configuration. */
static enum fc_status policy_of(const struct settings *settings, enum fc_policy *out,
				struct fc_error *err)
{
	FC_CLEANUP(service_settings_release) struct service_settings service = { 0 };
	*out = (enum fc_policy)settings->policy;
	if (settings_are_local(settings)) {
		*out = FC_POLICY_LOCAL;
		return FC_OK;
	}
	if (settings_said_here(settings, "policy") ||
	    !services_line(&settings->configuration, settings->service, "policy")) {
		return FC_OK;
	}
	FC_TRY(services_get(&settings->configuration, settings->service, &service, err));
	*out = (enum fc_policy)service.policy;
	return FC_OK;
}

enum fc_status service_stack_open(struct service_stack *stack, struct command_context *ctx,
				  struct fc_error *err)
{
	enum fc_policy policy;
	FC_TRY(policy_of(ctx->settings, &policy, err));
	if (!settings_are_local(ctx->settings) && !(ctx->command->needs & COMMAND_POLICY)) {
		policy = FC_POLICY_REMOTE;
	}
	if (policy == FC_POLICY_LOCAL) {
		FC_TRY(open_local(stack, ctx, true, &stack->service, err));
	} else if (policy == FC_POLICY_REMOTE && ctx->command->needs & COMMAND_LEDGER) {
		FC_TRY(open_with_resume(stack, ctx, err));
	} else if (policy == FC_POLICY_REMOTE) {
		FC_TRY(open_remote(stack, ctx, &stack->service, err));
	} else {
		/* the local engine first, so that its workers start before any network connection or token exists */
		FC_CLEANUP(fc_service_closep) struct fc_service *local = NULL;
		FC_CLEANUP(fc_service_closep) struct fc_service *remote = NULL;
		FC_TRY(open_local(stack, ctx, false, &local, err));
		FC_TRY(open_remote(stack, ctx, &remote, err));
		FC_TRY(fc_fallback_open(policy, ctx->settings->service, FC_STEAL(remote),
					FC_STEAL(local), &stack->service, err));
	}
	ctx->service = stack->service;
	return FC_OK;
}

void service_stack_release(struct service_stack *stack)
{
	fc_service_close(stack->service);
	cutter_release(&stack->cutter);
	remote_release(&stack->remote);
	free(stack->ledger_name);
	engine_release(&stack->engine);
	*stack = (struct service_stack){ 0 };
}
