/* The image of a request: its bytes, or what its URL refers to. Private to lib/service/local. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_AZURE_IMAGE_H
#define FC_SERVICE_LOCAL_AZURE_IMAGE_H

#include "service/local/azure/azure.h"

enum {
	FC_AZURE_IMAGE_FACES = 100,  /* faces reported of an image */
	FC_AZURE_FACE_SIDE = 36,     /* pixels of the smallest face in an image of up to */
	FC_AZURE_IMAGE_WIDTH = 1920, /* this many pixels on the longer side */
	FC_AZURE_IMAGE_HEIGHT =
		1080, /* and on the shorter; in larger images it grows in proportion */
};

/*
 * Analyse the image of the request. FC_WANT_ATTRIBUTES must be in want for attributes. The faces that are too small are removed, the others
 * sorted by the area of their boxes, largest first. Unless FC_OK is returned and fc_azure_refused(call) is false, *out is empty; else
 * the caller releases it with fc_local_photo_release.
 * If the image is unusable, the call is refused with the documented error. Errors: those of the workers; FC_BUSY (interrupted).
 */
enum fc_status fc_azure_analyse(struct fc_azure_call *call, enum fc_want want,
				struct fc_local_photo *out, struct fc_error *err);

/* What is determined about an image whose face is added. */
static inline enum fc_want fc_azure_want_of_added_face(bool keep_crops)
{
	return FC_WANT_TEMPLATES | (keep_crops ? FC_WANT_CROPS : FC_WANT_FACES);
}

/* The same of an image whose faces are detected. False: an attribute model would be needed, too, or the request is refused. */
bool fc_azure_want_of_detection(const struct fc_azure_request *request,
				const struct fc_api_request *given, enum fc_want *out);

#endif
