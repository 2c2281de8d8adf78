/* Thresholds from measured operating points. */
/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "vision/models/models.h"

enum fc_status fc_calibration_threshold(const struct fc_calibration *calibration, double fmr,
					double *threshold, bool *extrapolated, struct fc_error *err)
{
	const struct fc_calibration_point *points = calibration->points;
	if (calibration->count < 2) {
		return fc_fail(err, FC_NOT_FOUND,
			       "the model has no calibration: give a threshold with --threshold");
	}
	if (!(fmr > 0.0 && fmr < 1.0)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "the false match rate must be between 0 and 1, not %g", fmr);
	}
	/* The segment that contains fmr, or the outermost one on its side. */
	size_t right = 1;
	while (right + 1 < calibration->count && fmr < points[right].fmr) {
		right++;
	}
	const struct fc_calibration_point *a = &points[right - 1];
	const struct fc_calibration_point *b = &points[right];
	double share = (log10(fmr) - log10(a->fmr)) / (log10(b->fmr) - log10(a->fmr));
	double on_line = a->threshold + share * (b->threshold - a->threshold);
	*threshold = fmax(-1, fmin(1, on_line));
	*extrapolated = fmr > points[0].fmr || fmr < points[calibration->count - 1].fmr;
	return FC_OK;
}

double fc_fmr_for_fpir(double fpir, uint64_t templates)
{
	/* 1 - (1 - fpir)^(1 / n), without loss of precision for tiny results. */
	return -expm1(log1p(-fpir) / (double)(templates > 0 ? templates : 1));
}
