/* Thresholds chosen from what was asked for. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "service/match/threshold.h"

static struct fc_calibration_point points[] = {
	{ 1e-2, 0.20 }, { 1e-3, 0.30 }, { 1e-4, 0.40 }, { 1e-5, 0.50 }
};

static char model_name[] = "test";

static struct fc_model calibrated(void)
{
	return (struct fc_model){
		.name = model_name,
		.calibration = { .points = points, .count = FC_ARRAY_LENGTH(points) },
	};
}

static const struct fc_threshold_choice one_percent = { .has_fpir = true, .fpir = 0.01 };

static void default_follows_the_number_of_persons(void **state)
{
	(void)state;
	struct fc_model model = calibrated();
	struct fc_threshold_choice nothing = { 0 };
	struct fc_threshold few, many;
	assert_int_equal(fc_threshold_choose(&nothing, &one_percent, &model, 1, &few, NULL), FC_OK);
	assert_int_equal(fc_threshold_choose(&nothing, &one_percent, &model, 100, &many, NULL),
			 FC_OK);
	assert_float_equal(few.value, 0.20, 1e-9);
	assert_float_equal(many.value, 0.40, 1e-3);
	assert_int_equal(few.basis, FC_THRESHOLD_FPIR);
	assert_false(many.extrapolated);
}

static void a_threshold_beyond_the_measured_says_so(void **state)
{
	(void)state;
	struct fc_model model = calibrated();
	struct fc_threshold_choice choice = { .has_fmr = true, .fmr = 1e-6 };
	struct fc_threshold chosen;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
	assert_int_equal(fc_threshold_choose(&choice, &one_percent, &model, 7, &chosen, NULL),
			 FC_OK);
	assert_float_equal(chosen.value, 0.60, 1e-9);
	fc_threshold_describe(&chosen, &words);
	assert_string_equal(fc_buffer_text(&words), "fmr 1e-06, beyond what was measured");
}

static void a_given_threshold_is_taken_as_it_is(void **state)
{
	(void)state;
	struct fc_model model = { .name = model_name };
	struct fc_threshold_choice choice = { .has_threshold = true, .threshold = 0 };
	struct fc_threshold chosen;
	assert_int_equal(fc_threshold_choose(&choice, &one_percent, &model, 7, &chosen, NULL),
			 FC_OK);
	assert_float_equal(chosen.value, 0, 0);
	assert_int_equal(chosen.basis, FC_THRESHOLD_GIVEN);
}

static void a_rate_needs_a_calibration(void **state)
{
	(void)state;
	struct fc_model model = { .name = model_name };
	struct fc_threshold_choice nothing = { 0 };
	struct fc_threshold chosen;
	struct fc_error err = { 0 };
	assert_int_equal(fc_threshold_choose(&nothing, &one_percent, &model, 7, &chosen, &err),
			 FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "--threshold"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_follows_the_number_of_persons),
		cmocka_unit_test(a_threshold_beyond_the_measured_says_so),
		cmocka_unit_test(a_given_threshold_is_taken_as_it_is),
		cmocka_unit_test(a_rate_needs_a_calibration),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
