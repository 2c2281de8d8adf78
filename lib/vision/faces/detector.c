/* Finds faces in photos of any size. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/detector.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "vision/faces/close_up.h"
#include "vision/faces/detector_network.h"
#include "vision/faces/dnn.h"

/*
 * The passes over a photo.
 *
 * The networks see faces from about 10 or 16 pixels up to about 500, so there are at most two passes. Measured with both
 * detectors of the descriptors, share of faces found at threshold 0.60 (150 portraits; small: height of the face on the canvas,
 * large: a face whose box is the whole canvas with this longer side):
 *
 *                    10 px  12    14    16    18    20    24    |  320   416   512   640
 *   facectl-detect   0.91   0.81  0.80  0.97  1.00  0.99  1.00  |  1.00  1.00  0.99  0.77
 *   yunet            0.06   0.15  0.41  0.69  0.84  0.92  0.97  |  1.00  1.00  1.00  0.99
 *
 * Hence 320 for large faces, and up to 1280 for small ones: 1.5 % of 1280 are 19 pixels. A photo below 1280 is not enlarged,
 * because that adds no detail and only costs time. Canvases are rounded up to multiples of 64, which keeps them few: the usual
 * shapes of photos make 1280x960, 1280x896 and 1280x768, and each change of shape costs OpenCV about 4 ms.
 *
 * Every face is detected again in close-ups (close_up.h), because the landmarks depend on the size and the roll of the face, and small
 * ones are too inexact: 16 faces at 2 % of 12 megapixels had templates with a mean similarity of 0.58 to those of the same photos in full
 * size with the first landmarks, and of 0.96 with those of a close-up. The geometric mean of both scores decides: of 96 portraits
 * at 16 pixels that raised what yunet finds from 66 to 84, with none of the 66 lost, while false alarms go.
 */
enum { COARSE = 320, FINE = 1280, TURNED = 640, GRID = 64 };
enum { CLOSE_UPS_MAXIMUM = 100 };

/* Below this many pixels of the first canvas a close-up decides whether it is a face, whatever its first score. */
static const double small_face = 56;

/*
 * The networks miss most faces that are turned by about 90 degrees. So a photo without a face of this score is detected again, turned
 * clockwise and then, if that gives no such face either, counterclockwise, at 640 pixels. The main faces of 361 upright photos of LFW have scores
 * of at least 0.88 with both detectors.
 */
static const float sure_score = 0.85F;

/*
 * The score that a face of the turned photo needs. In 554 pictures put together from what surrounds the faces of LFW, turning adds 3
 * false faces (yunet: 2) with it, and 15 (7) without it.
 */
static const float turned_score = 0.75F;

struct fc_detector {
	struct fc_detector_network network;
	struct fc_close_up *close_up;
	float threshold, iou;
};

void fc_detector_free(struct fc_detector *detector)
{
	if (detector) {
		fc_detector_network_release(&detector->network);
		fc_close_up_free(detector->close_up);
		free(detector);
	}
}

enum fc_status fc_detector_new(const struct fc_model *model, const struct fc_buffer *bytes,
			       struct fc_detector **out, struct fc_error *err)
{
	if (model->role != FC_ROLE_DETECTOR || model->input.width != 0 ||
	    model->input.height != 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is not a detector that accepts any input size", model->name);
	}
	struct fc_detector *detector = calloc(1, sizeof(*detector));
	if (!detector) {
		return fc_fail_memory(err);
	}
	detector->threshold = model->score_threshold;
	detector->iou = model->nms_iou;
	enum fc_status status = fc_detector_network_init(&detector->network, model, bytes, err);
	if (status == FC_OK) {
		status = fc_close_up_new(model, bytes, &detector->close_up, err);
	}
	if (status != FC_OK) {
		fc_error_prefix(err, "detector '%s'", model->name);
		fc_detector_free(detector);
		return status;
	}
	*out = detector;
	return FC_OK;
}

enum fc_status fc_detector_check(struct fc_detector *detector, struct fc_error *err)
{
	return fc_close_up_check(detector->close_up, err);
}

/* A side of the photo, shrunk so that the longer one is `limit`; never below one pixel. */
static uint32_t shrink(uint32_t side, uint32_t longer, uint32_t limit)
{
	uint64_t shrunk = ((uint64_t)side * limit + longer / 2) / longer;
	return shrunk > 0 ? (uint32_t)shrunk : 1;
}

static struct fc_pass pass_at(uint32_t width, uint32_t height, uint32_t limit)
{
	uint32_t longer = width > height ? width : height;
	struct fc_pass pass = { width, height, 0, 0 };
	if (longer > limit) {
		pass.width = shrink(width, longer, limit);
		pass.height = shrink(height, longer, limit);
	}
	pass.canvas_width = (pass.width + GRID - 1) / GRID * GRID;
	pass.canvas_height = (pass.height + GRID - 1) / GRID * GRID;
	return pass;
}

size_t fc_detector_passes(uint32_t width, uint32_t height, struct fc_pass passes[FC_PASSES_MAXIMUM])
{
	size_t count = 0;
	if (width > COARSE || height > COARSE) {
		passes[count++] = pass_at(width, height, FINE);
	}
	passes[count++] = pass_at(width, height, COARSE);
	return count;
}

static enum fc_status run_passes(struct fc_detector *detector, const struct fc_image *image,
				 const struct fc_pass *passes, size_t count,
				 struct fc_detections *out, struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image shrunk = { 0 };
	const struct fc_image *source = image;

	for (size_t i = 0; i < count; i++) {
		const struct fc_pass *pass = &passes[i];
		if (pass->width != source->width || pass->height != source->height) {
			/* Shrink the fine picture to the coarse one, which is faster and gives the same result. */
			struct fc_image smaller;
			FC_TRY(fc_image_init(&smaller, pass->width, pass->height, err));
			enum fc_status status = fc_image_resize(source, &smaller, err);
			fc_image_release(&shrunk);
			shrunk = smaller;
			source = &shrunk;
			FC_TRY(status);
		}
		struct fc_canvas_scale scale = { (double)image->width / pass->width,
						 (double)image->height / pass->height };
		FC_TRY(fc_detector_network_run(&detector->network, source, pass->canvas_width,
					       pass->canvas_height, detector->threshold / 2, scale,
					       out, err));
	}
	return FC_OK;
}

static float longer_side(const struct fc_box *box)
{
	return fmaxf(box->right - box->left, box->bottom - box->top);
}

/* Keep detections in the photo that reach the threshold, or are so small that a close-up decides. */
static void filter(struct fc_detections *detections, const struct fc_image *image, float threshold,
		   double small)
{
	size_t kept = 0;
	for (size_t i = 0; i < detections->count; i++) {
		const struct fc_detection *detection = &detections->items[i];
		const struct fc_box *box = &detection->box;
		float x = (box->left + box->right) / 2, y = (box->top + box->bottom) / 2;
		bool inside =
			x >= 0 && y >= 0 && x < (float)image->width && y < (float)image->height;
		if (inside && (detection->score >= threshold || longer_side(box) < small)) {
			detections->items[kept++] = *detection;
		}
	}
	detections->count = kept;
}

/* Replace the detections of a first pass by what close-ups show in the photo. Faces beyond the maximum keep their first detection. */
static enum fc_status refine(struct fc_detector *detector, const struct fc_image *image,
			     double small, struct fc_detections *found, struct fc_error *err)
{
	filter(found, image, detector->threshold, small);
	fc_detections_suppress(found, detector->iou);
	for (size_t i = 0; i < found->count && i < CLOSE_UPS_MAXIMUM; i++) {
		FC_TRY(fc_close_up_refine(detector->close_up, image, &found->items[i], err));
	}
	filter(found, image, detector->threshold, 0);
	fc_detections_suppress(found, detector->iou);
	return FC_OK;
}

/* A point of a photo whose picture was shrunk by scale and turned clockwise by 90 degrees, or counterclockwise. */
static struct fc_point turn_back(struct fc_point point, const struct fc_image *turned,
				 bool clockwise, struct fc_canvas_scale scale)
{
	double x = clockwise ? point.y : turned->height - 1.0 - point.y;
	double y = clockwise ? turned->width - 1.0 - point.x : point.x;
	return (struct fc_point){ (float)((x + 0.5) * scale.x - 0.5),
				  (float)((y + 0.5) * scale.y - 0.5) };
}

static void turn_detection_back(struct fc_detection *face, const struct fc_image *turned,
				bool clockwise, struct fc_canvas_scale scale)
{
	struct fc_point a = { face->box.left, face->box.top },
			b = { face->box.right, face->box.bottom };
	a = turn_back(a, turned, clockwise, scale);
	b = turn_back(b, turned, clockwise, scale);
	face->box = (struct fc_box){ fminf(a.x, b.x), fminf(a.y, b.y), fmaxf(a.x, b.x),
				     fmaxf(a.y, b.y) };
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		face->landmarks[i] = turn_back(face->landmarks[i], turned, clockwise, scale);
	}
}

/* Add the faces of the photo turned by 90 degrees to those that were found without turning it. */
static enum fc_status find_turned(struct fc_detector *detector, const struct fc_image *image,
				  bool clockwise, struct fc_detections *out, struct fc_error *err)
{
	enum { CLOCKWISE = 6, COUNTERCLOCKWISE = 8 }; /* EXIF */
	struct fc_pass shape = pass_at(image->width, image->height, TURNED);
	struct fc_pass passes[FC_PASSES_MAXIMUM];
	struct fc_canvas_scale scale = { (double)image->width / shape.width,
					 (double)image->height / shape.height };
	FC_CLEANUP(fc_image_release) struct fc_image turned = { 0 };
	FC_CLEANUP(fc_detections_release) struct fc_detections found = { 0 };

	FC_TRY(fc_image_init(&turned, shape.width, shape.height, err));
	FC_TRY(fc_image_resize(image, &turned, err));
	FC_TRY(fc_image_orient(&turned, clockwise ? CLOCKWISE : COUNTERCLOCKWISE, err));
	size_t count = fc_detector_passes(turned.width, turned.height, passes);
	FC_TRY(run_passes(detector, &turned, passes, count, &found, err));
	for (size_t i = 0; i < found.count; i++) {
		turn_detection_back(&found.items[i], &turned, clockwise, scale);
	}
	FC_TRY(refine(detector, image, small_face * scale.x, &found, err));
	filter(&found, image, turned_score, 0);
	for (size_t i = 0; i < found.count; i++) {
		FC_TRY(fc_array_grow(&out->items, sizeof(*out->items), out->count, &out->capacity,
				     err));
		out->items[out->count++] = found.items[i];
	}
	fc_detections_suppress(out, detector->iou);
	return FC_OK;
}

static bool is_sure(const struct fc_detections *found)
{
	return found->count > 0 && found->items[0].score >= sure_score;
}

enum fc_status fc_detector_find(struct fc_detector *detector, const struct fc_image *image,
				struct fc_detections *out, struct fc_error *err)
{
	struct fc_pass passes[FC_PASSES_MAXIMUM];
	size_t count = fc_detector_passes(image->width, image->height, passes);
	double small = small_face * image->width / passes[0].width;

	FC_TRY(run_passes(detector, image, passes, count, out, err));
	FC_TRY(refine(detector, image, small, out, err));
	for (int turn = 0; turn < 2 && !is_sure(out); turn++) {
		FC_TRY(find_turned(detector, image, turn == 0, out, err));
	}
	return FC_OK;
}
