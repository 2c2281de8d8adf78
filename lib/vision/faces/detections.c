/* Decode a detector's outputs and suppress duplicates. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/detections.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void fc_detections_release(struct fc_detections *detections)
{
	free(detections->items);
	*detections = (struct fc_detections){ 0 };
}

static float unit(float value)
{
	return fminf(fmaxf(value, 0), 1);
}

static double to_photo(double canvas, double scale)
{
	return (canvas + 0.5) * scale - 0.5;
}

static struct fc_detection decode_cell(const struct fc_stride_outputs *outputs, size_t cell,
				       float score, struct fc_canvas_scale scale)
{
	const float *bbox = outputs->bbox + 4 * cell;
	const float *kps = outputs->kps + (size_t)2 * FC_LANDMARKS * cell;
	double stride = outputs->stride;
	double column = (double)(cell % outputs->columns);
	double row = (double)(cell / outputs->columns);
	double x = to_photo((column + bbox[0]) * stride, scale.x);
	double y = to_photo((row + bbox[1]) * stride, scale.y);
	double width = exp(bbox[2]) * stride * scale.x;
	double height = exp(bbox[3]) * stride * scale.y;
	struct fc_detection detection = {
		.box = { (float)(x - width / 2), (float)(y - height / 2), (float)(x + width / 2),
			 (float)(y + height / 2) },
		.score = score,
	};
	for (size_t i = 0; i < FC_LANDMARKS; i++) {
		struct fc_point *landmark = &detection.landmarks[i];
		landmark->x = (float)to_photo((column + kps[2 * i]) * stride, scale.x);
		landmark->y = (float)to_photo((row + kps[2 * i + 1]) * stride, scale.y);
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
			FC_TRY(fc_array_grow(&detections->items, sizeof(*detections->items),
					     detections->count, &detections->capacity, err));
			detections->items[detections->count++] = detection;
		}
	}
	return FC_OK;
}

/* Compare by descending score, then by position, so that the order does not depend on the sort algorithm. */
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

static float common_area(const struct fc_box *a, const struct fc_box *b)
{
	float width = fminf(a->right, b->right) - fmaxf(a->left, b->left);
	float height = fminf(a->bottom, b->bottom) - fmaxf(a->top, b->top);
	return width > 0 && height > 0 ? width * height : 0;
}

float fc_box_iou(const struct fc_box *a, const struct fc_box *b)
{
	float common = common_area(a, b);
	return common > 0 ? common / (area(a) + area(b) - common) : 0;
}

/* For averaging, box and landmarks are treated as an array of numbers. */
enum { NUMBERS = 4 + 2 * FC_LANDMARKS };
_Static_assert(offsetof(struct fc_detection, score) == NUMBERS * sizeof(float),
	       "box and landmarks are floats in a row");

struct mean {
	double weight, sums[NUMBERS];
};

static void mean_add(struct mean *mean, const struct fc_detection *detection)
{
	float numbers[NUMBERS];
	double weight = (double)detection->score * detection->score;
	memcpy(numbers, detection, sizeof(numbers));
	mean->weight += weight;
	for (int i = 0; i < NUMBERS; i++) {
		mean->sums[i] += weight * numbers[i];
	}
}

static const float agreeing_iou = 0.5F, agreeing_cosine = 0.9F;
static const float nested_share = 0.7F;

/* Whether two detections show the same face in the same direction. Detections that are upside down to each other have no useful mean. */
static bool agrees(const struct fc_detection *a, const struct fc_detection *b)
{
	float ax = a->landmarks[1].x - a->landmarks[0].x,
	      ay = a->landmarks[1].y - a->landmarks[0].y;
	float bx = b->landmarks[1].x - b->landmarks[0].x,
	      by = b->landmarks[1].y - b->landmarks[0].y;
	return fc_box_iou(&a->box, &b->box) > agreeing_iou &&
	       ax * bx + ay * by >= agreeing_cosine * hypotf(ax, ay) * hypotf(bx, by);
}

/* Remove the other detections of the same face as `best`, the first of the list, and average `best` with those that agree with it. */
static void absorb(struct fc_detection *best, size_t count, float iou)
{
	struct mean mean = { 0 };
	mean_add(&mean, best);
	for (size_t i = 1; i < count; i++) {
		struct fc_detection *other = &best[i];
		if (other->score > 0 && agrees(best, other)) {
			mean_add(&mean, other);
		}
		if (fc_box_iou(&best->box, &other->box) > iou ||
		    common_area(&best->box, &other->box) > nested_share * area(&other->box)) {
			other->score = 0;
		}
	}
	float numbers[NUMBERS];
	for (int i = 0; i < NUMBERS; i++) {
		numbers[i] = (float)(mean.sums[i] / mean.weight);
	}
	memcpy(best, numbers, sizeof(numbers));
}

void fc_detections_suppress(struct fc_detections *detections, float iou)
{
	size_t kept = 0;
	if (detections->count == 0) {
		return;
	}
	qsort(detections->items, detections->count, sizeof(*detections->items), compare);
	for (size_t i = 0; i < detections->count; i++) {
		if (detections->items[i].score > 0 && kept == FC_FACES_MAXIMUM) {
			detections->cut = true;
			break;
		}
		if (detections->items[i].score > 0) {
			absorb(&detections->items[i], detections->count - i, iou);
			detections->items[kept++] = detections->items[i];
		}
	}
	detections->count = kept;
}
