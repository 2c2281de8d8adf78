/* What the verbs of a policy share. Private to lib/service/policy*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_POLICY_ENGINE_H
#define FC_SERVICE_POLICY_ENGINE_H

#include "service/profiles.h"
#include "service/service.h"
#include "service/wrap/fallback.h"

#define FC_POLICY_LOCAL_NAME "local"

struct fc_policy_service {
	struct fc_service service; /* first, so that a service is its engine */
	enum fc_policy policy;
	const char *name; /* of the remote service */
	struct fc_service *remote, *local;
};

static inline struct fc_policy_service *fc_policy_of(struct fc_service *service)
{
	return (struct fc_policy_service *)service;
}

/* Photos go to the remote service until it is down. */
struct fc_policy_source {
	const struct fc_photo_source *source;
	unsigned failures; /* photos in a row that it could not answer for now */
	bool down;
	bool needs_origins; /* the request names no place, so that each photo must */
};

/*
 * The source's photos, until the service is down; then it ends early. Errors: FC_INVALID_ARGUMENT for a photo without an origin where
 * each needs one.
 */
struct fc_photo_source fc_policy_photos(struct fc_policy_source *source);

/* Whether the photo falls to the local engine, counting those that do. */
bool fc_policy_falls(struct fc_policy_source *source, enum fc_status status, const char *path);

/* Nobody answers for the remote service, so that it is asked on. */
void fc_policy_stands_alone(struct fc_policy_source *source);

/*
 * What a request comes to: status, in the words of why. Where the remote service had failed before and nobody has answered for it, the
 * failure is its own.
 */
enum fc_status fc_policy_verdict(enum fc_status status, const struct fc_error *why,
				 enum fc_status failed, const struct fc_error *remote,
				 struct fc_error *err);

/* A source of one photo, for the local engine. */
struct fc_policy_single {
	const struct fc_photo *photo; /* NULL once it was given */
};
struct fc_photo_source fc_policy_one_photo(struct fc_policy_single *single);

/* Add a second tally's counts. */
void fc_policy_add(struct fc_tally *tally, const struct fc_tally *more);

/* Refuse what would change a person. Errors: FC_UNSUPPORTED. */
FC_MUST_USE enum fc_status fc_policy_refuse(bool asked, const char *what, struct fc_error *err);

enum fc_status fc_policy_recognize(struct fc_service *service,
				   const struct fc_recognize_request *request,
				   struct fc_tally *tally, struct fc_error *err);
enum fc_status fc_policy_search(struct fc_service *service,
				const struct fc_profile_search_request *request,
				struct fc_tally *tally, struct fc_error *err);

#endif
