/* What recognize and profiles search of a fallback service share. Private to lib/service/wrap/fallback*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_FALLBACK_ENGINE_H
#define FC_SERVICE_FALLBACK_ENGINE_H

#include "service/profiles.h"
#include "service/wrap/fallback.h"

#define FC_FALLBACK_LOCAL_NAME "local"

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

/* The photos of a request, for the remote service. */
struct fc_fallback_photos {
	const struct fc_photo_source *source;
	/* number of consecutive photos that the remote service could not process */
	unsigned failures;
	bool down;          /* no more photos are sent to the remote service */
	bool needs_origins; /* the request names neither space nor origin, so each photo must */
};

/* A source of the photos that ends when the remote service is down. Fails with FC_INVALID_ARGUMENT if a required origin is missing. */
struct fc_photo_source fc_fallback_source(struct fc_fallback_photos *photos);

/* Whether the local engine processes a photo that had this status at the remote service. Counts consecutive failures. */
bool fc_fallback_applies(struct fc_fallback_photos *photos, enum fc_status status,
			 const char *path);

/* Call when the local engine failed, too: photos are sent to the remote service again. */
void fc_fallback_use_remote(struct fc_fallback_photos *photos);

/*
 * The status of a request that ended with `status` and the message of `why`. If the remote service failed before (remote_status) and
 * the local engine failed, too, the error is that of the remote service.
 */
enum fc_status fc_fallback_end(enum fc_status status, const struct fc_error *why,
			       enum fc_status remote_status, const struct fc_error *remote_error,
			       struct fc_error *err);

enum fc_status fc_fallback_recognize(struct fc_service *service,
				     const struct fc_recognize_request *request,
				     struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_fallback_search(struct fc_service *service,
				  const struct fc_profile_search_request *request,
				  struct fc_tally *tally, struct fc_error *err);

#endif
