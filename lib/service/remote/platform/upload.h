/* Photos to a platform, one in a request. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PLATFORM_UPLOAD_H
#define FC_SERVICE_PLATFORM_UPLOAD_H

#include "service/profiles.h"
#include "service/remote/common/photos.h"
#include "service/remote/platform/engine.h"

/* How to find out whether a request was carried out after a failure that leaves this open. */
enum fc_platform_recovery {
	FC_RECOVERY_NONE,   /* not needed: the request can be repeated */
	FC_RECOVERY_CREATE, /* search for the face, then for an entry that created its profile */
	FC_RECOVERY_REINIT, /* look for an entry of the profile */
};

/* The photos of one verb. */
struct fc_platform_upload {
	struct fc_platform *platform;
	const struct fc_profile_photos *input;
	struct fc_tally *tally;
	enum fc_platform_recovery recovery;
	bool sends_origin;  /* requests name the origin of their photo */
	struct fc_uuid pid; /* reinit: the profile */
	/* Begin the verb's call and add its fields. */
	void (*fill)(const struct fc_platform_upload *upload, const struct fc_remote_photo *photo,
		     struct fc_platform_call *call);
	const void *request;                  /* the verb's, for fill */
	const struct fc_remote_photo *second; /* search: another photo of the same person */
	const char *unclear_advice; /* appended to a failure after which the outcome is unknown */
	const char *origin_name;    /* of the request or the configuration, once it was found */
};

/* Send all photos and report them. */
FC_MUST_USE enum fc_status fc_platform_upload_all(struct fc_platform_upload *upload,
						  struct fc_error *err);

/* Add the photo's origin in the dialect's field. It must have been loaded. */
void fc_platform_origin_field(const struct fc_platform_upload *upload,
			      const struct fc_remote_photo *photo, struct fc_platform_call *call);

/* ---- upload_steps.c: the requests of one photo ---- */

struct fc_platform_batch {
	struct fc_platform_upload *upload;
	struct fc_remote_batch remote;
};

/* Set the functions and sizes of a batch that belong to the requests; batch->remote.context is the batch. */
void fc_platform_batch_init(struct fc_platform_batch *batch);

#endif
