/* Check --threshold, --fmr and --fpir. */
/* SPDX-License-Identifier: MIT */
#include "option/threshold.h"

enum fc_status threshold_check(const struct option_real *threshold, const struct option_real *fmr,
			       const struct option_real *fpir, struct fc_error *err)
{
	if (threshold->given + fmr->given + (fpir && fpir->given) > 1) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "only one of --threshold%s --fmr%s can be "
			       "given",
			       fpir ? "," : " and", fpir ? " and --fpir" : "");
	}
	return FC_OK;
}

struct fc_threshold_choice threshold_choice(const struct option_real *threshold,
					    const struct option_real *fmr,
					    const struct option_real *fpir)
{
	return (struct fc_threshold_choice){
		.has_threshold = threshold->given,
		.has_fmr = fmr->given,
		.has_fpir = fpir && fpir->given,
		.threshold = threshold->value,
		.fmr = fmr->value,
		.fpir = fpir ? fpir->value : 0,
	};
}
