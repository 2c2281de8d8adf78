/* The names of results, sex, mood and liveness. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/words.h"

static void every_value_has_a_name_and_is_found_by_it(void **state)
{
	(void)state;
	enum fc_result result;
	enum fc_sex sex;
	enum fc_mood mood;
	enum fc_liveness liveness;
	for (int i = FC_RESULT_NM; i < FC_RESULT_END; i++) {
		assert_true(fc_result_of_name(fc_result_name((enum fc_result)i), &result));
		assert_int_equal(result, i);
	}
	for (int i = FC_SEX_MALE; i < FC_SEX_END; i++) {
		assert_true(fc_sex_of_name(fc_sex_name((enum fc_sex)i), &sex));
		assert_int_equal(sex, i);
	}
	for (int i = FC_MOOD_NEUTRAL; i < FC_MOOD_END; i++) {
		assert_true(fc_mood_of_name(fc_mood_name((enum fc_mood)i), &mood));
		assert_int_equal(mood, i);
	}
	for (int i = FC_LIVENESS_PASSED; i < FC_LIVENESS_END; i++) {
		assert_true(fc_liveness_of_name(fc_liveness_name((enum fc_liveness)i), &liveness));
		assert_int_equal(liveness, i);
	}
}

static void unknown_values_have_no_name(void **state)
{
	(void)state;
	assert_string_equal(fc_result_name(FC_RESULT_END), "unknown");
	assert_null(fc_sex_name(FC_SEX_UNKNOWN));
	assert_null(fc_mood_name(FC_MOOD_UNKNOWN));
	assert_null(fc_liveness_name(FC_LIVENESS_UNKNOWN));
	assert_null(fc_sex_name(FC_SEX_END));
	assert_null(fc_mood_name(FC_MOOD_END));
	assert_null(fc_liveness_name(FC_LIVENESS_END));
}

static void other_texts_are_refused(void **state)
{
	(void)state;
	enum fc_result result;
	enum fc_sex sex;
	enum fc_mood mood;
	enum fc_liveness liveness;
	assert_false(fc_result_of_name("unknown", &result));
	assert_false(fc_sex_of_name("other", &sex));
	assert_false(fc_mood_of_name("", &mood));
	assert_false(fc_liveness_of_name("Passed", &liveness));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_has_a_name_and_is_found_by_it),
		cmocka_unit_test(unknown_values_have_no_name),
		cmocka_unit_test(other_texts_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
