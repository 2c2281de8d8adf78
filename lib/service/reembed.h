/* Another embedder for a gallery: templates made anew from what is kept of each face. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REEMBED_H
#define FC_SERVICE_REEMBED_H

#include "service/service.h"

/* A face of which nothing is left to make a template from. Strings are borrowed from the call. */
struct fc_reembed_face {
	uint64_t face_id;
	const char *space;
	struct fc_uuid pid;
	bool has_number;
	uint64_t number;
	const char *name; /* the person's; NULL */
	const char *path; /* where its photo was; NULL */
	struct fc_sha256 photo;
	const char *why; /* in words */
};

/* The service's embedder is the one that the gallery is to have. */
struct fc_reembed_request {
	/* Faces that nothing is left of stay without a template; else the gallery is left as it is because of them. */
	bool set_aside;
	bool dry_run;
	/* Called for each such face. Errors end the request. */
	enum fc_status (*without)(void *context, const struct fc_reembed_face *face,
				  struct fc_error *err);
	/* Called as faces get their templates; may be NULL. */
	void (*step)(void *context, uint64_t total, bool failed);
	void *context;
};

struct fc_reembed_result {
	char from[64], to[64]; /* embedders; from is empty where the gallery has no face */
	uint64_t faces;        /* that need a template */
	uint64_t from_crops, from_photos, without;
	bool changed;
};

/*
 * Make every face's template anew: from its kept crop, else from its photo where that still is where it was and has the same SHA-256.
 * Ids, persons, entries stay. The gallery changes at once, when all are made; until then, and when this ends early, it is as it was.
 * A gallery that has this embedder already gives templates to those faces that have none. A dry run looks where crops and photos are,
 * and makes nothing.
 * *out is filled in also when the gallery is refused.
 * Errors: FC_INCOMPATIBLE (faces that nothing is left of, without set_aside), FC_BUSY (interrupted, or others keep adding faces),
 * FC_UNSUPPORTED (a remote service), those of the gallery and of the models.
 */
FC_MUST_USE enum fc_status fc_service_reembed(struct fc_service *service,
					      const struct fc_reembed_request *request,
					      struct fc_reembed_result *out, struct fc_error *err);

#endif
