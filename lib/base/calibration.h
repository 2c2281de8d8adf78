/* Measured thresholds of an embedder, for its model and for single spaces. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_CALIBRATION_H
#define FC_BASE_CALIBRATION_H

#include <stdint.h>
#include <stdlib.h>

/* One measured operating point: at this threshold (cosine) this share of impostor pairs is accepted. */
struct fc_calibration_point {
	double fmr;
	double threshold;
};

/*
 * Thresholds for persons with several photos. A search compares a probe with the mean of a person's templates. The mean of n templates is more
 * similar to other persons than one template is. At all false match rates the thresholds differ by about the same factor, so those for one
 * template are multiplied by it.
 */
enum { FC_MEAN_FACTORS_MAXIMUM = 3 };

struct fc_mean_factors {
	struct fc_mean_factor {
		uint32_t templates; /* ascending, at least 2 */
		double factor;      /* at least 1, not descending */
	} items[FC_MEAN_FACTORS_MAXIMUM];
	size_t count; /* 0: not measured */
};

/* The factor for the mean of this many templates: 1 for one, linear between the items, and constant beyond the last one. */
double fc_mean_factor_of(const struct fc_mean_factors *factors, uint32_t templates);

/*
 * The threshold for a person with this many templates, from that for one template. Rises strictly with `threshold`, is not below it, and
 * below 1 if it is. Thresholds below 0 do not change.
 */
double fc_threshold_of_mean(const struct fc_mean_factors *factors, double threshold,
			    uint32_t templates);

struct fc_calibration {
	/* sorted by descending fmr, so by ascending threshold */
	struct fc_calibration_point *points;
	size_t count;
	uint64_t impostor_pairs, genuine_pairs; /* numbers of pairs used in the measurement */
	char *source; /* data and command, for users; NULL when there is none */
	struct fc_mean_factors factors;
};

static inline void fc_calibration_release(struct fc_calibration *calibration)
{
	free(calibration->points);
	free(calibration->source);
	*calibration = (struct fc_calibration){ 0 };
}

#endif
