/* Labels drawn with the fonts of the system. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "vision/worker/letterer.h"

static struct fc_letterer letterer;
static struct fc_letterer_options options = { .timeout = 60000, .sandbox = FC_SANDBOX_BEST_EFFORT };

static enum fc_status draw(const char *text, uint32_t letter, uint32_t width_maximum,
			   struct fc_stencil *out)
{
	struct fc_error err;
	return fc_letterer_draw(&letterer, &options, text, letter, width_maximum, out, &err);
}

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
	assert_int_equal(draw("Anna", 10, 1000, &small), FC_OK);
	assert_int_equal(draw("Anna", 40, 1000, &large), FC_OK);
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
	assert_int_equal(draw(text, 12, 5000, &whole), FC_OK);
	assert_int_equal(draw(text, 12, 150, &cut), FC_OK);
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
	assert_int_equal(draw("\xf3\xb0\x80\x80", 12, 1000, &out), FC_OK); /* private use */
	assert_null(out.opacity);
	assert_int_equal(draw("", 12, 1000, &out), FC_OK);
	assert_null(out.opacity);
}

static void a_text_of_many_lines_or_marks_is_not_drawn_too_high(void **state)
{
	(void)state;
	char text[600] = "a";
	struct fc_stencil out = { 0 };
	for (size_t i = 0; i < 250; i++) {
		memcpy(text + 1 + 2 * i, "\xcc\x81", 3); /* a combining acute */
	}
	assert_int_equal(draw(text, 12, 1000, &out), FC_OK);
	assert_true(out.height <= 8 * 12);
	free(out.opacity);
	assert_int_equal(draw("a\nb\nc", 12, 1000, &out), FC_OK);
	assert_true(out.height <= 4 * 12);
	free(out.opacity);
}

static void without_the_program_nothing_is_drawn(void **state)
{
	(void)state;
	const struct fc_letterer_options none = { .program = "/nonexistent/facectl-lettering" },
					 unset = { 0 };
	struct fc_letterer fresh = { 0 };
	struct fc_error err;
	struct fc_stencil out = { 0 };
	assert_int_equal(fc_letterer_draw(&fresh, &none, "anna", 12, 1000, &out, &err), FC_OK);
	assert_int_equal(fc_letterer_draw(&fresh, &unset, "anna", 12, 1000, &out, &err), FC_OK);
	assert_null(out.opacity);
}

static void a_program_that_ends_is_started_three_times(void **state)
{
	(void)state;
	const struct fc_letterer_options failing = { .program = "/bin/false", .timeout = 60000 };
	struct fc_letterer fresh = { 0 };
	struct fc_error err;
	struct fc_stencil out = { 0 };
	for (int i = 0; i < 3; i++) {
		assert_int_equal(fc_letterer_draw(&fresh, &failing, "anna", 12, 1000, &out, &err),
				 FC_WORKER_DIED);
		assert_non_null(strstr(err.text, "exited with status 1"));
	}
	assert_int_equal(fc_letterer_draw(&fresh, &failing, "anna", 12, 1000, &out, &err), FC_OK);
	assert_null(out.opacity);
}

/* Another process ends it between two texts, as the kernel does when memory runs out. */
static void a_killed_program_costs_one_text(void **state)
{
	(void)state;
	struct fc_stencil out = { 0 };
	assert_int_equal(draw("a", 12, 1000, &out), FC_OK);
	free(out.opacity);
	assert_int_equal(kill(letterer.process.pid, SIGKILL), 0);
	assert_int_equal(draw("a", 12, 1000, &out), FC_WORKER_KILLED);
	assert_null(out.opacity);
	assert_int_equal(draw("a", 12, 1000, &out), FC_OK);
	assert_non_null(out.opacity);
	free(out.opacity);
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
		cmocka_unit_test(a_text_of_many_lines_or_marks_is_not_drawn_too_high),
		cmocka_unit_test(without_the_program_nothing_is_drawn),
		cmocka_unit_test(a_program_that_ends_is_started_three_times),
		cmocka_unit_test(a_killed_program_costs_one_text),
		cmocka_unit_test(letters_suit_the_face_and_the_photo),
	};
	struct fc_stencil out = { 0 };
	options.program = getenv("FACECTL_LETTERING");
	if (draw("A", 12, 100, &out) != FC_OK) {
		print_message("the program does not start\n");
		return 1;
	}
	if (!out.opacity) {
		print_message("skipped: no font is installed\n");
		return 77;
	}
	free(out.opacity);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	fc_letterer_stop(&letterer);
	return failed;
}
