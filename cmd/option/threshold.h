/* --threshold, --fmr and --fpir: three ways to say the same thing, one at a time. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_THRESHOLD_H
#define FC_CMD_THRESHOLD_H

#include "option/option.h"
#include "service/service.h"

/* FC_INVALID_ARGUMENT when more than one is given. fpir may be NULL where there is none. */
FC_MUST_USE enum fc_status threshold_check(const struct option_real *threshold,
					   const struct option_real *fmr,
					   const struct option_real *fpir, struct fc_error *err);

struct fc_threshold_choice threshold_choice(const struct option_real *threshold,
					    const struct option_real *fmr,
					    const struct option_real *fpir);

#endif
