/* Compute thresholds. */
/* SPDX-License-Identifier: MIT */
#include "service/match/threshold.h"

/* The threshold for one false match rate; sets value and basis. */
static enum fc_status from_rate(const struct fc_model *embedder, double fmr,
				enum fc_threshold_basis basis, struct fc_threshold *out,
				struct fc_error *err)
{
	bool extrapolated = false;
	enum fc_status status = fc_calibration_threshold(&embedder->calibration, fmr, &out->value,
							 &extrapolated, err);
	if (status == FC_NOT_FOUND) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"embedder '%s' has no calibration, so its false match rates are unknown; "
			"give --threshold",
			embedder->name);
	}
	out->basis = basis;
	out->extrapolated = extrapolated;
	return status;
}

enum fc_status fc_threshold_choose(const struct fc_threshold_choice *choice,
				   const struct fc_threshold_choice *fallback,
				   const struct fc_model *embedder, uint64_t persons,
				   struct fc_threshold *out, struct fc_error *err)
{
	struct fc_threshold chosen = { .persons = persons };
	if (!choice->has_threshold && !choice->has_fmr && !choice->has_fpir) {
		choice = fallback;
	}
	if (choice->has_threshold) {
		chosen.value = choice->threshold;
		chosen.basis = FC_THRESHOLD_GIVEN;
	} else if (choice->has_fmr) {
		chosen.rate = choice->fmr;
		FC_TRY(from_rate(embedder, choice->fmr, FC_THRESHOLD_FMR, &chosen, err));
	} else {
		chosen.rate = choice->fpir;
		FC_TRY(from_rate(embedder, fc_fmr_for_fpir(choice->fpir, persons),
				 FC_THRESHOLD_FPIR, &chosen, err));
	}
	*out = chosen;
	return FC_OK;
}

void fc_threshold_describe(const struct fc_threshold *threshold, struct fc_buffer *out)
{
	switch (threshold->basis) {
	case FC_THRESHOLD_GIVEN:
		fc_buffer_append_text(out, "given");
		break;
	case FC_THRESHOLD_FMR:
		fc_buffer_printf(out, "fmr %g", threshold->rate);
		break;
	case FC_THRESHOLD_SERVICE:
		fc_buffer_append_text(out, "the service's own");
		break;
	case FC_THRESHOLD_FPIR:
		fc_buffer_printf(out, "fpir %g%% over %llu person%s", threshold->rate * 100.0,
				 (unsigned long long)threshold->persons,
				 threshold->persons == 1 ? "" : "s");
		break;
	}
	if (threshold->of_space) {
		fc_buffer_append_text(out, ", as measured for the space");
	}
	if (threshold->extrapolated) {
		fc_buffer_append_text(out, ", beyond what was measured");
	}
}
