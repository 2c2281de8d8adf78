/* Who carries a command out. */
/* SPDX-License-Identifier: MIT */
#include "carrier.h"

#include <string.h>

#include "interrupt.h"

static enum fc_status open_local(struct carrier *carrier, const struct command_context *ctx,
				 struct fc_error *err)
{
	const struct settings *settings = ctx->settings;
	const volatile sig_atomic_t *stop =
		ctx->command->needs & COMMAND_VISION ? interrupt_watch() : NULL;
	FC_TRY(engine_init(&carrier->engine, settings, ctx->photos, stop, err));
	carrier->engine.options.liveness = ctx->liveness ? settings->liveness : NULL;
	carrier->engine.options.attributes =
		ctx->command->needs & COMMAND_ATTRIBUTES ? settings->attributes : NULL;
	if (ctx->embedder) {
		carrier->engine.options.embedder = ctx->embedder;
	}
	return fc_local_open(&carrier->engine.options, &carrier->service, err);
}

static enum fc_status open_remote(struct carrier *carrier, const struct command_context *ctx,
				  const char *name, struct fc_error *err)
{
	struct fc_http_options *http = &carrier->remote.opening.http;
	FC_TRY(locations_find(&carrier->engine.locations, err));
	FC_TRY(remote_prepare(&carrier->remote, name, ctx->settings, &carrier->engine.locations,
			      err));
	http->stop = interrupt_watch();
	if (ctx->out->verbose) {
		http->trace = (struct fc_http_trace){ remote_tell_event, ctx->out };
	}
	return remote_start(&carrier->remote, &carrier->service, err);
}

enum fc_status carrier_open(struct carrier *carrier, struct command_context *ctx,
			    struct fc_error *err)
{
	const char *name = ctx->settings->service;
	if (strcmp(name, "local") == 0) {
		FC_TRY(open_local(carrier, ctx, err));
	} else {
		FC_TRY(open_remote(carrier, ctx, name, err));
	}
	ctx->service = carrier->service;
	return FC_OK;
}

void carrier_release(struct carrier *carrier)
{
	fc_service_close(carrier->service);
	remote_release(&carrier->remote);
	engine_release(&carrier->engine);
	*carrier = (struct carrier){ 0 };
}
