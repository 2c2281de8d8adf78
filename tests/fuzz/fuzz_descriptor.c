/* Any bytes as a model's descriptor: refused, or a model whose values are in range. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "fuzz.h"
#include "vision/face.h"
#include "vision/models/descriptor.h"
#include "vision/models/models.h"

static void check_calibration(const struct fc_calibration *calibration)
{
	for (size_t i = 0; i < calibration->count; i++) {
		FUZZ_CHECK(calibration->points[i].fmr > 0.0 && calibration->points[i].fmr < 1.0);
		FUZZ_CHECK(i == 0 || (calibration->points[i].fmr < calibration->points[i - 1].fmr &&
				      calibration->points[i].threshold >
					      calibration->points[i - 1].threshold));
	}
	double threshold;
	bool extrapolated;
	if (calibration->count > 1) {
		FUZZ_CHECK(fc_calibration_threshold(calibration, 1e-4, &threshold, &extrapolated,
						    NULL) == FC_OK);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	struct fc_error err = { 0 };
	if (fc_model_parse((const char *)data, size, "input", &model, &err) != FC_OK) {
		FUZZ_CHECK(!model && err.text[0] != '\0');
		return 0;
	}
	FUZZ_CHECK(model->name && !strchr(model->name, '/') && !strchr(model->files[0].name, '/'));
	FUZZ_CHECK(model->role < FC_ROLE_COUNT && model->files[0].bytes > 0);
	FUZZ_CHECK(model->input.deviation[0] > 0.0f && model->input.scale > 0.0f);
	FUZZ_CHECK(model->dimension <= FC_TEMPLATE_MAXIMUM);
	check_calibration(&model->calibration);
	FUZZ_CHECK(model->set_count <= FC_CALIBRATION_SETS_MAXIMUM);
	for (size_t i = 0; i < model->set_count; i++) {
		const struct fc_calibration_set *set = &model->sets[i];
		FUZZ_CHECK(set->name[0] != '\0' && set->calibration.source &&
			   set->calibration.count > 0);
		check_calibration(&set->calibration);
	}
	FUZZ_CHECK(model->attribute_count <= FC_ATTRIBUTE_COUNT);
	for (size_t i = 0; i < model->attribute_count; i++) {
		FUZZ_CHECK(model->attributes[i].label_count <= FC_ATTRIBUTE_LABELS_MAXIMUM);
	}
	return 0;
}
