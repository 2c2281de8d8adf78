/* What a network sees of a photo around a face. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "vision/image/view.h"

static void view_is(struct fc_box box, float grow, struct fc_box expected)
{
	struct fc_box view = fc_view_of_box(&box, grow, 640, 480);
	assert_float_equal(view.left, expected.left, 0.0);
	assert_float_equal(view.top, expected.top, 0.0);
	assert_float_equal(view.right, expected.right, 0.0);
	assert_float_equal(view.bottom, expected.bottom, 0.0);
}

static void a_box_with_room_grows_about_its_centre(void **state)
{
	(void)state;
	view_is((struct fc_box){ 300, 200, 340, 260 }, 2, (struct fc_box){ 280, 170, 361, 291 });
}

static void a_view_that_sticks_out_is_moved_inside(void **state)
{
	(void)state;
	view_is((struct fc_box){ 0, 0, 40, 60 }, 2, (struct fc_box){ 0, 0, 81, 121 });
	view_is((struct fc_box){ 600, 420, 640, 480 }, 2, (struct fc_box){ 559, 359, 640, 480 });
}

static void a_photo_without_room_shrinks_the_view_alike_in_both_directions(void **state)
{
	(void)state;
	/* 479 / 240 instead of 4: from 320 - 199.6 to 320 + 199.6, and the whole height. */
	view_is((struct fc_box){ 220, 120, 420, 360 }, 4, (struct fc_box){ 120, 0, 520, 480 });
}

static void a_box_larger_than_the_photo_still_has_a_view_inside(void **state)
{
	(void)state;
	const struct fc_box boxes[] = { { -900, -900, 900, 900 },
					{ 639, 479, 639, 479 },
					{ -50, 470, -49, 480 } };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(boxes); i++) {
		struct fc_box view = fc_view_of_box(&boxes[i], 4, 640, 480);
		assert_true(view.left >= 0 && view.top >= 0);
		assert_true(view.right <= 640 && view.bottom <= 480);
		assert_true(view.right - view.left >= 1 && view.bottom - view.top >= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_box_with_room_grows_about_its_centre),
		cmocka_unit_test(a_view_that_sticks_out_is_moved_inside),
		cmocka_unit_test(a_photo_without_room_shrinks_the_view_alike_in_both_directions),
		cmocka_unit_test(a_box_larger_than_the_photo_still_has_a_view_inside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
