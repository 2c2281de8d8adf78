/* Opening a remote service: its section of the configuration, the proxies of the environment, and a process that keeps secrets. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_REMOTE_H
#define FC_CMD_REMOTE_H

#include <signal.h>

#include "locate.h"
#include "out.h"
#include "services.h"
#include "settings.h"

/* { 0 } is empty. Must outlive the service. */
struct remote {
	struct service_settings settings;
	struct fc_remote module;
};

/*
 * Open the service of that name. From then on this process leaves no core file and writes no TLS keys, and a token that came out of
 * the environment is no longer in it. stop may be NULL; out gets the trace of --verbose.
 * Errors: those of services_get and of the type's open; FC_PERMISSION (a token's variable is not set).
 */
FC_MUST_USE enum fc_status remote_open(struct remote *remote, const char *name,
				       const struct settings *settings,
				       const struct locations *locations,
				       const volatile sig_atomic_t *stop, struct out *out,
				       struct fc_service **service, struct fc_error *err);
void remote_release(struct remote *remote);

/* The proxy that the environment names for this address (https_proxy, http_proxy, all_proxy), or NULL. */
const char *proxy_of_environment(const char *url);
const char *no_proxy_of_environment(void);

#endif
