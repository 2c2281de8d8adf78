/* What a detector's outputs mean. */
/* SPDX-License-Identifier: MIT */
#include "vision/detections.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void fc_detections_release(struct fc_detections *detections)
{
	free(detections->items);
	*detections = (struct fc_detections){ 0 };
}

static enum fc_status append(struct fc_detections *detections, const struct fc_detection *detection,
			     struct fc_error *err)
{
	if (detections->count == detections->capacity) {
		size_t capacity = detections->capacity ? 2 * detections->capacity : 64;
		struct fc_detection *items = realloc(detections->items, capacity * sizeof(*items));
		if (!items) {
			return fc_fail_memory(err);
		}
		detections->items = items;
		detections->capacity = capacity;
	}
	detections->items[detections->count++] = *detection;
	return FC_OK;
}

static float unit(float value)
{
	return fminf(fmaxf(value, 0), 1);
}

static struct fc_detection decode_cell(const struct fc_stride_outputs *outputs, size_t cell,
				       float score, struct fc_canvas_scale scale)
{
	const float *bbox = outputs->bbox + 4 * cell;
	const float *kps = outputs->kps + (size_t)2 * FC_LANDMARKS * cell;
	double column = (double)(cell % outputs->columns);
	double row = (double)(cell / outputs->columns);
	double unit_x = outputs->stride * scale.x;
	double unit_y = outputs->stride * scale.y;
	double x = (column + bbox[0]) * unit_x, y = (row + bbox[1]) * unit_y;
	double width = exp(bbox[2]) * unit_x, height = exp(bbox[3]) * unit_y;
	struct fc_detection detection = {
		.box = { (float)(x - width / 2), (float)(y - height / 2), (float)(x + width / 2),
			 (float)(y + height / 2) },
		.score = score,
	};
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		detection.landmarks[i].x = (float)((column + kps[2 * i]) * unit_x);
		detection.landmarks[i].y = (float)((row + kps[2 * i + 1]) * unit_y);
	}
	return detection;
}

static bool is_finite(const struct fc_detection *detection)
{
	const struct fc_box *box = &detection->box;
	bool finite = isfinite(box->left) && isfinite(box->top) && isfinite(box->right) &&
		      isfinite(box->bottom);
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		finite = finite && isfinite(detection->landmarks[i].x) &&
			 isfinite(detection->landmarks[i].y);
	}
	return finite && box->right > box->left && box->bottom > box->top;
}

enum fc_status fc_detections_decode(struct fc_detections *detections,
				    const struct fc_stride_outputs *outputs, float threshold,
				    struct fc_canvas_scale scale, struct fc_error *err)
{
	size_t cells = (size_t)outputs->columns * outputs->rows;
	for (size_t cell = 0; cell < cells; cell++) {
		float score = sqrtf(unit(outputs->cls[cell]) * unit(outputs->obj[cell]));
		if (!(score >= threshold)) {
			continue;
		}
		struct fc_detection detection = decode_cell(outputs, cell, score, scale);
		if (is_finite(&detection)) {
			FC_TRY(append(detections, &detection, err));
		}
	}
	return FC_OK;
}

/* By falling score; equal scores by place, so that the order never depends on the sort. */
static int compare(const void *left, const void *right)
{
	const struct fc_detection *a = left;
	const struct fc_detection *b = right;
	if (a->score != b->score) {
		return a->score > b->score ? -1 : 1;
	}
	if (a->box.left != b->box.left) {
		return a->box.left < b->box.left ? -1 : 1;
	}
	if (a->box.top != b->box.top) {
		return a->box.top < b->box.top ? -1 : 1;
	}
	return 0;
}

static float area(const struct fc_box *box)
{
	return (box->right - box->left) * (box->bottom - box->top);
}

float fc_box_iou(const struct fc_box *a, const struct fc_box *b)
{
	float width = fminf(a->right, b->right) - fmaxf(a->left, b->left);
	float height = fminf(a->bottom, b->bottom) - fmaxf(a->top, b->top);
	if (width <= 0 || height <= 0) {
		return 0;
	}
	float common = width * height;
	return common / (area(a) + area(b) - common);
}

static bool overlaps(const struct fc_detection *detection, const struct fc_detection *better,
		     size_t count, float iou)
{
	for (size_t i = 0; i < count; i++) {
		if (fc_box_iou(&detection->box, &better[i].box) > iou) {
			return true;
		}
	}
	return false;
}

void fc_detections_suppress(struct fc_detections *detections, float iou)
{
	size_t kept = 0;
	if (detections->count == 0) {
		return;
	}
	qsort(detections->items, detections->count, sizeof(*detections->items), compare);
	for (size_t i = 0; i < detections->count && kept < FC_FACES_MAXIMUM; i++) {
		if (!overlaps(&detections->items[i], detections->items, kept, iou)) {
			detections->items[kept++] = detections->items[i];
		}
	}
	detections->count = kept;
}
