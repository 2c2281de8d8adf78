/* Write a descriptor with new thresholds. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/memory.h"
#include "vision/models/descriptor.h"
#include "vision/models/models.h"

/* Create a number with that many significant digits instead of the 17 of a double. */
static cJSON *short_number(double value, int digits)
{
	char text[32];
	snprintf(text, sizeof(text), "%.*g", digits, value);
	return cJSON_CreateRaw(text);
}

static bool add_pair(cJSON *array, double first, double second)
{
	cJSON *pair = cJSON_CreateArray();
	return cJSON_AddItemToArray(array, pair) &&
	       cJSON_AddItemToArray(pair, short_number(first, 6)) &&
	       cJSON_AddItemToArray(pair, short_number(second, 5));
}

/* Create an object of "sets". Returns NULL when out of memory. */
static cJSON *describe(const struct fc_calibration_set *set)
{
	const struct fc_calibration *calibration = &set->calibration;
	FC_CLEANUP(fc_json_release) cJSON *json = cJSON_CreateObject();
	bool made =
		cJSON_AddStringToObject(json, "name", set->name) &&
		cJSON_AddBoolToObject(json, "natural", set->natural) &&
		cJSON_AddBoolToObject(json, "adults", set->adults) &&
		cJSON_AddStringToObject(json, "source", calibration->source) &&
		cJSON_AddNumberToObject(json, "impostor_pairs",
					(double)calibration->impostor_pairs) &&
		cJSON_AddNumberToObject(json, "genuine_pairs", (double)calibration->genuine_pairs);
	cJSON *points = made ? cJSON_AddArrayToObject(json, "points") : NULL;
	made = points != NULL;
	for (size_t i = 0; made && i < calibration->count; i++) {
		made = add_pair(points, calibration->points[i].fmr,
				calibration->points[i].threshold);
	}
	const struct fc_mean_factors *factors = &calibration->factors;
	cJSON *means = made && factors->count > 0 ? cJSON_AddArrayToObject(json, "means") : NULL;
	made = made && (means || factors->count == 0);
	for (size_t i = 0; made && i < factors->count; i++) {
		made = add_pair(means, factors->items[i].templates, factors->items[i].factor);
	}
	return made ? FC_STEAL(json) : NULL;
}

/* Put the model's sets and another one into the descriptor. */
static enum fc_status put_sets(const struct fc_model *model, const struct fc_calibration_set *set,
			       cJSON *descriptor, struct fc_error *err)
{
	cJSON_DeleteItemFromObjectCaseSensitive(descriptor, "calibration");
	cJSON *calibration = cJSON_AddObjectToObject(descriptor, "calibration");
	cJSON *sets = calibration ? cJSON_AddArrayToObject(calibration, "sets") : NULL;
	bool made = sets != NULL;
	bool replaced = false;
	for (size_t i = 0; made && i < model->set_count; i++) {
		bool same = strcmp(model->sets[i].name, set->name) == 0;
		replaced = replaced || same;
		made = cJSON_AddItemToArray(sets, describe(same ? set : &model->sets[i]));
	}
	if (made && !replaced && model->set_count == FC_CALIBRATION_SETS_MAXIMUM) {
		return fc_fail(err, FC_TOO_LARGE,
			       "'%s' has %d sets of thresholds already; delete one from the file, "
			       "or replace one by giving its name with --set",
			       model->descriptor_path, FC_CALIBRATION_SETS_MAXIMUM);
	}
	if (made && !replaced) {
		made = cJSON_AddItemToArray(sets, describe(set));
	}
	return made ? FC_OK : fc_fail_memory(err);
}

enum fc_status fc_model_write_calibration(const struct fc_model *model,
					  const struct fc_calibration_set *set, const char *path,
					  struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *descriptor = NULL;
	FC_TRY(fc_file_read(model->descriptor_path, FC_MODEL_DESCRIPTOR_MAXIMUM, &bytes, err));
	FC_TRY(fc_json_parse((const char *)bytes.data, bytes.length, FC_MODEL_DESCRIPTOR_MAXIMUM,
			     model->descriptor_path, &descriptor, err));
	FC_TRY(put_sets(model, set, descriptor, err));
	FC_CLEANUP(fc_free) char *text = cJSON_Print(descriptor);
	if (!text) {
		return fc_fail_memory(err);
	}
	fc_buffer_clear(&bytes);
	fc_buffer_printf(&bytes, "%s\n", text);
	if (!fc_buffer_ok(&bytes)) {
		return fc_fail_memory(err);
	}
	return fc_file_replace(path, bytes.data, bytes.length, 0644, err);
}
