/* Photos to a platform, one in a request, and what is done when nobody knows whether one was carried out. Private to platform*.c. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PLATFORM_PHOTOS_H
#define FC_SERVICE_PLATFORM_PHOTOS_H

#include "service/profiles.h"
#include "service/remote/platform/engine.h"

/* How to find out whether a request was carried out. */
enum fc_platform_doubt {
	FC_DOUBT_NONE,   /* repeating does no harm */
	FC_DOUBT_CREATE, /* search for the face; a profile that is new since then was made by it */
	FC_DOUBT_REINIT, /* look for an entry of the profile */
};

struct fc_platform_look {
	struct fc_platform *platform;
	const struct fc_profile_photos *input;
	struct fc_tally *tally;
	enum fc_platform_doubt doubt;
	bool tells_origin;  /* the request says where its photos come from */
	struct fc_uuid pid; /* reinit: whose */
	/* Add what the verb sends beside the photo to a call; its path is the verb's. */
	void (*fill)(const struct fc_platform_look *look, const struct fc_remote_photo *photo,
		     struct fc_platform_call *call);
	const void *request;                  /* the verb's */
	const struct fc_remote_photo *second; /* search: the other photo of the same person */
	const char *harm;        /* words for a failure after which it may have been carried out */
	const char *origin_name; /* the request's, once it was looked up */
};

/* Look at all photos and report. */
FC_MUST_USE enum fc_status fc_platform_look_at_all(struct fc_platform_look *look,
						   struct fc_error *err);

/* Where a photo comes from, for the request: the dialect's field. Only origins that were looked up before are found. */
void fc_platform_origin_field(const struct fc_platform_look *look,
			      const struct fc_remote_photo *photo, struct fc_platform_call *call);

#endif
