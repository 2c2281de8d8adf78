/* Compare labelled templates with each other and search them, as input for metrics.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MEASURE_EVALUATE_H
#define FC_SERVICE_MEASURE_EVALUATE_H

#include "service/measure/metrics.h"
#include "vision/face.h"

/* One template for each photo in which a face was found. */
struct fc_labelled {
	float *templates;  /* count * dimension floats, L2-normalised */
	uint16_t *persons; /* for each template, a person index below person_count */
	size_t count, capacity, dimension;
	size_t person_count;
};

void fc_labelled_release(struct fc_labelled *labelled);

/*
 * Add a template (copied) of a person. The first one sets the dimension.
 * Errors: FC_INVALID_ARGUMENT (different dimension), FC_TOO_LARGE (more than FC_LABELLED_MAXIMUM), FC_NO_MEMORY.
 */
FC_MUST_USE enum fc_status fc_labelled_add(struct fc_labelled *labelled, uint16_t person,
					   const float *embedding, size_t dimension,
					   struct fc_error *err);

/* All pairs of this many templates fill about 800 MB. */
enum { FC_LABELLED_MAXIMUM = 12000 };

/*
 * The photo's main subject: the face with the largest sqrt(area) - distance between its centre and the photo's. NULL when the
 * photo has no face.
 */
const struct fc_face *fc_main_subject(const struct fc_analysis *analysis);

/* Compare every template with every other one. */
FC_MUST_USE enum fc_status fc_compare_all(const struct fc_labelled *labelled,
					  struct fc_comparisons *out, struct fc_error *err);

/* Indexes of two templates, and whether they are of the same person. */
struct fc_labelled_pair {
	size_t first, second;
	bool same;
};

FC_MUST_USE enum fc_status fc_compare_pairs(const struct fc_labelled *labelled,
					    const struct fc_labelled_pair *pairs, size_t count,
					    struct fc_comparisons *out, struct fc_error *err);

/*
 * Enrol the first template of each person that has at least two, and search with all other templates. Probes of enrolled persons are
 * mated, probes of persons with a single template are non-mated. The caller frees *searches.
 */
FC_MUST_USE enum fc_status fc_search_all(const struct fc_labelled *labelled,
					 struct fc_identification **searches, size_t *count,
					 size_t *gallery_count, struct fc_error *err);

#endif
