/* From what was asked for (--threshold, --fmr, --fpir) to a number, and from the number to words. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_THRESHOLD_H
#define FC_SERVICE_THRESHOLD_H

#include "gallery/gallery.h"
#include "service/service.h"

/*
 * Choose the threshold of a search over `templates` stored ones. When nothing was asked for, `fallback` is (one of its
 * has_ fields is set).
 * Errors: FC_INVALID_ARGUMENT when the embedder has no calibration and a rate was asked for.
 */
FC_MUST_USE enum fc_status fc_threshold_choose(const struct fc_threshold_choice *choice,
					       const struct fc_threshold_choice *fallback,
					       const struct fc_model *embedder, uint64_t templates,
					       struct fc_threshold *out, struct fc_error *err);

#endif
