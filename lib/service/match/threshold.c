/* Compute thresholds. */
/* SPDX-License-Identifier: MIT */
#include "service/match/threshold.h"

#include <math.h>

/*
 * The threshold of a space with its own calibration, which may rest on few pairs. Within its rates it is used. Beyond them the line through
 * two points would lead anywhere, so the embedder's threshold is used there, as far as it does not contradict the space's outermost point.
 */
static void limit_by_space(const struct fc_calibration *own, double fmr, bool has_base,
			   struct fc_threshold *out)
{
	const struct fc_calibration_point *first = &own->points[0];
	const struct fc_calibration_point *last = &own->points[own->count - 1];
	out->of_space = true;
	if (fmr <= first->fmr && fmr >= last->fmr) {
		FC_IGNORE(
			fc_calibration_threshold(own, fmr, &out->value, &out->extrapolated, NULL));
		return;
	}
	out->extrapolated = true;
	if (fmr > first->fmr) {
		out->value = has_base ? fmin(out->value, first->threshold) : first->threshold;
	} else {
		out->value = has_base ? fmax(out->value, last->threshold) : last->threshold;
	}
}

/* The threshold for one false match rate; sets value and basis. */
static enum fc_status from_rate(const struct fc_model *embedder, const struct fc_calibration *own,
				double fmr, enum fc_threshold_basis basis, struct fc_threshold *out,
				struct fc_error *err)
{
	bool extrapolated = false;
	enum fc_status status = fc_calibration_threshold(&embedder->calibration, fmr, &out->value,
							 &extrapolated, err);
	out->extrapolated = extrapolated;
	if (own && (status == FC_OK || status == FC_NOT_FOUND)) {
		limit_by_space(own, fmr, status == FC_OK, out);
		status = FC_OK;
	}
	if (status == FC_NOT_FOUND) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"embedder '%s' has no calibration, so its false match rates are unknown; "
			"give --threshold",
			embedder->name);
	}
	out->factors = own && own->factors.count > 0 ? own->factors : embedder->calibration.factors;
	out->basis = basis;
	return status;
}

const struct fc_threshold_choice fc_threshold_of_verify = { .has_fmr = true, .fmr = 1e-4 };

const struct fc_threshold_choice fc_threshold_of_search = {
	.has_fpir = true,
	.fpir = 0.01,
	.has_fmr = true,
	.fmr = 1e-3,
};

enum fc_status fc_threshold_choose(const struct fc_threshold_choice *choice,
				   const struct fc_threshold_choice *fallback,
				   const struct fc_model *embedder,
				   const struct fc_calibration *own, uint64_t persons,
				   struct fc_threshold *out, struct fc_error *err)
{
	struct fc_threshold chosen = { .persons = persons };
	if (!choice->has_threshold && !choice->has_fmr && !choice->has_fpir) {
		choice = fallback;
	}
	if (choice->has_threshold) {
		chosen.value = choice->threshold;
		chosen.basis = FC_THRESHOLD_GIVEN;
	} else if (choice->has_fmr &&
		   !(choice->has_fpir && fc_fmr_for_fpir(choice->fpir, persons) < choice->fmr)) {
		chosen.rate = choice->fmr;
		FC_TRY(from_rate(embedder, own, choice->fmr, FC_THRESHOLD_FMR, &chosen, err));
	} else {
		chosen.rate = choice->fpir;
		FC_TRY(from_rate(embedder, own, fc_fmr_for_fpir(choice->fpir, persons),
				 FC_THRESHOLD_FPIR, &chosen, err));
	}
	*out = chosen;
	return FC_OK;
}

void fc_threshold_describe(const struct fc_threshold *threshold, uint32_t templates,
			   struct fc_buffer *out)
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
	if (fc_threshold_for(threshold, templates) > threshold->value) {
		fc_buffer_printf(out, ", for the mean of %u photos", templates);
	}
	if (threshold->extrapolated) {
		fc_buffer_append_text(out, ", beyond what was measured");
		fc_buffer_append_text(out, threshold->of_space ? " for the space" : "");
	} else if (threshold->of_space) {
		fc_buffer_append_text(out, ", as measured for the space");
	}
}
