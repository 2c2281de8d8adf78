/* A client of the Azure Face API v1.0: a space is a large person group, and a person's number is part of its name. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_AZURE_AZURE_H
#define FC_SERVICE_REMOTE_AZURE_AZURE_H

#include "net/http.h"
#include "net/token.h"
#include "service/remote/common/limits.h"
#include "service/service.h"

struct fc_azure_options {
	const char *name;             /* for messages: its section in the configuration */
	struct fc_token_source token; /* the subscription key */
	/* A group's id is this prefix followed by the name of the space. May be "". */
	const char *group_prefix;
	/* Recognition model for newly created person groups; existing groups keep their model. */
	const char *recognition_model;
	const char *detection_model;
	/* attributes to request for each face, comma-separated; NULL or "": none */
	const char *attributes;
	bool has_confidence;
	double confidence; /* [0, 1] minimum confidence of candidates; if not set, the service's default */
	unsigned candidates; /* maximum number of candidates for each face, 1 to 100 */
	unsigned
		face_seconds; /* lifetime of detected faces at the service, 60 to 86400 s; 0: the service's default */
	/* interval between polls of a training; it doubles up to the ceiling */
	uint64_t poll_ms, poll_ceiling_ms;
	/* Time limit for training a group, and for waiting for another client's training. */
	uint64_t training_ms;
	struct fc_remote_limits limits;
	/* URL, limits, retries; fc_azure_open fills in the secrets */
	struct fc_http_options http;
};

/* The documented defaults, without name, token and URL. */
struct fc_azure_options fc_azure_defaults(void);

/*
 * Read the key and prepare the connection; nothing is sent. Strings are borrowed until fc_service_close.
 * Errors: those of fc_token_load and fc_http_open, FC_INVALID_ARGUMENT.
 *
 * The similarity of recognize and verify is the service's confidence in [0, 1], not a cosine. Requests for features that the
 * service lacks fail with FC_UNSUPPORTED: thresholds, templates, crops, annotated pictures, liveness, dry runs of set.
 */
enum fc_status fc_azure_open(const struct fc_azure_options *options, struct fc_service **out,
			     struct fc_error *err);

#endif
