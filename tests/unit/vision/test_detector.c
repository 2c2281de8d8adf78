/* Detector outputs are decoded by the formula, bad ones are left out, and overlaps are suppressed. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vision/faces/detections.h"
#include "vision/faces/detector.h"

enum { COLUMNS = 5, ROWS = 4, CELLS = COLUMNS * ROWS };

struct cells {
	float cls[CELLS], obj[CELLS], bbox[4 * CELLS], kps[10 * CELLS];
};

static void decode(const struct cells *cells, struct fc_canvas_scale scale,
		   struct fc_detections *out)
{
	struct fc_stride_outputs outputs = { cells->cls, cells->obj, cells->bbox, cells->kps,
					     16,         COLUMNS,    ROWS };
	struct fc_error err = { 0 };
	assert_int_equal(fc_detections_decode(out, &outputs, 0.6F, scale, &err), FC_OK);
}

static struct cells one_face(void)
{
	const int cell = 2 * COLUMNS + 3; /* column 3, row 2 */
	struct cells cells = { 0 };
	cells.cls[cell] = 0.9F;
	cells.obj[cell] = 0.8F;
	cells.bbox[4 * cell] = 0.5F;
	cells.bbox[4 * cell + 1] = 0.25F;
	cells.bbox[4 * cell + 2] = logf(2);
	cells.bbox[4 * cell + 3] = logf(3);
	for (int i = 0; i < 10; i++) {
		cells.kps[10 * cell + i] = 0.1F * (float)i;
	}
	return cells;
}

static void one_cell_becomes_one_face_in_the_photos_pixels(void **state)
{
	(void)state;
	struct cells cells = one_face();
	struct fc_detections found = { 0 };
	decode(&cells, (struct fc_canvas_scale){ 2, 3 }, &found);
	assert_int_equal(found.count, 1);
	const struct fc_detection *face = &found.items[0];
	assert_float_equal(face->score, sqrtf(0.72F), 1e-6);
	/* On the canvas: centre (3.5 * 16, 2.25 * 16) = (56, 36), size 32 x 48. */
	assert_float_equal(face->box.left, (56 + 0.5F) * 2 - 0.5F - 32, 1e-3);
	assert_float_equal(face->box.right, (56 + 0.5F) * 2 - 0.5F + 32, 1e-3);
	assert_float_equal(face->box.top, (36 + 0.5F) * 3 - 0.5F - 72, 1e-3);
	assert_float_equal(face->box.bottom, (36 + 0.5F) * 3 - 0.5F + 72, 1e-3);
	for (int i = 0; i < FC_LANDMARKS; i++) {
		float x = 16 * (3 + 0.2F * (float)i), y = 16 * (2.1F + 0.2F * (float)i);
		assert_float_equal(face->landmarks[i].x, (x + 0.5F) * 2 - 0.5F, 1e-3);
		assert_float_equal(face->landmarks[i].y, (y + 0.5F) * 3 - 0.5F, 1e-3);
	}
	fc_detections_release(&found);
}

static void scores_below_the_threshold_or_not_numbers_are_no_face(void **state)
{
	(void)state;
	struct cells cells = one_face();
	struct fc_detections found = { 0 };
	cells.obj[2 * COLUMNS + 3] = 0.39F;
	cells.cls[0] = NAN;
	cells.obj[0] = 1;
	cells.cls[1] = 7;
	cells.obj[1] = -3;
	decode(&cells, (struct fc_canvas_scale){ 1, 1 }, &found);
	assert_int_equal(found.count, 0);
	fc_detections_release(&found);
}

static void boxes_and_landmarks_that_are_not_finite_are_left_out(void **state)
{
	(void)state;
	const int cell = 2 * COLUMNS + 3;
	static const float bad[] = { NAN, INFINITY, -INFINITY };
	for (int i = 0; i < 3; i++) {
		struct fc_detections found = { 0 };
		struct cells box = one_face(), landmark = one_face(), huge = one_face();
		box.bbox[4 * cell + i] = bad[i];
		landmark.kps[10 * cell + 7] = bad[i];
		huge.bbox[4 * cell + 2] = 1000;
		decode(&box, (struct fc_canvas_scale){ 1, 1 }, &found);
		decode(&landmark, (struct fc_canvas_scale){ 1, 1 }, &found);
		decode(&huge, (struct fc_canvas_scale){ 1, 1 }, &found);
		assert_int_equal(found.count, 0);
		fc_detections_release(&found);
	}
}

static struct fc_detection boxed(float left, float top, float size, float score)
{
	return (struct fc_detection){ .box = { left, top, left + size, top + size },
				      .score = score };
}

static void overlap_is_intersection_over_union(void **state)
{
	(void)state;
	struct fc_box a = { 0, 0, 10, 10 }, half = { 5, 0, 15, 10 }, inside = { 2, 2, 7, 7 };
	struct fc_box away = { 10, 0, 20, 10 };
	assert_float_equal(fc_box_iou(&a, &a), 1, 1e-6);
	assert_float_equal(fc_box_iou(&a, &half), 50.0 / 150, 1e-6);
	assert_float_equal(fc_box_iou(&a, &inside), 0.25, 1e-6);
	assert_float_equal(fc_box_iou(&a, &away), 0, 1e-6);
}

static void the_best_of_overlapping_faces_stays(void **state)
{
	(void)state;
	struct fc_detection items[] = { boxed(2, 0, 100, 0.7F), boxed(300, 0, 50, 0.8F),
					boxed(0, 0, 100, 0.9F), boxed(60, 0, 100, 0.65F),
					boxed(300, 2, 50, 0.95F) };
	struct fc_detections list = { items, FC_ARRAY_LENGTH(items), FC_ARRAY_LENGTH(items) };
	fc_detections_suppress(&list, 0.3F);
	assert_int_equal(list.count, 3);
	assert_float_equal(list.items[0].score, 0.95, 1e-6);
	assert_float_equal(list.items[1].score, 0.9, 1e-6);
	assert_float_equal(list.items[2].score, 0.65, 1e-6);
}

static void detections_that_agree_are_averaged(void **state)
{
	(void)state;
	struct fc_detection items[] = { boxed(0, 0, 100, 0.8F), boxed(4, 2, 100, 0.8F),
					boxed(60, 0, 100, 0.7F) };
	struct fc_detections list = { items, FC_ARRAY_LENGTH(items), FC_ARRAY_LENGTH(items) };
	items[0].landmarks[3] = (struct fc_point){ 10, 20 };
	items[1].landmarks[3] = (struct fc_point){ 30, 60 };
	items[2].landmarks[3] = (struct fc_point){ 1000, 1000 };
	fc_detections_suppress(&list, 0.2F);
	/* The third overlaps too much to stay and too little to have a say. */
	assert_int_equal(list.count, 1);
	assert_float_equal(list.items[0].score, 0.8, 1e-6);
	assert_float_equal(list.items[0].box.left, 2, 1e-4);
	assert_float_equal(list.items[0].box.bottom, 101, 1e-4);
	assert_float_equal(list.items[0].landmarks[3].x, 20, 1e-4);
	assert_float_equal(list.items[0].landmarks[3].y, 40, 1e-4);
}

static void detections_that_disagree_about_the_direction_are_not_averaged(void **state)
{
	(void)state;
	struct fc_detection items[] = { boxed(0, 0, 100, 0.8F), boxed(4, 2, 100, 0.7F) };
	struct fc_detections list = { items, FC_ARRAY_LENGTH(items), FC_ARRAY_LENGTH(items) };
	items[0].landmarks[1].x = 40;
	items[1].landmarks[0].x = 40;
	fc_detections_suppress(&list, 0.2F);
	assert_int_equal(list.count, 1);
	assert_float_equal(list.items[0].box.left, 0, 1e-6);
	assert_float_equal(list.items[0].landmarks[1].x, 40, 1e-6);
}

static void the_better_score_weighs_more(void **state)
{
	(void)state;
	struct fc_detection items[] = { boxed(0, 0, 100, 0.9F), boxed(10, 0, 100, 0.6F) };
	struct fc_detections list = { items, 2, 2 };
	fc_detections_suppress(&list, 0.3F);
	assert_int_equal(list.count, 1);
	assert_float_equal(list.items[0].box.left, 10 * 0.36F / (0.81F + 0.36F), 1e-3);
}

static void features_of_a_large_face_are_no_faces(void **state)
{
	(void)state;
	struct fc_detection items[] = { boxed(0, 0, 1000, 0.9F), boxed(200, 200, 300, 0.7F),
					boxed(800, 100, 300, 0.7F), boxed(2000, 0, 1000, 0.8F),
					boxed(2100, 100, 200, 0.85F) };
	struct fc_detections list = { items, FC_ARRAY_LENGTH(items), FC_ARRAY_LENGTH(items) };
	fc_detections_suppress(&list, 0.3F);
	/* What lies half outside stays, and so does a small one that is the better face. */
	assert_int_equal(list.count, 4);
	assert_float_equal(list.items[3].box.left, 800, 1e-3);
}

/* Faces side by side, in a square of cells. */
static struct fc_detections crowd(uint32_t side)
{
	struct fc_detections list = { 0 };
	size_t cells = (size_t)side * side;
	float *ones = calloc(cells, sizeof(*ones));
	float *boxes = calloc(4 * cells, sizeof(*boxes));
	float *points = calloc(10 * cells, sizeof(*points));
	struct fc_stride_outputs outputs = { ones, ones, boxes, points, 8, side, side };
	for (size_t i = 0; i < cells; i++) {
		ones[i] = 1;
		boxes[4 * i + 2] = boxes[4 * i + 3] = -1;
	}
	assert_int_equal(
		fc_detections_decode(&list, &outputs, 0.6F, (struct fc_canvas_scale){ 1, 1 }, NULL),
		FC_OK);
	free(ones);
	free(boxes);
	free(points);
	return list;
}

static void all_faces_up_to_the_maximum_stay(void **state)
{
	(void)state;
	FC_CLEANUP(fc_detections_release) struct fc_detections some = crowd(45);
	fc_detections_suppress(&some, 0.3F);
	assert_int_equal(some.count, 45 * 45);
	assert_false(some.cut);
	FC_CLEANUP(fc_detections_release) struct fc_detections many = crowd(60);
	fc_detections_suppress(&many, 0.3F);
	assert_int_equal(many.count, FC_FACES_MAXIMUM);
	assert_true(many.cut);
}

static void nothing_to_suppress_is_fine(void **state)
{
	(void)state;
	struct fc_detections none = { 0 };
	fc_detections_suppress(&none, 0.3F);
	assert_int_equal(none.count, 0);
}

static void check_pass(const struct fc_pass *pass, uint32_t width, uint32_t height)
{
	uint32_t longer = width > height ? width : height;
	assert_true(pass->width >= 1 && pass->height >= 1);
	assert_true(pass->width <= width && pass->height <= height);
	assert_int_equal(pass->canvas_width % 64, 0);
	assert_int_equal(pass->canvas_height % 64, 0);
	assert_in_range(pass->canvas_width, pass->width, pass->width + 63);
	assert_in_range(pass->canvas_height, pass->height, pass->height + 63);
	/* The shape is kept to half a pixel. */
	double scale = (double)pass->width / width;
	if (longer <= 20000 && pass->height > 1 && width == longer) {
		assert_true(fabs(pass->height - scale * height) <= 0.51);
	}
}

static void photos_of_any_size_get_canvases_that_fit(void **state)
{
	(void)state;
	static const uint32_t sides[] = {
		1, 2, 31, 64, 250, 320, 321, 640, 1280, 1281, 4000, 20000
	};
	const size_t count = FC_ARRAY_LENGTH(sides);
	for (size_t i = 0; i < count * count; i++) {
		uint32_t width = sides[i % count], height = sides[i / count];
		struct fc_pass passes[FC_PASSES_MAXIMUM];
		size_t found = fc_detector_passes(width, height, passes);
		assert_int_equal(found, width > 320 || height > 320 ? 2 : 1);
		for (size_t j = 0; j < found; j++) {
			check_pass(&passes[j], width, height);
		}
		/* The last pass is small enough for a face that fills the photo. */
		assert_true(passes[found - 1].width <= 320 && passes[found - 1].height <= 320);
	}
}

static void usual_shapes_of_photos_waste_no_canvas(void **state)
{
	(void)state;
	struct fc_pass passes[FC_PASSES_MAXIMUM];
	assert_int_equal(fc_detector_passes(4000, 3000, passes), 2);
	assert_int_equal(passes[0].canvas_width, 1280);
	assert_int_equal(passes[0].canvas_height, 960);
	assert_int_equal(passes[1].canvas_width, 320);
	assert_int_equal(passes[1].canvas_height, 256);
	assert_int_equal(fc_detector_passes(250, 250, passes), 1);
	assert_int_equal(passes[0].canvas_width, 256);
	assert_int_equal(passes[0].width, 250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cell_becomes_one_face_in_the_photos_pixels),
		cmocka_unit_test(scores_below_the_threshold_or_not_numbers_are_no_face),
		cmocka_unit_test(boxes_and_landmarks_that_are_not_finite_are_left_out),
		cmocka_unit_test(overlap_is_intersection_over_union),
		cmocka_unit_test(the_best_of_overlapping_faces_stays),
		cmocka_unit_test(detections_that_agree_are_averaged),
		cmocka_unit_test(detections_that_disagree_about_the_direction_are_not_averaged),
		cmocka_unit_test(the_better_score_weighs_more),
		cmocka_unit_test(features_of_a_large_face_are_no_faces),
		cmocka_unit_test(all_faces_up_to_the_maximum_stay),
		cmocka_unit_test(nothing_to_suppress_is_fine),
		cmocka_unit_test(photos_of_any_size_get_canvases_that_fit),
		cmocka_unit_test(usual_shapes_of_photos_waste_no_canvas),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
