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
	assert_int_equal(fc_threshold_choose(&nothing, &one_percent, &model, NULL, 1, &few, NULL),
			 FC_OK);
	assert_int_equal(
		fc_threshold_choose(&nothing, &one_percent, &model, NULL, 100, &many, NULL), FC_OK);
	assert_float_equal(few.value, 0.20, 1e-9);
	assert_float_equal(many.value, 0.40, 1e-3);
	assert_int_equal(few.basis, FC_THRESHOLD_FPIR);
	assert_false(many.extrapolated);
}

static void the_default_is_not_lower_for_few_persons(void **state)
{
	(void)state;
	struct fc_model model = calibrated();
	struct fc_threshold_choice nothing = { 0 };
	struct fc_threshold_choice given = { .has_fpir = true, .fpir = 0.01 };
	struct fc_threshold chosen;
	for (uint64_t persons = 0; persons < 10; persons++) {
		assert_int_equal(fc_threshold_choose(&nothing, &fc_threshold_of_search, &model,
						     NULL, persons, &chosen, NULL),
				 FC_OK);
		assert_float_equal(chosen.value, 0.3, 1e-9);
		assert_int_equal(chosen.basis, FC_THRESHOLD_FMR);
		assert_float_equal(chosen.rate, 1e-3, 1e-12);
	}
	assert_int_equal(fc_threshold_choose(&nothing, &fc_threshold_of_search, &model, NULL, 100,
					     &chosen, NULL),
			 FC_OK);
	assert_float_equal(chosen.value, 0.4, 1e-3);
	assert_int_equal(chosen.basis, FC_THRESHOLD_FPIR);
	/* A rate that was given is used as it is. */
	assert_int_equal(fc_threshold_choose(&given, &fc_threshold_of_search, &model, NULL, 1,
					     &chosen, NULL),
			 FC_OK);
	assert_float_equal(chosen.value, 0.2, 1e-9);
}

static void a_threshold_beyond_the_measured_says_so(void **state)
{
	(void)state;
	struct fc_model model = calibrated();
	struct fc_threshold_choice choice = { .has_fmr = true, .fmr = 1e-6 };
	struct fc_threshold chosen;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
	assert_int_equal(fc_threshold_choose(&choice, &one_percent, &model, NULL, 7, &chosen, NULL),
			 FC_OK);
	assert_float_equal(chosen.value, 0.60, 1e-9);
	fc_threshold_describe(&chosen, 1, &words);
	assert_string_equal(fc_buffer_text(&words), "fmr 1e-06, beyond what was measured");
}

static void a_given_threshold_is_taken_as_it_is(void **state)
{
	(void)state;
	struct fc_model model = { .name = model_name };
	struct fc_threshold_choice choice = { .has_threshold = true, .threshold = 0 };
	struct fc_threshold chosen;
	assert_int_equal(fc_threshold_choose(&choice, &one_percent, &model, NULL, 7, &chosen, NULL),
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
	assert_int_equal(
		fc_threshold_choose(&nothing, &one_percent, &model, NULL, 7, &chosen, &err),
		FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "--threshold"));
}

/* Three persons gave these points: both rates are large, and the line through them leads to 0.7 at 1e-4. */
static struct fc_calibration_point few_points[] = { { 1e-1, 0.40 }, { 5e-2, 0.43 } };
static const struct fc_calibration few = { .points = few_points, .count = 2 };

static double of_space(const struct fc_model *model, double fmr, bool expect_extrapolated)
{
	struct fc_threshold_choice choice = { .has_fmr = true, .fmr = fmr };
	struct fc_threshold chosen;
	assert_int_equal(fc_threshold_choose(&choice, &one_percent, model, &few, 7, &chosen, NULL),
			 FC_OK);
	assert_true(chosen.of_space);
	assert_int_equal(chosen.extrapolated, expect_extrapolated);
	return chosen.value;
}

static void a_space_measured_on_few_photos_keeps_to_the_embedder_beyond_them(void **state)
{
	(void)state;
	struct fc_model model = calibrated();
	assert_float_equal(of_space(&model, 1e-1, false), 0.40, 1e-9);
	assert_float_equal(of_space(&model, 5e-2, false), 0.43, 1e-9);
	/* The embedder has 0.3 and 0.4 here, which is less than what the space has at 5e-2 already. */
	assert_float_equal(of_space(&model, 1e-3, true), 0.43, 1e-9);
	assert_float_equal(of_space(&model, 1e-4, true), 0.43, 1e-9);
	assert_float_equal(of_space(&model, 1e-5, true), 0.50, 1e-9);
	/* The embedder's line ends at 1, and at 0.1 for large rates. */
	assert_float_equal(of_space(&model, 1e-12, true), 1, 1e-9);
	assert_true(of_space(&model, 0.5, true) <= 0.40);
}

static void a_space_may_be_calibrated_where_the_embedder_is_not(void **state)
{
	(void)state;
	struct fc_model model = { .name = model_name };
	assert_float_equal(of_space(&model, 1e-1, false), 0.40, 1e-9);
	assert_float_equal(of_space(&model, 1e-6, true), 0.43, 1e-9);
	assert_float_equal(of_space(&model, 0.5, true), 0.40, 1e-9);
}

static void a_given_threshold_is_not_of_the_space(void **state)
{
	(void)state;
	struct fc_model model = calibrated();
	struct fc_threshold_choice choice = { .has_threshold = true, .threshold = 0.2 };
	struct fc_threshold chosen;
	assert_int_equal(fc_threshold_choose(&choice, &one_percent, &model, &few, 7, &chosen, NULL),
			 FC_OK);
	assert_false(chosen.of_space);
	assert_float_equal(chosen.value, 0.2, 0);
}

static void persons_with_several_photos_have_higher_thresholds(void **state)
{
	(void)state;
	struct fc_model model = calibrated();
	struct fc_threshold_choice rate = { .has_fmr = true, .fmr = 1e-3 };
	struct fc_threshold_choice number = { .has_threshold = true, .threshold = 0.3 };
	struct fc_threshold chosen;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer words = { 0 };
	model.calibration.factors =
		(struct fc_mean_factors){ { { 2, 1.02 }, { 3, 1.03 }, { 5, 1.05 } }, 3 };
	assert_int_equal(fc_threshold_choose(&rate, &one_percent, &model, NULL, 7, &chosen, NULL),
			 FC_OK);
	assert_float_equal(fc_threshold_for(&chosen, 0), 0.3, 1e-9);
	assert_float_equal(fc_threshold_for(&chosen, 1), 0.3, 1e-9);
	assert_float_equal(fc_threshold_for(&chosen, 2), 0.306, 1e-9);
	assert_float_equal(fc_threshold_for(&chosen, 4), 0.312, 1e-9);
	assert_float_equal(fc_threshold_for(&chosen, 500), 0.315, 1e-9);
	fc_threshold_describe(&chosen, 4, &words);
	assert_string_equal(fc_buffer_text(&words), "fmr 0.001, for the mean of 4 photos");
	/* A space that was measured without several photos of a person uses the embedder's factors. */
	assert_int_equal(fc_threshold_choose(&rate, &one_percent, &model, &few, 7, &chosen, NULL),
			 FC_OK);
	assert_float_equal(fc_threshold_for(&chosen, 2), 0.4386, 1e-9);
	struct fc_calibration own = few;
	own.factors = (struct fc_mean_factors){ { { 2, 1.1 } }, 1 };
	assert_int_equal(fc_threshold_choose(&rate, &one_percent, &model, &own, 7, &chosen, NULL),
			 FC_OK);
	assert_float_equal(fc_threshold_for(&chosen, 5), 0.473, 1e-9);
	/* A number is used as it is. */
	assert_int_equal(fc_threshold_choose(&number, &one_percent, &model, NULL, 7, &chosen, NULL),
			 FC_OK);
	assert_float_equal(fc_threshold_for(&chosen, 5), 0.3, 0);
}

static void a_threshold_for_several_photos_stays_below_one(void **state)
{
	(void)state;
	const struct fc_mean_factors factors = { { { 2, 1.5 } }, 1 };
	double last = -1;
	for (int i = -100; i < 100; i++) {
		double raised = fc_threshold_of_mean(&factors, i / 100.0, 2);
		assert_true(raised > last || i == -100);
		assert_true(raised >= i / 100.0 && raised < 1);
		last = raised;
	}
	assert_float_equal(fc_threshold_of_mean(&factors, 1, 2), 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_follows_the_number_of_persons),
		cmocka_unit_test(the_default_is_not_lower_for_few_persons),
		cmocka_unit_test(a_threshold_beyond_the_measured_says_so),
		cmocka_unit_test(a_given_threshold_is_taken_as_it_is),
		cmocka_unit_test(a_rate_needs_a_calibration),
		cmocka_unit_test(a_space_measured_on_few_photos_keeps_to_the_embedder_beyond_them),
		cmocka_unit_test(a_space_may_be_calibrated_where_the_embedder_is_not),
		cmocka_unit_test(a_given_threshold_is_not_of_the_space),
		cmocka_unit_test(persons_with_several_photos_have_higher_thresholds),
		cmocka_unit_test(a_threshold_for_several_photos_stays_below_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
