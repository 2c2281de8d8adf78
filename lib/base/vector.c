/* The dot product of templates. */
/* SPDX-License-Identifier: MIT */
#include "base/vector.h"

#include <string.h>

/* Two doubles fill the smallest common vector register; four such pairs make eight lanes. */
enum { PAIRS = 4, LANES = 2 * PAIRS };

typedef float float_pair __attribute__((vector_size(2 * sizeof(float))));
typedef double double_pair __attribute__((vector_size(2 * sizeof(double))));

static inline double_pair load(const float *values)
{
	float_pair pair;
	memcpy(&pair, values, sizeof(pair));
	return __builtin_convertvector(pair, double_pair);
}

float fc_dot(const float *a, const float *b, size_t count)
{
	double_pair s0 = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 };
	size_t i = 0;
	for (; i + LANES <= count; i += LANES) {
		s0 += load(a + i) * load(b + i);
		s1 += load(a + i + 2) * load(b + i + 2);
		s2 += load(a + i + 4) * load(b + i + 4);
		s3 += load(a + i + 6) * load(b + i + 6);
	}
	double sums[LANES] = { s0[0], s0[1], s1[0], s1[1], s2[0], s2[1], s3[0], s3[1] };
	for (size_t lane = 0; i < count; i++, lane++) {
		sums[lane] += (double)a[i] * (double)b[i];
	}
	double low = (sums[0] + sums[1]) + (sums[2] + sums[3]);
	double high = (sums[4] + sums[5]) + (sums[6] + sums[7]);
	return (float)(low + high);
}
