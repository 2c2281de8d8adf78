/* Thresholds at false match rates, from measured comparisons. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "service/measure/metrics.h"

enum fc_status fc_metrics_calibration(const struct fc_comparisons *comparisons,
				      const struct fc_tradeoff *tradeoff, size_t count,
				      struct fc_calibration_point points[FC_TRADEOFF_POINTS],
				      struct fc_calibration *out, struct fc_error *err)
{
	FC_CLEANUP(fc_free) bool *seen = calloc(comparisons->persons + 1, sizeof(*seen));
	if (!seen) {
		return fc_fail_memory(err);
	}
	size_t persons = fc_comparisons_persons(comparisons->impostor, comparisons->impostor_count,
						FC_NO_GROUP, seen, comparisons->persons);
	*out = (struct fc_calibration){
		.points = points,
		.impostor_pairs = comparisons->impostor_count,
		.genuine_pairs = comparisons->genuine_count,
	};
	for (size_t i = 0; i < count; i++) {
		bool rises =
			out->count == 0 || tradeoff[i].threshold > points[out->count - 1].threshold;
		if (tradeoff[i].fmr <= 0.1 + 1e-9 && rises) {
			points[out->count++] =
				(struct fc_calibration_point){ tradeoff[i].fmr,
							       tradeoff[i].threshold };
		}
	}
	if (comparisons->impostor_count < FC_CALIBRATION_PAIRS ||
	    persons < FC_CALIBRATION_PERSONS || out->count < 2) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "%zu pairs of different persons, of %zu persons, are too few to "
			       "compute thresholds (minimum: %d pairs of %d persons)",
			       comparisons->impostor_count, persons, FC_CALIBRATION_PAIRS,
			       FC_CALIBRATION_PERSONS);
	}
	return FC_OK;
}
