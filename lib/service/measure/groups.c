/* Error rates by group of photos, at the thresholds of all pairs. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "service/measure/metrics.h"

/* Pairs in one group: all, and those at or above each threshold. */
struct tally {
	double total, accepted[FC_METRICS_POINTS];
};

/* The accepted share at each threshold, in each replicate. */
struct replicates {
	double accepted[FC_METRICS_POINTS][FC_REPLICATES];
};

/* Pairs of one kind, and memory to measure them. */
struct work {
	const struct fc_comparison *pairs;
	size_t count, persons, groups;
	const struct fc_operating_point *points;
	uint32_t *weights;
	bool *seen;
	struct replicates *replicates; /* for each group */
};

static void work_release(struct work *work)
{
	free(work->weights);
	free(work->seen);
	free(work->replicates);
}

/* Count the pairs of each group. weights: NULL counts each pair once. */
static void count_pairs(const struct work *work, const uint32_t *weights,
			struct tally tallies[FC_GROUPS_MAXIMUM])
{
	for (size_t i = 0; i < work->groups; i++) {
		tallies[i] = (struct tally){ 0 };
	}
	for (size_t i = 0; i < work->count; i++) {
		const struct fc_comparison *pair = &work->pairs[i];
		if (pair->group >= work->groups) {
			continue;
		}
		struct tally *tally = &tallies[pair->group];
		double weight = weights ? fc_comparison_weight(pair, weights) : 1;
		tally->total += weight;
		/* The thresholds ascend. */
		for (size_t p = 0; p < FC_METRICS_POINTS; p++) {
			if ((double)pair->score < work->points[p].threshold) {
				break;
			}
			tally->accepted[p] += weight;
		}
	}
}

/* Measure the accepted share of the pairs in each group at each threshold. */
static void measure(struct work *work, struct tally sample[FC_GROUPS_MAXIMUM],
		    struct fc_rate (*out)[FC_METRICS_POINTS])
{
	struct tally drawn[FC_GROUPS_MAXIMUM];
	uint64_t state = 1;
	count_pairs(work, NULL, sample);
	for (size_t r = 0; r < FC_REPLICATES; r++) {
		fc_replicate_draw(work->weights, work->persons, &state);
		count_pairs(work, work->weights, drawn);
		for (size_t g = 0; g < work->groups; g++) {
			/* A replicate without a pair of the group gets the share of the sample. */
			const struct tally *tally = drawn[g].total > 0 ? &drawn[g] : &sample[g];
			for (size_t p = 0; p < FC_METRICS_POINTS; p++) {
				work->replicates[g].accepted[p][r] =
					tally->total > 0 ? tally->accepted[p] / tally->total : 0;
			}
		}
	}
	for (size_t g = 0; g < work->groups; g++) {
		size_t persons = fc_comparisons_persons(work->pairs, work->count, g, work->seen,
							work->persons);
		for (size_t p = 0; p < FC_METRICS_POINTS; p++) {
			out[g][p] = sample[g].total > 0
					    ? fc_rate_of(sample[g].accepted[p] / sample[g].total,
							 work->replicates[g].accepted[p], persons)
					    : fc_rate_unknown;
		}
	}
}

enum fc_status fc_metrics_groups(const struct fc_comparisons *comparisons,
				 const struct fc_verification_metrics *overall, size_t count,
				 struct fc_group_metrics *out, struct fc_error *err)
{
	struct tally sample[FC_GROUPS_MAXIMUM];
	struct fc_rate rates[FC_GROUPS_MAXIMUM][FC_METRICS_POINTS];
	size_t persons = comparisons->persons;
	FC_CLEANUP(work_release)
	struct work work = {
		.persons = persons,
		.groups = count,
		.points = overall->points,
		.weights = calloc(persons + 1, sizeof(*work.weights)),
		.seen = calloc(persons + 1, sizeof(*work.seen)),
		.replicates = calloc(count + 1, sizeof(*work.replicates)),
	};
	if (!work.weights || !work.seen || !work.replicates) {
		return fc_fail_memory(err);
	}
	work.pairs = comparisons->impostor;
	work.count = comparisons->impostor_count;
	measure(&work, sample, rates);
	for (size_t g = 0; g < count; g++) {
		out[g].impostor_count = (size_t)sample[g].total;
		for (size_t p = 0; p < FC_METRICS_POINTS; p++) {
			out[g].points[p].fmr = rates[g][p];
		}
	}
	work.pairs = comparisons->genuine;
	work.count = comparisons->genuine_count;
	measure(&work, sample, rates);
	for (size_t g = 0; g < count; g++) {
		out[g].genuine_count = (size_t)sample[g].total;
		for (size_t p = 0; p < FC_METRICS_POINTS; p++) {
			out[g].points[p].fnmr = fc_rate_rest(&rates[g][p]);
		}
	}
	return FC_OK;
}
