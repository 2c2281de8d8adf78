/* Packing by tables: order, reading back, and invalid data. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "base/fields.h"

enum colour { RED, GREEN, BLUE };

struct sample {
	char *note;
	uint64_t large;
	bool flag;
	uint8_t small;
	uint16_t medium;
	int64_t time;
	float values[2];
	double share;
	struct fc_uuid pid;
	enum colour near, far;
	char name[5];
	char *text;
	int extra; /* has no row */
};

static const struct fc_field fields[] = {
	FC_FIELD(struct sample, flag),
	FC_FIELD(struct sample, small),
	FC_FIELD(struct sample, medium),
	FC_FIELD_OF_CHOICES(struct sample, near, sizeof(uint8_t), BLUE),
	FC_FIELD_OF_CHOICES(struct sample, far, sizeof(uint32_t), BLUE),
	FC_FIELD(struct sample, share),
	FC_FIELD_OF_TEXT(struct sample, note, 6),
	FC_FIELD_AS(FC_FIELD_NAME, struct sample, name),
	FC_FIELD(struct sample, large),
	FC_FIELD(struct sample, time),
	FC_FIELD(struct sample, values),
	FC_FIELD(struct sample, pid),
	FC_FIELD_OF_TEXT(struct sample, text, 6),
	{ 0 },
};

static void put_sample(struct fc_buffer *out)
{
	char note[] = "a note";
	const struct sample sample = {
		.note = note,
		.large = UINT64_MAX - 1,
		.flag = true,
		.small = 7,
		.medium = 0x0102,
		.time = -2,
		.values = { 1.5F, -0.25F },
		.share = 79.3,
		.pid = { { 1, 2, 3 } },
		.near = GREEN,
		.far = BLUE,
		.name = "Anna",
	};
	fc_fields_put(out, fields, &sample);
	assert_true(fc_buffer_ok(out));
}

static void fields_are_packed_in_the_order_of_their_rows(void **state)
{
	(void)state;
	/* flag, small, medium, near, far, share, the length of the note */
	static const uint8_t first[] = {
		1, 7, 2, 1, 1, 2, 0, 0, 0, 0xa8, 0x19, 0x0c, 0, 6, 0, 0, 0
	};
	FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
	put_sample(&buffer);
	assert_int_equal(buffer.length, 9 + 4 + 4 + 6 + 4 + 4 + 8 + 8 + 8 + 16 + 4);
	assert_memory_equal(buffer.data, first, sizeof(first));
}

static void a_record_is_read_back_unchanged(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
	char old[] = "what was there";
	struct sample read = { .text = old, .extra = 9 };
	put_sample(&buffer);
	struct fc_reader reader = fc_reader_of(buffer.data, buffer.length);
	assert_int_equal(fc_fields_get(&reader, fields, &read), FC_OK);
	assert_true(fc_reader_done(&reader));
	assert_string_equal(read.note, "a note");
	assert_true(read.large == UINT64_MAX - 1);
	assert_true(read.flag);
	assert_int_equal(read.small, 7);
	assert_int_equal(read.medium, 0x0102);
	assert_int_equal(read.time, -2);
	assert_true(read.values[0] == 1.5F && read.values[1] == -0.25F);
	assert_true(read.share == 79.3);
	assert_int_equal(read.pid.bytes[2], 3);
	assert_int_equal(read.near, GREEN);
	assert_int_equal(read.far, BLUE);
	assert_string_equal(read.name, "Anna");
	assert_null(read.text); /* the empty one */
	assert_int_equal(read.extra, 9);
	free(read.note);
}

/* Truncated at every length. The sanitizer finds leaks. */
static void a_truncated_record_is_refused_and_leaves_no_text(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
	put_sample(&buffer);
	for (size_t length = 0; length < buffer.length; length++) {
		struct sample read = { 0 };
		struct fc_reader reader = fc_reader_of(buffer.data, length);
		assert_int_equal(fc_fields_get(&reader, fields, &read), FC_DAMAGED);
		assert_true(reader.failed);
		assert_null(read.note);
		assert_null(read.text);
	}
}

static void values_that_a_row_does_not_allow_are_refused(void **state)
{
	(void)state;
	static const struct {
		size_t place;
		uint8_t value;
	} spoilt[] = {
		{ 4, BLUE + 1 }, /* near */
		{ 6, 1 },        /* far, 256 more */
		{ 13, 7 },       /* a note longer than its limit */
		{ 17, '\0' },    /* a NUL in it */
		{ 23, 5 },       /* a name without room for its NUL */
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(spoilt); i++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer buffer = { 0 };
		struct sample read = { 0 };
		put_sample(&buffer);
		buffer.data[spoilt[i].place] = spoilt[i].value;
		struct fc_reader reader = fc_reader_of(buffer.data, buffer.length);
		if (fc_fields_get(&reader, fields, &read) != FC_DAMAGED) {
			fail_msg("value %zu is accepted", i);
		}
		assert_null(read.note);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_packed_in_the_order_of_their_rows),
		cmocka_unit_test(a_record_is_read_back_unchanged),
		cmocka_unit_test(a_truncated_record_is_refused_and_leaves_no_text),
		cmocka_unit_test(values_that_a_row_does_not_allow_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
