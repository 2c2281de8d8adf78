/* Storing the faces of a photo for a while, under faceIds. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_DETECTED_H
#define FC_SERVICE_LOCAL_DETECTED_H

#include "service/local/engine.h"

/* What is stored with each face. */
struct fc_detected_kind {
	unsigned seconds;                       /* until the face expires */
	int recognition_model, detection_model; /* their numbers */
};

/*
 * Store the faces of an analysis, which have templates; *out: their ids, to be freed. Creates the gallery. Expired faces are removed. After an error
 * nothing is stored, and *out is NULL. Errors: those of opening and changing the gallery.
 */
enum fc_status fc_local_store_detected(struct fc_local *local, const struct fc_analysis *analysis,
				       const struct fc_detected_kind *kind, struct fc_uuid **out,
				       struct fc_error *err);

#endif
