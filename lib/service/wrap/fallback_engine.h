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
	unsigned failures;  /* photos in a row that the remote service could not answer now */
	bool down;          /* the remote service gets no more photos */
	bool needs_origins; /* the request names neither space nor origin, so each photo must */
};

/* The photos until the remote service is down. next fails with FC_INVALID_ARGUMENT for a photo without a required origin. */
struct fc_photo_source fc_fallback_source(struct fc_fallback_photos *photos);

/* Whether the local engine answers for a photo that had this status at the remote service. Counts failures in a row. */
bool fc_fallback_applies(struct fc_fallback_photos *photos, enum fc_status status,
			 const char *path);

/* The local engine failed, too: keep sending photos to the remote service. */
void fc_fallback_use_remote(struct fc_fallback_photos *photos);

/*
 * The status of a request that ended with `status` and the message of `why`. If the remote service failed before (remote_status) and
 * the local engine could not answer, the error is that of the remote service.
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
