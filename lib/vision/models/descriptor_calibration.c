/* Read the calibration of an embedder from its descriptor. */
/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "vision/models/descriptor_member.h"
#include "vision/models/models.h"

enum { POINTS_MAXIMUM = 256 };

/* 2^53: whole numbers are exact in a double up to here. */
static const double LARGEST_WHOLE = 9007199254740992.0;

static enum fc_status read_points(const cJSON *array, int minimum,
				  struct fc_calibration *calibration, struct fc_error *err)
{
	static const char should[] = "at least two pairs [false match rate, threshold], or one in "
				     "a set, rates descending and thresholds ascending";
	int count = cJSON_GetArraySize(array);
	if (!cJSON_IsArray(array) || count < minimum || count > POINTS_MAXIMUM) {
		return fc_descriptor_wrong(err, "points", should);
	}
	calibration->points = calloc((size_t)count, sizeof(*calibration->points));
	if (!calibration->points) {
		return fc_fail_memory(err);
	}
	struct fc_calibration_point before = { .fmr = 1.0, .threshold = -2.0 };
	const cJSON *pair;
	cJSON_ArrayForEach (pair, array) {
		const cJSON *fmr = cJSON_GetArrayItem(pair, 0);
		const cJSON *threshold = cJSON_GetArrayItem(pair, 1);
		if (!cJSON_IsArray(pair) || cJSON_GetArraySize(pair) != 2 || !cJSON_IsNumber(fmr) ||
		    !cJSON_IsNumber(threshold)) {
			return fc_descriptor_wrong(err, "points", should);
		}
		struct fc_calibration_point point = { fmr->valuedouble, threshold->valuedouble };
		if (!(point.fmr > 0.0 && point.fmr < before.fmr) ||
		    !(point.threshold > before.threshold) || !(point.threshold >= -1.0) ||
		    !(point.threshold <= 1.0)) {
			return fc_descriptor_wrong(err, "points", should);
		}
		calibration->points[calibration->count++] = point;
		before = point;
	}
	return FC_OK;
}

/* "means": pairs [number of photos, factor]; optional. */
static enum fc_status read_factors(const cJSON *array, struct fc_mean_factors *out,
				   struct fc_error *err)
{
	static const char should[] =
		"at most 3 pairs [photos, factor], photos ascending from 2, factors not descending "
		"from 1 to 2";
	struct fc_mean_factor before = { .templates = 1, .factor = 1 };
	const cJSON *pair;
	if (!array) {
		return FC_OK;
	}
	if (!cJSON_IsArray(array) || cJSON_GetArraySize(array) > FC_MEAN_FACTORS_MAXIMUM) {
		return fc_descriptor_wrong(err, "means", should);
	}
	cJSON_ArrayForEach (pair, array) {
		const cJSON *photos = cJSON_GetArrayItem(pair, 0);
		const cJSON *factor = cJSON_GetArrayItem(pair, 1);
		if (!cJSON_IsArray(pair) || cJSON_GetArraySize(pair) != 2 ||
		    !cJSON_IsNumber(photos) || !cJSON_IsNumber(factor) ||
		    !(photos->valuedouble > before.templates && photos->valuedouble <= 1000) ||
		    photos->valuedouble != floor(photos->valuedouble) ||
		    !(factor->valuedouble >= before.factor && factor->valuedouble <= 2)) {
			return fc_descriptor_wrong(err, "means", should);
		}
		before = (struct fc_mean_factor){ (uint32_t)photos->valuedouble,
						  factor->valuedouble };
		out->items[out->count++] = before;
	}
	return FC_OK;
}

static enum fc_status read_measurement(const cJSON *object, int minimum, struct fc_calibration *out,
				       struct fc_error *err)
{
	FC_TRY(fc_descriptor_text(object, "source", true, &out->source, err));
	FC_TRY(fc_descriptor_whole(object, "impostor_pairs", 1, LARGEST_WHOLE, &out->impostor_pairs,
				   err));
	FC_TRY(fc_descriptor_whole(object, "genuine_pairs", 0, LARGEST_WHOLE, &out->genuine_pairs,
				   err));
	FC_TRY(read_factors(fc_json_get(object, "means"), &out->factors, err));
	return read_points(fc_json_get(object, "points"), minimum, out, err);
}

static enum fc_status read_set(const cJSON *object, struct fc_model *model, struct fc_error *err)
{
	struct fc_calibration_set *set = &model->sets[model->set_count++];
	if (!cJSON_IsObject(object) || !fc_json_get(object, "natural") ||
	    !fc_json_get(object, "adults")) {
		return fc_descriptor_wrong(
			err, "sets", "a list of objects with 'name', 'natural', 'adults' and more");
	}
	FC_TRY(fc_descriptor_text(object, "name", true, &set->name, err));
	if (!fc_text_is_label(set->name, FC_CALIBRATION_NAME_MAXIMUM)) {
		return fc_descriptor_wrong(err, "name", "1 to 64 bytes without control characters");
	}
	for (size_t i = 0; i + 1 < model->set_count; i++) {
		if (strcmp(model->sets[i].name, set->name) == 0) {
			return fc_descriptor_wrong(err, "sets", "a list with each name once");
		}
	}
	FC_TRY(fc_descriptor_flag(object, "natural", &set->natural, err));
	FC_TRY(fc_descriptor_flag(object, "adults", &set->adults, err));
	return read_measurement(object, 1, &set->calibration, err);
}

/* Before there were sets, the calibration itself was a measurement. */
static enum fc_status read_single(const cJSON *object, struct fc_model *model, struct fc_error *err)
{
	struct fc_calibration_set *set = &model->sets[model->set_count++];
	set->name = strdup("unnamed");
	set->natural = set->adults = true;
	return set->name ? read_measurement(object, 2, &set->calibration, err)
			 : fc_fail_memory(err);
}

enum fc_status fc_descriptor_calibration(const cJSON *json, struct fc_model *model,
					 struct fc_error *err)
{
	const cJSON *object = fc_json_get(json, "calibration");
	const cJSON *sets = fc_json_get(object, "sets");
	if (!object) {
		return FC_OK;
	}
	if (!cJSON_IsObject(object)) {
		return fc_descriptor_wrong(err, "calibration", "an object");
	}
	int count = sets ? cJSON_GetArraySize(sets) : 1;
	if ((sets && !cJSON_IsArray(sets)) || count < 1 || count > FC_CALIBRATION_SETS_MAXIMUM) {
		return fc_descriptor_wrong(err, "sets", "a list of 1 to 16 objects");
	}
	if (sets && (fc_json_get(object, "points") || fc_json_get(object, "means"))) {
		return fc_descriptor_wrong(err, "points and means",
					   "inside the sets if there are sets");
	}
	model->sets = calloc((size_t)count, sizeof(*model->sets));
	if (!model->sets) {
		return fc_fail_memory(err);
	}
	const cJSON *set;
	cJSON_ArrayForEach (set, sets) {
		FC_TRY(read_set(set, model, err));
	}
	if (!sets) {
		FC_TRY(read_single(object, model, err));
	}
	return fc_calibration_sets_combine(model->sets, model->set_count, &model->calibration, err);
}
