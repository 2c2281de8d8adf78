/* Functions on a model's values. */
/* SPDX-License-Identifier: MIT */
#include "vision/models/model.h"

#include <stdlib.h>

void fc_calibration_set_release(struct fc_calibration_set *set)
{
	free(set->name);
	fc_calibration_release(&set->calibration);
	*set = (struct fc_calibration_set){ 0 };
}

void fc_model_free(struct fc_model *model)
{
	if (!model) {
		return;
	}
	for (size_t i = 0; i < model->file_count; i++) {
		struct fc_model_file *file = &model->files[i];
		for (size_t k = 0; k < file->url_count; k++) {
			free(file->urls[k]);
		}
		free(file->urls);
		free(file->name);
		free(file->path);
	}
	for (size_t i = 0; i < model->attribute_count; i++) {
		free(model->attributes[i].output);
	}
	free(model->name);
	free(model->descriptor_path);
	free(model->licence);
	free(model->source);
	free(model->note);
	for (size_t i = 0; i < model->set_count; i++) {
		fc_calibration_set_release(&model->sets[i]);
	}
	free(model->sets);
	fc_calibration_release(&model->calibration);
	free(model);
}

const char *fc_model_role_name(enum fc_model_role role)
{
	static const char *const names[FC_ROLE_COUNT] = {
		[FC_ROLE_DETECTOR] = "detector",
		[FC_ROLE_EMBEDDER] = "embedder",
		[FC_ROLE_LIVENESS] = "liveness",
		[FC_ROLE_ATTRIBUTES] = "attributes",
	};
	return (unsigned)role < FC_ROLE_COUNT ? names[role] : "unknown";
}

const char *fc_attribute_name(enum fc_attribute attribute)
{
	static const char *const names[FC_ATTRIBUTE_COUNT] = {
		[FC_ATTRIBUTE_AGE] = "age",         [FC_ATTRIBUTE_SEX] = "sex",
		[FC_ATTRIBUTE_EMOTION] = "emotion", [FC_ATTRIBUTE_VALENCE] = "valence",
		[FC_ATTRIBUTE_AROUSAL] = "arousal", [FC_ATTRIBUTE_SMILE] = "smile",
		[FC_ATTRIBUTE_GLASSES] = "glasses", [FC_ATTRIBUTE_OCCLUSION] = "occlusion",
	};
	return (unsigned)attribute < FC_ATTRIBUTE_COUNT ? names[attribute] : "unknown";
}

enum fc_liveness fc_model_life(const struct fc_model *model, float score)
{
	if (score >= model->passed_from) {
		return FC_LIVENESS_PASSED;
	}
	return score < model->failed_below ? FC_LIVENESS_FAILED : FC_LIVENESS_UNDETERMINED;
}
