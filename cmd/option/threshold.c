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

enum fc_status cut_check(const struct cut_args *args, const struct settings *settings,
			 struct fc_error *err)
{
	bool similarity = args->threshold.given || args->fmr.given || args->fpir.given;
	if (args->threshold.given + args->fmr.given + args->fpir.given +
		    args->min_confidence.given >
	    1) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "only one of --threshold, --fmr, --fpir and --min-confidence can be "
			       "given");
	}
	if (similarity && !settings_are_local(settings)) {
		return fc_fail(err, FC_UNSUPPORTED,
			       "service '%s' reports confidences, not similarities; give "
			       "--min-confidence",
			       settings->service);
	}
	return FC_OK;
}
