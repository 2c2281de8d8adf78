/* Comparisons and searches of labelled templates. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "service/measure/evaluate.h"

/* Add a template of two floats at this angle, in degrees. */
static void add(struct fc_labelled *labelled, uint16_t person, uint8_t group, double angle)
{
	double radians = angle * 3.14159265358979 / 180;
	const float template[2] = { (float)cos(radians), (float)sin(radians) };
	assert_int_equal(
		fc_labelled_add(labelled, (struct fc_label){ person, group }, template, 2, NULL),
		FC_OK);
}

static void a_pair_is_in_a_group_if_both_photos_are(void **state)
{
	(void)state;
	FC_CLEANUP(fc_labelled_release) struct fc_labelled labelled = { 0 };
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = { 0 };
	add(&labelled, 0, 3, 0);
	add(&labelled, 0, 3, 60);
	add(&labelled, 1, 4, 90);
	assert_int_equal(fc_compare_all(&labelled, &set, NULL), FC_OK);
	assert_int_equal(set.genuine_count, 1);
	assert_int_equal(set.genuine[0].group, 3);
	assert_float_equal(set.genuine[0].score, 0.5, 1e-6);
	assert_int_equal(set.impostor_count, 2);
	assert_int_equal(set.impostor[0].group, FC_NO_GROUP);
	assert_int_equal(set.persons, 2);
}

static void strangers_are_compared_with_each_other_besides_listed_pairs(void **state)
{
	(void)state;
	FC_CLEANUP(fc_labelled_release) struct fc_labelled labelled = { 0 };
	FC_CLEANUP(fc_comparisons_release) struct fc_comparisons set = { 0 };
	static const struct fc_labelled_pair pair = { 0, 1, true };
	for (uint16_t i = 0; i < 5; i++) {
		add(&labelled, i / 2, FC_NO_GROUP, i);
	}
	assert_int_equal(fc_compare_pairs(&labelled, &pair, 1, 2, &set, NULL), FC_OK);
	assert_int_equal(set.genuine_count, 1);
	assert_int_equal(set.impostor_count, 3);
}

/* Person 0 has three photos, person 1 two, person 2 one. */
static void fill(struct fc_labelled *labelled)
{
	add(labelled, 0, FC_NO_GROUP, 0);
	add(labelled, 1, FC_NO_GROUP, 170);
	add(labelled, 0, FC_NO_GROUP, 40);
	add(labelled, 2, FC_NO_GROUP, 100);
	add(labelled, 0, FC_NO_GROUP, 50);
	add(labelled, 1, FC_NO_GROUP, 160);
}

static void one_photo_of_each_person_is_enrolled(void **state)
{
	(void)state;
	FC_CLEANUP(fc_labelled_release) struct fc_labelled labelled = { 0 };
	FC_CLEANUP(fc_free) struct fc_identification *searches = NULL;
	size_t count, gallery;
	fill(&labelled);
	assert_int_equal(fc_search_all(&labelled, 1, &searches, &count, &gallery, NULL), FC_OK);
	assert_int_equal(gallery, 2);
	assert_int_equal(count, 4);
	/* 40 degrees against 0 and 170 */
	assert_true(searches[0].mated && searches[0].rank1);
	assert_float_equal(searches[0].best_score, cos(40 * 3.14159265358979 / 180), 1e-6);
	/* 100 degrees against 170 */
	assert_true(!searches[1].mated && !searches[1].rank1 && searches[1].person == 2);
	assert_float_equal(searches[1].best_score, cos(70 * 3.14159265358979 / 180), 1e-6);
}

static void several_photos_are_enrolled_as_their_mean(void **state)
{
	(void)state;
	FC_CLEANUP(fc_labelled_release) struct fc_labelled labelled = { 0 };
	FC_CLEANUP(fc_free) struct fc_identification *searches = NULL;
	size_t count, gallery;
	fill(&labelled);
	assert_int_equal(fc_search_all(&labelled, 2, &searches, &count, &gallery, NULL), FC_OK);
	/* Person 1 has no photo left to search with, so it takes no part. */
	assert_int_equal(gallery, 1);
	assert_int_equal(count, 2);
	assert_int_equal(searches[0].person, 2);
	assert_false(searches[0].mated);
	/* 50 degrees against the mean of 0 and 40 */
	assert_true(searches[1].mated && searches[1].rank1);
	assert_float_equal(searches[1].best_score, cos(30 * 3.14159265358979 / 180), 1e-6);
}

/* Persons in a circle, each with two templates at both sides of its direction. */
static void means_are_more_similar_to_other_persons(void **state)
{
	(void)state;
	enum { PERSONS = 72 };
	FC_CLEANUP(fc_labelled_release) struct fc_labelled labelled = { 0 };
	struct fc_calibration_point points[] = { { 1e-2, 0.5 }, { 1e-3, cos(0.2) } };
	const struct fc_calibration in_use = { .points = points,
					       .count = 2,
					       .factors = { { { 2, 1.01 } }, 1 } };
	struct fc_mean_metrics means[FC_MEAN_SIZES];
	for (uint16_t i = 0; i < PERSONS; i++) {
		add(&labelled, i, FC_NO_GROUP, 5 * i - 40);
		add(&labelled, i, FC_NO_GROUP, 5 * i + 40);
	}
	assert_int_equal(fc_metrics_means(&labelled, &in_use, means, NULL), FC_OK);
	assert_int_equal(means[0].templates, 1);
	assert_int_equal(means[0].persons, PERSONS);
	assert_int_equal(means[0].comparisons, 2 * PERSONS * (2 * PERSONS - 2));
	assert_float_equal(means[0].factor, 1, 0);
	assert_float_equal(means[0].threshold, cos(0.2), 1e-9);
	/* cos(0.2) is 11.5 degrees: other persons have one template at 0 degrees, and two at -10, -5, 5 and 10 */
	assert_float_equal(means[0].fmr.value, 9.0 / (2 * PERSONS - 2), 1e-6);
	assert_int_equal(means[1].persons, PERSONS);
	assert_int_equal(means[1].comparisons, PERSONS * (2 * PERSONS - 2));
	assert_float_equal(means[1].threshold, fmin(cos(0.2) * 1.01, (cos(0.2) + 1) / 2), 1e-9);
	assert_true(means[1].factor >= 1);
	/* No person has three. */
	assert_int_equal(means[2].persons, 0);
	assert_int_equal(means[2].comparisons, 0);
	assert_true(isnan(means[2].factor) && isnan(means[2].fmr.value));
	assert_int_equal(fc_mean_factors_measured(means).count, 1);
	assert_float_equal(fc_mean_factors_measured(means).items[0].factor, means[1].factor, 0);
}

static void few_persons_give_no_factor(void **state)
{
	(void)state;
	FC_CLEANUP(fc_labelled_release) struct fc_labelled labelled = { 0 };
	const struct fc_calibration none = { 0 };
	struct fc_mean_metrics means[FC_MEAN_SIZES];
	for (uint16_t i = 0; i < FC_MEAN_PERSONS - 1; i++) {
		add(&labelled, i, FC_NO_GROUP, 10 * i);
		add(&labelled, i, FC_NO_GROUP, 10 * i);
	}
	assert_int_equal(fc_metrics_means(&labelled, &none, means, NULL), FC_OK);
	assert_int_equal(means[1].persons, FC_MEAN_PERSONS - 1);
	assert_true(isnan(means[1].factor) && isnan(means[1].threshold));
	assert_int_equal(fc_mean_factors_measured(means).count, 0);
	for (uint16_t i = FC_MEAN_PERSONS - 1; i < 3 * FC_MEAN_PERSONS; i++) {
		add(&labelled, i, FC_NO_GROUP, 5 * i);
		add(&labelled, i, FC_NO_GROUP, 5 * i);
	}
	assert_int_equal(fc_metrics_means(&labelled, &none, means, NULL), FC_OK);
	/* both templates of each person are the same */
	assert_float_equal(means[1].factor, 1, 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pair_is_in_a_group_if_both_photos_are),
		cmocka_unit_test(strangers_are_compared_with_each_other_besides_listed_pairs),
		cmocka_unit_test(one_photo_of_each_person_is_enrolled),
		cmocka_unit_test(means_are_more_similar_to_other_persons),
		cmocka_unit_test(few_persons_give_no_factor),
		cmocka_unit_test(several_photos_are_enrolled_as_their_mean),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
