/* Checks of JSON from outside. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "unit.h"

enum { LIMIT = 1 << 20 };

static enum fc_status parse(const char *text, cJSON **out, struct fc_error *err)
{
	return fc_json_parse(text, strlen(text), LIMIT, "'meta'", out, err);
}

static void members_are_found_by_exact_name_and_type(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	double number = 42;
	assert_int_equal(parse(" {\"space\":\"5\",\"n\":3,\"Space\":true} \n", &json, NULL), FC_OK);
	assert_string_equal(fc_json_text(json, "space"), "5");
	assert_null(fc_json_text(json, "SPACE"));
	assert_null(fc_json_text(json, "n"));
	assert_null(fc_json_get(json, "absent"));
	assert_true(cJSON_IsTrue(fc_json_get(json, "Space")));
	assert_true(fc_json_number(json, "n", 0, 3, &number));
	assert_true(number == 3);
}

static void a_number_outside_its_range_is_refused(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	double number = 42;
	assert_int_equal(parse("{\"n\":3,\"huge\":1e999,\"text\":\"3\"}", &json, NULL), FC_OK);
	assert_false(fc_json_number(json, "n", 4, 9, &number));
	assert_false(fc_json_number(json, "n", 0, 2.9, &number));
	assert_false(fc_json_number(json, "huge", 0, 1e300, &number));
	assert_false(fc_json_number(json, "text", 0, 9, &number));
	assert_false(fc_json_number(json, "absent", 0, 9, &number));
	assert_true(number == 42);
}

static void anything_but_one_json_value_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",    " ",      "{",       "{\"a\":}", "[1,]", "{\"a\" 1}", "nul",
		"'a'", "\"open", "[1] [2]", "{} x",     "]",    "[[]]]",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		cJSON *json = NULL;
		struct fc_error err = { 0 };
		assert_int_equal(parse(texts[i], &json, &err), FC_INVALID_ARGUMENT);
		assert_null(json);
		assert_non_null(strstr(err.text, "'meta' is not JSON"));
	}
}

static void json_that_cjson_would_misread_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *reason;
		size_t length;
	} cases[] = {
		{ "\"ab\\u0000cd\"", "it contains \\u0000", 12 },
		{ "\"ab\0cd\"", "it contains a NUL byte", 7 },
		{ "\"ab\xff\"", "it is not UTF-8", 5 },
		{ "{\"\xc0\x80\":1}", "it is not UTF-8", 8 },
		{ "{\"person_id\": 005}", "a number that is not JSON", 18 },
		{ "[-012]", "a number that is not JSON", 6 },
		{ "[1,2.]", "a number that is not JSON", 6 },
		{ "[-.5]", "a number that is not JSON", 5 },
		{ "[1e]", "a number that is not JSON", 4 },
		{ "[1e+]", "a number that is not JSON", 5 },
		{ "[1.5.2]", "a number that is not JSON", 7 },
		{ "[1-2]", "a number that is not JSON", 5 },
		{ "-", "a number that is not JSON", 1 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		cJSON *json = NULL;
		struct fc_error err = { 0 };
		assert_int_equal(
			fc_json_parse(cases[i].text, cases[i].length, LIMIT, "'meta'", &json, &err),
			FC_INVALID_ARGUMENT);
		assert_null(json);
		assert_non_null(strstr(err.text, cases[i].reason));
	}
}

static void every_number_of_json_is_accepted(void **state)
{
	(void)state;
	static const char text[] = "[0,-0,10,-7,0.5,1.25e3,1E-2,2e+007,\"007\",0]";
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	assert_int_equal(parse(text, &json, NULL), FC_OK);
	assert_int_equal(cJSON_GetArraySize(json), 10);
	assert_true(cJSON_GetArrayItem(json, 7)->valuedouble == 2e7);
}

static void too_many_values_are_refused_without_parsing(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	struct fc_error err = { 0 };
	fc_buffer_append_text(&text, "[\"[,{\",0");
	for (unsigned i = 0; i < 199997; i++) {
		fc_buffer_append_text(&text, ",0");
	}
	size_t most = text.length;
	fc_buffer_append_text(&text, "]");
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	assert_int_equal(parse(fc_buffer_text(&text), &json, NULL), FC_OK);
	text.length = most;
	fc_buffer_append_text(&text, ",0]");
	cJSON *none = NULL;
	assert_int_equal(parse(fc_buffer_text(&text), &none, &err), FC_TOO_LARGE);
	assert_null(none);
	assert_string_equal(err.text, "'meta' has more than 200000 values");
}

static void an_escaped_backslash_before_u0000_is_text(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	assert_int_equal(parse("{\"a\":\"\\\\u0000\"}", &json, NULL), FC_OK);
	assert_string_equal(fc_json_text(json, "a"), "\\u0000");
}

static enum fc_status parse_nested(int depth, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	for (int i = 0; i < depth; i++) {
		fc_buffer_append_text(&text, "[");
	}
	for (int i = 0; i < depth; i++) {
		fc_buffer_append_text(&text, "]");
	}
	return parse(fc_buffer_text(&text), &json, err);
}

static void nesting_ends_at_32(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	assert_int_equal(parse_nested(32, &err), FC_OK);
	assert_int_equal(parse_nested(33, &err), FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "nested more than 32 deep"));
	assert_int_equal(parse_nested(100000, &err), FC_INVALID_ARGUMENT);
}

static void brackets_inside_texts_do_not_nest(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	assert_int_equal(parse("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[\"", &json, NULL),
			 FC_OK);
}

static void a_name_given_twice_in_one_object_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"{\"a\":1,\"b\":2,\"a\":3}",
		"[{\"x\":{\"a\":1,\"\\u0061\":2}}]",
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(texts); i++) {
		cJSON *json = NULL;
		struct fc_error err = { 0 };
		assert_int_equal(parse(texts[i], &json, &err), FC_INVALID_ARGUMENT);
		assert_null(json);
		assert_string_equal(err.text, "'meta' has two members named 'a' in one object");
	}
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	assert_int_equal(parse("[{\"a\":1,\"A\":2},{\"a\":3}]", &json, NULL), FC_OK);
}

static void an_object_of_very_many_names_is_still_checked(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	struct fc_error err = { 0 };
	for (unsigned i = 0; i < 60000; i++) {
		fc_buffer_printf(&text, "%s\"n%05u\":0", i == 0 ? "{" : ",", i * 7919 % 60000);
	}
	size_t unique = text.length;
	fc_buffer_append_text(&text, "}");
	assert_int_equal(parse(fc_buffer_text(&text), &json, NULL), FC_OK);
	text.length = unique;
	fc_buffer_append_text(&text, ",\"n31415\":1}");
	cJSON *twice = NULL;
	assert_int_equal(parse(fc_buffer_text(&text), &twice, &err), FC_INVALID_ARGUMENT);
	assert_null(twice);
	assert_string_equal(err.text, "'meta' has two members named 'n31415' in one object");
}

static void a_text_over_the_limit_is_refused_without_parsing(void **state)
{
	(void)state;
	cJSON *json = NULL;
	struct fc_error err = { 0 };
	assert_int_equal(fc_json_parse("[1]", 3, 2, "'meta'", &json, &err), FC_TOO_LARGE);
	assert_null(json);
	assert_string_equal(err.text, "'meta' is larger than 2 bytes");
}

static void text_after_the_length_is_not_read(void **state)
{
	(void)state;
	FC_CLEANUP(fc_json_release) cJSON *json = NULL;
	assert_int_equal(fc_json_parse("[1]garbage", 3, LIMIT, "'meta'", &json, NULL), FC_OK);
	assert_int_equal(cJSON_GetArraySize(json), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_found_by_exact_name_and_type),
		cmocka_unit_test(a_number_outside_its_range_is_refused),
		cmocka_unit_test(anything_but_one_json_value_is_refused),
		cmocka_unit_test(json_that_cjson_would_misread_is_refused),
		cmocka_unit_test(every_number_of_json_is_accepted),
		cmocka_unit_test(too_many_values_are_refused_without_parsing),
		cmocka_unit_test(an_escaped_backslash_before_u0000_is_text),
		cmocka_unit_test(nesting_ends_at_32),
		cmocka_unit_test(brackets_inside_texts_do_not_nest),
		cmocka_unit_test(a_name_given_twice_in_one_object_is_refused),
		cmocka_unit_test(an_object_of_very_many_names_is_still_checked),
		cmocka_unit_test(a_text_over_the_limit_is_refused_without_parsing),
		cmocka_unit_test(text_after_the_length_is_not_read),
	};
	return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
