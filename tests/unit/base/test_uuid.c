/* UUIDs are random, and their text is read back. */
/* SPDX-License-Identifier: MIT */
#include "base/compiler.h"
#include "base/uuid.h"
#include "unit.h"

static void a_new_uuid_is_unique_and_of_version_4(void **state)
{
	(void)state;
	struct fc_uuid all[100];
	for (size_t i = 0; i < FC_ARRAY_LENGTH(all); i++) {
		all[i] = fc_uuid_new();
		assert_int_equal(all[i].bytes[6] >> 4, 4); /* RFC 4122, 4.1.3: version */
		assert_int_equal(all[i].bytes[8] >> 6, 2); /* RFC 4122, 4.1.1: variant */
		for (size_t other = 0; other < i; other++) {
			assert_false(fc_uuid_equal(&all[i], &all[other]));
		}
	}
}

static void a_name_always_has_the_same_uuid(void **state)
{
	(void)state;
	struct fc_uuid dns;
	char text[FC_UUID_TEXT_SIZE];
	/* RFC 9562, A.4: www.example.com in the namespace of domain names */
	assert_true(fc_uuid_parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8", &dns));
	struct fc_uuid uuid = fc_uuid_of_name(&dns, "www.example.com");
	fc_uuid_format(&uuid, text);
	assert_string_equal(text, "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

static void a_text_is_read_in_either_case_and_written_in_lower(void **state)
{
	(void)state;
	struct fc_uuid uuid;
	char text[FC_UUID_TEXT_SIZE];
	assert_true(fc_uuid_parse("0DB7D1B8-1D3C-4E13-9D8D-0d6bd0d2a2a4", &uuid));
	assert_int_equal(uuid.bytes[0], 0x0d);
	assert_int_equal(uuid.bytes[15], 0xa4);
	fc_uuid_format(&uuid, text);
	assert_string_equal(text, "0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4");
}

static void an_invalid_uuid_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"0db7d1b8",
		"0db7d1b81d3c4e139d8d0d6bd0d2a2a4",
		"{0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4}",
		"0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a",
		"0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4 ",
		"0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2ag",
		"0db7d1b8+1d3c+4e13+9d8d+0d6bd0d2a2a4",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		struct fc_uuid uuid = { { 7 } };
		assert_false(fc_uuid_parse(texts[i], &uuid));
		assert_int_equal(uuid.bytes[0], 7);
	}
}

static void a_prefix_has_four_digits_and_its_dashes(void **state)
{
	const char *const refused[] = { "", "0db", "0db7d1b81",
					"0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4f", "anna" };
	struct fc_uuid whole, uuid;
	size_t bytes;
	(void)state;
	assert_true(fc_uuid_parse("0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4", &whole));
	assert_true(fc_uuid_parse_prefix("0DB7", &uuid, &bytes));
	assert_int_equal(bytes, 2);
	assert_memory_equal(&uuid, &whole, bytes);
	assert_int_equal(uuid.bytes[2], 0);
	assert_true(fc_uuid_parse_prefix("0db7d1b8-1d3", &uuid, &bytes));
	assert_int_equal(bytes, 5);
	assert_memory_equal(&uuid, &whole, bytes);
	assert_true(fc_uuid_begins_with(&whole, "0DB7d1b8-1d3"));
	assert_false(fc_uuid_begins_with(&whole, "0db7d1b8-1d4"));
	for (size_t i = 0; i < FC_ARRAY_LENGTH(refused); i++) {
		assert_false(fc_uuid_parse_prefix(refused[i], &uuid, &bytes));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_uuid_is_unique_and_of_version_4),
		cmocka_unit_test(a_name_always_has_the_same_uuid),
		cmocka_unit_test(a_text_is_read_in_either_case_and_written_in_lower),
		cmocka_unit_test(an_invalid_uuid_is_refused),
		cmocka_unit_test(a_prefix_has_four_digits_and_its_dashes),
	};
	return cmocka_run_group_tests_name("base/uuid", tests, NULL, NULL);
}
