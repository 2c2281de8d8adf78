/* Compute a threshold from --threshold, --fmr or --fpir. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MATCH_THRESHOLD_H
#define FC_SERVICE_MATCH_THRESHOLD_H

#include "gallery/gallery.h"
#include "service/service.h"

/* The default of a search: an FPIR of 1 %, and at least the threshold of FMR 1e-3, which counts in spaces of fewer than 10 persons. */
extern const struct fc_threshold_choice fc_threshold_of_search;

/* The default of a comparison of two photos: an FMR of 1e-4. */
extern const struct fc_threshold_choice fc_threshold_of_verify;

/*
 * Compute the threshold for a search among `persons` stored persons. `fallback`, which has one of its has_ fields set, is used if
 * `choice` is empty. own: the calibration of the space, or NULL; it has at least two points.
 * Errors: FC_INVALID_ARGUMENT when the embedder has no calibration and a rate is given.
 */
enum fc_status fc_threshold_choose(const struct fc_threshold_choice *choice,
				   const struct fc_threshold_choice *fallback,
				   const struct fc_model *embedder,
				   const struct fc_calibration *own, uint64_t persons,
				   struct fc_threshold *out, struct fc_error *err);

#endif
