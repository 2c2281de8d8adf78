/* detect and verify on the local engine: faces without a gallery. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/vector.h"
#include "protocol/azure/request_body.h"
#include "service/local/detected.h"
#include "service/local/engine.h"
#include "service/match/threshold.h"

struct detection {
	struct fc_local *local;
	const struct fc_detect_request *request;
	struct fc_tally *tally;
};

/* Draw the faces of the outcome; without names, number them. */
static enum fc_status annotate(const struct detection *detection, struct fc_local_photo *photo,
			       const struct fc_photo_outcome *outcome, struct fc_error *err)
{
	enum { NUMBER_SIZE = 24 };
	size_t count = photo->analysis.face_count;
	const struct fc_annotation *annotation = &detection->request->annotation;
	if (!annotation->take || detection->request->name_faces) {
		return fc_local_annotate(detection->local, photo, outcome->faces,
					 outcome->face_count, annotation, err);
	}
	FC_CLEANUP(fc_free) struct fc_recognized_face *faces = calloc(count + 1, sizeof(*faces));
	FC_CLEANUP(fc_free) char(*numbers)[NUMBER_SIZE] = calloc(count + 1, sizeof(*numbers));
	if (!faces || !numbers) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%zu", i);
		faces[i] = (struct fc_recognized_face){
			.face = &photo->analysis.faces[i],
			.known = true,
			.identity = { .name = numbers[i] },
		};
	}
	return fc_local_annotate(detection->local, photo, faces, count, annotation, err);
}

/* Store the faces; *ids: under which ids. */
static enum fc_status store(struct fc_local *local, const struct fc_analysis *analysis,
			    const struct fc_face_id_request *request, struct fc_uuid **ids,
			    struct fc_error *err)
{
	const char *recognition = request->recognition_model, *finder = request->detection_model;
	struct fc_detected_kind kind = {
		.seconds = request->seconds > 0 ? request->seconds : FC_AZURE_DAY,
		.recognition_model = 4,
		.detection_model = 1,
	};
	if ((recognition &&
	     !fc_azure_read_model(recognition, "recognition_", 4, &kind.recognition_model)) ||
	    (finder && !fc_azure_read_model(finder, "detection_", 3, &kind.detection_model))) {
		return fc_fail(err, FC_INVALID_ARGUMENT, "unknown recognition or detection model");
	}
	return fc_local_store_detected(local, analysis, &kind, ids, err);
}

static enum fc_status report_faces(void *context, struct fc_local_photo *photo,
				   struct fc_error *err)
{
	struct detection *detection = context;
	const struct fc_detect_request *request = detection->request;
	if (request->one_face) {
		fc_local_choose_face(photo);
	}
	if (photo->status == FC_OK && request->one_face && request->quality &&
	    (request->has_person || fc_local_has_person(&photo->given))) {
		photo->status = fc_quality_check(request->quality, fc_local_face(photo),
						 photo->given.path, &photo->reason, &photo->error);
	}
	struct fc_photo_outcome named = fc_local_outcome(photo);
	if (photo->status == FC_OK && request->name_faces && photo->analysis.face_count > 0) {
		FC_TRY(request->name_faces(request->sink.context, &named, err));
	}
	FC_TRY(annotate(detection, photo, &named, err));
	FC_CLEANUP(fc_free) struct fc_uuid *ids = NULL;
	if (photo->status == FC_OK && request->face_ids && photo->analysis.face_count > 0) {
		FC_TRY(store(detection->local, &photo->analysis, request->face_ids, &ids, err));
	}
	struct fc_photo_outcome outcome = fc_local_outcome(photo);
	outcome.face_ids = ids;
	if (photo->status == FC_OK) {
		outcome.faces = named.faces;
		outcome.face_count = named.face_count;
	}
	fc_tally_count(detection->tally, photo->status);
	detection->tally->faces += photo->analysis.face_count;
	return request->sink.report(request->sink.context, &outcome, err);
}

static enum fc_status local_detect(struct fc_service *service,
				   const struct fc_detect_request *request, struct fc_tally *tally,
				   struct fc_error *err)
{
	struct detection detection = { fc_local_of(service), request, tally };
	struct fc_local_batch batch = {
		.source = request->photos,
		.want = (request->one_face ? FC_WANT_ALONE : FC_WANT_FACES) |
			(request->want_templates || request->face_ids ? FC_WANT_TEMPLATES
								      : FC_WANT_FACES) |
			(request->want_crops ? FC_WANT_CROPS : FC_WANT_FACES) |
			(request->want_liveness ? FC_WANT_LIVENESS : FC_WANT_FACES),
		.keep_descriptor = request->annotation.take != NULL,
		.handle = report_faces,
		.context = &detection,
	};
	FC_TRY(fc_local_check_liveness(detection.local, request->want_liveness, err));
	return fc_local_run(detection.local, &batch, err);
}

/* The templates of two photos. */
struct pair {
	size_t count;
	float *templates[2];
	size_t dimension;
	int failed_photo;
};

static void pair_release(struct pair *pair)
{
	free(pair->templates[0]);
	free(pair->templates[1]);
}

static enum fc_status steal_template(void *context, struct fc_local_photo *photo,
				     struct fc_error *err)
{
	struct pair *pair = context;
	fc_local_choose_face(photo);
	if (photo->status != FC_OK) {
		pair->failed_photo = (int)pair->count;
		return fc_fail(err, photo->status, "%s", photo->error.text);
	}
	pair->templates[pair->count++] = FC_STEAL(fc_local_face(photo)->embedding);
	pair->dimension = photo->analysis.dimension;
	return FC_OK;
}

static enum fc_status local_verify(struct fc_service *service,
				   const struct fc_verify_request *request,
				   struct fc_verify_result *out, struct fc_error *err)
{
	struct fc_local *local = fc_local_of(service);
	const struct fc_photo photos[] = { request->first, request->second };
	struct fc_photo_array array = { photos, FC_ARRAY_LENGTH(photos) };
	FC_CLEANUP(pair_release) struct pair pair = { .failed_photo = -1 };
	struct fc_local_batch batch = {
		.source = fc_photo_array_source(&array),
		.want = FC_WANT_ALONE | FC_WANT_TEMPLATES,
		.handle = steal_template,
		.context = &pair,
	};
	FC_TRY(fc_threshold_choose(&request->threshold, &fc_threshold_of_verify, local->embedder,
				   NULL, 1, &out->threshold, err));
	enum fc_status status = fc_local_run(local, &batch, err);
	out->failed_photo = pair.failed_photo;
	FC_TRY(status);
	if (pair.count != 2) {
		return fc_fail(err, FC_BUSY, "interrupted before both photos were compared");
	}
	out->similarity = fc_dot(pair.templates[0], pair.templates[1], pair.dimension);
	out->same = (double)out->similarity >= out->threshold.value;
	return FC_OK;
}

const struct fc_face_verbs fc_local_face_verbs = {
	.detect = local_detect,
	.verify = local_verify,
};
