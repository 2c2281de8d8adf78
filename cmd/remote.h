/* Open a remote service: read its section of the configuration and the proxy variables, and protect its token. */
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
	struct service_opening opening; /* may be changed before remote_start */
};

/*
 * Read the settings of the service `name`. From then on, this process cannot write a core file or log TLS keys. Errors: those of
 * services_get, FC_PERMISSION (the environment variable of the token is not set).
 */
enum fc_status remote_prepare(struct remote *remote, const char *name,
			      const struct settings *settings, const struct locations *locations,
			      struct fc_error *err);

/*
 * Open the service, which sends no request. A token from an environment variable is removed from the environment. Errors: those
 * of the open function of the service's type.
 */
enum fc_status remote_start(struct remote *remote, struct fc_service **service,
			    struct fc_error *err);
void remote_release(struct remote *remote);

/* Print a line about one try of a request, for --verbose. The context is a struct out. */
void remote_trace_event(void *out, const struct fc_http_event *event);

/* The proxy for this URL from the environment (https_proxy, http_proxy, all_proxy), or NULL. */
const char *proxy_of_environment(const char *url);
const char *no_proxy_of_environment(void);

#endif
