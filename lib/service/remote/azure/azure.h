/* A client of Azure's Face API v1.0: spaces are large person groups, and a person's name holds its number. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_AZURE_H
#define FC_SERVICE_AZURE_H

#include "net/http.h"
#include "net/token.h"
#include "service/remote/common/limits.h"
#include "service/service.h"

struct fc_azure_options {
	const char *name;             /* for messages: its section in the configuration */
	struct fc_token_source token; /* the subscription key */
	/* A group's id is this and the name of the space; may be "". */
	const char *group_prefix;
	/* Of groups that are created; existing ones keep their own. */
	const char *recognition_model;
	const char *detection_model;
	const char *attributes; /* to request for each face, comma-separated; NULL or "": none */
	bool has_confidence;
	double confidence; /* [0, 1] candidates below it are ignored; else the service's own limit */
	unsigned candidates; /* requested for each face, 1 to 100 */
	unsigned
		face_seconds; /* lifetime of detected faces at the service, 60 to 86400; 0: its default */
	uint64_t poll_ms,
		poll_ceiling_ms; /* interval of polling a training; doubled up to the ceiling */
	/* Time limit of a training, and of waiting for one of another client. */
	uint64_t training_ms;
	struct fc_remote_limits limits;
	/* URL, limits, retries; secrets are filled in by fc_azure_open */
	struct fc_http_options http;
};

/* Everything but name, token and URL, as the service documents it. */
struct fc_azure_options fc_azure_defaults(void);

/*
 * Read the key; nothing is sent. Strings are borrowed until fc_service_close.
 * Errors: those of fc_token_load and fc_http_open, FC_INVALID_ARGUMENT.
 *
 * The similarity of recognize and verify is the service's confidence in [0, 1], not a cosine. FC_UNSUPPORTED: thresholds, templates,
 * crops, annotated pictures, liveness, dry runs of set.
 */
FC_MUST_USE enum fc_status fc_azure_open(const struct fc_azure_options *options,
					 struct fc_service **out, struct fc_error *err);

#endif
