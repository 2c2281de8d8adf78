/* A service of the kind of Azure's Face API v1.0: spaces are large person groups, a person's number stands in its name. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_AZURE_H
#define FC_SERVICE_AZURE_H

#include "net/http.h"
#include "net/token.h"
#include "service/remote/common/limits.h"
#include "service/service.h"

struct fc_azure_options {
	const char *name; /* what messages call the service: its section in the configuration */
	struct fc_token_source token; /* the subscription key */
	/* Stands before a space's name in the id of its group; may be "". */
	const char *group_prefix;
	/* Of groups that are made; one that is there keeps its own. */
	const char *recognition_model;
	const char *detection_model;
	const char *attributes; /* to ask for with each face, comma-separated; NULL or "": none */
	bool has_confidence;
	double confidence; /* [0, 1] candidates below it do not count; else the service's own limit */
	unsigned candidates; /* asked for with each face, 1 to 100 */
	unsigned
		face_seconds; /* how long the service keeps what it saw in a photo, 60 to 86400; 0: its own choice */
	uint64_t poll_ms,
		poll_ceiling_ms; /* between two looks at a training; doubled up to the ceiling */
	/* A training, or somebody else's that is in the way, may take this long. */
	uint64_t training_ms;
	struct fc_remote_limits limits;
	/* address, limits and manners; its secrets are filled in here */
	struct fc_http_options http;
};

/* Everything but name, token and address as the service documents it. */
struct fc_azure_options fc_azure_defaults(void);

/*
 * Read the key and get ready; nothing is sent. Strings are borrowed until fc_service_close.
 * Errors: those of fc_token_load and fc_http_open, FC_INVALID_ARGUMENT.
 *
 * The similarity that recognize and verify report is the service's confidence in [0, 1], which is no cosine. What the service does
 * not offer is refused with FC_UNSUPPORTED: thresholds of facectl's, templates, crops, pictures, liveness, dry runs of set.
 */
FC_MUST_USE enum fc_status fc_azure_open(const struct fc_azure_options *options,
					 struct fc_service **out, struct fc_error *err);

#endif
