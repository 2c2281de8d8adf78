/* Decode a detector's outputs and suppress duplicates, in plain C. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_DETECTIONS_H
#define FC_VISION_FACES_DETECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "vision/face.h"

/* In the photo's pixels; the box may reach beyond the photo. */
struct fc_detection {
	struct fc_box box;
	struct fc_point landmarks[FC_LANDMARKS];
	float score; /* (0, 1] */
	/* set by the caller of the detector */
	struct fc_box inside; /* the box, clipped to the photo */
	uint16_t page;        /* see struct fc_face */
};

/* { 0 } is an empty list. */
struct fc_detections {
	struct fc_detection *items;
	size_t count, capacity;
	bool cut; /* more were found */
};

void fc_detections_release(struct fc_detections *detections);

/* The outputs of one stride: rows * columns cells of 1, 1, 4 and 10 floats. */
struct fc_stride_outputs {
	const float *cls, *obj, *bbox, *kps;
	uint32_t stride, columns, rows;
};

/*
 * Photo pixels per canvas pixel. The origin is the middle of the first pixel, as the detectors were trained: shrinking maps photo x to
 * (x + 0.5) / scale - 0.5.
 */
struct fc_canvas_scale {
	double x, y;
};

/*
 * Append every cell whose score reaches the threshold. With (column, row) of the cell and stride s:
 * score = sqrt(cls * obj); centre = ((column + b0) * s, (row + b1) * s); size = (exp(b2) * s, exp(b3) * s);
 * landmark k = ((column + kps[2k]) * s, (row + kps[2k + 1]) * s), all on the canvas
 * (YuNet 2023mar, as in OpenCV's modules/objdetect/src/face_detect.cpp). Cells with values that are not finite are skipped.
 * Errors: FC_NO_MEMORY.
 */
enum fc_status fc_detections_decode(struct fc_detections *detections,
				    const struct fc_stride_outputs *outputs, float threshold,
				    struct fc_canvas_scale scale, struct fc_error *err);

/*
 * Keep one detection of each face. In order of descending score, each removes those that overlap it by more than iou (intersection over
 * union), and small ones that are mostly inside of it (detectors see faces in the features of a very large one). Its box and landmarks
 * become the mean, weighted by score squared, of those that agree with it closely: box voting as in Gidaris and Komodakis (2015),
 * "Object detection via a multi-region & semantic segmentation-aware CNN model", here of landmarks too. At most FC_FACES_MAXIMUM stay; `cut` is set if
 * there were more.
 */
void fc_detections_suppress(struct fc_detections *detections, float iou);

float fc_box_iou(const struct fc_box *a, const struct fc_box *b);

#endif
