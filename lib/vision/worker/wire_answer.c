/* The responses of a worker: the worker packs them, facectl unpacks them and checks every field. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fields.h"
#include "base/memory.h"
#include "base/text.h"
#include "vision/faces/choice.h"
#include "vision/image/signature.h"
#include "vision/worker/wire.h"

/* Allowed difference of a template's norm from 1; how far a box may reach beyond the photo, in sides of the photo. */
static const float NORM_TOLERANCE = 1e-3f;
static const float BOX_MARGIN = 1.0f;
static const float LONGEST_MS = 1e9f;

const char fc_wire_out_of_memory[] = "out of memory";

static const struct fc_field protections_fields[] = {
	FC_FIELD(struct fc_protections, no_new_privileges),
	FC_FIELD(struct fc_protections, seccomp),
	FC_FIELD(struct fc_protections, landlock),
	FC_FIELD(struct fc_protections, memory_limit),
	FC_FIELD(struct fc_protections, no_core_dumps),
	FC_FIELD(struct fc_protections, own_environment),
	FC_FIELD(struct fc_protections, landlock_abi),
	{ 0 },
};

static const struct fc_field photo_fields[] = {
	FC_FIELD_OF_CHOICES(struct fc_analysis, format, sizeof(uint32_t), FC_IMAGE_JXL),
	FC_FIELD(struct fc_analysis, width),
	FC_FIELD(struct fc_analysis, height),
	FC_FIELD(struct fc_analysis, pages),
	FC_FIELD(struct fc_analysis, orientation),
	FC_FIELD(struct fc_analysis, notes),
	FC_FIELD(struct fc_analysis, bytes),
	FC_FIELD(struct fc_analysis, sha256),
	FC_FIELD(struct fc_analysis, decode_ms),
	FC_FIELD(struct fc_analysis, detect_ms),
	FC_FIELD(struct fc_analysis, embed_ms),
	{ 0 },
};

static const struct fc_field face_fields[] = {
	FC_FIELD_AS(FC_FIELD_FLOATS, struct fc_face, box),
	FC_FIELD(struct fc_face, page),
	FC_FIELD(struct fc_face, confidence),
	FC_FIELD(struct fc_face, quality.sharpness),
	FC_FIELD(struct fc_face, quality.exposure),
	FC_FIELD(struct fc_face, quality.eye_distance),
	FC_FIELD(struct fc_face, quality.pan),
	FC_FIELD(struct fc_face, quality.tilt),
	FC_FIELD(struct fc_face, quality.roll),
	FC_FIELD(struct fc_face, quality.visibility),
	FC_FIELD(struct fc_face, quality.frontality),
	FC_FIELD(struct fc_face, quality.awesomeness),
	FC_FIELD_AS(FC_FIELD_FLOATS, struct fc_face, landmarks),
	{ 0 },
};

_Static_assert(FC_SEX_END == 3 && FC_MOOD_END == 9, "the worker sends these numbers");

static const struct fc_field attributes_fields[] = {
	FC_FIELD(struct fc_attributes, has_age),
	FC_FIELD(struct fc_attributes, has_valence),
	FC_FIELD(struct fc_attributes, has_arousal),
	FC_FIELD(struct fc_attributes, has_smile),
	FC_FIELD(struct fc_attributes, has_glasses),
	FC_FIELD(struct fc_attributes, has_occlusion),
	FC_FIELD(struct fc_attributes, has_emotions),
	FC_FIELD_OF_CHOICES(struct fc_attributes, sex, sizeof(uint8_t), FC_SEX_END - 1),
	FC_FIELD_OF_CHOICES(struct fc_attributes, emotion, sizeof(uint8_t), FC_MOOD_END - 1),
	FC_FIELD(struct fc_attributes, age),
	FC_FIELD(struct fc_attributes, valence),
	FC_FIELD(struct fc_attributes, arousal),
	FC_FIELD(struct fc_attributes, smile),
	FC_FIELD(struct fc_attributes, glasses),
	FC_FIELD_AS(FC_FIELD_FLOATS, struct fc_attributes, occlusion),
	FC_FIELD(struct fc_attributes, sex_probability),
	FC_FIELD(struct fc_attributes, emotion_probability),
	FC_FIELD_AS(FC_FIELD_FLOATS, struct fc_attributes, emotions),
	{ 0 },
};

static void put_result(struct fc_buffer *frame, const struct fc_error *result)
{
	fc_buffer_put_u32(frame, result->status);
	fc_buffer_put_text(frame, result->status == FC_OK ? NULL : result->text);
}

/*
 * Read a text and escape control characters and bytes that are not UTF-8 (from a file name, or from a character that was cut).
 * Returns false when the text is truncated or too long for size.
 */
static bool get_text(struct fc_reader *payload, char *out, size_t size)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer visible = { 0 };
	FC_CLEANUP(fc_free) char *text = fc_reader_text(payload, size - 1);
	if (!text) {
		return false;
	}
	fc_text_append_visible(&visible, text);
	const char *escaped = fc_buffer_text(&visible);
	if (!escaped) {
		return false;
	}
	snprintf(out, size, "%s", escaped);
	return true;
}

/* Read the status and the text of a result. Returns false when the status is not one of those allowed. */
static bool get_result(struct fc_reader *payload, const enum fc_status *allowed, size_t count,
		       struct fc_error *result)
{
	uint32_t status = fc_reader_u32(payload);
	struct fc_error reported = { 0 };
	if (!get_text(payload, reported.text, sizeof(reported.text))) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (status == allowed[i]) {
			reported.status = allowed[i];
			*result = reported;
			return true;
		}
	}
	return false;
}

void fc_wire_put_ready(struct fc_buffer *frame, const struct fc_error *result,
		       const struct fc_protections *protections)
{
	fc_wire_begin(frame, FC_WIRE_READY);
	put_result(frame, result);
	fc_fields_put(frame, protections_fields, protections);
	fc_buffer_put_text(frame, protections->text);
	fc_wire_end(frame);
}

bool fc_wire_get_ready(struct fc_reader *payload, struct fc_error *result,
		       struct fc_protections *protections)
{
	static const enum fc_status allowed[] = {
		FC_OK,
		FC_MODEL_MISSING,
		FC_MODEL_MISMATCH,
		FC_INVALID_ARGUMENT,
		FC_UNSUPPORTED,
		FC_NO_MEMORY,
		FC_IO,
		FC_INTERNAL,
	};
	struct fc_protections found = { 0 };
	if (!get_result(payload, allowed, FC_ARRAY_LENGTH(allowed), result) ||
	    fc_fields_get(payload, protections_fields, &found) != FC_OK ||
	    !get_text(payload, found.text, sizeof(found.text)) || !fc_reader_done(payload)) {
		return false;
	}
	found.landlock_abi &= 0xffff;
	*protections = found;
	return true;
}

void fc_wire_put_analysis(struct fc_buffer *frame, const struct fc_wire_request *request,
			  const struct fc_error *result, const struct fc_analysis *analysis)
{
	size_t count = result->status == FC_OK ? analysis->face_count : 0;
	fc_wire_begin(frame, FC_WIRE_ANALYSIS);
	fc_buffer_put_u64(frame, request->serial);
	put_result(frame, result);
	fc_fields_put(frame, photo_fields, analysis);
	fc_buffer_put_u32(frame, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		fc_fields_put(frame, face_fields, &analysis->faces[i]);
	}
	for (size_t i = 0; i < count; i++) {
		const struct fc_face *face = &analysis->faces[i];
		enum fc_want want = fc_want_of_face(request->want, analysis, i);
		if (want & FC_WANT_LIVENESS) {
			fc_buffer_put_f32(frame, face->liveness);
		}
		if (want & FC_WANT_ATTRIBUTES) {
			fc_fields_put(frame, attributes_fields, &face->attributes);
		}
		if (want & FC_WANT_TEMPLATES) {
			fc_buffer_put_f32s(frame, face->embedding, request->dimension);
		}
		if (want & FC_WANT_CROPS) {
			fc_buffer_append(frame, face->crop, FC_CROP_BYTES);
		}
	}
	fc_wire_end(frame);
}

/* Returns false also for NaN. */
static bool within(float value, float minimum, float maximum)
{
	return value >= minimum && value <= maximum;
}

static bool is_inside(const struct fc_analysis *photo, float x, float y)
{
	float width = (float)photo->width, height = (float)photo->height;
	return within(x, -BOX_MARGIN * width, (1.0f + BOX_MARGIN) * width) &&
	       within(y, -BOX_MARGIN * height, (1.0f + BOX_MARGIN) * height);
}

static bool is_quality(const struct fc_analysis *photo, const struct fc_quality *quality)
{
	float longest = (1.0f + 2.0f * BOX_MARGIN) * ((float)photo->width + (float)photo->height);
	return within(quality->sharpness, 0.0f, 1.0f) && within(quality->exposure, 0.0f, 1.0f) &&
	       within(quality->eye_distance, 0.0f, longest) &&
	       within(quality->pan, -180.0f, 180.0f) && within(quality->tilt, -180.0f, 180.0f) &&
	       within(quality->roll, -180.0f, 180.0f) && within(quality->visibility, 0.0f, 1.0f) &&
	       within(quality->frontality, -1.0f, 1.0f) && within(quality->awesomeness, 0.0f, 1.0f);
}

static const char *get_template(struct fc_reader *payload, size_t dimension, struct fc_face *face)
{
	if (payload->failed || payload->left / sizeof(float) < dimension) {
		return "a template is truncated";
	}
	face->embedding = calloc(dimension, sizeof(*face->embedding));
	if (!face->embedding) {
		return fc_wire_out_of_memory;
	}
	fc_reader_f32s(payload, face->embedding, dimension);
	/* If a value is not finite, neither is the norm. */
	double sum = 0.0;
	for (size_t i = 0; i < dimension; i++) {
		sum += (double)face->embedding[i] * (double)face->embedding[i];
	}
	return within((float)sqrt(sum), 1.0f - NORM_TOLERANCE, 1.0f + NORM_TOLERANCE)
		       ? NULL
		       : "a template is not normalised";
}

static bool is_attributes(const struct fc_attributes *found)
{
	bool fine = within(found->age, 0.0f, (float)FC_AGE_MAXIMUM) &&
		    within(found->valence, -1.0f, 1.0f) && within(found->arousal, -1.0f, 1.0f) &&
		    within(found->smile, 0.0f, 1.0f) && within(found->glasses, 0.0f, 1.0f) &&
		    within(found->sex_probability, 0.0f, 1.0f) &&
		    within(found->emotion_probability, 0.0f, 1.0f);
	for (size_t i = 0; i < FC_MOOD_END; i++) {
		fine = fine && within(found->emotions[i], 0.0f, 1.0f);
	}
	for (size_t i = 0; i < FC_REGION_COUNT; i++) {
		fine = fine && within(found->occlusion[i], 0.0f, 1.0f);
	}
	return fine;
}

/* Read the values that were requested in addition to box, landmarks and measures. */
static const char *get_extras(struct fc_reader *payload, const struct fc_wire_request *request,
			      enum fc_want want, struct fc_face *face)
{
	const char *objection = NULL;
	face->liveness = NAN;
	if (want & FC_WANT_LIVENESS) {
		face->liveness = fc_reader_f32(payload);
		if (!within(face->liveness, 0.0f, 1.0f)) {
			return "a face's liveness is out of range";
		}
	}
	if ((want & FC_WANT_ATTRIBUTES) &&
	    (fc_fields_get(payload, attributes_fields, &face->attributes) != FC_OK ||
	     !is_attributes(&face->attributes))) {
		return "a face's attributes are out of range";
	}
	if (want & FC_WANT_TEMPLATES) {
		objection = get_template(payload, request->dimension, face);
	}
	if (!objection && (want & FC_WANT_CROPS)) {
		const uint8_t *bytes = fc_reader_borrow(payload, FC_CROP_BYTES);
		if (!bytes) {
			return "a crop is truncated";
		}
		face->crop = malloc(FC_CROP_BYTES);
		if (!face->crop) {
			return fc_wire_out_of_memory;
		}
		memcpy(face->crop, bytes, FC_CROP_BYTES);
	}
	return objection;
}

static const char *get_face(struct fc_reader *payload, const struct fc_wire_request *request,
			    const struct fc_analysis *whole, struct fc_face *face)
{
	const struct fc_box *box = &face->box;
	if (fc_fields_get(payload, face_fields, face) != FC_OK || face->page > whole->pages ||
	    (face->page == 0) != (whole->pages == 0)) {
		return "a face's page is out of range";
	}
	/* pages after the first may have any size within the limits */
	uint32_t side = request->limits.side;
	const struct fc_analysis page = { .width = side, .height = side };
	const struct fc_analysis *photo = face->page > 1 ? &page : whole;
	if (!is_inside(photo, box->left, box->top) || !is_inside(photo, box->right, box->bottom) ||
	    !(box->left < box->right) || !(box->top < box->bottom)) {
		return "a face's box is out of range";
	}
	if (!within(face->confidence, 0.0f, 1.0f) || !is_quality(photo, &face->quality)) {
		return "a face's measures are out of range";
	}
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		if (!is_inside(photo, face->landmarks[i].x, face->landmarks[i].y)) {
			return "a landmark is out of range";
		}
	}
	return NULL;
}

/* Read the description of the photo. A refused photo may have any size and an unknown format. */
static const char *get_photo(struct fc_reader *payload, const struct fc_wire_request *request,
			     enum fc_status status, struct fc_analysis *photo)
{
	if (fc_fields_get(payload, photo_fields, photo) != FC_OK || photo->orientation > 8 ||
	    photo->notes > FC_IMAGE_NOTES || photo->pages > FC_PAGES_MAXIMUM || photo->pages == 1 ||
	    !within(photo->decode_ms, 0.0f, LONGEST_MS) ||
	    !within(photo->detect_ms, 0.0f, LONGEST_MS) ||
	    !within(photo->embed_ms, 0.0f, LONGEST_MS)) {
		return "the photo's description is out of range";
	}
	if (status != FC_OK) {
		return NULL;
	}
	const struct fc_image_limits *limits = &request->limits;
	if (photo->format == FC_IMAGE_UNKNOWN || photo->width == 0 || photo->height == 0 ||
	    photo->width > limits->side || photo->height > limits->side ||
	    (uint64_t)photo->width * photo->height > limits->pixels ||
	    photo->bytes > limits->bytes || photo->orientation == 0) {
		return "the photo's size is out of range";
	}
	return NULL;
}

static const char *get_faces(struct fc_reader *payload, const struct fc_wire_request *request,
			     struct fc_analysis *photo)
{
	uint32_t count = fc_reader_u32(payload);
	float highest = 1.0f;
	if (payload->failed || count > FC_FACES_MAXIMUM ||
	    ((request->want & FC_WANT_OF_CROP) && count > 1)) {
		return "the number of faces is out of range";
	}
	photo->faces = calloc(count + 1, sizeof(*photo->faces));
	if (!photo->faces) {
		return fc_wire_out_of_memory;
	}
	photo->dimension = request->want & FC_WANT_TEMPLATES ? request->dimension : 0;
	for (uint32_t i = 0; i < count; i++) {
		struct fc_face *face = &photo->faces[photo->face_count++];
		const char *objection = get_face(payload, request, photo, face);
		if (objection) {
			return objection;
		}
		if (face->confidence > highest) {
			return "the faces are out of order";
		}
		highest = face->confidence;
	}
	const char *objection = NULL;
	for (size_t i = 0; !objection && i < photo->face_count; i++) {
		enum fc_want want = fc_want_of_face(request->want, photo, i);
		objection = get_extras(payload, request, want, &photo->faces[i]);
	}
	return objection;
}

/* Read the first part of a response to a photo: the number of the request and the result. */
static const char *get_photo_result(struct fc_reader *payload, uint64_t serial,
				    struct fc_error *result)
{
	static const enum fc_status allowed[] = { FC_OK,         FC_BAD_IMAGE, FC_TOO_LARGE,
						  FC_UNREADABLE, FC_NO_MEMORY, FC_MODEL_MISMATCH,
						  FC_INTERNAL };
	if (fc_reader_u64(payload) != serial) {
		return "it belongs to another request";
	}
	return get_result(payload, allowed, FC_ARRAY_LENGTH(allowed), result)
		       ? NULL
		       : "its status is unknown";
}

const char *fc_wire_get_analysis(struct fc_reader *payload, const struct fc_wire_request *request,
				 struct fc_error *result, struct fc_analysis *out)
{
	FC_CLEANUP(fc_analysis_release) struct fc_analysis photo = { 0 };
	struct fc_error reported = { 0 };
	const char *objection = get_photo_result(payload, request->serial, &reported);
	objection = objection ? objection : get_photo(payload, request, reported.status, &photo);
	objection = objection ? objection : get_faces(payload, request, &photo);
	if (!objection && reported.status != FC_OK && photo.face_count > 0) {
		objection = "a refused photo has faces";
	}
	if (!objection && !fc_reader_done(payload)) {
		objection = "its length is invalid";
	}
	if (objection) {
		return objection;
	}
	*result = reported;
	*out = FC_STEAL_STRUCT(photo);
	return NULL;
}

void fc_wire_put_picture(struct fc_buffer *frame, const struct fc_wire_draw *draw,
			 const struct fc_error *result, const struct fc_buffer *picture)
{
	fc_wire_begin(frame, FC_WIRE_PICTURE);
	fc_buffer_put_u64(frame, draw->serial);
	put_result(frame, result);
	if (result->status == FC_OK) {
		fc_buffer_append(frame, picture->data, picture->length);
	}
	fc_wire_end(frame);
}

const char *fc_wire_get_picture(struct fc_reader *payload, uint64_t serial,
				enum fc_image_format format, struct fc_error *result,
				struct fc_buffer *picture)
{
	struct fc_error reported = { 0 };
	const char *objection = get_photo_result(payload, serial, &reported);
	if (objection) {
		return objection;
	}
	size_t length = payload->left;
	if (reported.status != FC_OK && length > 0) {
		return "a refused photo has a picture";
	}
	const uint8_t *bytes = fc_reader_borrow(payload, length);
	if (reported.status == FC_OK && fc_signature(bytes, length) != format) {
		return "the picture has another format";
	}
	fc_buffer_append(picture, bytes, length);
	if (!fc_buffer_ok(picture)) {
		return fc_wire_out_of_memory;
	}
	*result = reported;
	return NULL;
}
