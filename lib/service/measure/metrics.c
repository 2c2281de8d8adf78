/* Error rates of scored comparisons. */
/* SPDX-License-Identifier: MIT */
#include "service/measure/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void fc_comparisons_release(struct fc_comparisons *comparisons)
{
	free(comparisons->genuine);
	free(comparisons->impostor);
	*comparisons = (struct fc_comparisons){ 0 };
}

size_t fc_comparisons_persons(const struct fc_comparison *pairs, size_t count, size_t group,
			      bool *seen, size_t persons)
{
	memset(seen, 0, persons * sizeof(*seen));
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		if (group == FC_NO_GROUP || pairs[i].group == group) {
			found += !seen[pairs[i].first];
			seen[pairs[i].first] = true;
			found += !seen[pairs[i].second];
			seen[pairs[i].second] = true;
		}
	}
	return found;
}

static int by_falling_score(const void *left, const void *right)
{
	float a = ((const struct fc_comparison *)left)->score;
	float b = ((const struct fc_comparison *)right)->score;
	return (a < b) - (a > b);
}

double fc_metrics_threshold(const struct fc_comparison *impostor, size_t count, double fmr)
{
	size_t accepted = (size_t)floor(fmr * (double)count);
	if (accepted >= count) {
		return (double)impostor[count - 1].score;
	}
	/* Just above the first score that must be rejected. */
	return (double)nextafterf(impostor[accepted].score, INFINITY);
}

double fc_metrics_accepted(const struct fc_comparison *sorted, size_t count, double threshold)
{
	size_t low = 0;
	size_t high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if ((double)sorted[middle].score >= threshold) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return (double)low / (double)count;
}

static double total_weight(const struct fc_comparison *pairs, size_t count, const uint32_t *weights)
{
	double total = 0;
	for (size_t i = 0; i < count; i++) {
		total += fc_comparison_weight(&pairs[i], weights);
	}
	return total;
}

/* FNMR at each point's FMR in one replicate; the lists are sorted by descending score. */
static void replicate_fnmr(const struct fc_comparisons *set, const uint32_t *weights,
			   const struct fc_operating_point *points, double (*out)[FC_REPLICATES],
			   size_t replicate)
{
	double impostors = total_weight(set->impostor, set->impostor_count, weights);
	double genuines = total_weight(set->genuine, set->genuine_count, weights);
	double accepted = 0;
	double matched = 0;
	size_t i = 0;
	size_t g = 0;
	for (size_t p = FC_METRICS_POINTS; p-- > 0;) {
		double limit = points[p].fmr * impostors;
		while (i < set->impostor_count &&
		       accepted + fc_comparison_weight(&set->impostor[i], weights) <= limit) {
			accepted += fc_comparison_weight(&set->impostor[i++], weights);
		}
		float stop = i < set->impostor_count ? set->impostor[i].score : -2;
		while (g < set->genuine_count && set->genuine[g].score > stop) {
			matched += fc_comparison_weight(&set->genuine[g++], weights);
		}
		out[p][replicate] = genuines > 0 ? 1 - matched / genuines : points[p].fnmr.value;
	}
}

/* persons: number of persons with genuine pairs. */
static enum fc_status measure_points(const struct fc_comparisons *set, size_t persons,
				     struct fc_verification_metrics *out, struct fc_error *err)
{
	FC_CLEANUP(fc_free) uint32_t *weights = calloc(set->persons + 1, sizeof(*weights));
	FC_CLEANUP(fc_free)
	double(*replicates)[FC_REPLICATES] = calloc(FC_METRICS_POINTS, sizeof(*replicates));
	if (!weights || !replicates) {
		return fc_fail_memory(err);
	}
	for (size_t p = 0; p < FC_METRICS_POINTS; p++) {
		struct fc_operating_point *point = &out->points[p];
		point->fmr = pow(10, -2 - (double)p);
		point->measurable = point->fmr * (double)set->impostor_count >= FC_METRICS_ERRORS;
		point->threshold =
			fc_metrics_threshold(set->impostor, set->impostor_count, point->fmr);
		point->fnmr = fc_rate_unknown;
		if (set->genuine_count > 0) {
			point->fnmr.value =
				1 - fc_metrics_accepted(set->genuine, set->genuine_count,
							point->threshold);
		}
	}
	if (set->genuine_count == 0) {
		return FC_OK;
	}
	uint64_t state = 1;
	for (size_t replicate = 0; replicate < FC_REPLICATES; replicate++) {
		fc_replicate_draw(weights, set->persons, &state);
		replicate_fnmr(set, weights, out->points, replicates, replicate);
	}
	for (size_t p = 0; p < FC_METRICS_POINTS; p++) {
		struct fc_rate *fnmr = &out->points[p].fnmr;
		*fnmr = fc_rate_of(fnmr->value, replicates[p], persons);
	}
	return FC_OK;
}

/* No pair is in fold FC_METRICS_FOLDS. */
static bool in_fold(const struct fc_comparison *pair, size_t fold)
{
	return pair->fold == fold;
}

/* The threshold with the largest (TAR + TNR) / 2 over all pairs outside a fold; both lists are sorted. */
static double best_threshold(const struct fc_comparisons *set, size_t fold)
{
	size_t genuine_total = 0;
	size_t impostor_total = 0;
	for (size_t i = 0; i < set->genuine_count; i++) {
		genuine_total += !in_fold(&set->genuine[i], fold);
	}
	for (size_t i = 0; i < set->impostor_count; i++) {
		impostor_total += !in_fold(&set->impostor[i], fold);
	}
	double best = -1;
	double threshold = 1;
	size_t i = 0;
	size_t accepted = 0;
	size_t matched = 0;
	for (size_t g = 0; g < set->genuine_count; g++) {
		if (in_fold(&set->genuine[g], fold)) {
			continue;
		}
		float score = set->genuine[g].score;
		matched++;
		while (i < set->impostor_count &&
		       (in_fold(&set->impostor[i], fold) || set->impostor[i].score >= score)) {
			accepted += !in_fold(&set->impostor[i++], fold);
		}
		double balanced = (double)matched / (double)(genuine_total ? genuine_total : 1) -
				  (double)accepted / (double)(impostor_total ? impostor_total : 1);
		if (balanced > best) {
			/* Halfway to the next impostor's score, so that the threshold does not equal any score. */
			float below = i < set->impostor_count ? set->impostor[i].score : score;
			best = balanced;
			threshold = ((double)score + (double)below) / 2;
		}
	}
	return threshold;
}

/* (TAR + TNR) / 2 of the pairs that belong to one fold. */
static double fold_accuracy(const struct fc_comparisons *set, size_t fold, double threshold)
{
	size_t genuine = 0, matched = 0, impostor = 0, rejected = 0;
	for (size_t i = 0; i < set->genuine_count; i++) {
		if (in_fold(&set->genuine[i], fold)) {
			genuine++;
			matched += (double)set->genuine[i].score >= threshold;
		}
	}
	for (size_t i = 0; i < set->impostor_count; i++) {
		if (in_fold(&set->impostor[i], fold)) {
			impostor++;
			rejected += (double)set->impostor[i].score < threshold;
		}
	}
	double tar = genuine ? (double)matched / (double)genuine : 1;
	double tnr = impostor ? (double)rejected / (double)impostor : 1;
	return (tar + tnr) / 2;
}

/*
 * The interval is that of the mean: two standard errors over the folds. Without an error in any fold it is Wilson's for the number of
 * persons with genuine pairs.
 */
static void measure_accuracy(const struct fc_comparisons *set, size_t persons,
			     struct fc_verification_metrics *out)
{
	double sum = 0;
	double squares = 0;
	for (size_t fold = 0; fold < FC_METRICS_FOLDS; fold++) {
		double accuracy = fold_accuracy(set, fold, best_threshold(set, fold));
		sum += accuracy;
		squares += accuracy * accuracy;
	}
	double mean = sum / FC_METRICS_FOLDS;
	double variance = fmax(0, squares / FC_METRICS_FOLDS - mean * mean);
	double error = 2 * sqrt(variance / (FC_METRICS_FOLDS - 1));
	out->accuracy = (struct fc_rate){ mean, fmax(0, mean - error), fmin(1, mean + error) };
	if (error < 1e-9) {
		out->accuracy = fc_rate_wilson(mean, persons);
	}
	out->best_threshold = best_threshold(set, FC_METRICS_FOLDS);
}

enum fc_status fc_metrics_verification(struct fc_comparisons *comparisons,
				       struct fc_verification_metrics *out, struct fc_error *err)
{
	struct fc_verification_metrics metrics = {
		.genuine_count = comparisons->genuine_count,
		.impostor_count = comparisons->impostor_count,
	};
	if (comparisons->impostor_count == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "there is no pair of photos of different persons, so no rate can be "
			       "measured");
	}
	qsort(comparisons->genuine, comparisons->genuine_count, sizeof(*comparisons->genuine),
	      by_falling_score);
	qsort(comparisons->impostor, comparisons->impostor_count, sizeof(*comparisons->impostor),
	      by_falling_score);
	FC_CLEANUP(fc_free) bool *seen = calloc(comparisons->persons + 1, sizeof(*seen));
	if (!seen) {
		return fc_fail_memory(err);
	}
	size_t persons = fc_comparisons_persons(comparisons->genuine, comparisons->genuine_count,
						FC_NO_GROUP, seen, comparisons->persons);
	metrics.accuracy = fc_rate_unknown;
	metrics.best_threshold = NAN;
	if (comparisons->genuine_count > 0) {
		measure_accuracy(comparisons, persons, &metrics);
	}
	FC_TRY(measure_points(comparisons, persons, &metrics, err));
	*out = metrics;
	return FC_OK;
}

size_t fc_metrics_tradeoff(const struct fc_comparisons *comparisons,
			   struct fc_tradeoff out[FC_TRADEOFF_POINTS])
{
	static const double steps[] = { 1, 0.5, 0.2 };
	size_t count = 0;
	for (size_t i = 0; i < FC_TRADEOFF_POINTS; i++) {
		double fmr = steps[i % 3] * pow(10, -(double)(i / 3));
		if (fmr * (double)comparisons->impostor_count < FC_METRICS_ERRORS) {
			break;
		}
		double threshold = fc_metrics_threshold(comparisons->impostor,
							comparisons->impostor_count, fmr);
		double accepted =
			comparisons->genuine_count == 0
				? NAN
				: fc_metrics_accepted(comparisons->genuine,
						      comparisons->genuine_count, threshold);
		out[count++] = (struct fc_tradeoff){ fmr, 1 - accepted, threshold };
	}
	return count;
}
