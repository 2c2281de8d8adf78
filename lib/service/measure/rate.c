/* Confidence intervals of rates. */
/* SPDX-License-Identifier: MIT */
#include "service/measure/rate.h"

#include <math.h>
#include <stdlib.h>

const struct fc_rate fc_rate_unknown = { NAN, NAN, NAN };

struct fc_rate fc_rate_rest(const struct fc_rate *rate)
{
	return (struct fc_rate){ 1 - rate->value, 1 - rate->high, 1 - rate->low };
}

void fc_replicate_draw(uint32_t *weights, size_t persons, uint64_t *state)
{
	for (size_t i = 0; i < persons; i++) {
		weights[i] = 0;
	}
	for (size_t i = 0; i < persons; i++) {
		/* SplitMix64 (Steele, Lea and Flood 2014): deterministic, so that results are reproducible. */
		uint64_t z = *state += 0x9e3779b97f4a7c15u;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
		z = (z ^ z >> 27) * 0x94d049bb133111ebu;
		weights[(z ^ z >> 31) % persons]++;
	}
}

struct fc_rate fc_rate_wilson(double share, size_t count)
{
	static const double z = 1.959964; /* 97.5th percentile of the normal distribution */
	if (count == 0) {
		return (struct fc_rate){ share, 0, 1 };
	}
	double n = (double)count;
	double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
	double margin = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
	return (struct fc_rate){ share, fmax(0, centre - margin), fmin(1, centre + margin) };
}

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;
	return (a > b) - (a < b);
}

struct fc_rate fc_rate_of(double value, double replicates[FC_REPLICATES], size_t persons)
{
	qsort(replicates, FC_REPLICATES, sizeof(*replicates), by_value);
	struct fc_rate rate = {
		.value = value,
		.low = replicates[(size_t)(0.025 * (FC_REPLICATES - 1))],
		.high = replicates[(size_t)ceil(0.975 * (FC_REPLICATES - 1))],
	};
	if (value <= 0 || value >= 1 || rate.high - rate.low < 1e-12) {
		struct fc_rate wilson = fc_rate_wilson(value, persons);
		rate.low = fmin(rate.low, wilson.low);
		rate.high = fmax(rate.high, wilson.high);
	}
	return rate;
}
