/* The verbs detect and verify, which find and compare faces without persons. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_FACES_H
#define FC_SERVICE_FACES_H

#include "service/photos.h"

/*
 * FaceIds of the Azure Face API: the faces of a photo are kept for a while under ids. The strings are borrowed. All zero: the engine's defaults
 * (local: recognition_04, detection_01, 86400 seconds).
 */
struct fc_face_id_request {
	const char *recognition_model, *detection_model;
	unsigned seconds; /* 60 to 86400 */
};

struct fc_detect_request {
	struct fc_photo_source photos;
	struct fc_photo_sink sink;
	bool want_templates, want_crops, want_liveness;
	bool one_face; /* a photo without a face or with several faces fails */
	/*
	 * With one_face: a photo whose face violates them fails, if it has a person or has_person says so, because then it is for enrolment.
	 * NULL: no limits.
	 */
	const struct fc_quality_limits *quality;
	bool has_person;
	const struct fc_face_id_request *face_ids; /* NULL: no faceIds */
	/* the persons of the faces, by `name_faces`; NULL: each face is labelled with its number */
	struct fc_annotation annotation;
	/* Called for each photo with faces. Sets the outcome's faces, which stay the callee's until the sink returns. NULL: detect names nobody. */
	enum fc_status (*name_faces)(void *context, struct fc_photo_outcome *outcome,
				     struct fc_error *err);
};

struct fc_verify_request {
	struct fc_photo first, second;        /* exactly one face in each */
	struct fc_threshold_choice threshold; /* default: fmr 1e-4 */
};

struct fc_verify_result {
	bool same;
	float similarity;
	struct fc_threshold threshold;
	int failed_photo; /* index (0 or 1) of the photo that made the request fail, else -1 */
};

struct fc_face_verbs {
	enum fc_status (*detect)(struct fc_service *service,
				 const struct fc_detect_request *request, struct fc_tally *tally,
				 struct fc_error *err);
	enum fc_status (*verify)(struct fc_service *service,
				 const struct fc_verify_request *request,
				 struct fc_verify_result *out, struct fc_error *err);
};

static inline enum fc_status fc_service_detect(struct fc_service *service,
					       const struct fc_detect_request *request,
					       struct fc_tally *tally, struct fc_error *err)
{
	*tally = (struct fc_tally){ 0 };
	FC_TRY(fc_service_need(service, FC_VERB_DETECT, err));
	return service->operations->faces->detect(service, request, tally, err);
}

static inline enum fc_status fc_service_verify(struct fc_service *service,
					       const struct fc_verify_request *request,
					       struct fc_verify_result *out, struct fc_error *err)
{
	*out = (struct fc_verify_result){ .failed_photo = -1 };
	FC_TRY(fc_service_need(service, FC_VERB_VERIFY, err));
	return service->operations->faces->verify(service, request, out, err);
}

#endif
