/* Error rates on lists whose rates are known by construction. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

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
		set.genuine[i] =
			(struct fc_comparison){ 0, person, person, (uint8_t)(i * 10 / genuine) };
	}
	for (size_t i = 0; i < impostor; i++) {
		set.impostor[i] = (struct fc_comparison){ 0, (uint16_t)(i % persons),
							  (uint16_t)((i + 1) % persons),
							  (uint8_t)(i * 10 / impostor) };
	}
	return set;
}

static void separable_scores_are_told_apart_without_error(void **state)
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
	assert_float_equal(metrics.points[0].fnmr.high, 0, 0);
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

static void one_kind_of_pair_alone_is_refused(void **state)
{
	(void)state;
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = make(5, 10, 0);
	struct fc_verification_metrics metrics;
	assert_int_equal(fc_metrics_verification(&set, &metrics, NULL), FC_INVALID_ARGUMENT);
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
	assert_int_equal(fc_metrics_identification(searches, 500, 50, &metrics, NULL), FC_OK);
	assert_int_equal(metrics.mated, 100);
	assert_int_equal(metrics.non_mated, 400);
	assert_float_equal(metrics.rank1.value, 0.9, 1e-9);
	assert_true(metrics.points[0].measurable);
	assert_false(metrics.points[1].measurable);
	/* 1 % of 400 strangers is 4: the threshold lies just above the fifth, 0.395. */
	assert_float_equal(metrics.points[0].threshold, 0.395, 1e-5);
	assert_float_equal(metrics.points[0].fnir.value, 0.1, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(separable_scores_are_told_apart_without_error),
		cmocka_unit_test(threshold_accepts_just_the_share_that_was_asked_for),
		cmocka_unit_test(a_rate_that_rests_on_too_few_pairs_is_not_measurable),
		cmocka_unit_test(one_kind_of_pair_alone_is_refused),
		cmocka_unit_test(interval_holds_the_value_and_has_width_where_persons_differ),
		cmocka_unit_test(identification_counts_mated_and_non_mated_searches),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
