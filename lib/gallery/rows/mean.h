/*
 * Means: the one template of each person, with which searches compare a probe.
 *
 * If one face of a person has a template, the person's mean is that template. Of several templates it is the sum, scaled to length 1. The
 * sum is computed in integers, so that its bits depend neither on the order of the faces nor on the machine: each number is rounded to a
 * multiple of 2^-32. The record contains this sum, so a template can be added or removed without reading the others. To get the mean, the
 * sums are rounded to floats, and divided by the length that fc_dot gives. If the templates cancel out, so that their sum is shorter than
 * 2^-10, the mean is the template of the face with the lowest id.
 *
 * A stored mean never changes. When the faces of a person change, its mean is replaced by one with a new id, which is never used again. So
 * the codes of a segment need not change either.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_MEAN_H
#define FC_GALLERY_ROWS_MEAN_H

#include "gallery/gallery.h"
#include "gallery/store/store.h"

struct fc_mean {
	uint64_t id; /* unique in the gallery */
	struct fc_uuid pid;
	uint64_t face;  /* the face whose template this is; 0 if it is the mean of several */
	uint32_t count; /* number of templates that the person has */
	uint32_t dimension;
	/* of the templates, in units of 2^-32, two's complement; only if face is 0 */
	uint64_t sum[FC_DIMENSION_MAXIMUM];
	float vector[FC_DIMENSION_MAXIMUM];
};

/* A record of FC_DB_MEAN. The sum is only stored if the mean is not the template of a face. */
void fc_record_put_mean(struct fc_buffer *out, const struct fc_mean *mean);
/* Sets dimension to 0 if the vector is the template of out->face. */
enum fc_status fc_record_get_mean(struct fc_reader *in, struct fc_mean *out);

/*
 * Compute a person's mean from its faces; out->id is not set. FC_NOT_FOUND if no face has a template. FC_DAMAGED if a template does not have
 * length 1, or if the templates have different dimensions.
 */
enum fc_status fc_mean_compute(struct fc_gallery_txn *txn, uint32_t space,
			       const struct fc_uuid *pid, struct fc_mean *out,
			       struct fc_error *err);

/*
 * Change a mean by one template, which was added or removed. False if it can only be computed from the faces: then *mean is undefined.
 * vector: of the mean's dimension, and of length 1.
 */
FC_MUST_USE bool fc_mean_change(struct fc_mean *mean, const float *vector, bool added);

/* Store a mean. An id of 0 is replaced by a new one. */
enum fc_status fc_mean_put(struct fc_gallery_txn *txn, uint32_t space, struct fc_mean *mean,
			   struct fc_error *err);
enum fc_status fc_mean_delete(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
			      struct fc_error *err);

/* Find a mean by its id. FC_NOT_FOUND if there is none. */
enum fc_status fc_mean_get(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
			   struct fc_mean *out, struct fc_error *err);

/* Read the next mean of a walk over FC_DB_MEAN. FC_NOT_FOUND at the end. */
enum fc_status fc_mean_next(struct fc_store_cursor *cursor, struct fc_mean *out,
			    struct fc_error *err);

#endif
