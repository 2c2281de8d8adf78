/* A service of the NeuroIO platform, or of its fork SERP: profiles, entries, origins and spaces, over HTTPS. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PLATFORM_H
#define FC_SERVICE_PLATFORM_H

#include "net/http.h"
#include "net/token.h"
#include "protocol/platform_dialect.h"
#include "service/remote/common/limits.h"
#include "service/service.h"

struct fc_platform_options {
	enum fc_platform_kind kind;
	const char *name;   /* for messages: its section in the configuration */
	const char *origin; /* of photos for which a request gives none; NULL: it must */
	/* NeuroIO's address for spaces; NULL: see fc_platform_defaults */
	const char *iam_url;
	struct fc_token_source token;
	struct fc_remote_limits photo;
	bool attributes; /* request age, sex and mood with every photo */
	/* address, limits, retries; the secrets are filled in by fc_platform_open */
	struct fc_http_options http;
};

/*
 * The documented values, without name and token. SERP, which is self-hosted, has no default address. Without an iam_url NeuroIO's
 * own is used with NeuroIO's own url, and any other url is used for both.
 */
struct fc_platform_options fc_platform_defaults(enum fc_platform_kind kind);

/*
 * Read the token and prepare the connection; nothing is sent. Strings are borrowed until fc_service_close.
 * Errors: those of fc_token_load and fc_http_open, FC_INVALID_ARGUMENT.
 *
 * Features that the platform lacks are refused with FC_UNSUPPORTED: numbers, names and user data of persons, templates, crops,
 * liveness as a condition, dry runs, and the verbs that its operations lack.
 */
FC_MUST_USE enum fc_status fc_platform_open(const struct fc_platform_options *options,
					    struct fc_service **out, struct fc_error *err);

#endif
