/* A service of the NeuroIO platform, or of its fork SERP: profiles, entries, origins and spaces, over HTTPS. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_PLATFORM_PLATFORM_H
#define FC_SERVICE_REMOTE_PLATFORM_PLATFORM_H

#include "net/http.h"
#include "net/token.h"
#include "protocol/platform_dialect.h"
#include "service/cutout.h"
#include "service/remote/common/limits.h"
#include "service/service.h"

struct fc_platform_options {
	enum fc_platform_kind kind;
	const char *name;   /* for messages: its section in the configuration */
	const char *origin; /* default origin of photos; NULL: each request must name one */
	/* URL of NeuroIO's service for spaces; NULL: see fc_platform_defaults */
	const char *iam_url;
	struct fc_token_source token;
	struct fc_remote_limits photo;
	bool attributes;         /* ask the service for age, sex and mood of each face */
	struct fc_cutter cutter; /* as in struct fc_smarty_options */
	/* URL, limits, retries; fc_platform_open fills in the secrets */
	struct fc_http_options http;
};

/*
 * The documented defaults, without name and token. SERP is self-hosted and has no default URL. If iam_url is not set, NeuroIO's
 * own iam_url is used together with NeuroIO's own url; any other url is used for both.
 */
struct fc_platform_options fc_platform_defaults(enum fc_platform_kind kind);

/*
 * Read the token and prepare the connection; nothing is sent. Strings are borrowed until fc_service_close.
 * Errors: those of fc_token_load and fc_http_open, FC_INVALID_ARGUMENT.
 *
 * Requests for features that the platform lacks fail with FC_UNSUPPORTED: numbers, names and user data of persons, templates,
 * crops, liveness as a condition, and dry runs. Operations that the platform lacks are NULL.
 */
enum fc_status fc_platform_open(const struct fc_platform_options *options, struct fc_service **out,
				struct fc_error *err);

#endif
