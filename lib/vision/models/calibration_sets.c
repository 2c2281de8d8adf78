/* The thresholds in use, from several sets of photos. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "vision/models/models.h"

bool fc_calibration_set_is_used(const struct fc_calibration_set *set)
{
	return set->natural && set->adults;
}

/* Whether the set was measured at this rate. */
static bool covers(const struct fc_calibration *set, double fmr)
{
	return fmr <= set->points[0].fmr && fmr >= set->points[set->count - 1].fmr;
}

/*
 * Of the sets in use with at least two points the one with the most impostor pairs, preferably one that was measured at this rate. NULL if
 * there is none.
 */
static const struct fc_calibration *find_reference(const struct fc_calibration_set *sets,
						   size_t count, double fmr)
{
	const struct fc_calibration *found = NULL;
	for (size_t i = 0; i < count; i++) {
		const struct fc_calibration *one = &sets[i].calibration;
		if (!fc_calibration_set_is_used(&sets[i]) || one->count < 2) {
			continue;
		}
		bool better = found && covers(one, fmr) == covers(found, fmr)
				      ? one->impostor_pairs > found->impostor_pairs
				      : covers(one, fmr);
		found = !found || better ? one : found;
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
	const struct fc_calibration *reference = find_reference(sets, count, fmr);
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

/* The factors of the set in use that has any and the most impostor pairs. */
static struct fc_mean_factors find_factors(const struct fc_calibration_set *sets, size_t count)
{
	const struct fc_calibration *found = NULL;
	for (size_t i = 0; i < count; i++) {
		const struct fc_calibration *one = &sets[i].calibration;
		if (fc_calibration_set_is_used(&sets[i]) && one->factors.count > 0 &&
		    (!found || one->impostor_pairs > found->impostor_pairs)) {
			found = one;
		}
	}
	return found ? found->factors : (struct fc_mean_factors){ 0 };
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

static int by_falling_rate(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;
	return (a < b) - (a > b);
}

/* All rates of the sets in use, descending. The same rate may occur repeatedly. */
static size_t collect_rates(const struct fc_calibration_set *sets, size_t count, double *rates)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < sets[i].calibration.count; k++) {
			if (fc_calibration_set_is_used(&sets[i])) {
				rates[found++] = sets[i].calibration.points[k].fmr;
			}
		}
	}
	qsort(rates, found, sizeof(*rates), by_falling_rate);
	return found;
}

enum fc_status fc_calibration_sets_combine(const struct fc_calibration_set *sets, size_t count,
					   struct fc_calibration *out, struct fc_error *err)
{
	FC_CLEANUP(fc_calibration_release) struct fc_calibration combined = { 0 };
	size_t used = 0, points = 0, highest;
	const struct fc_calibration *reference = find_reference(sets, count, 1);
	*out = (struct fc_calibration){ 0 };
	if (!reference) {
		return FC_OK;
	}
	for (size_t i = 0; i < count; i++) {
		used += fc_calibration_set_is_used(&sets[i]);
		points += sets[i].calibration.count;
	}
	FC_CLEANUP(fc_free) double *rates = calloc(points, sizeof(*rates));
	combined.impostor_pairs = reference->impostor_pairs;
	combined.genuine_pairs = reference->genuine_pairs;
	combined.factors = find_factors(sets, count);
	combined.source = used == 1 ? strdup(reference->source) : name_sources(sets, count);
	combined.points = calloc(points, sizeof(*combined.points));
	if (!rates || !combined.source || !combined.points) {
		return fc_fail_memory(err);
	}
	size_t rate_count = collect_rates(sets, count, rates);
	struct fc_calibration_point before = { .fmr = 1, .threshold = -2 };
	for (size_t i = 0; i < rate_count; i++) {
		double threshold = fc_calibration_sets_threshold(sets, count, rates[i], &highest);
		struct fc_calibration_point point = { rates[i], fmax(-1, fmin(1, threshold)) };
		/* Thresholds that end at 1 no longer rise. */
		if (point.fmr < before.fmr && point.threshold > before.threshold) {
			combined.points[combined.count++] = point;
			before = point;
		}
	}
	*out = FC_STEAL_STRUCT(combined);
	return FC_OK;
}
