/* What recognize and profiles search of a fallback service share. Private to lib/service/wrap/fallback*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_WRAP_FALLBACK_ENGINE_H
#define FC_SERVICE_WRAP_FALLBACK_ENGINE_H

#include "service/profiles.h"
#include "service/wrap/fallback.h"

struct fc_fallback {
	struct fc_service service; /* first, so that both have the same address */
	enum fc_policy policy;
	const char *name; /* of the remote service */
	struct fc_service *remote, *local;
};

static inline struct fc_fallback *fc_fallback_of(struct fc_service *service)
{
	return (struct fc_fallback *)service;
}

/* An outcome of a verb. */
struct fc_fallback_outcome {
	const void *whole; /* struct fc_photo_outcome or struct fc_profile_outcome */
	const struct fc_photo *photo;
	const char *path, *error;
	enum fc_status status;
};

/* A request of the run to one of the services, and how its outcomes are processed. */
struct fc_fallback_part {
	struct fc_fallback_run *run;
	enum fc_status (*take)(struct fc_fallback_part *part,
			       const struct fc_fallback_outcome *outcome, struct fc_error *err);
	const struct fc_fallback_outcome
		*first;  /* the remote service's; NULL when it was not used */
	const char *why; /* the error that ended the remote request; reported once; may be NULL */
	bool reported;
};

/* The request of one command. */
struct fc_fallback_run {
	const struct fc_fallback *fallback;
	const void *request;
	const struct fc_photo_source *source; /* of the request */
	struct fc_tally *tally;
	bool needs_origins; /* the request names neither space nor origin, so each photo must */
	/*
	 * Send the request with these photos. Options that only the local engine has are not sent to the remote service. The sink calls
	 * part->take.
	 */
	enum fc_status (*send)(const struct fc_fallback_run *run, bool remote,
			       struct fc_photo_source photos, struct fc_fallback_part *part,
			       struct fc_tally *tally, struct fc_error *err);
	/* Report an outcome to the sink of the request. */
	enum fc_status (*report)(const struct fc_fallback_run *run, const void *outcome,
				 struct fc_answered answered, struct fc_error *err);
	/* Whether two successful outcomes have the same persons. */
	bool (*is_same)(const void *first, const void *second);

	/* state */
	unsigned
		failures; /* number of consecutive photos that the remote service could not process */
	bool down;        /* no more photos are sent to the remote service */
};

enum fc_status fc_fallback_carry_out(struct fc_fallback_run *run, struct fc_error *err);

FC_VERB_FUNCTION(fc_photo_verbs, recognize) fc_fallback_recognize;
FC_VERB_FUNCTION(fc_profile_verbs, search) fc_fallback_search;

#endif
