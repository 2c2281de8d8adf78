/* Templates as small integers: the bound holds. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/vector.h"
#include "gallery/search/quantise.h"
#include "vectors.h"

enum { DIMENSION = 128 };

static int32_t integer_dot(const int8_t *a, const int8_t *b)
{
	int32_t sum = 0;
	for (size_t i = 0; i < DIMENSION; i++) {
		sum += a[i] * b[i];
	}
	return sum;
}

/* The vector is let through for its own score as threshold, and is not let through for one well above its bound. */
static void check_pair(const float *vector, const float *probe)
{
	int8_t codes[DIMENSION], probe_codes[DIMENSION];
	struct fc_quantised of_vector = fc_quantise(vector, DIMENSION, codes);
	struct fc_quantised of_probe = fc_quantise(probe, DIMENSION, probe_codes);
	struct fc_probe_bound bound = fc_probe_bound_of(probe, DIMENSION, &of_probe);
	float score = fc_dot(vector, probe, DIMENSION);
	float product = of_vector.scale * (float)integer_dot(codes, probe_codes);
	float doubt = of_vector.error * (float)bound.error_factor +
		      of_vector.length * (float)bound.length_factor;
	float limit = fc_probe_limit(&bound, score, of_vector.error, of_vector.length);
	assert_true(product >= limit);
	/* The same with the high halves alone. */
	int32_t halves = 0;
	for (size_t i = 0; i < DIMENSION; i++) {
		halves += (2 * (int32_t)fc_code_high(codes[i]) - 15) * probe_codes[i];
	}
	float reached = of_vector.scale * (float)halves +
			of_vector.high_error * fc_probe_high_factor(&bound);
	assert_true(reached >= fc_probe_high_limit(&bound, score, of_vector.high_length));
	float high =
		fc_probe_limit(&bound, score + 2.01F * doubt, of_vector.error, of_vector.length);
	assert_false(product >= high);
}

static void bound_holds_and_is_not_idle_for_random_pairs(void **state)
{
	(void)state;
	uint64_t seed = 1;
	float vector[DIMENSION], probe[DIMENSION];
	for (int i = 0; i < 20000; i++) {
		vectors_fill(vector, DIMENSION, &seed);
		vectors_near(probe, vector, (double)(i % 100) / 10.0, DIMENSION, &seed);
		check_pair(vector, probe);
	}
}

/* Values half way between two codes: the largest errors there are, all in the probe's direction. */
static void bound_holds_where_every_rounding_goes_one_way(void **state)
{
	(void)state;
	uint64_t seed = 2;
	float vector[DIMENSION], probe[DIMENSION];
	for (int round = 0; round < 2000; round++) {
		for (size_t i = 0; i < DIMENSION; i++) {
			double sign = vectors_even(&seed) < 0.0 ? -1.0 : 1.0;
			double code = (double)(vectors_random(&seed) % 60) + 0.4999;
			vector[i] = (float)(sign * (i == 0 ? 127.0 : code));
			probe[i] = (float)(sign * (i == 0 ? 127.0 : code));
		}
		vectors_normalise(vector, DIMENSION);
		vectors_normalise(probe, DIMENSION);
		check_pair(vector, probe);
	}
}

static void bound_holds_for_lengths_other_than_one(void **state)
{
	(void)state;
	uint64_t seed = 3;
	float vector[DIMENSION], probe[DIMENSION];
	for (int exponent = -30; exponent <= 30; exponent++) {
		vectors_fill(vector, DIMENSION, &seed);
		vectors_fill(probe, DIMENSION, &seed);
		for (size_t i = 0; i < DIMENSION; i++) {
			vector[i] = ldexpf(vector[i], exponent);
			probe[i] = ldexpf(probe[i], -exponent / 2);
		}
		check_pair(vector, probe);
	}
}

static void one_hot_vectors_are_exact(void **state)
{
	(void)state;
	int8_t codes[DIMENSION];
	float vector[DIMENSION] = { 0 };
	vector[5] = -1.0F;
	struct fc_quantised quantised = fc_quantise(vector, DIMENSION, codes);
	assert_int_equal(codes[5], -127);
	assert_int_equal(codes[4], 0);
	assert_true(quantised.error < 1e-6F);
}

static void zeros_bound_nothing(void **state)
{
	(void)state;
	int8_t codes[DIMENSION];
	const float zeros[DIMENSION] = { 0 };
	struct fc_quantised quantised = fc_quantise(zeros, DIMENSION, codes);
	struct fc_probe_bound bound = fc_probe_bound_of(zeros, DIMENSION, &quantised);
	assert_true(quantised.scale == 0.0F);
	assert_int_equal(codes[7], 0);
	assert_true(fc_probe_limit(&bound, 0.5F, 0.0F, 1.0F) == -INFINITY);
}

static void no_threshold_is_no_limit(void **state)
{
	(void)state;
	uint64_t seed = 4;
	int8_t codes[DIMENSION];
	float probe[DIMENSION];
	vectors_fill(probe, DIMENSION, &seed);
	struct fc_quantised quantised = fc_quantise(probe, DIMENSION, codes);
	struct fc_probe_bound bound = fc_probe_bound_of(probe, DIMENSION, &quantised);
	assert_true(fc_probe_limit(&bound, -INFINITY, 0.01F, 1.0F) == -INFINITY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bound_holds_and_is_not_idle_for_random_pairs),
		cmocka_unit_test(bound_holds_where_every_rounding_goes_one_way),
		cmocka_unit_test(bound_holds_for_lengths_other_than_one),
		cmocka_unit_test(one_hot_vectors_are_exact),
		cmocka_unit_test(zeros_bound_nothing),
		cmocka_unit_test(no_threshold_is_no_limit),
	};
	return cmocka_run_group_tests_name("gallery/quantise", tests, NULL, NULL);
}
