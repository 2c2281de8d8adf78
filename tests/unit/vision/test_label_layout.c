/* Where labels of faces are placed. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "vision/faces/label_layout.h"

static bool overlap(const struct fc_box *a, const struct fc_box *b)
{
	return a->left < b->right && b->left < a->right && a->top < b->bottom && b->top < a->bottom;
}

/* No label covers a face or another label, and all are on the picture. */
static void check(const struct fc_canvas *canvas, const struct fc_box *faces,
		  const struct fc_label_place *labels, size_t count, float height)
{
	for (size_t i = 0; i < count; i++) {
		const struct fc_box *bar = &labels[i].bar;
		assert_true(bar->left >= 0 && bar->top >= 0 && bar->right <= canvas->width &&
			    bar->bottom <= height);
		assert_float_equal(bar->right - bar->left, labels[i].width, 0);
		assert_float_equal(bar->bottom - bar->top, labels[i].height, 0);
		for (size_t k = 0; k < count; k++) {
			assert_false(overlap(bar, &faces[k]));
			assert_false(k < i && overlap(bar, &labels[k].bar));
		}
	}
}

static float place(const struct fc_canvas *canvas, const struct fc_box *faces,
		   struct fc_label_place *labels, size_t count)
{
	struct fc_error err;
	float height = 0;
	assert_int_equal(fc_place_labels(canvas, faces, labels, count, &height, &err), FC_OK);
	return height;
}

static void a_label_is_below_its_face_else_above_it(void **state)
{
	(void)state;
	const struct fc_canvas canvas = { 400, 300, 1 };
	const struct fc_box faces[] = { { 50, 50, 100, 120 }, { 200, 220, 260, 300 } };
	struct fc_label_place labels[] = { { .width = 80, .height = 20 },
					   { .width = 80, .height = 20 } };
	assert_float_equal(place(&canvas, faces, labels, 2), 300, 0);
	assert_float_equal(labels[0].bar.left, 50, 0);
	assert_float_equal(labels[0].bar.top, 120, 0);
	assert_false(labels[0].has_leader);
	assert_float_equal(labels[1].bar.left, 200, 0);
	assert_float_equal(labels[1].bar.bottom, 220, 0);
	assert_false(labels[1].has_leader);
}

static void a_face_that_fills_the_photo_has_its_label_below_the_photo(void **state)
{
	(void)state;
	const struct fc_canvas canvas = { 200, 200, 2 };
	const struct fc_box face = { 0, 0, 200, 200 };
	struct fc_label_place label = { .width = 60, .height = 16 };
	assert_float_equal(place(&canvas, &face, &label, 1), 220, 0);
	assert_float_equal(label.bar.top, 202, 0);
	assert_float_equal(label.bar.left, 70, 0);
	assert_true(label.has_leader);
}

static void a_face_without_a_label_keeps_its_place_free(void **state)
{
	(void)state;
	const struct fc_canvas canvas = { 400, 300, 1 };
	const struct fc_box faces[] = { { 50, 50, 100, 120 }, { 50, 121, 100, 180 } };
	struct fc_label_place labels[] = { { .width = 80, .height = 20 }, { 0 } };
	assert_float_equal(place(&canvas, faces, labels, 2), 300, 0);
	assert_false(overlap(&labels[0].bar, &faces[1]));
	assert_false(labels[1].has_leader);
}

/* A row of faces without room between them, under others: some labels are further away. */
static void labels_in_a_crowd_have_leaders_and_cover_nothing(void **state)
{
	(void)state;
	const struct fc_canvas canvas = { 1000, 600, 2 };
	struct fc_box faces[60];
	struct fc_label_place labels[60];
	size_t leaders = 0;
	for (size_t i = 0; i < 60; i++) {
		float left = (float)(i % 20) * 50, top = 150 + (float)(i / 20) * 60;
		faces[i] = (struct fc_box){ left, top, left + 46, top + 58 };
		labels[i] =
			(struct fc_label_place){ .width = 60 + (float)(i % 7) * 10, .height = 14 };
	}
	float height = place(&canvas, faces, labels, 60);
	check(&canvas, faces, labels, 60, height);
	for (size_t i = 0; i < 60; i++) {
		leaders += labels[i].has_leader;
		assert_true(labels[i].leader_to.x >= faces[i].left &&
			    labels[i].leader_to.x <= faces[i].right);
	}
	assert_in_range(leaders, 10, 60);
}

static void a_thousand_faces_without_room_between_them_are_labelled(void **state)
{
	(void)state;
	enum { COUNT = 1024 };
	const struct fc_canvas canvas = { 640, 640, 1 };
	struct fc_box *faces = calloc(COUNT, sizeof(*faces));
	struct fc_label_place *labels = calloc(COUNT, sizeof(*labels));
	for (size_t i = 0; i < COUNT; i++) {
		float left = (float)(i % 32) * 20, top = (float)(i / 32) * 20;
		faces[i] = (struct fc_box){ left, top, left + 19, top + 19 };
		labels[i] = (struct fc_label_place){ .width = 90, .height = 16 };
	}
	float height = place(&canvas, faces, labels, COUNT);
	assert_true(height > (float)canvas.height);
	check(&canvas, faces, labels, COUNT, height);
	free(faces);
	free(labels);
}

/* Large and small faces and labels, in cells of one size. */
static void labels_of_different_sizes_cover_nothing(void **state)
{
	(void)state;
	enum { COUNT = 120 };
	const struct fc_canvas canvas = { 900, 500, 3 };
	struct fc_box faces[COUNT];
	struct fc_label_place labels[COUNT];
	for (size_t i = 0; i < COUNT; i++) {
		float side = i % 10 == 0 ? 80 : 20;
		float left = (float)(i * 37 % 820), top = (float)(i * 53 % 420);
		faces[i] = (struct fc_box){ left, top, left + side, top + side };
		labels[i] = (struct fc_label_place){ .width = i % 10 == 0 ? 300 : 24,
						     .height = i % 10 == 0 ? 40 : 9 };
	}
	float height = place(&canvas, faces, labels, COUNT);
	check(&canvas, faces, labels, COUNT, height);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_is_below_its_face_else_above_it),
		cmocka_unit_test(a_face_that_fills_the_photo_has_its_label_below_the_photo),
		cmocka_unit_test(a_face_without_a_label_keeps_its_place_free),
		cmocka_unit_test(labels_in_a_crowd_have_leaders_and_cover_nothing),
		cmocka_unit_test(labels_of_different_sizes_cover_nothing),
		cmocka_unit_test(a_thousand_faces_without_room_between_them_are_labelled),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
