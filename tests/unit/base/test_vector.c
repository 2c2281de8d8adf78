/* The dot product of templates. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/vector.h"
#include "vectors.h"

static void dot_is_exact_where_floats_are(void **state)
{
	(void)state;
	float a[19], b[19];
	for (int i = 0; i < 19; i++) {
		a[i] = (float)(i + 1);
		b[i] = (float)(2 * i - 7);
	}
	double expected = 0.0;
	for (size_t count = 0; count <= 19; count++) {
		assert_true(fc_dot(a, b, count) == (float)expected);
		if (count < 19) {
			expected += (double)a[count] * (double)b[count];
		}
	}
}

static void dot_is_more_precise_than_float_sums(void **state)
{
	(void)state;
	const float a[4] = { 16777216.0F, 1.0F, -16777216.0F, 1.0F };
	const float ones[4] = { 1.0F, 1.0F, 1.0F, 1.0F };
	assert_true(fc_dot(a, ones, 4) == 2.0F);
}

/* The summation order of the header, one number at a time. */
static float dot_one_by_one(const float *a, const float *b, size_t count)
{
	double lanes[8] = { 0 };
	for (size_t i = 0; i < count; i++) {
		lanes[i % 8] += (double)a[i] * (double)b[i];
	}
	return (float)(((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
		       ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7])));
}

static void dot_has_the_promised_order_of_sums(void **state)
{
	(void)state;
	uint64_t seed = 41;
	float a[300], b[300];
	for (size_t count = 1; count <= 300; count++) {
		for (size_t i = 0; i < count; i++) {
			a[i] = (float)vectors_normal(&seed);
			b[i] = (float)vectors_normal(&seed);
		}
		assert_true(fc_dot(a, b, count) == dot_one_by_one(a, b, count));
	}
}

static void dot_does_not_need_aligned_memory(void **state)
{
	(void)state;
	float room[34];
	float aligned[33];
	for (int i = 0; i < 33; i++) {
		aligned[i] = 1.0F / (float)(i + 3);
		room[i + 1] = aligned[i];
	}
	assert_true(fc_dot(room + 1, aligned, 33) == fc_dot(aligned, aligned, 33));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dot_is_exact_where_floats_are),
		cmocka_unit_test(dot_is_more_precise_than_float_sums),
		cmocka_unit_test(dot_has_the_promised_order_of_sums),
		cmocka_unit_test(dot_does_not_need_aligned_memory),
	};
	return cmocka_run_group_tests_name("base/vector", tests, NULL, NULL);
}
