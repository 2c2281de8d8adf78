/* Measured thresholds of an embedder. */
/* SPDX-License-Identifier: MIT */
#include "base/calibration.h"

#include <math.h>

double fc_mean_factor_of(const struct fc_mean_factors *factors, uint32_t templates)
{
	struct fc_mean_factor before = { .templates = 1, .factor = 1 };
	for (size_t i = 0; i < factors->count; i++) {
		const struct fc_mean_factor *next = &factors->items[i];
		if (templates < next->templates) {
			double share = templates <= 1
					       ? 0
					       : (double)(templates - before.templates) /
							 (next->templates - before.templates);
			return before.factor + share * (next->factor - before.factor);
		}
		before = *next;
	}
	return before.factor;
}

double fc_threshold_of_mean(const struct fc_mean_factors *factors, double threshold,
			    uint32_t templates)
{
	if (!(threshold > 0)) {
		return threshold;
	}
	return fmin(threshold * fc_mean_factor_of(factors, templates), (threshold + 1) / 2);
}
