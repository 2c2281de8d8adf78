/* Opening a remote service: its section of the configuration, the proxies of the environment, and a process that keeps secrets. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_REMOTE_H
#define FC_CMD_REMOTE_H

#include "config/services.h"
#include "config/settings.h"
#include "locate.h"
#include "output/out.h"

/* { 0 } is empty. Must outlive the service. */
struct remote {
	struct service_settings settings;
	struct fc_remote module;
	struct service_opening opening; /* whoever starts it may change what is in here before */
};

/*
 * Get everything ready to open the service of that name. From then on this process leaves no core file and writes no TLS keys.
 * Errors: those of services_get, FC_PERMISSION (a token's variable is not set).
 */
FC_MUST_USE enum fc_status remote_prepare(struct remote *remote, const char *name,
					  const struct settings *settings,
					  const struct locations *locations, struct fc_error *err);

/*
 * Open it; nothing is sent. A token that came out of the environment is no longer there afterwards.
 * Errors: those of the type's open.
 */
FC_MUST_USE enum fc_status remote_start(struct remote *remote, struct fc_service **service,
					struct fc_error *err);
void remote_release(struct remote *remote);

/* A line about each try of a request, for --verbose. The context is the struct out. */
void remote_tell_event(void *out, const struct fc_http_event *event);

/* The proxy that the environment names for this address (https_proxy, http_proxy, all_proxy), or NULL. */
const char *proxy_of_environment(const char *url);
const char *no_proxy_of_environment(void);

#endif
