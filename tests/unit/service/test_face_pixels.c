/* The area of a face's box as a whole number. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "service/local/engine.h"

static uint32_t pixels_of(float width, float height)
{
	const struct fc_face face = { .box = { -width / 2, 0, width / 2, height } };
	return fc_local_face_pixels(&face);
}

static void the_area_of_a_box_is_its_width_times_its_height(void **state)
{
	(void)state;
	assert_int_equal(pixels_of(100, 50), 5000);
	assert_int_equal(pixels_of(0, 50), 0);
}

/* A box may reach beyond a photo of the largest size on every side, so its area can exceed 32 bits. */
static void an_area_that_is_too_large_is_the_largest_number(void **state)
{
	(void)state;
	assert_true(pixels_of(60000, 60000) == 3600000000U);
	assert_true(pixels_of(3e6F, 3e6F) == UINT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_area_of_a_box_is_its_width_times_its_height),
		cmocka_unit_test(an_area_that_is_too_large_is_the_largest_number),
	};
	return cmocka_run_group_tests_name("service/face_pixels", tests, NULL, NULL);
}
