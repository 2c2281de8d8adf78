/* detect: the faces of an image, their attributes, and faceIds under which their templates are stored for a while. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "protocol/azure/bodies.h"
#include "service/local/azure/crop_measures.h"
#include "service/local/azure/image.h"
#include "service/local/detected.h"

/* Face quality at or above which qualityForRecognition is medium and high. */
static const float medium_quality = 0.3F, high_quality = 0.6F;

/* ---- attributes ---- */

/* Whether the attribute model estimates it. */
static bool is_estimated(const struct fc_local *local, enum fc_attribute attribute,
			 bool probabilities)
{
	const struct fc_model *model = local->attributes;
	for (size_t i = 0; model && i < model->attribute_count; i++) {
		if (model->attributes[i].attribute == attribute) {
			return !probabilities || model->attributes[i].probabilities;
		}
	}
	return false;
}

/* How each attribute of the API is obtained: from a measurement, from the attribute model, or not at all. */
static const struct source {
	enum fc_azure_attribute bit;
	const char *name;
	bool measured, estimated;
	enum fc_attribute attribute;
} sources[] = {
	{ FC_AZURE_ATTRIBUTE_AGE, "age", false, true, FC_ATTRIBUTE_AGE },
	{ FC_AZURE_ATTRIBUTE_GENDER, "gender", false, true, FC_ATTRIBUTE_SEX },
	{ FC_AZURE_ATTRIBUTE_SMILE, "smile", false, true, FC_ATTRIBUTE_SMILE },
	{ FC_AZURE_ATTRIBUTE_FACIAL_HAIR, "facialHair", false, false, 0 },
	{ FC_AZURE_ATTRIBUTE_GLASSES, "glasses", false, false, 0 },
	{ FC_AZURE_ATTRIBUTE_HEAD_POSE, "headPose", true, false, 0 },
	{ FC_AZURE_ATTRIBUTE_EMOTION, "emotion", false, true, FC_ATTRIBUTE_EMOTION },
	{ FC_AZURE_ATTRIBUTE_HAIR, "hair", false, false, 0 },
	{ FC_AZURE_ATTRIBUTE_MAKEUP, "makeup", false, false, 0 },
	{ FC_AZURE_ATTRIBUTE_OCCLUSION, "occlusion", false, true, FC_ATTRIBUTE_OCCLUSION },
	{ FC_AZURE_ATTRIBUTE_ACCESSORIES, "accessories", false, true, FC_ATTRIBUTE_GLASSES },
	{ FC_AZURE_ATTRIBUTE_BLUR, "blur", true, false, 0 },
	{ FC_AZURE_ATTRIBUTE_EXPOSURE, "exposure", true, false, 0 },
	{ FC_AZURE_ATTRIBUTE_NOISE, "noise", true, false, 0 },
	{ FC_AZURE_ATTRIBUTE_MASK, "mask", false, false, 0 },
	{ FC_AZURE_ATTRIBUTE_QUALITY, "qualityForRecognition", true, false, 0 },
};

/* Refuse a call that asks for attributes that cannot be determined. *estimates: set of enum fc_attribute that the model must estimate. */
static enum fc_status check_attributes(struct fc_azure_call *call, unsigned *estimates)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer missing = { 0 };
	const struct fc_azure_request *request = call->request;
	*estimates = 0;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(sources); i++) {
		const struct source *source = &sources[i];
		bool emotions = source->bit == FC_AZURE_ATTRIBUTE_EMOTION;
		if (!(request->attributes & source->bit) || source->measured) {
			continue;
		}
		if (source->estimated && is_estimated(call->local, source->attribute, emotions)) {
			*estimates |= emotions ? FC_ATTRIBUTES_EMOTIONS : 1U << source->attribute;
		} else {
			fc_buffer_printf(&missing, "%s%s", missing.length > 0 ? ", " : "",
					 source->name);
		}
	}
	if (missing.length > 0) {
		fc_buffer_append_text(&missing, " cannot be determined here.");
		return fc_azure_refuse_detail(call, FC_AZURE_FAULT_FEATURE,
					      fc_buffer_text(&missing));
	}
	/* this one needs the newer recognition models, by its description */
	return (request->attributes & FC_AZURE_ATTRIBUTE_QUALITY) && request->recognition_model < 3
		       ? fc_azure_refuse(call, FC_AZURE_FAULT_ATTRIBUTES)
		       : FC_OK;
}

static struct fc_azure_emotion emotion_of(const float emotions[FC_MOOD_END])
{
	return (struct fc_azure_emotion){
		.anger = (double)emotions[FC_MOOD_ANGER],
		.contempt = (double)emotions[FC_MOOD_CONTEMPT],
		.disgust = (double)emotions[FC_MOOD_DISGUST],
		.fear = (double)emotions[FC_MOOD_FEAR],
		.happiness = (double)emotions[FC_MOOD_HAPPINESS],
		.neutral = (double)emotions[FC_MOOD_NEUTRAL],
		.sadness = (double)emotions[FC_MOOD_SADNESS],
		.surprise = (double)emotions[FC_MOOD_SURPRISE],
	};
}

static struct fc_azure_measures measures_of(const struct fc_face *face, unsigned wanted)
{
	struct fc_azure_measures out = { .roll = NAN, .blur = NAN, .exposure = NAN, .noise = NAN };
	if (wanted & FC_AZURE_ATTRIBUTE_HEAD_POSE) {
		out.roll = (double)face->quality.roll;
		out.yaw = (double)face->quality.pan;
		out.pitch = (double)face->quality.tilt;
	}
	if (wanted & FC_AZURE_ATTRIBUTE_BLUR) {
		out.blur = 1 - (double)face->quality.sharpness;
	}
	if (face->crop) {
		struct fc_crop_measures crop = fc_crop_measure(face->crop);
		out.exposure = wanted & FC_AZURE_ATTRIBUTE_EXPOSURE ? crop.brightness : NAN;
		out.noise = wanted & FC_AZURE_ATTRIBUTE_NOISE ? crop.noise : NAN;
	}
	if (wanted & FC_AZURE_ATTRIBUTE_QUALITY) {
		float quality = face->quality.awesomeness;
		out.quality = quality >= high_quality     ? "High"
			      : quality >= medium_quality ? "Medium"
							  : "Low";
	}
	return out;
}

static void write_face(struct fc_azure_call *call, const struct fc_face *face,
		       const struct fc_uuid *id)
{
	const struct fc_azure_request *request = call->request;
	const struct fc_attributes *known = &face->attributes;
	const struct fc_azure_measures measures = measures_of(face, request->attributes);
	const struct fc_azure_emotion emotion = emotion_of(known->emotions);
	const struct fc_azure_occlusion occlusion = {
		.forehead = fc_is_occluded(known, FC_REGION_FOREHEAD),
		.eye = fc_is_occluded(known, FC_REGION_EYES),
		.mouth = fc_is_occluded(known, FC_REGION_MOUTH),
	};
	const struct fc_azure_attributes attributes = {
		.age = known->has_age ? (double)known->age : NAN,
		.gender = fc_sex_name(known->sex),
		.smile = known->has_smile ? (double)known->smile : NAN,
		.emotion = known->has_emotions ? &emotion : NULL,
		.glasses = known->has_glasses ? (double)known->glasses : NAN,
		.occlusion = known->has_occlusion ? &occlusion : NULL,
		.measures = &measures,
	};
	char model[] = "recognition_00";
	model[sizeof(model) - 2] = (char)('0' + request->recognition_model);
	struct fc_azure_face out = {
		.has_id = id != NULL,
		.left = round((double)face->box.left),
		.top = round((double)face->box.top),
		.landmarks = { { .x = NAN } },
		.age = NAN,
		.recognition_model = request->return_recognition_model ? model : NULL,
		.attributes = request->attributes ? &attributes : NULL,
	};
	out.width = round((double)face->box.right) - out.left;
	out.height = round((double)face->box.bottom) - out.top;
	if (id) {
		out.id = *id;
	}
	for (size_t i = 0; request->return_landmarks && i < FC_AZURE_LANDMARKS; i++) {
		out.landmarks[i].x = (double)face->landmarks[i].x;
		out.landmarks[i].y = (double)face->landmarks[i].y;
	}
	fc_azure_write_face(&call->json, &out);
}

/* ---- faceIds ---- */

/*
 * Store the faces; *out: their ids. A gallery that cannot be written gives no ids, unless they were requested explicitly: they are the
 * default. *out must be freed, and is NULL if there are none.
 */
static enum fc_status store_faces(struct fc_azure_call *call, const struct fc_analysis *analysis,
				  struct fc_uuid **out, struct fc_error *err)
{
	const struct fc_azure_request *request = call->request;
	const struct fc_detected_kind kind = {
		.seconds = (unsigned)request->time_to_live,
		.recognition_model = request->recognition_model,
		.detection_model = request->detection_model,
	};
	enum fc_status status = fc_local_store_detected(call->local, analysis, &kind, out, err);
	return status == FC_PERMISSION && !(request->given & FC_AZURE_RETURN_FACE_ID) ? FC_OK
										      : status;
}

static enum fc_want want_of(const struct fc_azure_request *request, bool whole, bool keep_crops)
{
	const unsigned of_crop = FC_AZURE_ATTRIBUTE_EXPOSURE | FC_AZURE_ATTRIBUTE_NOISE;
	bool crops = request->attributes & of_crop || (whole && keep_crops);
	return (request->return_face_id || whole ? FC_WANT_TEMPLATES : FC_WANT_FACES) |
	       (crops ? FC_WANT_CROPS : FC_WANT_FACES);
}

bool fc_azure_want_of_detection(const struct fc_azure_request *request,
				const struct fc_api_request *given, enum fc_want *out)
{
	for (size_t i = 0; i < FC_ARRAY_LENGTH(sources); i++) {
		if (request->attributes & sources[i].bit && !sources[i].measured) {
			return false;
		}
	}
	*out = want_of(request, given->analysis != NULL, given->keep_crops);
	return true;
}

enum fc_status fc_azure_detect(struct fc_azure_call *call, struct fc_error *err)
{
	FC_CLEANUP(fc_local_photo_release) struct fc_local_photo photo = { .copy = -1 };
	FC_CLEANUP(fc_free) struct fc_uuid *ids = NULL;
	const struct fc_azure_request *request = call->request;
	unsigned estimates;
	FC_TRY(check_attributes(call, &estimates));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	call->local->options.attributes_wanted = estimates;
	FC_TRY(fc_azure_analyse(call,
				want_of(request, call->analysis != NULL, call->keep_crops) |
					(estimates ? FC_WANT_ATTRIBUTES : FC_WANT_FACES),
				&photo, err));
	if (fc_azure_refused(call)) {
		return FC_OK;
	}
	const struct fc_analysis *analysis = &photo.analysis;
	if (request->return_face_id && analysis->face_count > 0) {
		FC_TRY(store_faces(call, analysis, &ids, err));
	}
	fc_json_begin_array(&call->json);
	for (size_t i = 0; i < analysis->face_count; i++) {
		write_face(call, &analysis->faces[i], ids ? &ids[i] : NULL);
	}
	fc_json_end_array(&call->json);
	return FC_OK;
}
