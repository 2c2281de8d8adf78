/* --threshold, --fmr and --fpir: three ways to choose a threshold, of which one may be given. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_THRESHOLD_H
#define FC_CMD_THRESHOLD_H

#include "option/option.h"
#include "service/service.h"

/* FC_INVALID_ARGUMENT when more than one is given. fpir may be NULL if the command has no such option. */
FC_MUST_USE enum fc_status threshold_check(const struct option_real *threshold,
					   const struct option_real *fmr,
					   const struct option_real *fpir, struct fc_error *err);

struct fc_threshold_choice threshold_choice(const struct option_real *threshold,
					    const struct option_real *fmr,
					    const struct option_real *fpir);

#endif
