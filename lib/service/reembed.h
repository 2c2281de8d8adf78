/* The verb gallery reembed: change the embedder of a gallery, and rebuild every template from the stored crop or the photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REEMBED_H
#define FC_SERVICE_REEMBED_H

#include <stdint.h>

#include "base/digest.h"
#include "base/uuid.h"
#include "service/verbs.h"

/* A face whose photo and crop are gone. Strings are valid during the call only. */
struct fc_reembed_face {
	uint64_t face_id;
	const char *space;
	struct fc_uuid pid;
	bool has_number;
	uint64_t number;
	const char *name; /* of the person; may be NULL */
	const char *path; /* of its photo; may be NULL */
	struct fc_sha256 photo;
	const char *why; /* message that says why the face cannot be reembedded */
};

/* The new embedder is the embedder that the service was opened with. */
struct fc_reembed_request {
	/* Keep faces whose photo and crop are gone, without a template. Otherwise such a face prevents the change. */
	bool set_aside;
	bool dry_run;
	/* Called for each face whose photo and crop are gone. An error ends the request. */
	enum fc_status (*without)(void *context, const struct fc_reembed_face *face,
				  struct fc_error *err);
	/* Called after each face, for progress; may be NULL. */
	void (*step)(void *context, uint64_t total, bool failed);
	void *context;
};

struct fc_reembed_result {
	char from[64], to[64]; /* embedders; from is empty if the gallery has no face */
	uint64_t faces;        /* number of faces that need a template */
	uint64_t from_crops, from_photos, without;
	bool changed;
};

struct fc_gallery_verbs {
	enum fc_status (*reembed)(struct fc_service *service,
				  const struct fc_reembed_request *request,
				  struct fc_reembed_result *out, struct fc_error *err);
};

/*
 * Rebuild the template of every face from its stored crop, else from its photo if the file still has the same SHA-256. Ids, persons
 * and entries stay. The gallery changes in one transaction when all templates are ready; if this fails or is interrupted, it is
 * unchanged. If the gallery has this embedder already, only faces without a template get one. A dry run only checks crops and photos.
 *
 * *out is filled in also on errors: FC_INCOMPATIBLE (faces without photo and crop, without set_aside), FC_BUSY (interrupted, or other
 * processes keep adding faces), FC_UNSUPPORTED (a remote service), those of the gallery and of the models.
 */
static inline enum fc_status fc_service_reembed(struct fc_service *service,
						const struct fc_reembed_request *request,
						struct fc_reembed_result *out, struct fc_error *err)
{
	*out = (struct fc_reembed_result){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_GALLERY_REEMBED, err));
	return service->operations->gallery->reembed(service, request, out, err);
}

#endif
