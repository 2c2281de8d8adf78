/* A service with the VK Smarty protocol: set, recognize, delete and truncate over HTTPS. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_SMARTY_SMARTY_H
#define FC_SERVICE_REMOTE_SMARTY_SMARTY_H

#include "net/http.h"
#include "net/token.h"
#include "service/cutout.h"
#include "service/remote/common/limits.h"
#include "service/service.h"

/* Limits of the service, checked before anything is sent. */
struct fc_smarty_limits {
	size_t images; /* maximum number in one request; at least 1 */
	uint64_t request_bytes;
	struct fc_remote_limits photo;
};

struct fc_smarty_options {
	const char *name;     /* for messages: its section in the configuration */
	const char *provider; /* oauth_provider */
	struct fc_token_source token;
	struct fc_smarty_limits limits;
	bool has_searcher;
	unsigned searcher;       /* 0: search all persons; 1: nearest neighbour, with attributes */
	struct fc_cutter cutter; /* chooses among several faces */
	/* URL, limits, retries; fc_smarty_open fills in the secrets */
	struct fc_http_options http;
};

/* The documented defaults, without name, token and URL. */
struct fc_smarty_options fc_smarty_defaults(void);

/*
 * Read the token and prepare the connection; nothing is sent. Strings are borrowed until fc_service_close.
 * Errors: those of fc_token_load and fc_http_open, FC_INVALID_ARGUMENT.
 *
 * Requests for features that the service lacks fail with FC_UNSUPPORTED: thresholds, templates, crops, annotated pictures,
 * names, dry runs.
 */
enum fc_status fc_smarty_open(const struct fc_smarty_options *options, struct fc_service **out,
			      struct fc_error *err);

#endif
