/* Thresholds between, on and beyond measured operating points. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>

#include "vision/models/models.h"

static struct fc_calibration_point points[] = { { 1e-1, 0.1 }, { 1e-2, 0.2 }, { 1e-4, 0.5 } };
static const struct fc_calibration calibration = { .points = points, .count = 3 };

static void assert_threshold(double fmr, double expected, bool expected_extrapolated)
{
	double threshold = -9.0;
	bool extrapolated = !expected_extrapolated;
	assert_int_equal(
		fc_calibration_threshold(&calibration, fmr, &threshold, &extrapolated, NULL),
		FC_OK);
	assert_float_equal(threshold, expected, 1e-9);
	assert_int_equal(extrapolated, expected_extrapolated);
}

static void a_measured_rate_gives_its_threshold(void **state)
{
	(void)state;
	assert_threshold(1e-1, 0.1, false);
	assert_threshold(1e-2, 0.2, false);
	assert_threshold(1e-4, 0.5, false);
}

static void between_points_it_is_linear_in_the_logarithm(void **state)
{
	(void)state;
	assert_threshold(1e-3, 0.35, false);
	assert_threshold(pow(10.0, -1.5), 0.15, false);
}

static void beyond_the_points_the_outermost_two_go_on(void **state)
{
	(void)state;
	assert_threshold(1e-6, 0.8, true);
	assert_threshold(pow(10.0, -0.5), 0.05, true);
}

static void fewer_than_two_points_are_no_calibration(void **state)
{
	(void)state;
	const struct fc_calibration one = { .points = points, .count = 1 };
	double threshold = -9.0;
	bool extrapolated = false;
	assert_int_equal(fc_calibration_threshold(&one, 1e-2, &threshold, &extrapolated, NULL),
			 FC_NOT_FOUND);
	assert_float_equal(threshold, -9.0, 0.0);
}

static void a_rate_outside_0_to_1_is_refused(void **state)
{
	(void)state;
	static const double rates[] = { 0.0, 1.0, -0.5, NAN, INFINITY };
	double threshold;
	bool extrapolated;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(rates); i++) {
		assert_int_equal(fc_calibration_threshold(&calibration, rates[i], &threshold,
							  &extrapolated, NULL),
				 FC_INVALID_ARGUMENT);
	}
}

static void the_rate_of_a_search_is_shared_among_its_templates(void **state)
{
	(void)state;
	assert_float_equal(fc_fmr_for_fpir(0.01, 1), 0.01, 1e-12);
	assert_float_equal(fc_fmr_for_fpir(0.01, 0), 0.01, 1e-12);
	assert_float_equal(fc_fmr_for_fpir(0.75, 2), 0.5, 1e-12);
	/* What it says holds when it is put in again, up to sizes where 1 - x would be 1. */
	double fmr = fc_fmr_for_fpir(0.01, 1000000000);
	assert_true(fmr > 0.0);
	assert_float_equal(-expm1(1e9 * log1p(-fmr)), 0.01, 1e-9);
}

static void an_extrapolated_threshold_is_a_cosine(void **state)
{
	(void)state;
	assert_threshold(1e-8, 1, true);
	static struct fc_calibration_point low[] = { { 1e-2, -0.9 }, { 1e-3, -0.5 } };
	static const struct fc_calibration lowest = { .points = low, .count = 2 };
	double threshold;
	bool extrapolated;
	assert_int_equal(fc_calibration_threshold(&lowest, 0.5, &threshold, &extrapolated, NULL),
			 FC_OK);
	assert_float_equal(threshold, -1, 0);
}

/* ---- sets ---- */

static char name_a[] = "a", name_b[] = "b", name_c[] = "c", source[] = "x";
static struct fc_calibration_point points_b[] = { { 1e-2, 0.25 }, { 1e-3, 0.30 } };
static struct fc_calibration_point points_c[] = { { 1e-3, 0.9 } };

/* a has points from 1e-1 to 1e-4: 0.1, 0.2, 0.5; b is higher at 1e-2 only; c is not natural. */
static void fill_sets(struct fc_calibration_set sets[3])
{
	sets[0] = (struct fc_calibration_set){ name_a, true, true, { points, 3, 1000, 5, source } };
	sets[1] =
		(struct fc_calibration_set){ name_b, true, true, { points_b, 2, 500, 0, source } };
	sets[2] = (struct fc_calibration_set){ name_c, false, true, { points_c, 1, 9, 0, source } };
}

static void at_each_rate_the_highest_threshold_of_a_set_in_use_counts(void **state)
{
	(void)state;
	struct fc_calibration_set sets[3];
	size_t highest = 9;
	fill_sets(sets);
	assert_float_equal(fc_calibration_sets_threshold(sets, 3, 1e-2, &highest), 0.25, 1e-9);
	assert_int_equal(highest, 1);
	/* a has 0.35 here. */
	assert_float_equal(fc_calibration_sets_threshold(sets, 3, 1e-3, &highest), 0.35, 1e-9);
	assert_int_equal(highest, 0);
	/* Beyond its points b stays 0.05 above and 0.05 below a. */
	assert_float_equal(fc_calibration_sets_threshold(sets, 3, 1e-1, &highest), 0.15, 1e-9);
	assert_int_equal(highest, 1);
	assert_float_equal(fc_calibration_sets_threshold(sets, 3, 1e-4, &highest), 0.5, 1e-9);
	assert_int_equal(highest, 0);
}

static void the_thresholds_in_use_are_those_of_all_sets_in_use(void **state)
{
	(void)state;
	struct fc_calibration_set sets[3];
	FC_CLEANUP(fc_calibration_release) struct fc_calibration combined = { 0 };
	fill_sets(sets);
	assert_int_equal(fc_calibration_sets_combine(sets, 3, &combined, NULL), FC_OK);
	assert_int_equal(combined.count, 4);
	assert_float_equal(combined.points[0].threshold, 0.15, 1e-9);
	assert_float_equal(combined.points[1].threshold, 0.25, 1e-9);
	assert_float_equal(combined.points[2].fmr, 1e-3, 1e-12);
	assert_float_equal(combined.points[2].threshold, 0.35, 1e-9);
	assert_float_equal(combined.points[3].threshold, 0.5, 1e-9);
	assert_int_equal(combined.impostor_pairs, 1000);
	assert_string_equal(combined.source, "highest of a, b");
}

static void where_the_largest_set_was_not_measured_the_next_one_counts(void **state)
{
	(void)state;
	struct fc_calibration_set sets[3];
	size_t highest;
	fill_sets(sets);
	/* b has the most pairs, but the slope of its line says nothing about 1e-1. */
	sets[1].calibration.impostor_pairs = 2000;
	assert_float_equal(fc_calibration_sets_threshold(sets, 2, 1e-1, &highest), 0.15, 1e-9);
	assert_float_equal(fc_calibration_sets_threshold(sets, 2, 1e-4, &highest), 0.5, 1e-9);
}

static void the_factors_in_use_are_those_of_the_largest_set_that_has_some(void **state)
{
	(void)state;
	struct fc_calibration_set sets[3];
	FC_CLEANUP(fc_calibration_release) struct fc_calibration combined = { 0 };
	fill_sets(sets);
	sets[1].calibration.factors = (struct fc_mean_factors){ { { 2, 1.02 } }, 1 };
	sets[2].calibration.factors = (struct fc_mean_factors){ { { 2, 1.5 } }, 1 };
	sets[2].calibration.impostor_pairs = 5000; /* not in use */
	assert_int_equal(fc_calibration_sets_combine(sets, 3, &combined, NULL), FC_OK);
	assert_int_equal(combined.factors.count, 1);
	assert_float_equal(combined.factors.items[0].factor, 1.02, 0);
}

static void thresholds_in_use_end_at_one(void **state)
{
	(void)state;
	struct fc_calibration_set sets[3];
	FC_CLEANUP(fc_calibration_release) struct fc_calibration combined = { 0 };
	fill_sets(sets);
	/* c is now 0.55 above a, so 0.75 at 1e-2 and 1.05 at 1e-4. */
	sets[2].natural = true;
	assert_int_equal(fc_calibration_sets_combine(sets, 3, &combined, NULL), FC_OK);
	assert_int_equal(combined.count, 4);
	assert_float_equal(combined.points[1].threshold, 0.75, 1e-9);
	assert_float_equal(combined.points[2].threshold, 0.9, 1e-9);
	assert_float_equal(combined.points[3].threshold, 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_measured_rate_gives_its_threshold),
		cmocka_unit_test(between_points_it_is_linear_in_the_logarithm),
		cmocka_unit_test(beyond_the_points_the_outermost_two_go_on),
		cmocka_unit_test(fewer_than_two_points_are_no_calibration),
		cmocka_unit_test(a_rate_outside_0_to_1_is_refused),
		cmocka_unit_test(the_rate_of_a_search_is_shared_among_its_templates),
		cmocka_unit_test(an_extrapolated_threshold_is_a_cosine),
		cmocka_unit_test(at_each_rate_the_highest_threshold_of_a_set_in_use_counts),
		cmocka_unit_test(the_thresholds_in_use_are_those_of_all_sets_in_use),
		cmocka_unit_test(where_the_largest_set_was_not_measured_the_next_one_counts),
		cmocka_unit_test(the_factors_in_use_are_those_of_the_largest_set_that_has_some),
		cmocka_unit_test(thresholds_in_use_end_at_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
