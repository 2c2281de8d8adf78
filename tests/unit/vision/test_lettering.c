/* Labels drawn with the fonts of the system. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "vision/image/lettering.h"

static struct fc_lettering lettering;

static size_t ink(const struct fc_stencil *stencil)
{
	size_t count = 0;
	for (size_t i = 0; i < (size_t)stencil->width * stencil->height; i++) {
		count += stencil->opacity[i] > 127;
	}
	return count;
}

static void a_text_is_drawn_at_the_requested_size(void **state)
{
	(void)state;
	struct fc_stencil small = { 0 }, large = { 0 };
	assert_true(fc_lettering_draw(&lettering, "Anna", 10, 1000, &small));
	assert_true(fc_lettering_draw(&lettering, "Anna", 40, 1000, &large));
	assert_in_range(large.height, 3 * small.height, 5 * small.height);
	assert_in_range(large.width, 3 * small.width, 5 * small.width);
	assert_in_range(ink(&large), 8 * ink(&small), 32 * ink(&small));
	/* the height of the capital letter, from the rows of its left part that have ink */
	size_t rows = 0;
	for (uint32_t y = 0; y < large.height; y++) {
		for (uint32_t x = 0; x < large.width / 5; x++) {
			if (large.opacity[(size_t)y * large.width + x] > 127) {
				rows++;
				break;
			}
		}
	}
	assert_in_range(rows, 36, 44);
	free(small.opacity);
	free(large.opacity);
}

static void a_long_text_keeps_its_start_and_its_end(void **state)
{
	(void)state;
	struct fc_stencil whole = { 0 }, cut = { 0 };
	const char *text = "a name that is much too long for this picture 0.71";
	assert_true(fc_lettering_draw(&lettering, text, 12, 5000, &whole));
	assert_true(fc_lettering_draw(&lettering, text, 12, 150, &cut));
	assert_true(whole.width > 300);
	assert_in_range(cut.width, 100, 152);
	/* the last columns have the same ink: the end is the same */
	for (uint32_t y = 0; y < cut.height; y++) {
		assert_memory_equal(cut.opacity + (size_t)(y + 1) * cut.width - 15,
				    whole.opacity + (size_t)(y + 1) * whole.width - 15, 15);
	}
	free(whole.opacity);
	free(cut.opacity);
}

static void a_character_without_a_font_is_no_box_with_digits(void **state)
{
	(void)state;
	struct fc_stencil out = { 0 };
	assert_false(fc_lettering_draw(&lettering, "\xf3\xb0\x80\x80", 12, 1000,
				       &out)); /* private use */
	assert_false(fc_lettering_draw(&lettering, "", 12, 1000, &out));
	assert_null(out.opacity);
}

static void without_the_module_nothing_is_drawn(void **state)
{
	(void)state;
	struct fc_lettering none = { .path = "/nonexistent/facectl-lettering.so" }, unset = { 0 };
	struct fc_stencil out = { 0 };
	assert_false(fc_lettering_draw(&none, "anna", 12, 1000, &out));
	assert_false(fc_lettering_draw(&unset, "anna", 12, 1000, &out));
	assert_null(out.opacity);
}

static void letters_suit_the_face_and_the_photo(void **state)
{
	(void)state;
	const struct fc_box small = { 0, 0, 20, 20 }, middle = { 0, 0, 120, 126 },
			    large = { 0, 0, 900, 900 };
	assert_int_equal(fc_letter_height(1000, 700, &small), 8);
	assert_int_equal(fc_letter_height(1000, 700, &middle), 14);
	assert_int_equal(fc_letter_height(1000, 700, &large), 20);
	assert_int_equal(fc_letter_height(700, 1600, &small), 10);
	assert_int_equal(fc_letter_height(20000, 20000, &large), 96);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_drawn_at_the_requested_size),
		cmocka_unit_test(a_long_text_keeps_its_start_and_its_end),
		cmocka_unit_test(a_character_without_a_font_is_no_box_with_digits),
		cmocka_unit_test(without_the_module_nothing_is_drawn),
		cmocka_unit_test(letters_suit_the_face_and_the_photo),
	};
	struct fc_stencil out = { 0 };
	lettering.path = getenv("FACECTL_TEST_LETTERING");
	if (!fc_lettering_draw(&lettering, "A", 12, 100, &out)) {
		print_message("skipped: no font is installed\n");
		return 77;
	}
	free(out.opacity);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
