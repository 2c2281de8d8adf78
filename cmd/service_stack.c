/* Who carries a command out. */
/* SPDX-License-Identifier: MIT */
#include "service_stack.h"

#include <stdio.h>
#include <stdlib.h>

#include "interrupt.h"
#include "service/wrap/fallback.h"
#include "service/wrap/resume.h"

static void report_incomplete_sandbox(void *context, const char *missing)
{
	const struct out *out = context;
	out_note(out, "photos are read in an incomplete sandbox: %s; core.sandbox is best-effort",
		 missing);
}

static enum fc_status open_local(struct carrier *carrier, const struct command_context *ctx,
				 struct fc_service **out, struct fc_error *err)
{
	const struct settings *settings = ctx->settings;
	const volatile sig_atomic_t *stop =
		ctx->command->needs & COMMAND_VISION ? interrupt_watch() : NULL;
	FC_TRY(engine_init(&carrier->engine, settings, ctx->photos, stop, err));
	carrier->engine.options.workers.report_incomplete_sandbox = report_incomplete_sandbox;
	carrier->engine.options.workers.context = ctx->out;
	carrier->engine.options.liveness = ctx->liveness ? settings->liveness : NULL;
	carrier->engine.options.attributes =
		ctx->command->needs & COMMAND_ATTRIBUTES ? settings->attributes : NULL;
	if (ctx->embedder) {
		carrier->engine.options.embedder = ctx->embedder;
	}
	return fc_local_open(&carrier->engine.options, out, err);
}

static enum fc_status open_remote(struct carrier *carrier, const struct command_context *ctx,
				  struct fc_service **out, struct fc_error *err)
{
	struct fc_http_options *http = &carrier->remote.opening.http;
	if (!carrier->engine.locations.remote_module) {
		FC_TRY(locations_find(&carrier->engine.locations, err));
	}
	FC_TRY(remote_prepare(&carrier->remote, ctx->settings->service, ctx->settings,
			      &carrier->engine.locations, err));
	http->stop = interrupt_watch();
	if (ctx->out->verbose) {
		http->trace = (struct fc_http_trace){ remote_tell_event, ctx->out };
	}
	return remote_start(&carrier->remote, out, err);
}

/* A service that went to another address is another one. */
static enum fc_status open_remembered(struct carrier *carrier, const struct command_context *ctx,
				      struct fc_error *err)
{
	const struct settings *settings = ctx->settings;
	FC_CLEANUP(fc_service_closep) struct fc_service *remote = NULL;
	FC_TRY(open_remote(carrier, ctx, &remote, err));
	if (!settings->gallery) {
		carrier->service = FC_STEAL(remote);
		return FC_OK;
	}
	if (asprintf(&carrier->ledger_name, "%s %s", settings->service,
		     carrier->remote.settings.url) < 0) {
		carrier->ledger_name = NULL;
		return fc_fail_memory(err);
	}
	const struct fc_resume_options options = {
		.gallery_directory = settings->gallery,
		.lock_timeout = (unsigned)settings->lock_timeout.value,
		.name = carrier->ledger_name,
	};
	return fc_resume_open(&options, FC_STEAL(remote), &carrier->service, err);
}

/* The workers of the local engine start before anything of the network is there. */
static enum fc_status open_both(struct carrier *carrier, const struct command_context *ctx,
				enum fc_policy policy, struct fc_error *err)
{
	FC_CLEANUP(fc_service_closep) struct fc_service *local = NULL;
	FC_CLEANUP(fc_service_closep) struct fc_service *remote = NULL;
	FC_TRY(open_local(carrier, ctx, &local, err));
	FC_TRY(open_remote(carrier, ctx, &remote, err));
	return fc_fallback_open(policy, ctx->settings->service, FC_STEAL(remote), FC_STEAL(local),
				&carrier->service, err);
}

/* What the command line or the environment says, then the service's section, then the rest of the configuration. */
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

enum fc_status carrier_open(struct carrier *carrier, struct command_context *ctx,
			    struct fc_error *err)
{
	enum fc_policy policy;
	FC_TRY(policy_of(ctx->settings, &policy, err));
	if (!settings_are_local(ctx->settings) && !(ctx->command->needs & COMMAND_POLICY)) {
		policy = FC_POLICY_REMOTE;
	}
	if (policy == FC_POLICY_LOCAL) {
		FC_TRY(open_local(carrier, ctx, &carrier->service, err));
	} else if (policy == FC_POLICY_REMOTE && ctx->command->needs & COMMAND_LEDGER) {
		FC_TRY(open_remembered(carrier, ctx, err));
	} else if (policy == FC_POLICY_REMOTE) {
		FC_TRY(open_remote(carrier, ctx, &carrier->service, err));
	} else {
		FC_TRY(open_both(carrier, ctx, policy, err));
	}
	ctx->service = carrier->service;
	return FC_OK;
}

void carrier_release(struct carrier *carrier)
{
	fc_service_close(carrier->service);
	remote_release(&carrier->remote);
	free(carrier->ledger_name);
	engine_release(&carrier->engine);
	*carrier = (struct carrier){ 0 };
}
