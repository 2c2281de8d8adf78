/* Error rates on lists whose rates are known by construction. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "service/measure/metrics.h"

static struct fc_comparisons make(size_t persons, size_t genuine, size_t impostor)
{
	struct fc_comparisons set = {
		.genuine = calloc(genuine + 1, sizeof(*set.genuine)),
		.impostor = calloc(impostor + 1, sizeof(*set.impostor)),
		.genuine_count = genuine,
		.impostor_count = impostor,
		.persons = persons,
	};
	assert_non_null(set.genuine);
	assert_non_null(set.impostor);
	for (size_t i = 0; i < genuine; i++) {
		uint16_t person = (uint16_t)(i % persons);
		set.genuine[i] = (struct fc_comparison){ 0, person, person,
							 (uint8_t)(i * 10 / genuine), FC_NO_GROUP };
	}
	for (size_t i = 0; i < impostor; i++) {
		set.impostor[i] =
			(struct fc_comparison){ 0, (uint16_t)(i % persons),
						(uint16_t)((i + 1) % persons),
						(uint8_t)(i * 10 / impostor), FC_NO_GROUP };
	}
	return set;
}

static void separable_scores_have_no_error(void **state)
{
	(void)state;
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = make(20, 100, 1000);
	for (size_t i = 0; i < 100; i++) {
		set.genuine[i].score = 0.6f + 0.001f * (float)i;
	}
	for (size_t i = 0; i < 1000; i++) {
		set.impostor[i].score = 0.2f + 0.0001f * (float)i;
	}
	struct fc_verification_metrics metrics;
	assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_OK);
	assert_float_equal(metrics.accuracy.value, 1, 0);
	assert_true(metrics.best_threshold > 0.2999 && metrics.best_threshold < 0.6001);
	assert_true(metrics.points[0].measurable);
	assert_float_equal(metrics.points[0].fnmr.value, 0, 0);
}

/* Wilson's interval for no error in 20 trials ends at z^2 / (20 + z^2). */
static void without_an_error_the_interval_depends_on_the_number_of_persons(void **state)
{
	(void)state;
	const float end = 3.8415f / 23.8415f;
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = make(20, 100, 1000);
	for (size_t i = 0; i < 100; i++) {
		set.genuine[i].score = 0.6f + 0.001f * (float)i;
	}
	struct fc_verification_metrics metrics;
	assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_OK);
	assert_float_equal(metrics.points[0].fnmr.value, 0, 0);
	assert_float_equal(metrics.points[0].fnmr.low, 0, 0);
	assert_float_equal(metrics.points[0].fnmr.high, end, 1e-4);
	assert_float_equal(metrics.accuracy.low, 1 - end, 1e-4);
	assert_float_equal(metrics.accuracy.high, 1, 0);
}

static void the_threshold_of_a_fold_does_not_depend_on_its_own_pairs(void **state)
{
	(void)state;
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = make(10, 10, 10);
	for (size_t i = 0; i < 10; i++) {
		set.genuine[i].score = i == 0 ? 0.52f : 0.9f;
		set.impostor[i].score = i == 0 ? 0.45f : 0.1f;
	}
	struct fc_verification_metrics metrics;
	assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_OK);
	/* The other nine folds give 0.5, halfway between 0.9 and 0.1. That classifies both pairs of the first fold correctly. */
	assert_float_equal(metrics.accuracy.value, 1, 0);
}

static void threshold_accepts_just_the_share_that_was_asked_for(void **state)
{
	(void)state;
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = make(50, 10, 10000);
	for (size_t i = 0; i < 10; i++) {
		set.genuine[i].score = 0.05f + 0.1f * (float)i;
	}
	for (size_t i = 0; i < 10000; i++) {
		set.impostor[i].score = (float)(i * 7919 % 10000) / 10000;
	}
	struct fc_verification_metrics metrics;
	assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_OK);
	for (size_t p = 0; p < 3; p++) {
		double accepted = fc_metrics_accepted(set.impostor, set.impostor_count,
						      metrics.points[p].threshold);
		assert_float_equal(accepted, metrics.points[p].fmr, 1e-12);
	}
	/* Above 0.99 lies none of the genuine scores 0.05, 0.15, ... 0.95. */
	assert_float_equal(metrics.points[0].fnmr.value, 1, 0);
}

static void a_rate_that_rests_on_too_few_pairs_is_not_measurable(void **state)
{
	(void)state;
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = make(50, 10, 3000);
	struct fc_verification_metrics metrics;
	assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_OK);
	assert_true(metrics.points[0].measurable);
	assert_true(metrics.points[1].measurable);
	assert_false(metrics.points[2].measurable);
}

static void genuine_pairs_alone_are_refused(void **state)
{
	(void)state;
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = make(5, 10, 0);
	struct fc_verification_metrics metrics;
	assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_INVALID_ARGUMENT);
}

static void impostor_pairs_alone_give_thresholds(void **state)
{
	(void)state;
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = make(50, 0, 1000);
	for (size_t i = 0; i < 1000; i++) {
		set.impostor[i].score = 0.001f * (float)i;
	}
	struct fc_verification_metrics metrics;
	struct fc_tradeoff tradeoff[FC_TRADEOFF_POINTS];
	assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_OK);
	assert_true(isnan(metrics.accuracy.value) && isnan(metrics.best_threshold));
	assert_true(metrics.points[0].measurable && isnan(metrics.points[0].fnmr.value));
	assert_float_equal(metrics.points[0].threshold, 0.989, 1e-5);
	assert_int_equal(fc_metrics_tradeoff(&set, tradeoff), 8);
	assert_true(isnan(tradeoff[7].fnmr));
}

static void a_group_is_measured_at_the_thresholds_of_all_pairs(void **state)
{
	(void)state;
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = make(100, 100, 10000);
	for (size_t i = 0; i < 100; i++) {
		/* Group 0 has 60 pairs of one person, and a third of them fails; group 1 has none. */
		set.genuine[i].group = i < 60 ? 0 : FC_NO_GROUP;
		set.genuine[i].score = i < 20 ? -0.5f : 0.9f;
	}
	for (size_t i = 0; i < 10000; i++) {
		/* All 100 pairs above the threshold of FMR 1e-2 are in the 1000 of group 1; group 0 has 500 others. */
		set.impostor[i].group = i < 1000 ? 1 : i < 1500 ? 0 : FC_NO_GROUP;
		set.impostor[i].score = i < 100 ? 0.8f : 0.1f;
	}
	struct fc_verification_metrics metrics;
	struct fc_group_metrics groups[2];
	assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_OK);
	assert_int_equal(fc_metrics_groups(&set, &metrics, 2, groups, NULL), FC_OK);
	assert_int_equal(groups[0].genuine_count, 60);
	assert_int_equal(groups[0].impostor_count, 500);
	assert_float_equal(groups[0].points[0].fnmr.value, 1.0 / 3, 1e-9);
	assert_true(groups[0].points[0].fnmr.low > 0.15 && groups[0].points[0].fnmr.low < 0.3);
	assert_float_equal(groups[0].points[0].fmr.value, 0, 0);
	assert_true(groups[0].points[0].fmr.high > 0);
	assert_int_equal(groups[1].genuine_count, 0);
	assert_true(isnan(groups[1].points[0].fnmr.value));
	assert_float_equal(groups[1].points[0].fmr.value, 0.1, 1e-9);
	assert_true(groups[1].points[0].fmr.low < 0.1 && groups[1].points[0].fmr.high > 0.1);
}

static void too_few_impostor_pairs_or_persons_are_no_calibration(void **state)
{
	(void)state;
	/* pairs, persons, whether that is enough */
	static const size_t cases[][3] = { { 99, 20, 0 }, { 100, 6, 0 }, { 100, 7, 1 } };
	for (size_t c = 0; c < FC_ARRAY_LENGTH(cases); c++) {
		FC_CLEANUP(fc_comparisons_release)
		struct fc_comparisons set = make(cases[c][1], 5, cases[c][0]);
		for (size_t i = 0; i < set.impostor_count; i++) {
			set.impostor[i].score = 0.005f * (float)i;
		}
		struct fc_verification_metrics metrics;
		struct fc_tradeoff tradeoff[FC_TRADEOFF_POINTS];
		struct fc_calibration_point points[FC_TRADEOFF_POINTS];
		struct fc_calibration calibration;
		assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_OK);
		size_t count = fc_metrics_tradeoff(&set, tradeoff);
		assert_int_equal(
			fc_metrics_calibration(&set, tradeoff, count, points, &calibration, NULL),
			cases[c][2] ? FC_OK : FC_INVALID_ARGUMENT);
		if (cases[c][2]) {
			assert_int_equal(calibration.count, 2);
			assert_float_equal(points[0].fmr, 0.1, 1e-9);
			assert_float_equal(points[1].fmr, 0.05, 1e-9);
			assert_int_equal(calibration.impostor_pairs, 100);
			assert_int_equal(calibration.genuine_pairs, 5);
		}
	}
}

static void interval_holds_the_value_and_has_width_where_persons_differ(void **state)
{
	(void)state;
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = make(40, 400, 1000);
	for (size_t i = 0; i < 400; i++) {
		/* Every fourth person is never recognised. */
		set.genuine[i].score = i % 40 % 4 == 0 ? 0.0f : 0.9f;
	}
	for (size_t i = 0; i < 1000; i++) {
		set.impostor[i].score = 0.1f + 0.0001f * (float)i;
	}
	struct fc_verification_metrics metrics;
	assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_OK);
	struct fc_rate fnmr = metrics.points[0].fnmr;
	assert_float_equal(fnmr.value, 0.25, 1e-9);
	assert_true(fnmr.low > 0.05 && fnmr.low < 0.2);
	assert_true(fnmr.high > 0.3 && fnmr.high < 0.5);
}

static void identification_counts_mated_and_non_mated_searches(void **state)
{
	(void)state;
	struct fc_identification searches[500];
	for (size_t i = 0; i < 500; i++) {
		bool mated = i < 100;
		searches[i] = (struct fc_identification){
			.mated = mated,
			.rank1 = mated && i % 10 != 0,
			.best_score = mated ? 0.5f + 0.001f * (float)i : 0.001f * (float)(i - 100),
			.person = (uint32_t)(i % 50),
		};
	}
	struct fc_identification_metrics metrics = { .gallery = 50 };
	assert_int_equal(fc_metrics_identification(searches, 500, 50, 0.3, &metrics, NULL), FC_OK);
	assert_int_equal(metrics.mated, 100);
	assert_int_equal(metrics.non_mated, 400);
	assert_float_equal(metrics.rank1.value, 0.9, 1e-9);
	assert_true(metrics.points[0].measurable);
	assert_false(metrics.points[1].measurable);
	/* 1 % of 400 strangers is 4: the threshold lies just above the fifth, 0.395. */
	assert_float_equal(metrics.points[0].threshold, 0.395, 1e-5);
	assert_float_equal(metrics.points[0].tpir.value, 0.9, 1e-9);
	assert_float_equal(metrics.points[0].fpir.value, 0.01, 1e-9);
	assert_true(metrics.points[0].fpir.low < 0.005 && metrics.points[0].fpir.high > 0.02);
	/* At 0.3: the strangers 300 to 399. */
	assert_true(metrics.given.measurable);
	assert_float_equal(metrics.given.threshold, 0.3, 0);
	assert_float_equal(metrics.given.fpir.value, 0.25, 0.0026);
	assert_float_equal(metrics.given.tpir.value, 0.9, 1e-9);
}

static void without_a_given_threshold_nothing_is_measured_there(void **state)
{
	(void)state;
	struct fc_identification searches[10] = { { .mated = true, .rank1 = true } };
	struct fc_identification_metrics metrics = { .gallery = 1 };
	assert_int_equal(fc_metrics_identification(searches, 10, 1, NAN, &metrics, NULL), FC_OK);
	assert_false(metrics.given.measurable);
	assert_true(isnan(metrics.given.threshold));
	assert_true(metrics.rank1.low < 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(separable_scores_have_no_error),
		cmocka_unit_test(without_an_error_the_interval_depends_on_the_number_of_persons),
		cmocka_unit_test(the_threshold_of_a_fold_does_not_depend_on_its_own_pairs),
		cmocka_unit_test(threshold_accepts_just_the_share_that_was_asked_for),
		cmocka_unit_test(a_rate_that_rests_on_too_few_pairs_is_not_measurable),
		cmocka_unit_test(genuine_pairs_alone_are_refused),
		cmocka_unit_test(impostor_pairs_alone_give_thresholds),
		cmocka_unit_test(a_group_is_measured_at_the_thresholds_of_all_pairs),
		cmocka_unit_test(too_few_impostor_pairs_or_persons_are_no_calibration),
		cmocka_unit_test(interval_holds_the_value_and_has_width_where_persons_differ),
		cmocka_unit_test(identification_counts_mated_and_non_mated_searches),
		cmocka_unit_test(without_a_given_threshold_nothing_is_measured_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
