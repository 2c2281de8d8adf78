/* Finds faces in photos of any size. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/detector.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "vision/faces/dnn.h"
#include "vision/faces/planes.h"
#include "vision/faces/sample.h"

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
 * A small face gets a close-up, a run of the network on it alone: the landmarks of a 26-pixel face are too inexact. 16 faces at
 * 2 % of 12 megapixels had templates with a mean similarity of 0.58 to those of the same photos in full size with the first
 * landmarks, and of 0.96 with those of the close-up, which costs about 4 ms. The geometric mean of both scores decides: of 96
 * portraits at 16 pixels that raised what yunet finds from 66 to 84, with none of the 66 lost, while small false alarms go.
 */
enum { COARSE = 320, FINE = 1280, GRID = 64 };
enum { CLOSE = 128, CLOSE_UPS_MAXIMUM = 100 };

/* A face is small below this many pixels of the first canvas; in its close-up it takes this share of the width. */
static const double small_face = 56, close_share = 0.6;

/*
 * The score in the close-up that a face needs whose first score was below the threshold: faces reach 0.87 or more, hands about 0.75.
 */
static const float sure_score = 0.85F;

enum { STRIDES = 3, KINDS = 4 };

static const uint32_t strides[STRIDES] = { 8, 16, 32 };

static const char *const output_names[STRIDES * KINDS] = {
	"cls_8",   "obj_8",  "bbox_8", "kps_8",  "cls_16",  "obj_16",
	"bbox_16", "kps_16", "cls_32", "obj_32", "bbox_32", "kps_32",
};

struct fc_detector {
	struct fc_net *net;
	struct fc_model_input input;
	float threshold, iou;
	struct fc_planes planes;
	struct fc_image close; /* the close-up */
};

void fc_detector_free(struct fc_detector *detector)
{
	if (detector) {
		fc_net_free(detector->net);
		fc_planes_release(&detector->planes);
		fc_image_release(&detector->close);
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
	detector->input = model->input;
	detector->threshold = model->score_threshold;
	detector->iou = model->nms_iou;
	enum fc_status status = fc_image_init(&detector->close, CLOSE, CLOSE, err);
	if (status == FC_OK) {
		status = fc_net_load(bytes->data, bytes->length, &detector->net, err);
	}
	if (status != FC_OK) {
		fc_error_prefix(err, "detector '%s'", model->name);
		fc_detector_free(detector);
		return status;
	}
	*out = detector;
	return FC_OK;
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

/* Run the network on a canvas with the picture at its top left, and append its detections. */
static enum fc_status run_pass(struct fc_detector *detector, const struct fc_image *picture,
			       const struct fc_pass *pass, float threshold,
			       struct fc_canvas_scale scale, struct fc_detections *out,
			       struct fc_error *err)
{
	static const size_t widths[KINDS] = { 1, 1, 4, (size_t)2 * FC_LANDMARKS }; /* of a cell */
	struct fc_tensor tensors[STRIDES * KINDS];

	FC_TRY(fc_planes_fill(&detector->planes, pass->canvas_width, pass->canvas_height, picture,
			      &detector->input, false, err));
	FC_TRY(fc_net_run(detector->net, &detector->planes, output_names,
			  FC_ARRAY_LENGTH(output_names), tensors, err));
	for (size_t i = 0; i < STRIDES; i++) {
		const struct fc_tensor *kinds = tensors + i * KINDS;
		struct fc_stride_outputs outputs = {
			.cls = kinds[0].values,
			.obj = kinds[1].values,
			.bbox = kinds[2].values,
			.kps = kinds[3].values,
			.stride = strides[i],
			.columns = pass->canvas_width / strides[i],
			.rows = pass->canvas_height / strides[i],
		};
		for (size_t k = 0; k < KINDS; k++) {
			size_t needed = widths[k] * outputs.columns * outputs.rows;
			if (kinds[k].count != needed) {
				return fc_fail(err, FC_MODEL_MISMATCH,
					       "the detector's output '%s' has %zu values, not %zu",
					       output_names[i * KINDS + k], kinds[k].count, needed);
			}
		}
		FC_TRY(fc_detections_decode(out, &outputs, threshold, scale, err));
	}
	return FC_OK;
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
		FC_TRY(run_pass(detector, source, pass, detector->threshold / 2, scale, out, err));
	}
	return FC_OK;
}

static float longer_side(const struct fc_box *box)
{
	return fmaxf(box->right - box->left, box->bottom - box->top);
}

/*
 * Convert coordinates of the close-up to those of the photo: a pixel of the close-up is `scale` photo pixels, and its origin is
 * at x, y.
 */
static void map_to_photo(struct fc_detection *detection, double scale, double x, double y)
{
	struct fc_box *box = &detection->box;
	box->left = (float)(box->left * scale + x);
	box->right = (float)(box->right * scale + x);
	box->top = (float)(box->top * scale + y);
	box->bottom = (float)(box->bottom * scale + y);
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		detection->landmarks[i].x = (float)(detection->landmarks[i].x * scale + x);
		detection->landmarks[i].y = (float)(detection->landmarks[i].y * scale + y);
	}
}

/*
 * Detect one face again in a close-up with the photo's own pixels. The detection there replaces the first one; without one the score
 * becomes 0.
 */
static enum fc_status detect_close_up(struct fc_detector *detector, const struct fc_image *image,
				      struct fc_detection *detection, struct fc_error *err)
{
	static const struct fc_pass pass = { CLOSE, CLOSE, CLOSE, CLOSE };
	static const struct fc_canvas_scale unscaled = { 1, 1 };
	FC_CLEANUP(fc_detections_release) struct fc_detections seen = { 0 };
	const struct fc_box *box = &detection->box;
	double scale = longer_side(box) / (close_share * CLOSE);
	double x = (box->left + box->right) / 2 - scale * (CLOSE - 1) / 2;
	double y = (box->top + box->bottom) / 2 - scale * (CLOSE - 1) / 2;
	struct fc_similarity to_close = { 1 / scale, 0, -x / scale, -y / scale };

	FC_TRY(fc_image_sample(image, &to_close, &detector->close, err));
	FC_TRY(run_pass(detector, &detector->close, &pass, detector->threshold, unscaled, &seen,
			err));
	fc_detections_suppress(&seen, detector->iou);
	float first_score = detection->score;
	float needed = first_score < detector->threshold ? sure_score : detector->threshold;
	detection->score = 0;
	for (size_t i = 0; i < seen.count && detection->score == 0; i++) {
		map_to_photo(&seen.items[i], scale, x, y);
		if (seen.items[i].score >= needed &&
		    fc_box_iou(&seen.items[i].box, box) > detector->iou) {
			*detection = seen.items[i];
			detection->score = sqrtf(first_score * seen.items[i].score);
		}
	}
	return FC_OK;
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

enum fc_status fc_detector_find(struct fc_detector *detector, const struct fc_image *image,
				struct fc_detections *out, struct fc_error *err)
{
	struct fc_pass passes[FC_PASSES_MAXIMUM];
	size_t count = fc_detector_passes(image->width, image->height, passes);
	double small = small_face * image->width / passes[0].width;

	FC_TRY(run_passes(detector, image, passes, count, out, err));
	filter(out, image, detector->threshold, small);
	fc_detections_suppress(out, detector->iou);
	/* Small faces beyond the maximum number of close-ups keep their first detection. */
	size_t close_ups = 0;
	for (size_t i = 0; i < out->count && close_ups < CLOSE_UPS_MAXIMUM; i++) {
		if (longer_side(&out->items[i].box) < small) {
			close_ups++;
			FC_TRY(detect_close_up(detector, image, &out->items[i], err));
		}
	}
	filter(out, image, detector->threshold, 0);
	fc_detections_suppress(out, detector->iou);
	return FC_OK;
}
