/* Compare labelled templates with each other and search them, as input for metrics.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MEASURE_EVALUATE_H
#define FC_SERVICE_MEASURE_EVALUATE_H

#include "service/measure/metrics.h"
#include "vision/face.h"

/* Whose face a template is of. */
struct fc_label {
	uint16_t person; /* index below fc_labelled.person_count */
	uint8_t group;   /* FC_NO_GROUP: none */
};

/* One template for each photo in which a face was found. */
struct fc_labelled {
	float *templates; /* count * dimension floats, L2-normalised */
	struct fc_label *labels;
	size_t count, capacity, dimension;
	size_t person_count;
};

void fc_labelled_release(struct fc_labelled *labelled);

/*
 * Add a template (copied). The first one sets the dimension.
 * Errors: FC_INVALID_ARGUMENT (different dimension), FC_TOO_LARGE (more than FC_LABELLED_MAXIMUM), FC_NO_MEMORY.
 */
enum fc_status fc_labelled_add(struct fc_labelled *labelled, struct fc_label label,
			       const float *embedding, size_t dimension, struct fc_error *err);

/* All pairs of this many templates fill about 800 MB. */
enum { FC_LABELLED_MAXIMUM = 12000 };

/* Compute the mean of the templates with these indexes, of length 1, as a gallery does (facectl-gallery(5), SEARCH). */
void fc_labelled_mean(const struct fc_labelled *labelled, const size_t *indexes, size_t count,
		      float *out);

/* Compare every template with every other one. */
enum fc_status fc_compare_all(const struct fc_labelled *labelled, struct fc_comparisons *out,
			      struct fc_error *err);

/* Indexes of two templates, and whether they are of the same person. */
struct fc_labelled_pair {
	size_t first, second;
	bool same;
};

/*
 * Compare the pairs of a list, and all templates from index `strangers` on with each other; each of these is of another person.
 */
enum fc_status fc_compare_pairs(const struct fc_labelled *labelled,
				const struct fc_labelled_pair *pairs, size_t count,
				size_t strangers, struct fc_comparisons *out, struct fc_error *err);

/*
 * Enrol `photos` templates of each person that has more: the first ones, as their mean, as a gallery does (see facectl-gallery(5),
 * SEARCH). Search with all other templates of these persons (mated), and with those of persons with a single template (non-mated).
 * The caller frees *searches. *gallery_count is the number of enrolled persons.
 */
enum fc_status fc_search_all(const struct fc_labelled *labelled, size_t photos,
			     struct fc_identification **searches, size_t *count,
			     size_t *gallery_count, struct fc_error *err);

/* ---- means.c ---- */

enum { FC_MEAN_SIZES = FC_MEAN_FACTORS_MAXIMUM + 1, FC_MEAN_PERSONS = 20 };
#define FC_MEAN_RATE 1e-3

/* How the means of this many templates of a person compare with the templates of other persons. */
struct fc_mean_metrics {
	uint32_t templates; /* 1, 2, 3 and 5 */
	size_t persons;     /* that have so many templates */
	size_t comparisons;
	double factor; /* see fc_mean_factors; NaN if there are fewer than FC_MEAN_PERSONS persons */
	double threshold;   /* in use for the rate FC_MEAN_RATE; NaN without a calibration */
	struct fc_rate fmr; /* measured at this threshold */
};

/*
 * The templates of each person are divided into groups of 1, 2, 3 and 5, in their order. in_use: the calibration to check.
 * Errors: FC_NO_MEMORY.
 */
enum fc_status fc_metrics_means(const struct fc_labelled *labelled,
				const struct fc_calibration *in_use,
				struct fc_mean_metrics out[FC_MEAN_SIZES], struct fc_error *err);

/* The factors that were measured. */
struct fc_mean_factors fc_mean_factors_measured(const struct fc_mean_metrics means[FC_MEAN_SIZES]);

#endif
