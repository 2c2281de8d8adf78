/* Finds faces in photos of any size. */
/* SPDX-License-Identifier: MIT */
#include "vision/detector.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "vision/dnn.h"
#include "vision/planes.h"

/*
 * The networks see faces from some 10 or 16 pixels up to some 500, so a photo is looked at twice at most. Measured with both
 * detectors of the descriptors, share of faces found at threshold 0.60 (150 portraits; small: height of the face on the canvas,
 * large: a face whose box is the whole canvas with this longer side):
 *
 *                    10 px  12    14    16    18    20    24    |  320   416   512   640
 *   facectl-detect   0.91   0.81  0.80  0.97  1.00  0.99  1.00  |  1.00  1.00  0.99  0.77
 *   yunet            0.06   0.15  0.41  0.69  0.84  0.92  0.97  |  1.00  1.00  1.00  0.99
 *
 * Hence 320 for large faces, and up to 1280 for small ones: 1.5 % of 1280 are 19 pixels. Below 1280 a photo's own pixels are all
 * there is, and growing it would only cost time. Canvases are rounded up to multiples of 64, which keeps them few: the usual
 * shapes of photos make 1280x960, 1280x896 and 1280x768, and each change of shape costs OpenCV about 4 ms.
 */
enum { COARSE = 320, FINE = 1280, GRID = 64 };

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
};

void fc_detector_free(struct fc_detector *detector)
{
	if (detector) {
		fc_net_free(detector->net);
		fc_planes_release(&detector->planes);
		free(detector);
	}
}

enum fc_status fc_detector_new(const struct fc_model *model, const struct fc_buffer *bytes,
			       struct fc_detector **out, struct fc_error *err)
{
	if (model->role != FC_ROLE_DETECTOR || model->input.width != 0 ||
	    model->input.height != 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is no detector for input of any size", model->name);
	}
	struct fc_detector *detector = calloc(1, sizeof(*detector));
	if (!detector) {
		return fc_fail_memory(err);
	}
	detector->input = model->input;
	detector->threshold = model->score_threshold;
	detector->iou = model->nms_iou;
	enum fc_status status = fc_net_load(bytes->data, bytes->length, &detector->net, err);
	if (status != FC_OK) {
		fc_error_prefix(err, "detector '%s'", model->name);
		fc_detector_free(detector);
		return status;
	}
	*out = detector;
	return FC_OK;
}

static uint32_t on_grid(uint32_t side)
{
	return (side + GRID - 1) / GRID * GRID;
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
	pass.canvas_width = on_grid(pass.width);
	pass.canvas_height = on_grid(pass.height);
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

/* The outputs of one stride, if they are as many as the canvas has cells. */
static enum fc_status stride_outputs(const struct fc_pass *pass, size_t index,
				     const struct fc_tensor *tensors, struct fc_stride_outputs *out,
				     struct fc_error *err)
{
	static const size_t widths[KINDS] = { 1, 1, 4, (size_t)2 * FC_LANDMARKS };
	const struct fc_tensor *kinds = tensors + index * KINDS;

	out->stride = strides[index];
	out->columns = pass->canvas_width / out->stride;
	out->rows = pass->canvas_height / out->stride;
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].count != widths[i] * out->columns * out->rows) {
			return fc_fail(err, FC_MODEL_MISMATCH,
				       "the detector's output '%s' has %zu values, not %zu",
				       output_names[index * KINDS + i], kinds[i].count,
				       widths[i] * out->columns * out->rows);
		}
	}
	out->cls = kinds[0].values;
	out->obj = kinds[1].values;
	out->bbox = kinds[2].values;
	out->kps = kinds[3].values;
	return FC_OK;
}

static enum fc_status look(struct fc_detector *detector, const struct fc_image *shrunk,
			   const struct fc_pass *pass, struct fc_canvas_scale scale,
			   struct fc_detections *out, struct fc_error *err)
{
	struct fc_tensor tensors[STRIDES * KINDS];

	FC_TRY(fc_planes_fill(&detector->planes, pass->canvas_width, pass->canvas_height, shrunk,
			      &detector->input, false, err));
	FC_TRY(fc_net_run(detector->net, &detector->planes, output_names,
			  FC_ARRAY_LENGTH(output_names), tensors, err));
	for (size_t i = 0; i < STRIDES; i++) {
		struct fc_stride_outputs outputs;
		FC_TRY(stride_outputs(pass, i, tensors, &outputs, err));
		FC_TRY(fc_detections_decode(out, &outputs, detector->threshold, scale, err));
	}
	return FC_OK;
}

static void drop_outside(struct fc_detections *detections, const struct fc_image *image)
{
	size_t kept = 0;
	for (size_t i = 0; i < detections->count; i++) {
		const struct fc_box *box = &detections->items[i].box;
		float x = (box->left + box->right) / 2, y = (box->top + box->bottom) / 2;
		if (x >= 0 && y >= 0 && x < (float)image->width && y < (float)image->height) {
			detections->items[kept++] = detections->items[i];
		}
	}
	detections->count = kept;
}

enum fc_status fc_detector_find(struct fc_detector *detector, const struct fc_image *image,
				struct fc_detections *out, struct fc_error *err)
{
	struct fc_pass passes[FC_PASSES_MAXIMUM];
	size_t count = fc_detector_passes(image->width, image->height, passes);
	FC_CLEANUP(fc_image_release) struct fc_image shrunk = { 0 };
	const struct fc_image *source = image;

	for (size_t i = 0; i < count; i++) {
		const struct fc_pass *pass = &passes[i];
		if (pass->width != source->width || pass->height != source->height) {
			/* The coarse picture comes from the fine one, which costs less and looks the same. */
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
		FC_TRY(look(detector, source, pass, scale, out, err));
	}
	drop_outside(out, image);
	fc_detections_suppress(out, detector->iou);
	return FC_OK;
}
