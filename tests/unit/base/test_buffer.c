/* Growing buffers and packing. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "unit.h"

static void an_empty_buffer_is_an_empty_text(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
	assert_true(fc_buffer_ok(&buffer));
	assert_string_equal(fc_buffer_text(&buffer), "");
	assert_int_equal(buffer.length, 0);
}

static void appended_bytes_stay_in_order_while_it_grows(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
	for (unsigned i = 0; i < 100000; i++) {
		fc_buffer_put_u8(&buffer, (uint8_t)(i * 7));
	}
	assert_true(fc_buffer_ok(&buffer));
	assert_int_equal(buffer.length, 100000);
	for (unsigned i = 0; i < 100000; i++) {
		assert_int_equal(buffer.data[i], (uint8_t)(i * 7));
	}
}

static void printf_appends(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
	fc_buffer_append_text(&buffer, "faces: ");
	fc_buffer_printf(&buffer, "%d of %s", 3, "four");
	assert_string_equal(fc_buffer_text(&buffer), "faces: 3 of four");
	assert_int_equal(buffer.length, strlen("faces: 3 of four"));
}

static void clearing_keeps_the_memory_and_resets_failure(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
	fc_buffer_append_text(&buffer, "some text");
	size_t capacity = buffer.capacity;
	buffer.failed = true;
	fc_buffer_append_text(&buffer, "ignored");
	assert_null(fc_buffer_text(&buffer));
	assert_int_equal(buffer.length, strlen("some text"));
	fc_buffer_clear(&buffer);
	assert_true(fc_buffer_ok(&buffer));
	assert_int_equal(buffer.length, 0);
	assert_int_equal(buffer.capacity, capacity);
}

static void an_impossible_length_fails_until_cleared(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
	fc_buffer_append(&buffer, "x", SIZE_MAX / 2);
	assert_false(fc_buffer_ok(&buffer));
	fc_buffer_append(&buffer, "x", 1);
	assert_false(fc_buffer_ok(&buffer));
	assert_int_equal(buffer.length, 0);
	assert_null(fc_buffer_steal_text(&buffer));
}

static void a_stolen_text_leaves_an_empty_buffer(void **state)
{
	(void)state;
	struct fc_buffer buffer = { 0 };
	fc_buffer_append_text(&buffer, "mine");
	char *text = fc_buffer_steal_text(&buffer);
	assert_string_equal(text, "mine");
	assert_null(buffer.data);
	assert_int_equal(buffer.length, 0);
	free(text);
}

static void numbers_are_packed_lowest_byte_first(void **state)
{
	(void)state;
	static const uint8_t expected[] = { 0x01, 0x03, 0x02, 0x07, 0x06, 0x05, 0x04, 0x0f,
					    0x0e, 0x0d, 0x0c, 0x0b, 0x0a, 0x09, 0x08 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
	fc_buffer_put_u8(&buffer, 0x01);
	fc_buffer_put_u16(&buffer, 0x0203);
	fc_buffer_put_u32(&buffer, 0x04050607);
	fc_buffer_put_u64(&buffer, 0x08090a0b0c0d0e0f);
	assert_int_equal(buffer.length, sizeof(expected));
	assert_memory_equal(buffer.data, expected, sizeof(expected));
}

static void packed_values_are_read_back(void **state)
{
	(void)state;
	static const float values[] = { 0.0f, -1.5f, 3.25e-20f };
	float read[3];
	uint8_t bytes[2];
	FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
	fc_buffer_put_u8(&buffer, UINT8_MAX);
	fc_buffer_put_u16(&buffer, UINT16_MAX);
	fc_buffer_put_u32(&buffer, UINT32_MAX);
	fc_buffer_put_u64(&buffer, UINT64_MAX);
	fc_buffer_put_f32(&buffer, INFINITY);
	fc_buffer_put_f32s(&buffer, values, 3);
	fc_buffer_append(&buffer, "\x12\x34", 2);
	fc_buffer_put_text(&buffer, "J\xc3\xbcrgen");
	fc_buffer_put_text(&buffer, NULL);

	struct fc_reader reader = fc_reader_of(buffer.data, buffer.length);
	assert_int_equal(fc_reader_u8(&reader), UINT8_MAX);
	assert_int_equal(fc_reader_u16(&reader), UINT16_MAX);
	assert_int_equal(fc_reader_u32(&reader), UINT32_MAX);
	assert_true(fc_reader_u64(&reader) == UINT64_MAX);
	assert_true(isinf(fc_reader_f32(&reader)));
	fc_reader_f32s(&reader, read, 3);
	assert_memory_equal(read, values, sizeof(values));
	fc_reader_bytes(&reader, bytes, 2);
	assert_memory_equal(bytes, "\x12\x34", 2);
	char *name = fc_reader_text(&reader, 100);
	assert_string_equal(name, "J\xc3\xbcrgen");
	free(name);
	char *nothing = fc_reader_text(&reader, 0);
	assert_string_equal(nothing, "");
	free(nothing);
	assert_true(fc_reader_done(&reader));
}

static void unread_bytes_are_an_error(void **state)
{
	(void)state;
	struct fc_reader reader = fc_reader_of("ab", 2);
	assert_int_equal(fc_reader_u8(&reader), 'a');
	assert_false(fc_reader_done(&reader));
	assert_int_equal(fc_reader_u8(&reader), 'b');
	assert_true(fc_reader_done(&reader));
}

static void reading_past_the_end_gives_zeros(void **state)
{
	(void)state;
	uint8_t bytes[4] = { 1, 1, 1, 1 };
	struct fc_reader reader = fc_reader_of("abc", 3);
	assert_int_equal(fc_reader_u32(&reader), 0);
	assert_int_equal(fc_reader_u8(&reader), 0);
	fc_reader_bytes(&reader, bytes, sizeof(bytes));
	assert_memory_equal(bytes, "\0\0\0\0", 4);
	assert_null(fc_reader_borrow(&reader, 1));
	assert_false(fc_reader_done(&reader));
}

static void a_long_or_truncated_text_or_one_with_a_nul_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t length, limit;
	} cases[] = {
		{ "\4\0\0\0four", 8, 3 },   /* over the limit */
		{ "\5\0\0\0four", 8, 100 }, /* longer than the data */
		{ "\xff\xff\xff\xff"
		  "four",
		  8, SIZE_MAX },             /* far longer */
		{ "\4\0\0\0fo\0r", 8, 100 }, /* a NUL inside */
		{ "\4\0\0", 3, 100 },        /* not even a length */
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		struct fc_reader reader = fc_reader_of(cases[i].bytes, cases[i].length);
		assert_null(fc_reader_text(&reader, cases[i].limit));
		assert_false(fc_reader_done(&reader));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_buffer_is_an_empty_text),
		cmocka_unit_test(appended_bytes_stay_in_order_while_it_grows),
		cmocka_unit_test(printf_appends),
		cmocka_unit_test(clearing_keeps_the_memory_and_resets_failure),
		cmocka_unit_test(an_impossible_length_fails_until_cleared),
		cmocka_unit_test(a_stolen_text_leaves_an_empty_buffer),
		cmocka_unit_test(numbers_are_packed_lowest_byte_first),
		cmocka_unit_test(packed_values_are_read_back),
		cmocka_unit_test(unread_bytes_are_an_error),
		cmocka_unit_test(reading_past_the_end_gives_zeros),
		cmocka_unit_test(a_long_or_truncated_text_or_one_with_a_nul_is_refused),
	};
	return cmocka_run_group_tests_name("base/buffer", tests, NULL, NULL);
}
