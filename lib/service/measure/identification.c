/* Error rates of searches among enrolled persons, for probes of these persons and of others. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "service/measure/metrics.h"

enum { POINTS = FC_IDENTIFICATION_POINTS + 1 }; /* the last one has a given threshold */

static const double targets[FC_IDENTIFICATION_POINTS] = { 0.01, 0.003 };

/* Rates of one set of searches. */
struct shares {
	double rank1;
	double tpir[POINTS], fpir[POINTS], threshold[POINTS];
};

static int by_falling_score(const void *left, const void *right)
{
	float a = ((const struct fc_identification *)left)->best_score;
	float b = ((const struct fc_identification *)right)->best_score;
	return (a < b) - (a > b);
}

static double weight_of(const struct fc_identification *search, const uint32_t *weights)
{
	return weights ? weights[search->person] : 1;
}

/*
 * searches are sorted by descending best_score. weights: NULL counts each search once. given: threshold of the last point; no search reaches
 * NaN.
 */
static struct shares share_out(const struct fc_identification *searches, size_t count,
			       const uint32_t *weights, double given)
{
	struct shares shares = { 0 };
	double mated = 0, non_mated = 0, right = 0;
	for (size_t i = 0; i < count; i++) {
		double weight = weight_of(&searches[i], weights);
		mated += searches[i].mated ? weight : 0;
		non_mated += searches[i].mated ? 0 : weight;
		right += searches[i].rank1 ? weight : 0;
	}
	shares.rank1 = mated > 0 ? right / mated : 0;
	for (size_t p = 0; p < POINTS; p++) {
		bool is_given = p == FC_IDENTIFICATION_POINTS;
		double accepted = 0, found = 0;
		shares.threshold[p] = is_given ? given : -1;
		for (size_t i = 0; i < count; i++) {
			double weight = weight_of(&searches[i], weights);
			double next = accepted + (searches[i].mated ? 0 : weight);
			if (is_given ? !((double)searches[i].best_score >= given)
				     : next > targets[p] * non_mated) {
				shares.threshold[p] =
					is_given ? given
						 : (double)nextafterf(searches[i].best_score,
								      INFINITY);
				break;
			}
			accepted = next;
			found += searches[i].rank1 ? weight : 0;
		}
		shares.fpir[p] = non_mated > 0 ? accepted / non_mated : 0;
		shares.tpir[p] = mated > 0 ? found / mated : 0;
	}
	return shares;
}

/* One value for each replicate. */
struct replicates {
	double rank1[FC_REPLICATES];
	double tpir[POINTS][FC_REPLICATES], fpir[POINTS][FC_REPLICATES];
};

/* Persons with mated and with non-mated searches. */
static enum fc_status count_persons(const struct fc_identification *searches, size_t count,
				    size_t persons, size_t *mated, size_t *non_mated,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_free) bool *seen = calloc(persons + 1, sizeof(*seen));
	if (!seen) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		size_t *counter = searches[i].mated ? mated : non_mated;
		*counter += !seen[searches[i].person];
		seen[searches[i].person] = true;
	}
	return FC_OK;
}

enum fc_status fc_metrics_identification(const struct fc_identification *searches, size_t count,
					 size_t persons, double threshold,
					 struct fc_identification_metrics *out,
					 struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_identification *sorted = calloc(count + 1, sizeof(*sorted));
	FC_CLEANUP(fc_free) uint32_t *weights = calloc(persons + 1, sizeof(*weights));
	FC_CLEANUP(fc_free) struct replicates *replicates = calloc(1, sizeof(*replicates));
	size_t mated_persons = 0, non_mated_persons = 0;
	if (!sorted || !weights || !replicates) {
		return fc_fail_memory(err);
	}
	FC_TRY(count_persons(searches, count, persons, &mated_persons, &non_mated_persons, err));
	out->mated = 0;
	for (size_t i = 0; i < count; i++) {
		sorted[i] = searches[i];
		out->mated += searches[i].mated;
	}
	out->non_mated = count - out->mated;
	qsort(sorted, count, sizeof(*sorted), by_falling_score);
	uint64_t state = 1;
	for (size_t r = 0; r < FC_REPLICATES; r++) {
		fc_replicate_draw(weights, persons, &state);
		struct shares drawn = share_out(sorted, count, weights, threshold);
		replicates->rank1[r] = drawn.rank1;
		for (size_t p = 0; p < POINTS; p++) {
			replicates->tpir[p][r] = drawn.tpir[p];
			replicates->fpir[p][r] = drawn.fpir[p];
		}
	}
	struct shares all = share_out(sorted, count, NULL, threshold);
	out->rank1 = out->mated > 0 ? fc_rate_of(all.rank1, replicates->rank1, mated_persons)
				    : fc_rate_unknown;
	for (size_t p = 0; p < POINTS; p++) {
		bool is_given = p == FC_IDENTIFICATION_POINTS;
		struct fc_identification_point *point = is_given ? &out->given : &out->points[p];
		double errors = (is_given ? 1 : targets[p]) * (double)out->non_mated;
		*point = (struct fc_identification_point){
			.target = is_given ? NAN : targets[p],
			.measurable = errors >= FC_METRICS_ERRORS && out->mated > 0 &&
				      !isnan(all.threshold[p]),
			.threshold = all.threshold[p],
			/* At its own threshold each replicate has the target rate. */
			.fpir = is_given ? fc_rate_of(all.fpir[p], replicates->fpir[p],
						      non_mated_persons)
					 : fc_rate_wilson(all.fpir[p], non_mated_persons),
			.tpir = fc_rate_of(all.tpir[p], replicates->tpir[p], mated_persons),
		};
	}
	return FC_OK;
}
