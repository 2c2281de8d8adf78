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

#include "base/calibration.h"
#include "base/error.h"
#include "service/measure/rate.h"

enum { FC_METRICS_FOLDS = 10, FC_METRICS_PERSONS_MAXIMUM = 65536 };

/* Groups of photos are numbered from 0; FC_NO_GROUP: a photo without a group, or a pair of photos of different groups. */
enum { FC_GROUPS_MAXIMUM = 64, FC_NO_GROUP = 255 };

/*
 * One scored pair of photos. first and second are indexes of persons, below fc_comparisons.persons. Pairs of one kind are divided into
 * ten folds in the order in which they were given, as in LFW's protocol.
 */
struct fc_comparison {
	float score;
	uint16_t first, second;
	uint8_t fold;
	uint8_t group;
};

/* Mated pairs (two photos of one person) and non-mated pairs (photos of two persons), in any order. */
struct fc_comparisons {
	struct fc_comparison *genuine, *impostor;
	size_t genuine_count, impostor_count;
	size_t persons;
};

void fc_comparisons_release(struct fc_comparisons *comparisons);

/*
 * The number of persons in the pairs of a group, or in all pairs for FC_NO_GROUP. seen: memory for a flag of each of `persons` persons.
 */
size_t fc_comparisons_persons(const struct fc_comparison *pairs, size_t count, size_t group,
			      bool *seen, size_t persons);

/* How often a pair occurs in a replicate that contains each person weights[person] times. */
static inline double fc_comparison_weight(const struct fc_comparison *pair, const uint32_t *weights)
{
	if (pair->first == pair->second) {
		return (double)weights[pair->first];
	}
	return (double)weights[pair->first] * (double)weights[pair->second];
}

/*
 * The threshold at which the fraction fmr of the impostor pairs is accepted, and the false non-match rate there. Not measurable if fewer
 * than FC_METRICS_ERRORS impostor pairs would be accepted, because a rate from fewer errors is not meaningful.
 */
struct fc_operating_point {
	double fmr;
	bool measurable;
	double threshold;
	struct fc_rate fnmr; /* unknown without genuine pairs */
};

enum { FC_METRICS_ERRORS = 3, FC_METRICS_POINTS = 5 };

struct fc_verification_metrics {
	size_t genuine_count, impostor_count;
	/* Without genuine pairs these two are NaN. */
	double best_threshold; /* where (TAR + TNR) / 2 is largest */
	/* Ten-fold: each tenth is measured at the best threshold of the other nine. */
	struct fc_rate accuracy;
	struct fc_operating_point points[FC_METRICS_POINTS]; /* FMR 1e-2 to 1e-6 */
};

/*
 * Sort both lists by descending score and measure them. Needs at least one impostor pair; without genuine pairs only thresholds are
 * measured. Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY.
 */
enum fc_status fc_metrics_verification(struct fc_comparisons *comparisons,
				       struct fc_verification_metrics *out, struct fc_error *err);

/*
 * The lowest threshold at which at most the fraction fmr of the impostor pairs is accepted (score >= threshold). impostor is sorted by
 * descending score; count > 0.
 */
double fc_metrics_threshold(const struct fc_comparison *impostor, size_t count, double fmr);

/* The fraction of the scores that are at or above a threshold. The list is sorted by descending score; count > 0. */
double fc_metrics_accepted(const struct fc_comparison *sorted, size_t count, double threshold);

/* One point of the trade-off between the two errors. */
struct fc_tradeoff {
	double fmr, fnmr, threshold; /* fnmr: NaN without genuine pairs */
};

enum { FC_TRADEOFF_POINTS = 24 };

/*
 * The trade-off at FMR 1, 0.5, 0.2, 0.1, ... down to the smallest that is measurable (see fc_operating_point), at most
 * FC_TRADEOFF_POINTS of them; returns how many. Both lists must be sorted by descending score, as fc_metrics_verification does.
 */
size_t fc_metrics_tradeoff(const struct fc_comparisons *comparisons,
			   struct fc_tradeoff out[FC_TRADEOFF_POINTS]);

/* ---- groups.c ---- */

/* The error rates in one group: of the pairs whose photos both belong to it, at the thresholds of all pairs. */
struct fc_group_metrics {
	size_t genuine_count, impostor_count;
	struct fc_group_point {
		struct fc_rate fmr, fnmr; /* unknown if the group has no such pairs */
	} points[FC_METRICS_POINTS];      /* at the thresholds of fc_verification_metrics.points */
};

/* Measure `count` groups at the thresholds of `overall`. Errors: FC_NO_MEMORY. */
enum fc_status fc_metrics_groups(const struct fc_comparisons *comparisons,
				 const struct fc_verification_metrics *overall, size_t count,
				 struct fc_group_metrics *out, struct fc_error *err);

/* ---- identification.c ---- */

/* One search of a probe in a gallery with one template for each enrolled person. */
struct fc_identification {
	bool mated;       /* the probe's person is enrolled */
	bool rank1;       /* mated, and the most similar template is of the probe's person */
	float best_score; /* of the most similar template */
	uint32_t person;
};

struct fc_identification_point {
	double target; /* false positive identification rate; NaN if the threshold was given */
	bool measurable;
	double threshold;
	struct fc_rate fpir; /* measured at this threshold; at most the target */
	struct fc_rate tpir; /* mated probes found at rank 1 at or above the threshold */
};

enum { FC_IDENTIFICATION_POINTS = 2 };

struct fc_identification_metrics {
	size_t gallery, enrolled; /* persons, photos of each */
	size_t mated, non_mated;  /* probes */
	struct fc_rate rank1;     /* unknown without mated probes */
	struct fc_identification_point points[FC_IDENTIFICATION_POINTS]; /* FPIR 1 % and 0.3 % */
	struct fc_identification_point given;                            /* at a given threshold */
};

/*
 * threshold: of out->given; NaN for none. The caller fills in out->gallery and out->enrolled.
 * Errors: FC_NO_MEMORY.
 */
enum fc_status fc_metrics_identification(const struct fc_identification *searches, size_t count,
					 size_t persons, double threshold,
					 struct fc_identification_metrics *out,
					 struct fc_error *err);

/* ---- calibrate.c ---- */

/*
 * A calibration needs this many impostor pairs, of this many persons: 7 persons form 21 pairs of persons. Fewer say more about these persons
 * than about an embedder.
 */
enum { FC_CALIBRATION_PAIRS = 100, FC_CALIBRATION_PERSONS = 7 };

/*
 * Thresholds at false match rates from 0.1 down to the smallest of the trade-off. points has room for all of them and must outlive *out;
 * out->source is not set. Errors: FC_INVALID_ARGUMENT (too few impostor pairs or persons).
 */
enum fc_status fc_metrics_calibration(const struct fc_comparisons *comparisons,
				      const struct fc_tradeoff *tradeoff, size_t count,
				      struct fc_calibration_point points[FC_TRADEOFF_POINTS],
				      struct fc_calibration *out, struct fc_error *err);

#endif
