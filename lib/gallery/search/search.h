/* Search for the persons of a space that are most similar to a template. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_SEARCH_H
#define FC_GALLERY_SEARCH_SEARCH_H

#include "gallery/gallery.h"
#include "gallery/search/hit.h"

/*
 * For each of probe_count templates (one after the other in probes) find the `top` best persons of a space. A person's score is the cosine
 * similarity of the probe and the person's mean (rows/mean.h). Hits are sorted by descending score; of equal scores, the mean that was
 * stored first comes first. hits has room for probe_count * top; counts[i] is the number found for probe i. The result is exactly that of a
 * full scan of all means in floats.
 * Errors: FC_INCOMPATIBLE (the templates have another dimension), FC_DAMAGED.
 */
enum fc_status fc_search(struct fc_gallery_txn *txn, uint32_t space, const float *probes,
			 size_t probe_count, uint32_t dimension, size_t top,
			 struct fc_search_hit *hits, size_t *counts, struct fc_error *err);

/* How similar a person is to a probe. */
struct fc_person_similarity {
	float score;        /* cosine similarity to the mean, as in a hit */
	uint32_t templates; /* number of templates in the mean */
	uint64_t
		face; /* the person's face that is most similar; of equal ones, the one with the lowest id */
	float face_score; /* its cosine similarity */
};

/*
 * Compare one person with a probe. Reads all faces of the person. FC_NOT_FOUND: the person does not exist, or none of its faces has a
 * template. Other errors: as fc_search.
 */
enum fc_status fc_search_person(struct fc_gallery_txn *txn, const struct fc_uuid *pid,
				const float *probe, uint32_t dimension,
				struct fc_person_similarity *out, struct fc_error *err);

struct fc_two_persons {
	float similarity;      /* cosine of the two means */
	uint32_t templates[2]; /* number of templates in each mean */
};

/* Compare the means of two persons. FC_NOT_FOUND: as fc_search_person. */
enum fc_status fc_search_two_persons(struct fc_gallery_txn *txn, const struct fc_uuid *a,
				     const struct fc_uuid *b, struct fc_two_persons *out,
				     struct fc_error *err);

#endif
