/* A VK-Smarty-style service: set, recognize, delete and truncate, carried out by somebody else over HTTPS. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_SMARTY_H
#define FC_SERVICE_SMARTY_H

#include "net/http.h"
#include "net/token.h"
#include "service/remote/common/limits.h"
#include "service/service.h"

/* What the service takes; checked before anything is sent. */
struct fc_smarty_limits {
	size_t images; /* in a request; at least 1 */
	uint64_t request_bytes;
	struct fc_remote_limits photo;
};

struct fc_smarty_options {
	const char *name;     /* what messages call the service: its section in the configuration */
	const char *provider; /* oauth_provider */
	struct fc_token_source token;
	struct fc_smarty_limits limits;
	bool has_searcher;
	unsigned searcher; /* 0: among all persons, 1: the nearest neighbour (and attributes) */
	/* address, limits and manners; its secrets are filled in here */
	struct fc_http_options http;
};

/* Everything but name, token and address as the service documents it. */
struct fc_smarty_options fc_smarty_defaults(void);

/*
 * Read the token and get ready; nothing is sent. Strings are borrowed until fc_service_close.
 * Errors: those of fc_token_load and fc_http_open, FC_INVALID_ARGUMENT.
 *
 * What the service does not offer is refused with FC_UNSUPPORTED: thresholds, templates, crops, pictures, names, dry runs.
 */
FC_MUST_USE enum fc_status fc_smarty_open(const struct fc_smarty_options *options,
					  struct fc_service **out, struct fc_error *err);

#endif
