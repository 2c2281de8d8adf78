/*
 * Error rates of an embedder from scored comparisons: at operating points, with confidence intervals. Pure arithmetic; terms as in
 * ISO/IEC 19795-1.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MEASURE_METRICS_H
#define FC_SERVICE_MEASURE_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { FC_METRICS_FOLDS = 10, FC_METRICS_PERSONS_MAXIMUM = 65536 };

/*
 * One scored pair of photos. first and second are indexes of persons, below fc_comparisons.persons. Pairs of one kind are divided into
 * ten folds in the order in which they were given, as in LFW's protocol.
 */
struct fc_comparison {
	float score;
	uint16_t first, second;
	uint8_t fold;
};

/* Mated pairs (two photos of one person) and non-mated pairs (photos of two persons), in any order. */
struct fc_comparisons {
	struct fc_comparison *genuine, *impostor;
	size_t genuine_count, impostor_count;
	size_t persons;
};

void fc_comparisons_release(struct fc_comparisons *comparisons);

/* A rate with its 95 % confidence interval: percentiles of bootstrap replicates that draw persons with replacement. */
struct fc_rate {
	double value, low, high;
};

/*
 * The threshold at which the fraction fmr of the impostor pairs is accepted, and the false non-match rate there. Not measurable if fewer
 * than FC_METRICS_ERRORS impostor pairs would be accepted, because a rate from fewer errors is not meaningful.
 */
struct fc_operating_point {
	double fmr;
	bool measurable;
	double threshold;
	struct fc_rate fnmr;
};

enum { FC_METRICS_ERRORS = 3, FC_METRICS_POINTS = 5, FC_METRICS_REPLICATES = 200 };

struct fc_verification_metrics {
	size_t genuine_count, impostor_count;
	double best_threshold; /* where (TAR + TNR) / 2 is largest */
	/* Ten-fold: each tenth is measured at the best threshold of the other nine. */
	struct fc_rate accuracy;
	struct fc_operating_point points[FC_METRICS_POINTS]; /* FMR 1e-2 to 1e-6 */
};

/*
 * Sort both lists by descending score and measure them. Needs at least one pair of each kind.
 * Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_metrics_verification(struct fc_comparisons *comparisons,
						   struct fc_verification_metrics *out,
						   struct fc_error *err);

/*
 * The lowest threshold at which at most the fraction fmr of the impostor pairs is accepted (score >= threshold). impostor is sorted by
 * descending score; count > 0.
 */
double fc_metrics_threshold(const struct fc_comparison *impostor, size_t count, double fmr);

/* The fraction of the scores that are at or above a threshold. The list is sorted by descending score. */
double fc_metrics_accepted(const struct fc_comparison *sorted, size_t count, double threshold);

/* One point of the trade-off between the two errors. */
struct fc_tradeoff {
	double fmr, fnmr, threshold;
};

enum { FC_TRADEOFF_POINTS = 24 };

/*
 * The trade-off at FMR 1, 0.5, 0.2, 0.1, ... down to the smallest that is measurable (see fc_operating_point), at most
 * FC_TRADEOFF_POINTS of them; returns how many. Both lists must be sorted by descending score, as fc_metrics_verification does.
 */
size_t fc_metrics_tradeoff(const struct fc_comparisons *comparisons,
			   struct fc_tradeoff out[FC_TRADEOFF_POINTS]);

/* One search of a probe in a gallery with one template for each enrolled person. */
struct fc_identification {
	bool mated;       /* the probe's person is enrolled */
	bool rank1;       /* mated, and the most similar template is of the probe's person */
	float best_score; /* of the most similar template */
	uint32_t person;
};

struct fc_identification_point {
	double fpir;
	bool measurable;
	double threshold;
	struct fc_rate fnir; /* mated probes not found at rank 1 at or above the threshold */
};

enum { FC_IDENTIFICATION_POINTS = 2 };

struct fc_identification_metrics {
	size_t gallery, mated, non_mated;
	struct fc_rate rank1;
	struct fc_identification_point points[FC_IDENTIFICATION_POINTS]; /* FPIR 1 % and 0.3 % */
};

/* The caller fills in out->gallery. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_metrics_identification(const struct fc_identification *searches,
						     size_t count, size_t persons,
						     struct fc_identification_metrics *out,
						     struct fc_error *err);

#endif
