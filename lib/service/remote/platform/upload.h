/* Send photos to a platform, one per request. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_REMOTE_PLATFORM_UPLOAD_H
#define FC_SERVICE_REMOTE_PLATFORM_UPLOAD_H

#include "service/profiles.h"
#include "service/remote/common/photos.h"
#include "service/remote/platform/engine.h"

/* How to check whether a request with unknown outcome was carried out. */
enum fc_platform_recovery {
	FC_RECOVERY_NONE,   /* not needed: the request can be repeated */
	FC_RECOVERY_CREATE, /* search for the face, then for an entry that created its profile */
	FC_RECOVERY_REINIT, /* search the log for a reinit entry of the profile */
};

/* How to send the photos of one command. */
struct fc_platform_upload {
	struct fc_platform *platform;
	const struct fc_profile_photos *input;
	struct fc_tally *tally;
	enum fc_platform_recovery recovery;
	bool sends_origin;          /* requests name the origin of their photo */
	struct fc_person_id person; /* for reinit: the profile */
	/* Begin the request for a photo and add its fields. */
	void (*fill)(const struct fc_platform_upload *upload, const struct fc_remote_photo *photo,
		     struct fc_platform_call *call);
	const void *request; /* the caller's request, for use by fill */
	/* for search: another photo of the same person; may be NULL */
	const struct fc_remote_photo *second;
	const char *unclear_advice; /* appended to a failure after which the outcome is unknown */
	/* origin of the request or of the configuration; set by fc_platform_upload_all */
	const char *origin_name;
};

static inline bool fc_platform_asks_attributes(const struct fc_platform_upload *upload)
{
	return upload->input->identify_asm || upload->platform->options.attributes;
}

/* Send all photos and report them. */
enum fc_status fc_platform_upload_all(struct fc_platform_upload *upload, struct fc_error *err);

/* Add the dialect's field with the photo's origin, which must have been looked up before. */
void fc_platform_origin_field(const struct fc_platform_upload *upload,
			      const struct fc_remote_photo *photo, struct fc_platform_call *call);

/* ---- upload_steps.c: the requests of one photo ---- */

struct fc_platform_batch {
	struct fc_platform_upload *upload;
	struct fc_remote_batch remote;
};

/* Set the callbacks and sizes in batch->remote. Its context is the batch itself. */
void fc_platform_batch_init(struct fc_platform_batch *batch);

#endif
