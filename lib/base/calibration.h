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

struct fc_calibration {
	/* sorted by descending fmr, so by ascending threshold */
	struct fc_calibration_point *points;
	size_t count;
	uint64_t impostor_pairs, genuine_pairs; /* numbers of pairs used in the measurement */
	char *source; /* data and command, for users; NULL when there is none */
};

static inline void fc_calibration_release(struct fc_calibration *calibration)
{
	free(calibration->points);
	free(calibration->source);
	*calibration = (struct fc_calibration){ 0 };
}

#endif
