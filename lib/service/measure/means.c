/* Compares the means of several templates with other persons: by which factor their thresholds are higher. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/vector.h"
#include "service/measure/evaluate.h"
#include "vision/models/models.h"

/* Groups of templates are compared with all templates of other persons; more groups than this would need too much memory. */
enum { GROUPS_MAXIMUM = 2000 };

/* A factor is enough at each of these false match rates at which this many comparisons are accepted. */
static const double rates[] = { 0.01, 0.005, 0.002, 0.001, 0.0005, 0.0002, 0.0001 };
enum { ACCEPTED_MINIMUM = 30 };

/* A comparison that is accepted at the threshold: the person of the mean, and that of the other template. */
struct accepted {
	uint16_t mean, other;
};

struct work {
	const struct fc_labelled *labelled;
	size_t *order;  /* indexes of all templates, by person */
	size_t *starts; /* for each person, where its templates begin in `order`, and the end */
	/* The persons of the groups. */
	uint16_t groups[GROUPS_MAXIMUM];
	size_t group_count;
	float *means, *singles; /* scores of the means, and of the single templates in them */
	size_t mean_count, single_count;
	struct accepted *accepted;
	size_t accepted_count, accepted_capacity;
};

static void work_release(struct work *work)
{
	free(work->order);
	free(work->starts);
	free(work->means);
	free(work->singles);
	free(work->accepted);
}

static enum fc_status sort_by_person(struct work *work, struct fc_error *err)
{
	const struct fc_labelled *labelled = work->labelled;
	size_t persons = labelled->person_count;
	FC_CLEANUP(fc_free) size_t *next = calloc(persons + 1, sizeof(*next));
	work->order = calloc(labelled->count + 1, sizeof(*work->order));
	work->starts = calloc(persons + 2, sizeof(*work->starts));
	if (!next || !work->order || !work->starts) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < labelled->count; i++) {
		work->starts[labelled->labels[i].person + 1]++;
	}
	for (size_t p = 0; p < persons; p++) {
		work->starts[p + 1] += work->starts[p];
		next[p] = work->starts[p];
	}
	for (size_t i = 0; i < labelled->count; i++) {
		work->order[next[labelled->labels[i].person]++] = i;
	}
	return FC_OK;
}

/* Compare one group of templates with all templates of other persons. */
static enum fc_status compare_group(struct work *work, const size_t *group, size_t size,
				    double threshold, struct fc_error *err)
{
	const struct fc_labelled *labelled = work->labelled;
	size_t dimension = labelled->dimension;
	uint16_t person = labelled->labels[group[0]].person;
	FC_CLEANUP(fc_free) float *mean = calloc(dimension, sizeof(*mean));
	if (!mean) {
		return fc_fail_memory(err);
	}
	fc_labelled_mean(labelled, group, size, mean);
	for (size_t i = 0; i < labelled->count; i++) {
		const float *other = labelled->templates + i * dimension;
		uint16_t stranger = labelled->labels[i].person;
		if (stranger == person) {
			continue;
		}
		float score = fc_dot(mean, other, dimension);
		work->means[work->mean_count++] = score;
		if ((double)score >= threshold) {
			FC_TRY(fc_array_grow(&work->accepted, sizeof(*work->accepted),
					     work->accepted_count, &work->accepted_capacity, err));
			work->accepted[work->accepted_count++] =
				(struct accepted){ person, stranger };
		}
		for (size_t k = 0; k < size && size > 1; k++) {
			work->singles[work->single_count++] = fc_dot(
				labelled->templates + group[k] * dimension, other, dimension);
		}
	}
	work->groups[work->group_count++] = person;
	return FC_OK;
}

/* Divide the templates of each person into groups of `size`, and compare these. */
static enum fc_status compare_groups(struct work *work, size_t size, double threshold,
				     size_t *persons, struct fc_error *err)
{
	const struct fc_labelled *labelled = work->labelled;
	size_t groups = 0;
	*persons = 0;
	for (size_t p = 0; p < labelled->person_count; p++) {
		size_t own = (work->starts[p + 1] - work->starts[p]) / size;
		groups += own;
		*persons += own > 0 && groups <= GROUPS_MAXIMUM;
	}
	groups = groups < GROUPS_MAXIMUM ? groups : GROUPS_MAXIMUM;
	free(work->means);
	free(work->singles);
	work->means = calloc(groups * labelled->count + 1, sizeof(*work->means));
	work->singles =
		calloc(size > 1 ? size * groups * labelled->count + 1 : 1, sizeof(*work->singles));
	if (!work->means || !work->singles) {
		return fc_fail_memory(err);
	}
	work->group_count = work->mean_count = work->single_count = work->accepted_count = 0;
	for (size_t p = 0; p < labelled->person_count; p++) {
		size_t own = (work->starts[p + 1] - work->starts[p]) / size;
		for (size_t g = 0; g < own && work->group_count < groups; g++) {
			FC_TRY(compare_group(work, work->order + work->starts[p] + g * size, size,
					     threshold, err));
		}
	}
	return FC_OK;
}

static int by_falling_score(const void *left, const void *right)
{
	float a = *(const float *)left;
	float b = *(const float *)right;
	return (a < b) - (a > b);
}

/* The highest ratio of both thresholds at the same rate. NaN if there are too few comparisons. */
static double measure_factor(struct work *work)
{
	double highest = NAN;
	qsort(work->means, work->mean_count, sizeof(*work->means), by_falling_score);
	qsort(work->singles, work->single_count, sizeof(*work->singles), by_falling_score);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(rates); i++) {
		if (rates[i] * (double)work->mean_count < ACCEPTED_MINIMUM) {
			break;
		}
		size_t mean = (size_t)(rates[i] * (double)work->mean_count);
		size_t single = (size_t)(rates[i] * (double)work->single_count);
		if (work->singles[single] > 0) {
			double ratio = (double)work->means[mean] / (double)work->singles[single];
			highest = fmax(highest, ratio);
		}
	}
	return highest;
}

/* The share of accepted comparisons, if each person occurs weights[person] times. */
static double accepted_share(const struct work *work, const uint32_t *weights)
{
	const struct fc_labelled *labelled = work->labelled;
	double accepted = 0, all = 0, total = 0;
	for (size_t i = 0; i < work->accepted_count; i++) {
		accepted += (double)weights[work->accepted[i].mean] *
			    (double)weights[work->accepted[i].other];
	}
	for (size_t i = 0; i < labelled->count; i++) {
		all += weights[labelled->labels[i].person];
	}
	for (size_t g = 0; g < work->group_count; g++) {
		uint16_t person = work->groups[g];
		size_t own = work->starts[person + 1] - work->starts[person];
		total += weights[person] * (all - (double)own * weights[person]);
	}
	return total > 0 ? accepted / total : 0;
}

static enum fc_status measure_rate(const struct work *work, size_t persons, struct fc_rate *out,
				   struct fc_error *err)
{
	size_t count = work->labelled->person_count;
	FC_CLEANUP(fc_free) uint32_t *weights = calloc(count + 1, sizeof(*weights));
	FC_CLEANUP(fc_free) double *replicates = calloc(FC_REPLICATES, sizeof(*replicates));
	uint64_t state = 1;
	if (!weights || !replicates) {
		return fc_fail_memory(err);
	}
	for (size_t r = 0; r < FC_REPLICATES; r++) {
		fc_replicate_draw(weights, count, &state);
		replicates[r] = accepted_share(work, weights);
	}
	double share = (double)work->accepted_count / (double)work->mean_count;
	*out = fc_rate_of(share, replicates, persons);
	return FC_OK;
}

enum fc_status fc_metrics_means(const struct fc_labelled *labelled,
				const struct fc_calibration *in_use,
				struct fc_mean_metrics out[FC_MEAN_SIZES], struct fc_error *err)
{
	static const uint32_t sizes[FC_MEAN_SIZES] = { 1, 2, 3, 5 };
	FC_CLEANUP(work_release) struct work work = { .labelled = labelled };
	double base = NAN, lowest = 1;
	bool extrapolated;
	if (fc_calibration_threshold(in_use, FC_MEAN_RATE, &base, &extrapolated, NULL) != FC_OK) {
		base = NAN;
	}
	FC_TRY(sort_by_person(&work, err));
	for (size_t i = 0; i < FC_MEAN_SIZES; i++) {
		struct fc_mean_metrics *mean = &out[i];
		*mean = (struct fc_mean_metrics){
			.templates = sizes[i],
			.factor = sizes[i] == 1 ? 1 : NAN,
			.threshold = fc_threshold_of_mean(&in_use->factors, base, sizes[i]),
			.fmr = fc_rate_unknown,
		};
		FC_TRY(compare_groups(&work, sizes[i], mean->threshold, &mean->persons, err));
		mean->comparisons = work.mean_count;
		if (sizes[i] > 1 && mean->persons >= FC_MEAN_PERSONS) {
			/* More photos never lower a threshold. */
			double factor = measure_factor(&work);
			mean->factor = isnan(factor) ? NAN : fmax(lowest, factor);
			lowest = fmax(lowest, factor);
		}
		if (!isnan(base) && mean->comparisons > 0) {
			FC_TRY(measure_rate(&work, mean->persons, &mean->fmr, err));
		}
	}
	return FC_OK;
}

struct fc_mean_factors fc_mean_factors_measured(const struct fc_mean_metrics means[FC_MEAN_SIZES])
{
	struct fc_mean_factors factors = { 0 };
	for (size_t i = 1; i < FC_MEAN_SIZES && !isnan(means[i].factor); i++) {
		factors.items[factors.count++] =
			(struct fc_mean_factor){ means[i].templates, means[i].factor };
	}
	return factors;
}
