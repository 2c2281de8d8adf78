/* detect and verify on an Azure service. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "service/remote/azure/engine.h"
#include "vision/faces/choice.h"

void fc_azure_count_answer(struct fc_remote_run *run, const struct fc_azure_error *error,
			   const struct fc_error *failure)
{
	switch ((int)failure->status) {
	case FC_REFUSED:
		/* A response without an error code is not from Azure, but perhaps from a proxy. */
		if (error->code[0] != '\0') {
			return;
		}
		break;
	case FC_BUSY:
	case FC_PERMISSION:
	case FC_FULL:
		break;
	default:
		fc_remote_service_answered(run);
		return;
	}
	fc_remote_service_failed(run, failure);
}

void fc_azure_fail_photo(const struct fc_azure *azure, struct fc_remote_photo *photo,
			 const struct fc_azure_error *error, const struct fc_error *failure)
{
	FC_IGNORE(fc_remote_photo_fail(photo, azure->options.name, failure));
	/* These two statuses have a fixed message, which is the same for every service. */
	bool plain = failure->status == FC_NO_FACE || failure->status == FC_SEVERAL_FACES;
	if (error->message[0] != '\0' && !plain) {
		fc_json_release(&photo->answer);
		photo->answer = cJSON_CreateString(error->message);
		photo->service_error = cJSON_GetStringValue(photo->answer);
	}
}

void fc_azure_detect_call(const struct fc_azure *azure, const struct fc_remote_photo *photo,
			  const struct fc_face_id_request *ids, struct fc_azure_call *call)
{
	const struct fc_azure_options *options = &azure->options;
	const char *recognition =
		ids && ids->recognition_model ? ids->recognition_model : options->recognition_model;
	const char *finder =
		ids && ids->detection_model ? ids->detection_model : options->detection_model;
	unsigned seconds = ids && ids->seconds > 0 ? ids->seconds : options->face_seconds;
	/* detection_02 is the only model without landmarks and attributes */
	bool plain = strcasecmp(finder, "detection_02") == 0;
	fc_azure_begin(azure, call, FC_HTTP_POST, FC_AZURE_ARRAY);
	fc_azure_add_path(call, "detect");
	fc_azure_add_query(call, "returnFaceId", ids ? "true" : "false");
	fc_azure_add_query(call, "returnFaceLandmarks", plain ? "false" : "true");
	if (options->attributes && *options->attributes != '\0') {
		fc_azure_add_query(call, "returnFaceAttributes", options->attributes);
	}
	fc_azure_add_query(call, "recognitionModel", recognition);
	fc_azure_add_query(call, "detectionModel", finder);
	if (ids && seconds > 0) {
		fc_azure_add_query_number(call, "faceIdTimeToLive", seconds);
	}
	fc_azure_photo_body(call, photo);
}

/* ---- detect ---- */

struct detection {
	struct fc_azure *azure;
	const struct fc_detect_request *request;
	struct fc_tally *tally;
};

static enum fc_status next(void *context, struct fc_remote_job *job,
			   struct fc_http_request *request, bool *wanted, struct fc_error *err)
{
	const struct detection *detection = context;
	struct fc_azure_call *call = job->call;
	(void)err;
	fc_azure_detect_call(detection->azure, fc_remote_only_photo(job),
			     detection->request->face_ids, call);
	*request = call->request;
	*wanted = true;
	return FC_OK;
}

static enum fc_status absorb(void *context, struct fc_remote_run *run, struct fc_remote_job *job,
			     enum fc_status status, const struct fc_http_response *response,
			     struct fc_error *failure, struct fc_error *err)
{
	const struct detection *detection = context;
	struct fc_remote_photo *photo = fc_remote_only_photo(job);
	struct fc_azure_error error = { 0 };
	(void)err;
	if (status == FC_OK) {
		status = fc_azure_read(response, FC_AZURE_ARRAY, &photo->answer, &error, failure);
	}
	photo->finished = true;
	if (status == FC_OK) {
		fc_remote_service_answered(run);
		return FC_OK;
	}
	fc_azure_count_answer(run, &error, failure);
	fc_azure_fail_photo(detection->azure, photo, &error, failure);
	return FC_OK;
}

static enum fc_status handle(void *context, struct fc_remote_photo *photo, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_sight_release) struct fc_azure_sight sight = { 0 };
	const struct detection *detection = context;
	const struct fc_photo_sink *sink = &detection->request->sink;
	const bool has_ids = detection->request->face_ids != NULL;
	if (photo->status == FC_OK) {
		struct fc_error failure = { 0 };
		if (fc_azure_read_sight(&photo->answer, has_ids, 0, &sight, &failure) != FC_OK) {
			FC_IGNORE(fc_remote_photo_fail(photo, detection->azure->options.name,
						       &failure));
		}
	}
	struct fc_photo_outcome outcome = fc_remote_photo_outcome(photo);
	struct fc_analysis analysis = photo->analysis;
	analysis.faces = sight.seen;
	analysis.face_count = sight.count;
	outcome.analysis = &analysis;
	outcome.face_ids = has_ids && photo->status == FC_OK ? sight.ids : NULL;
	detection->tally->faces += sight.count;
	fc_tally_count(detection->tally, photo->status);
	return sink->report(sink->context, &outcome, err);
}

enum fc_status fc_azure_detect(struct fc_service *service, const struct fc_detect_request *request,
			       struct fc_tally *tally, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	struct detection detection = { .azure = azure, .request = request, .tally = tally };
	struct fc_remote_batch batch = fc_azure_batch(azure, request->photos);
	batch.call_size = sizeof(struct fc_azure_call);
	batch.context = &detection;
	batch.next = next;
	batch.absorb = absorb;
	batch.handle = handle;
	FC_TRY(fc_azure_refuse(azure, request->want_templates, "templates", err));
	FC_TRY(fc_azure_refuse(azure, request->want_crops, "crops", err));
	FC_TRY(fc_azure_refuse(azure, request->annotation.take, "annotated pictures", err));
	FC_TRY(fc_azure_refuse(azure, request->want_liveness, "liveness", err));
	return fc_remote_photos(&batch, err);
}

/* ---- verify ---- */

enum fc_status fc_azure_choose_face(const struct fc_remote_photo *photo,
				    const struct fc_azure_sight *sight, size_t *face,
				    struct fc_error *err)
{
	const struct fc_analysis analysis = {
		.width = photo->analysis.width,
		.height = photo->analysis.height,
		.faces = sight->seen,
		.face_count = sight->count,
	};
	bool by_place =
		photo->given.face.rule == FC_FACE_MAIN || photo->given.face.rule == FC_FACE_CENTRAL;
	if (by_place && sight->count > 1 && analysis.width == 0) {
		return fc_fail(
			err, FC_SEVERAL_FACES,
			"%zu faces found, and the size of the photo is not known; choose one "
			"with --face",
			sight->count);
	}
	return fc_face_choose(&photo->given.face, &analysis, NULL, face, err);
}

/* Detect the face of a photo and get its faceId. */
static enum fc_status find_face(struct fc_azure *azure, const struct fc_photo *from,
				struct fc_uuid *out, struct fc_error *err)
{
	FC_CLEANUP(fc_remote_photo_release) struct fc_remote_photo photo = { .fd = -1 };
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	FC_CLEANUP(fc_azure_sight_release) struct fc_azure_sight sight = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	size_t face;
	FC_TRY(fc_remote_photo_open(azure->options.name, &azure->options.limits, from, &photo,
				    err));
	if (photo.status != FC_OK) {
		return fc_fail(err, photo.status, "%s", photo.error.text);
	}
	const struct fc_face_id_request ids = { 0 };
	fc_azure_detect_call(azure, &photo, &ids, &call);
	FC_TRY(fc_azure_perform(azure, &call, &json, NULL, err));
	FC_TRY(fc_azure_read_sight(&json, true, 0, &sight, err));
	FC_TRY_PREFIX(fc_azure_choose_face(&photo, &sight, &face, err), err, "'%.200s'",
		      from->path);
	*out = sight.ids[face];
	return FC_OK;
}

static enum fc_status compare(struct fc_azure *azure, const struct fc_uuid ids[2],
			      struct fc_verify_result *out, struct fc_error *err)
{
	FC_CLEANUP(fc_azure_call_release) struct fc_azure_call call = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	char texts[2][FC_UUID_TEXT_SIZE];
	double confidence;
	cJSON *body = cJSON_CreateObject();
	fc_uuid_format(&ids[0], texts[0]);
	fc_uuid_format(&ids[1], texts[1]);
	if (!cJSON_AddStringToObject(body, "faceId1", texts[0]) ||
	    !cJSON_AddStringToObject(body, "faceId2", texts[1])) {
		cJSON_Delete(body);
		return fc_fail_memory(err);
	}
	fc_azure_begin(azure, &call, FC_HTTP_POST, FC_AZURE_OBJECT);
	fc_azure_add_path(&call, "verify");
	FC_TRY(fc_azure_json_body(&call, body, err));
	FC_TRY(fc_azure_perform(azure, &call, &json, NULL, err));
	const cJSON *same = fc_json_get(json, "isIdentical");
	if (!cJSON_IsBool(same) || !fc_json_number(json, "confidence", 0, 1, &confidence)) {
		return fc_fail(err, FC_REFUSED,
			       "service '%s': the response has no isIdentical and confidence",
			       azure->options.name);
	}
	out->same = cJSON_IsTrue(same);
	out->similarity = (float)confidence;
	return FC_OK;
}

enum fc_status fc_azure_verify(struct fc_service *service, const struct fc_verify_request *request,
			       struct fc_verify_result *out, struct fc_error *err)
{
	struct fc_azure *azure = fc_azure_of(service);
	const struct fc_threshold_choice *threshold = &request->threshold;
	const struct fc_photo *photos[] = { &request->first, &request->second };
	bool chosen = threshold->has_threshold || threshold->has_fmr || threshold->has_fpir;
	struct fc_uuid ids[2];
	out->threshold = (struct fc_threshold){ .value = NAN, .basis = FC_THRESHOLD_SERVICE };
	FC_TRY(fc_azure_refuse(azure, chosen, "choosing a threshold", err));
	for (int i = 0; i < 2; i++) {
		enum fc_status status = find_face(azure, photos[i], &ids[i], err);
		bool by_photo = status == FC_UNREADABLE || status == FC_BAD_IMAGE ||
				status == FC_TOO_LARGE || status == FC_NO_FACE ||
				status == FC_SEVERAL_FACES;
		out->failed_photo = by_photo ? i : -1;
		FC_TRY(status);
	}
	return compare(azure, ids, out, err);
}
