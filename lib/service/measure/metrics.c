/* Error rates of scored comparisons. */
/* SPDX-License-Identifier: MIT */
#include "service/measure/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

void fc_comparisons_release(struct fc_comparisons *comparisons)
{
	free(comparisons->genuine);
	free(comparisons->impostor);
	*comparisons = (struct fc_comparisons){ 0 };
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

/* How often each person is drawn in one replicate. */
static void draw_persons(uint32_t *weights, size_t persons, uint64_t *state)
{
	for (size_t i = 0; i < persons; i++) {
		weights[i] = 0;
	}
	for (size_t i = 0; i < persons; i++) {
		/* SplitMix64 (Steele, Lea and Flood 2014): deterministic, so that results are reproducible. */
		uint64_t z = *state += 0x9e3779b97f4a7c15u;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
		z = (z ^ z >> 27) * 0x94d049bb133111ebu;
		weights[(z ^ z >> 31) % persons]++;
	}
}

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;
	return (a > b) - (a < b);
}

/* The interval that contains 95 % of the replicates. */
static void set_interval(struct fc_rate *rate, double *replicates, size_t count)
{
	qsort(replicates, count, sizeof(*replicates), by_value);
	rate->low = replicates[(size_t)(0.025 * (double)(count - 1))];
	rate->high = replicates[(size_t)ceil(0.975 * (double)(count - 1))];
}

static double pair_weight(const struct fc_comparison *pair, const uint32_t *weights)
{
	if (pair->first == pair->second) {
		return (double)weights[pair->first];
	}
	return (double)weights[pair->first] * (double)weights[pair->second];
}

static double total_weight(const struct fc_comparison *pairs, size_t count, const uint32_t *weights)
{
	double total = 0;
	for (size_t i = 0; i < count; i++) {
		total += pair_weight(&pairs[i], weights);
	}
	return total;
}

/* FNMR at each point's FMR in one replicate; the lists are sorted by descending score. */
static void replicate_fnmr(const struct fc_comparisons *set, const uint32_t *weights,
			   struct fc_operating_point *points, double (*out)[FC_METRICS_REPLICATES],
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
		       accepted + pair_weight(&set->impostor[i], weights) <= limit) {
			accepted += pair_weight(&set->impostor[i++], weights);
		}
		float stop = i < set->impostor_count ? set->impostor[i].score : -2;
		while (g < set->genuine_count && set->genuine[g].score > stop) {
			matched += pair_weight(&set->genuine[g++], weights);
		}
		out[p][replicate] = genuines > 0 ? 1 - matched / genuines : 0;
	}
}

static enum fc_status measure_points(const struct fc_comparisons *set,
				     struct fc_verification_metrics *out, struct fc_error *err)
{
	FC_CLEANUP(fc_free) uint32_t *weights = calloc(set->persons + 1, sizeof(*weights));
	FC_CLEANUP(fc_free)
	double(*replicates)[FC_METRICS_REPLICATES] = calloc(FC_METRICS_POINTS, sizeof(*replicates));
	if (!weights || !replicates) {
		return fc_fail_memory(err);
	}
	for (size_t p = 0; p < FC_METRICS_POINTS; p++) {
		struct fc_operating_point *point = &out->points[p];
		point->fmr = pow(10, -2 - (double)p);
		point->measurable = point->fmr * (double)set->impostor_count >= FC_METRICS_ERRORS;
		point->threshold =
			fc_metrics_threshold(set->impostor, set->impostor_count, point->fmr);
		point->fnmr.value =
			1 - fc_metrics_accepted(set->genuine, set->genuine_count, point->threshold);
	}
	uint64_t state = 1;
	for (size_t replicate = 0; replicate < FC_METRICS_REPLICATES; replicate++) {
		draw_persons(weights, set->persons, &state);
		replicate_fnmr(set, weights, out->points, replicates, replicate);
	}
	for (size_t p = 0; p < FC_METRICS_POINTS; p++) {
		set_interval(&out->points[p].fnmr, replicates[p], FC_METRICS_REPLICATES);
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
		float score = set->genuine[g].score;
		matched += !in_fold(&set->genuine[g], fold);
		while (i < set->impostor_count && set->impostor[i].score >= score) {
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

/* The interval is that of the mean: two standard errors over the folds. */
static void measure_accuracy(const struct fc_comparisons *set, struct fc_verification_metrics *out)
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
	out->best_threshold = best_threshold(set, FC_METRICS_FOLDS);
}

enum fc_status fc_metrics_verification(struct fc_comparisons *comparisons,
				       struct fc_verification_metrics *out, struct fc_error *err)
{
	struct fc_verification_metrics metrics = {
		.genuine_count = comparisons->genuine_count,
		.impostor_count = comparisons->impostor_count,
	};
	if (comparisons->genuine_count == 0 || comparisons->impostor_count == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "too few pairs: %zu of one person and %zu of two persons; at least "
			       "one of each kind is required",
			       comparisons->genuine_count, comparisons->impostor_count);
	}
	qsort(comparisons->genuine, comparisons->genuine_count, sizeof(*comparisons->genuine),
	      by_falling_score);
	qsort(comparisons->impostor, comparisons->impostor_count, sizeof(*comparisons->impostor),
	      by_falling_score);
	measure_accuracy(comparisons, &metrics);
	FC_TRY(measure_points(comparisons, &metrics, err));
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
		double accepted = fc_metrics_accepted(comparisons->genuine,
						      comparisons->genuine_count, threshold);
		out[count++] = (struct fc_tradeoff){ fmr, 1 - accepted, threshold };
	}
	return count;
}

/* Rates of one set of searches, weighted or not. weights: NULL counts each search once. */
struct shares {
	double rank1;
	double fnir[FC_IDENTIFICATION_POINTS];
	double threshold[FC_IDENTIFICATION_POINTS];
};

static int search_by_falling_score(const void *left, const void *right)
{
	float a = ((const struct fc_identification *)left)->best_score;
	float b = ((const struct fc_identification *)right)->best_score;
	return (a < b) - (a > b);
}

static const double fpirs[FC_IDENTIFICATION_POINTS] = { 0.01, 0.003 };

/* searches must be sorted by descending best_score. */
static struct shares share_out(const struct fc_identification *searches, size_t count,
			       const uint32_t *weights)
{
	struct shares shares = { 0 };
	double mated = 0, non_mated = 0, right = 0;
	for (size_t i = 0; i < count; i++) {
		double weight = weights ? weights[searches[i].person] : 1;
		mated += searches[i].mated ? weight : 0;
		non_mated += searches[i].mated ? 0 : weight;
		right += searches[i].rank1 ? weight : 0;
	}
	shares.rank1 = mated > 0 ? right / mated : 0;
	for (size_t p = 0; p < FC_IDENTIFICATION_POINTS; p++) {
		double accepted = 0, found = 0;
		shares.threshold[p] = -1;
		for (size_t i = 0; i < count; i++) {
			double weight = weights ? weights[searches[i].person] : 1;
			accepted += searches[i].mated ? 0 : weight;
			if (accepted > fpirs[p] * non_mated) {
				shares.threshold[p] =
					(double)nextafterf(searches[i].best_score, INFINITY);
				break;
			}
			found += searches[i].rank1 ? weight : 0;
		}
		shares.fnir[p] = mated > 0 ? 1 - found / mated : 0;
	}
	return shares;
}

/* One value for each replicate. */
struct replicates {
	double rank1[FC_METRICS_REPLICATES];
	double fnir[FC_IDENTIFICATION_POINTS][FC_METRICS_REPLICATES];
};

enum fc_status fc_metrics_identification(const struct fc_identification *searches, size_t count,
					 size_t persons, struct fc_identification_metrics *out,
					 struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_identification *sorted = calloc(count + 1, sizeof(*sorted));
	FC_CLEANUP(fc_free) uint32_t *weights = calloc(persons + 1, sizeof(*weights));
	FC_CLEANUP(fc_free) struct replicates *replicates = calloc(1, sizeof(*replicates));
	if (!sorted || !weights || !replicates) {
		return fc_fail_memory(err);
	}
	out->mated = 0;
	for (size_t i = 0; i < count; i++) {
		sorted[i] = searches[i];
		out->mated += searches[i].mated;
	}
	out->non_mated = count - out->mated;
	qsort(sorted, count, sizeof(*sorted), search_by_falling_score);
	uint64_t state = 1;
	for (size_t r = 0; r < FC_METRICS_REPLICATES; r++) {
		draw_persons(weights, persons, &state);
		struct shares drawn = share_out(sorted, count, weights);
		replicates->rank1[r] = drawn.rank1;
		for (size_t p = 0; p < FC_IDENTIFICATION_POINTS; p++) {
			replicates->fnir[p][r] = drawn.fnir[p];
		}
	}
	struct shares all = share_out(sorted, count, NULL);
	out->rank1.value = all.rank1;
	set_interval(&out->rank1, replicates->rank1, FC_METRICS_REPLICATES);
	for (size_t p = 0; p < FC_IDENTIFICATION_POINTS; p++) {
		struct fc_identification_point *point = &out->points[p];
		point->fpir = fpirs[p];
		point->measurable =
			fpirs[p] * (double)out->non_mated >= FC_METRICS_ERRORS && out->mated > 0;
		point->threshold = all.threshold[p];
		point->fnir.value = all.fnir[p];
		set_interval(&point->fnir, replicates->fnir[p], FC_METRICS_REPLICATES);
	}
	return FC_OK;
}
