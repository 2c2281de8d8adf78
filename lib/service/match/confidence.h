/*
 * Convert between cosine similarity and the platform's confidence, 0 to 100.
 *
 * The platform's default bands start at 68.84 (junk), 75.5 (ha) and 79.3 (exact). These are mapped to the similarities where the
 * embedder's calibration measured false match rates of 1e-3, 1e-4 and 1e-5; similarity -1 is 0, and 1 is 100. Between these five points
 * the map is linear. It is strictly increasing, so it has an inverse, and a confidence means the same error rate for every embedder and, with
 * fc_confidence_map_for, for persons with any number of photos.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_MATCH_CONFIDENCE_H
#define FC_SERVICE_MATCH_CONFIDENCE_H

#include <stdbool.h>

#include "gallery/bands.h"
#include "gallery/gallery.h"
#include "vision/models/models.h"

enum { FC_CONFIDENCE_POINTS = 5 };

struct fc_confidence_map {
	double similarity[FC_CONFIDENCE_POINTS]; /* strictly increasing */
	bool extrapolated;                       /* some point is outside of the measured range */
	struct fc_mean_factors factors;
};

/* Errors: FC_INVALID_ARGUMENT if the embedder has no calibration, or if its similarities do not increase strictly. */
enum fc_status fc_confidence_map_of(const struct fc_model *embedder, struct fc_confidence_map *out,
				    struct fc_error *err);

/* The map for the mean of several templates: the inner points are raised by the factor for this number. */
struct fc_confidence_map fc_confidence_map_for(const struct fc_confidence_map *map,
					       uint32_t templates);

/* The arguments are clamped to [-1, 1] and [0, 100]. */
double fc_confidence_of(const struct fc_confidence_map *map, double similarity);
double fc_similarity_at(const struct fc_confidence_map *map, double confidence);

/*
 * The confidence of the Azure Face API, 0 to 1. It is 0.5 at the similarity where the false match rate is 1e-4: from there on two faces count as
 * the same person. Similarity -1 is 0, 0 is 0.1, and 1 is 1; between these points the map is linear, so it is strictly increasing. The value
 * is rounded down to the five decimals that answers have. For the mean of several templates use fc_confidence_map_for.
 */
double fc_face_confidence(const struct fc_confidence_map *map, double similarity);

/* The cut of fc_group_faces for this embedder; a false match rate of 1e-3 (docs/grouping.md). */
double fc_grouping_cut(const struct fc_confidence_map *map);

/* The confidence from which on two faces are of the same person. */
#define FC_SAME_PERSON_CONFIDENCE 0.5

/* FC_RESULT_EXACT, _HA or _JUNK, or _NM below all bands. Compares similarities, so that a band includes its own threshold. */
enum fc_result fc_confidence_band(const struct fc_confidence_map *map, const struct fc_bands *bands,
				  double similarity);

/* FC_INVALID_ARGUMENT unless 0 <= junk <= ha <= exact <= 100. */
enum fc_status fc_bands_check(const struct fc_bands *bands, struct fc_error *err);

#endif
