/* The thresholds in use, from several sets of photos. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "vision/models/models.h"

bool fc_calibration_set_is_used(const struct fc_calibration_set *set)
{
	return set->natural && set->adults;
}

/* The set in use with the most impostor pairs, of those with at least two points; NULL if there is none. */
static const struct fc_calibration *find_reference(const struct fc_calibration_set *sets,
						   size_t count)
{
	const struct fc_calibration *found = NULL;
	for (size_t i = 0; i < count; i++) {
		const struct fc_calibration *one = &sets[i].calibration;
		if (fc_calibration_set_is_used(&sets[i]) && one->count >= 2 &&
		    (!found || one->impostor_pairs > found->impostor_pairs)) {
			found = one;
		}
	}
	return found;
}

/* On the line through the neighbouring points, of which there are at least two. */
static double on_line(const struct fc_calibration *calibration, double fmr)
{
	double threshold = 0;
	bool extrapolated;
	FC_IGNORE(fc_calibration_threshold(calibration, fmr, &threshold, &extrapolated, NULL));
	return threshold;
}

/* Outside of the rates that were measured, a set keeps the difference to the reference that it has at its outermost point. */
static double threshold_of(const struct fc_calibration *set, const struct fc_calibration *reference,
			   double fmr)
{
	const struct fc_calibration_point *first = &set->points[0];
	const struct fc_calibration_point *last = &set->points[set->count - 1];
	const struct fc_calibration_point *edge = fmr >= first->fmr ? first : last;
	if (set == reference || (fmr < first->fmr && fmr > last->fmr)) {
		return on_line(set, fmr);
	}
	return edge->threshold + on_line(reference, fmr) - on_line(reference, edge->fmr);
}

double fc_calibration_sets_threshold(const struct fc_calibration_set *sets, size_t count,
				     double fmr, size_t *highest)
{
	const struct fc_calibration *reference = find_reference(sets, count);
	double threshold = NAN;
	for (size_t i = 0; reference && i < count; i++) {
		if (!fc_calibration_set_is_used(&sets[i])) {
			continue;
		}
		double one = threshold_of(&sets[i].calibration, reference, fmr);
		if (!(one <= threshold)) {
			threshold = one;
			*highest = i;
		}
	}
	return threshold;
}

/* "highest of a, b" */
static char *name_sources(const struct fc_calibration_set *sets, size_t count)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer text = { 0 };
	for (size_t i = 0; i < count; i++) {
		if (fc_calibration_set_is_used(&sets[i])) {
			fc_buffer_printf(&text, "%s%s", text.length > 0 ? ", " : "highest of ",
					 sets[i].name);
		}
	}
	const char *whole = fc_buffer_text(&text);
	return whole ? strdup(whole) : NULL;
}

enum fc_status fc_calibration_sets_combine(const struct fc_calibration_set *sets, size_t count,
					   struct fc_calibration *out, struct fc_error *err)
{
	FC_CLEANUP(fc_calibration_release) struct fc_calibration combined = { 0 };
	const struct fc_calibration *reference = find_reference(sets, count);
	size_t used = 0, highest;
	*out = (struct fc_calibration){ 0 };
	if (!reference) {
		return FC_OK;
	}
	for (size_t i = 0; i < count; i++) {
		used += fc_calibration_set_is_used(&sets[i]);
	}
	combined.impostor_pairs = reference->impostor_pairs;
	combined.genuine_pairs = reference->genuine_pairs;
	combined.source = used == 1 ? strdup(reference->source) : name_sources(sets, count);
	combined.points = calloc(reference->count, sizeof(*combined.points));
	if (!combined.source || !combined.points) {
		return fc_fail_memory(err);
	}
	double before = -2;
	for (size_t i = 0; i < reference->count; i++) {
		double fmr = reference->points[i].fmr;
		double threshold = fc_calibration_sets_threshold(sets, count, fmr, &highest);
		threshold = fmax(-1, fmin(1, threshold));
		/* Thresholds that end at 1 no longer rise. */
		if (threshold > before) {
			combined.points[combined.count++] =
				(struct fc_calibration_point){ fmr, threshold };
			before = threshold;
		}
	}
	*out = FC_STEAL_STRUCT(combined);
	return FC_OK;
}
