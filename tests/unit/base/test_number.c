/* Strict parsing of numbers. */
/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <string.h>

#include "base/number.h"
#include "unit.h"

static void whole_numbers_include_both_limits(void **state)
{
	(void)state;
	uint64_t value = 1;
	assert_int_equal(fc_parse_u64("0", 0, UINT64_MAX, "N", &value, NULL), FC_OK);
	assert_true(value == 0);
	assert_int_equal(fc_parse_u64("18446744073709551615", 0, UINT64_MAX, "N", &value, NULL),
			 FC_OK);
	assert_true(value == UINT64_MAX);
	assert_int_equal(fc_parse_u64("007", 0, 9, "N", &value, NULL), FC_OK);
	assert_true(value == 7);
}

static void an_invalid_whole_number_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		" 1",
		"1 ",
		"+1",
		"-1",
		"1.0",
		"0x1",
		"1e3",
		"18446744073709551616",
		"99999999999999999999999",
		"\xd9\xa1",
		"1\n",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		struct fc_error err = { 0 };
		uint64_t value = 42;
		assert_int_equal(fc_parse_u64(texts[i], 0, UINT64_MAX, "--jobs", &value, &err),
				 FC_INVALID_ARGUMENT);
		assert_true(value == 42);
		assert_int_equal(err.status, FC_INVALID_ARGUMENT);
		assert_non_null(strstr(err.text, "--jobs"));
	}
}

static void a_whole_number_out_of_range_names_the_range(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	uint64_t value = 42;
	assert_int_equal(fc_parse_u64("65", 1, 64, "--jobs", &value, &err), FC_INVALID_ARGUMENT);
	assert_string_equal(err.text, "--jobs takes 1 to 64, not 65");
	assert_int_equal(fc_parse_u64("0", 1, 64, "--jobs", &value, &err), FC_INVALID_ARGUMENT);
	assert_true(value == 42);
}

static void decimals_and_percentages_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double value;
	} cases[] = {
		{ "0.5", 0.5 },  { "-1", -1 }, { "1e-4", 1e-4 },  { "1%", 0.01 },
		{ ".25", 0.25 }, { "+2", 2 },  { "0.1%", 0.001 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		double value = -9;
		assert_int_equal(fc_parse_real(cases[i].text, -1, 2, "N", &value, NULL), FC_OK);
		assert_true(value > cases[i].value - 1e-15 && value < cases[i].value + 1e-15);
	}
}

static void an_invalid_decimal_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",   " 0.5", "0.5 ",  "0,5", "nan",   "inf", "-inf", "0x1p3", "1e999",
		"1e", "--1",  "0.5%%", "%",   "1.2.3", "e5",  "-",    ".",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		double value = 42;
		assert_int_equal(fc_parse_real(texts[i], -1e300, 1e300, "N", &value, NULL),
				 FC_INVALID_ARGUMENT);
		assert_true(value == 42);
	}
}

static void a_decimal_out_of_range_is_refused(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	double value = 42;
	assert_int_equal(fc_parse_real("1.01", -1, 1, "--threshold", &value, &err),
			 FC_INVALID_ARGUMENT);
	assert_string_equal(err.text, "--threshold takes -1 to 1, not 1.01");
	assert_true(value == 42);
}

static void a_decimal_point_is_a_point_in_every_locale(void **state)
{
	(void)state;
	if (!setlocale(LC_NUMERIC, "de_DE.UTF-8")) {
		print_message("no locale de_DE.UTF-8 on this machine\n");
		skip();
	}
	double value = 42;
	enum fc_status status = fc_parse_real("0.5", 0, 1, "N", &value, NULL);
	setlocale(LC_NUMERIC, "C");
	assert_int_equal(status, FC_OK);
	assert_true(value == 0.5);
}

static void sizes_take_units_of_1024(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t value;
	} cases[] = {
		{ "0", 0 },
		{ "1000", 1000 },
		{ "2K", 2048 },
		{ "2KiB", 2048 },
		{ "64MiB", 64u << 20 },
		{ "16G", 16ull << 30 },
		{ "17179869183G", 17179869183ull << 30 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		uint64_t value = 42;
		assert_int_equal(fc_parse_size(cases[i].text, UINT64_MAX, "N", &value, NULL),
				 FC_OK);
		assert_true(value == cases[i].value);
	}
}

static void an_invalid_size_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "",    "K",    "1 K", "1k",
					     "1KB", "1.5M", "-1",  "17179869184G" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		uint64_t value = 42;
		assert_int_equal(fc_parse_size(texts[i], UINT64_MAX, "N", &value, NULL),
				 FC_INVALID_ARGUMENT);
		assert_true(value == 42);
	}
	uint64_t value = 42;
	assert_int_equal(fc_parse_size("2K", 2047, "N", &value, NULL), FC_INVALID_ARGUMENT);
	assert_true(value == 42);
}

static void durations_without_a_unit_are_seconds(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t value;
	} cases[] = {
		{ "5", 5000 },     { "5s", 5000 },     { "5ms", 5 },        { "2m", 120000 },
		{ "1h", 3600000 }, { "1d", 86400000 }, { "1w", 604800000 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		uint64_t value = 42;
		assert_int_equal(fc_parse_duration(cases[i].text, UINT64_MAX, "N", &value, NULL),
				 FC_OK);
		assert_true(value == cases[i].value);
	}
	uint64_t value = 42;
	assert_int_equal(fc_parse_duration("1y", UINT64_MAX, "N", &value, NULL),
			 FC_INVALID_ARGUMENT);
	assert_int_equal(fc_parse_duration("2h", 3600000, "N", &value, NULL), FC_INVALID_ARGUMENT);
	assert_true(value == 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_numbers_include_both_limits),
		cmocka_unit_test(an_invalid_whole_number_is_refused),
		cmocka_unit_test(a_whole_number_out_of_range_names_the_range),
		cmocka_unit_test(decimals_and_percentages_are_read),
		cmocka_unit_test(an_invalid_decimal_is_refused),
		cmocka_unit_test(a_decimal_out_of_range_is_refused),
		cmocka_unit_test(a_decimal_point_is_a_point_in_every_locale),
		cmocka_unit_test(sizes_take_units_of_1024),
		cmocka_unit_test(an_invalid_size_is_refused),
		cmocka_unit_test(durations_without_a_unit_are_seconds),
	};
	return cmocka_run_group_tests_name("base/number", tests, NULL, NULL);
}
