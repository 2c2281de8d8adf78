/* Convert between cosine similarity and confidence. */
/* SPDX-License-Identifier: MIT */
#include "service/match/confidence.h"

#include <math.h>

static const double confidences[FC_CONFIDENCE_POINTS] = { 0, 68.84, 75.5, 79.3, 100 };

/* The false match rates of the inner points. */
static const double rates[FC_CONFIDENCE_POINTS] = { [1] = 1e-3, [2] = 1e-4, [3] = 1e-5 };

enum fc_status fc_confidence_map_of(const struct fc_model *embedder, struct fc_confidence_map *out,
				    struct fc_error *err)
{
	struct fc_confidence_map map = {
		.similarity = { [0] = -1, [4] = 1 },
		.factors = embedder->calibration.factors,
	};
	for (size_t i = 1; i < FC_CONFIDENCE_POINTS - 1; i++) {
		bool extrapolated = false;
		enum fc_status status = fc_calibration_threshold(
			&embedder->calibration, rates[i], &map.similarity[i], &extrapolated, err);
		if (status == FC_NOT_FOUND) {
			return fc_fail(
				err, FC_INVALID_ARGUMENT,
				"embedder '%s' has no calibration, so similarity cannot be "
				"rated as exact, ha or junk; use a model whose descriptor has "
				"one (facectl models list)",
				embedder->name);
		}
		FC_TRY(status);
		map.extrapolated = map.extrapolated || extrapolated;
	}
	for (size_t i = 1; i < FC_CONFIDENCE_POINTS; i++) {
		if (!(map.similarity[i] > map.similarity[i - 1])) {
			return fc_fail(
				err, FC_INVALID_ARGUMENT,
				"the calibration of embedder '%s' is invalid: its similarities "
				"at the false match rates 1e-3, 1e-4 and 1e-5 must increase "
				"and lie between -1 and 1",
				embedder->name);
		}
	}
	*out = map;
	return FC_OK;
}

struct fc_confidence_map fc_confidence_map_for(const struct fc_confidence_map *map,
					       uint32_t templates)
{
	struct fc_confidence_map raised = *map;
	for (size_t i = 1; i < FC_CONFIDENCE_POINTS - 1; i++) {
		raised.similarity[i] =
			fc_threshold_of_mean(&map->factors, map->similarity[i], templates);
	}
	return raised;
}

/* Linear interpolation at x between `count` ascending points (xs, ys). */
static double interpolate(const double *xs, const double *ys, size_t count, double x)
{
	size_t i = 1;
	while (i < count - 1 && x >= xs[i]) {
		i++;
	}
	double share = (x - xs[i - 1]) / (xs[i] - xs[i - 1]);
	return ys[i - 1] + share * (ys[i] - ys[i - 1]);
}

double fc_confidence_of(const struct fc_confidence_map *map, double similarity)
{
	return interpolate(map->similarity, confidences, FC_CONFIDENCE_POINTS,
			   fmin(fmax(similarity, -1), 1));
}

double fc_similarity_at(const struct fc_confidence_map *map, double confidence)
{
	return interpolate(confidences, map->similarity, FC_CONFIDENCE_POINTS,
			   fmin(fmax(confidence, 0), 100));
}

double fc_face_confidence(const struct fc_confidence_map *map, double similarity)
{
	static const double at[] = { 0, 0.1, FC_SAME_PERSON_CONFIDENCE, 1 };
	const double decimals = 1e5;
	double same = map->similarity[2];
	/* an embedder with a threshold of 0 or less has no point at similarity 0 */
	const double four[] = { -1, 0, same, 1 };
	const double three[] = { -1, same, 1 };
	static const double at_three[] = { 0, FC_SAME_PERSON_CONFIDENCE, 1 };
	double x = fmin(fmax(similarity, -1), 1);
	double exact = same > 0 ? interpolate(four, at, 4, x) : interpolate(three, at_three, 3, x);
	/* 1e-9: so that the threshold itself is not rounded down */
	return floor(exact * decimals + 1e-9) / decimals;
}

double fc_grouping_cut(const struct fc_confidence_map *map)
{
	return map->similarity[1];
}

enum fc_result fc_confidence_band(const struct fc_confidence_map *map, const struct fc_bands *bands,
				  double similarity)
{
	if (similarity >= fc_similarity_at(map, bands->exact)) {
		return FC_RESULT_EXACT;
	}
	if (similarity >= fc_similarity_at(map, bands->ha)) {
		return FC_RESULT_HA;
	}
	return similarity >= fc_similarity_at(map, bands->junk) ? FC_RESULT_JUNK : FC_RESULT_NM;
}

enum fc_status fc_bands_check(const struct fc_bands *bands, struct fc_error *err)
{
	if (!(bands->junk >= 0 && bands->junk <= bands->ha && bands->ha <= bands->exact &&
	      bands->exact <= 100)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"thresholds must satisfy 0 <= junk <= ha <= exact <= 100, but junk is "
			"%g, ha is %g and exact is %g",
			bands->junk, bands->ha, bands->exact);
	}
	return FC_OK;
}
