/* Write a descriptor with a new calibration. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

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

/* Create the "calibration" member. Returns NULL when out of memory. */
static cJSON *describe(const struct fc_calibration *calibration)
{
	FC_CLEANUP(fc_json_release) cJSON *json = cJSON_CreateObject();
	cJSON *points = cJSON_CreateArray();
	if (!cJSON_AddItemToObject(json, "points", points)) {
		cJSON_Delete(points);
		return NULL;
	}
	bool made =
		cJSON_AddStringToObject(json, "source", calibration->source) &&
		cJSON_AddNumberToObject(json, "impostor_pairs",
					(double)calibration->impostor_pairs) &&
		cJSON_AddNumberToObject(json, "genuine_pairs", (double)calibration->genuine_pairs);
	for (size_t i = 0; made && i < calibration->count; i++) {
		cJSON *pair = cJSON_CreateArray();
		made = cJSON_AddItemToArray(points, pair) &&
		       cJSON_AddItemToArray(pair, short_number(calibration->points[i].fmr, 6)) &&
		       cJSON_AddItemToArray(pair,
					    short_number(calibration->points[i].threshold, 5));
	}
	return made ? FC_STEAL(json) : NULL;
}

enum fc_status fc_model_write_calibration(const struct fc_model *model,
					  const struct fc_calibration *calibration,
					  const char *path, struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	FC_CLEANUP(fc_json_release) cJSON *descriptor = NULL;
	FC_TRY(fc_file_read(model->descriptor_path, FC_MODEL_DESCRIPTOR_MAXIMUM, &bytes, err));
	FC_TRY(fc_json_parse((const char *)bytes.data, bytes.length, FC_MODEL_DESCRIPTOR_MAXIMUM,
			     model->descriptor_path, &descriptor, err));
	cJSON *json = describe(calibration);
	cJSON_DeleteItemFromObjectCaseSensitive(descriptor, "calibration");
	if (!json || !cJSON_AddItemToObject(descriptor, "calibration", json)) {
		cJSON_Delete(json);
		return fc_fail_memory(err);
	}
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
