/* The map between similarity and confidence. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>

#include "service/match/confidence.h"

static struct fc_calibration_point points[] = {
	{ 1e-2, 0.20 }, { 1e-3, 0.30 }, { 1e-4, 0.40 }, { 1e-5, 0.50 }
};

static char model_name[] = "test";

static struct fc_confidence_map map_of(struct fc_calibration_point *from, size_t count)
{
	struct fc_model model = {
		.name = model_name,
		.calibration = { .points = from, .count = count },
	};
	struct fc_confidence_map map = { 0 };
	assert_int_equal(fc_confidence_map_of(&model, &map, NULL), FC_OK);
	return map;
}

static void bands_stand_at_their_false_match_rates(void **state)
{
	(void)state;
	struct fc_confidence_map map = map_of(points, FC_ARRAY_LENGTH(points));
	assert_float_equal(fc_confidence_of(&map, -1), 0, 1e-9);
	assert_float_equal(fc_confidence_of(&map, 0.3), 68.84, 1e-9);
	assert_float_equal(fc_confidence_of(&map, 0.4), 75.5, 1e-9);
	assert_float_equal(fc_confidence_of(&map, 0.5), 79.3, 1e-9);
	assert_float_equal(fc_confidence_of(&map, 1), 100, 1e-9);
	assert_false(map.extrapolated);
}

static void the_map_rises_and_reads_both_ways(void **state)
{
	(void)state;
	struct fc_confidence_map map = map_of(points, FC_ARRAY_LENGTH(points));
	double last = -1;
	for (int i = -1000; i <= 1000; i++) {
		double confidence = fc_confidence_of(&map, i / 1000.0);
		assert_true(confidence > last);
		assert_true(fabs(fc_similarity_at(&map, confidence) - i / 1000.0) < 1e-9);
		last = confidence;
	}
}

static void faces_of_one_person_have_a_confidence_of_a_half(void **state)
{
	(void)state;
	struct fc_confidence_map map = map_of(points, FC_ARRAY_LENGTH(points));
	assert_true(fc_face_confidence(&map, -1) == 0);
	assert_true(fc_face_confidence(&map, 0) == 0.1);
	assert_true(fc_face_confidence(&map, 0.4) == FC_SAME_PERSON_CONFIDENCE);
	assert_true(fc_face_confidence(&map, 0.39999) < FC_SAME_PERSON_CONFIDENCE);
	assert_true(fc_face_confidence(&map, 1) == 1);
	double last = -1;
	for (int i = -100; i <= 100; i++) {
		double confidence = fc_face_confidence(&map, i / 100.0);
		assert_true(confidence > last);
		last = confidence;
	}
	map.factors = (struct fc_mean_factors){ { { 2, 1.02 } }, 1 };
	const struct fc_confidence_map two = fc_confidence_map_for(&map, 2);
	assert_true(fc_face_confidence(&two, 0.4 * 1.02) == FC_SAME_PERSON_CONFIDENCE);
}

static void a_confidence_means_the_same_for_persons_with_several_photos(void **state)
{
	(void)state;
	struct fc_confidence_map map = map_of(points, FC_ARRAY_LENGTH(points));
	map.factors = (struct fc_mean_factors){ { { 2, 1.02 }, { 3, 1.04 } }, 2 };
	const struct fc_confidence_map one = fc_confidence_map_for(&map, 1);
	const struct fc_confidence_map two = fc_confidence_map_for(&map, 2);
	assert_float_equal(fc_confidence_of(&one, 0.4), 75.5, 1e-9);
	assert_float_equal(fc_confidence_of(&two, 0.4 * 1.02), 75.5, 1e-9);
	assert_float_equal(fc_confidence_of(&two, 0.5 * 1.02), 79.3, 1e-9);
	assert_float_equal(fc_confidence_of(&two, 1), 100, 1e-9);
	assert_float_equal(fc_confidence_of(&two, -1), 0, 1e-9);
	/* two means: both factors */
	const struct fc_confidence_map both = fc_confidence_map_for(&two, 3);
	assert_float_equal(fc_confidence_of(&both, 0.4 * 1.02 * 1.04), 75.5, 1e-9);
}

static void values_outside_are_clamped(void **state)
{
	(void)state;
	struct fc_confidence_map map = map_of(points, FC_ARRAY_LENGTH(points));
	assert_float_equal(fc_confidence_of(&map, 1.0000001), 100, 0);
	assert_float_equal(fc_confidence_of(&map, -2), 0, 0);
	assert_float_equal(fc_similarity_at(&map, 101), 1, 0);
}

static void a_band_begins_at_its_threshold(void **state)
{
	(void)state;
	struct fc_confidence_map map = map_of(points, FC_ARRAY_LENGTH(points));
	struct fc_bands bands = fc_bands_default();
	assert_int_equal(fc_confidence_band(&map, &bands, 0.50001), FC_RESULT_EXACT);
	assert_int_equal(fc_confidence_band(&map, &bands, fc_similarity_at(&map, 79.3)),
			 FC_RESULT_EXACT);
	assert_int_equal(fc_confidence_band(&map, &bands, 0.45), FC_RESULT_HA);
	assert_int_equal(fc_confidence_band(&map, &bands, 0.35), FC_RESULT_JUNK);
	assert_int_equal(fc_confidence_band(&map, &bands, 0.29), FC_RESULT_NM);
}

static void a_space_may_have_bands_of_its_own(void **state)
{
	(void)state;
	struct fc_confidence_map map = map_of(points, FC_ARRAY_LENGTH(points));
	struct fc_bands bands = { .exact = 100, .ha = 90, .junk = 90 };
	assert_int_equal(fc_confidence_band(&map, &bands, 1), FC_RESULT_EXACT);
	assert_int_equal(fc_confidence_band(&map, &bands, 0.9), FC_RESULT_HA);
	assert_int_equal(fc_confidence_band(&map, &bands, 0.6), FC_RESULT_NM);
}

static void a_short_calibration_is_extrapolated_and_says_so(void **state)
{
	(void)state;
	struct fc_confidence_map map = map_of(points, 2);
	assert_true(map.extrapolated);
	assert_float_equal(map.similarity[3], 0.5, 1e-9);
}

static void an_embedder_without_calibration_is_refused_in_words(void **state)
{
	(void)state;
	struct fc_model model = { .name = model_name };
	struct fc_confidence_map map;
	struct fc_error err = { 0 };
	assert_int_equal(fc_confidence_map_of(&model, &map, &err), FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "no calibration"));
}

static void a_calibration_that_leaves_the_scale_is_refused(void **state)
{
	(void)state;
	struct fc_calibration_point steep[] = { { 1e-2, 0.50 }, { 1e-3, 0.80 } };
	struct fc_model model = {
		.name = model_name,
		.calibration = { .points = steep, .count = 2 },
	};
	struct fc_confidence_map map;
	assert_int_equal(fc_confidence_map_of(&model, &map, NULL), FC_INVALID_ARGUMENT);
}

static void bands_must_rise(void **state)
{
	(void)state;
	struct fc_bands bands = fc_bands_default();
	assert_int_equal(fc_bands_check(&bands, NULL), FC_OK);
	bands.ha = 80;
	assert_int_equal(fc_bands_check(&bands, NULL), FC_INVALID_ARGUMENT);
	bands.exact = 100.5;
	assert_int_equal(fc_bands_check(&bands, NULL), FC_INVALID_ARGUMENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bands_stand_at_their_false_match_rates),
		cmocka_unit_test(the_map_rises_and_reads_both_ways),
		cmocka_unit_test(faces_of_one_person_have_a_confidence_of_a_half),
		cmocka_unit_test(a_confidence_means_the_same_for_persons_with_several_photos),
		cmocka_unit_test(values_outside_are_clamped),
		cmocka_unit_test(a_band_begins_at_its_threshold),
		cmocka_unit_test(a_space_may_have_bands_of_its_own),
		cmocka_unit_test(a_short_calibration_is_extrapolated_and_says_so),
		cmocka_unit_test(an_embedder_without_calibration_is_refused_in_words),
		cmocka_unit_test(a_calibration_that_leaves_the_scale_is_refused),
		cmocka_unit_test(bands_must_rise),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
