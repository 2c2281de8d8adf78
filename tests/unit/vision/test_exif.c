/* Orientation is read from any EXIF block, and no bytes do harm. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "pictures.h"
#include "vision/image/exif.h"

static void every_orientation_is_read_in_both_byte_orders(void **state)
{
	(void)state;
	for (unsigned orientation = 1; orientation <= 8; orientation++) {
		struct fc_buffer intel = exif_block(orientation, false);
		struct fc_buffer motorola = exif_block(orientation, true);
		assert_int_equal(fc_exif_orientation(intel.data, intel.length), orientation);
		assert_int_equal(fc_exif_orientation(motorola.data, motorola.length), orientation);
		fc_buffer_release(&intel);
		fc_buffer_release(&motorola);
	}
}

static void the_marker_before_the_block_may_be_there(void **state)
{
	(void)state;
	struct fc_buffer block = exif_block(6, true), marked = { 0 };
	fc_buffer_append(&marked, "Exif\0\0", 6);
	fc_buffer_append(&marked, block.data, block.length);
	assert_int_equal(fc_exif_orientation(marked.data, marked.length), 6);
	fc_buffer_release(&block);
	fc_buffer_release(&marked);
}

static void every_integer_type_is_read(void **state)
{
	(void)state;
	static const struct {
		uint8_t type;
		uint8_t value[8]; /* of more than four bytes: stored after the directory */
		uint8_t orientation;
	} cases[] = {
		{ 1, { 6 }, 6 },
		{ 3, { 6 }, 6 },
		{ 4, { 8 }, 8 },
		{ 6, { 3 }, 3 },
		{ 8, { 5 }, 5 },
		{ 9, { 7 }, 7 },
		{ 5, { 6, 0, 0, 0, 1 }, 6 },
		{ 10, { 16, 0, 0, 0, 2 }, 8 },
		{ 5, { 6, 0, 0, 0, 0 }, 1 },
		{ 4, { 6, 1 }, 1 },
		{ 9, { 255, 255, 255, 255 }, 1 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool outside = cases[i].type == 5 || cases[i].type == 10;
		uint8_t block[34] = { 'I',  'I', '*',           0, 8, 0, 0, 0, 1, 0,
				      0x12, 1,   cases[i].type, 0, 1 };
		memcpy(block + (outside ? 26 : 18), cases[i].value, outside ? 8 : 4);
		block[18] = outside ? 26 : block[18];
		assert_int_equal(fc_exif_orientation(block, sizeof(block)), cases[i].orientation);
	}
}

static void values_without_a_meaning_count_as_upright(void **state)
{
	(void)state;
	for (unsigned value = 0; value < 65536; value = value < 12 ? value + 1 : value * 2) {
		struct fc_buffer block = exif_block(value, false);
		assert_int_equal(fc_exif_orientation(block.data, block.length),
				 value >= 1 && value <= 8 ? value : 1);
		fc_buffer_release(&block);
	}
}

static void a_block_cut_off_anywhere_gives_upright_or_the_value(void **state)
{
	(void)state;
	struct fc_buffer block = exif_block(3, true);
	for (size_t length = 0; length < block.length; length++) {
		/* A copy of just this length lets the sanitizer see each byte read too far. */
		uint8_t *part = malloc(length + 1);
		memcpy(part, block.data, length);
		uint8_t orientation = fc_exif_orientation(part, length);
		assert_true(orientation == 1 || orientation == 3);
		free(part);
	}
	assert_int_equal(fc_exif_orientation(block.data, 10), 1);
	fc_buffer_release(&block);
}

static void changed_bytes_do_no_harm(void **state)
{
	(void)state;
	struct fc_buffer block = exif_block(3, false);
	for (size_t at = 0; at < block.length; at++) {
		for (int value = 0; value < 256; value += 5) {
			uint8_t kept = block.data[at];
			block.data[at] = (uint8_t)value;
			uint8_t orientation = fc_exif_orientation(block.data, block.length);
			assert_in_range(orientation, 1, 8);
			block.data[at] = kept;
		}
	}
	fc_buffer_release(&block);
}

static void more_bytes_than_a_block_can_have_are_left_unread(void **state)
{
	(void)state;
	struct fc_buffer block = exif_block(8, false);
	uint8_t *large = calloc(1, 1 << 20);
	memcpy(large, block.data, block.length);
	assert_int_equal(fc_exif_orientation(large, 1 << 20), 8);
	free(large);
	fc_buffer_release(&block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_orientation_is_read_in_both_byte_orders),
		cmocka_unit_test(the_marker_before_the_block_may_be_there),
		cmocka_unit_test(every_integer_type_is_read),
		cmocka_unit_test(values_without_a_meaning_count_as_upright),
		cmocka_unit_test(a_block_cut_off_anywhere_gives_upright_or_the_value),
		cmocka_unit_test(changed_bytes_do_no_harm),
		cmocka_unit_test(more_bytes_than_a_block_can_have_are_left_unread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
