/*
 * A service of the NeuroIO platform, or of SERP, which grew out of it: profiles, entries, origins and spaces, kept by somebody else
 * and spoken to over HTTPS.
 */
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
	const char *name;   /* what messages call the service: its section in the configuration */
	const char *origin; /* where photos come from when a request does not say; NULL: it must */
	/* NeuroIO's other address, for spaces; NULL: see fc_platform_defaults. */
	const char *iam_url;
	struct fc_token_source token;
	struct fc_remote_limits photo;
	bool attributes; /* have age, sex and mood estimated with every photo */
	/* address, limits and manners; its secrets are filled in here */
	struct fc_http_options http;
};

/*
 * Everything but name and token as the service documents it; SERP, which runs on one's own machines, has no address either. Without
 * an iam_url NeuroIO's own is taken with NeuroIO's own url, and any other url serves for both.
 */
struct fc_platform_options fc_platform_defaults(enum fc_platform_kind kind);

/*
 * Read the token and get ready; nothing is sent. Strings are borrowed until fc_service_close.
 * Errors: those of fc_token_load and fc_http_open, FC_INVALID_ARGUMENT.
 *
 * What the platform does not offer is refused with FC_UNSUPPORTED: numbers, names and user data of persons, templates, crops,
 * liveness as a condition, dry runs, and the verbs that its operations lack.
 */
FC_MUST_USE enum fc_status fc_platform_open(const struct fc_platform_options *options,
					    struct fc_service **out, struct fc_error *err);

#endif
