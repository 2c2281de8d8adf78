/* Check --threshold, --fmr and --fpir: alternative ways to choose a threshold. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_OPTION_THRESHOLD_H
#define FC_CMD_OPTION_THRESHOLD_H

#include "option/option.h"
#include "service/service.h"

/* Errors: FC_INVALID_ARGUMENT (more than one is given). fpir is NULL if the command has no such option. */
enum fc_status threshold_check(const struct option_real *threshold, const struct option_real *fmr,
			       const struct option_real *fpir, struct fc_error *err);

struct fc_threshold_choice threshold_choice(const struct option_real *threshold,
					    const struct option_real *fmr,
					    const struct option_real *fpir);

#endif
