/* Read the outputs of an attributes model from its descriptor. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "vision/face.h"
#include "vision/models/descriptor_member.h"

enum {
	INDEX_MAXIMUM = 65535,
	OUTPUT_NAME_MAXIMUM = 256,
};

/* Parse the word of a class. *out is 0 (unknown) for null, which marks a class for which facectl has no word. */
static bool parse_label(enum fc_attribute attribute, const cJSON *label, uint8_t *out)
{
	bool is_sex = attribute == FC_ATTRIBUTE_SEX;
	const char *text = cJSON_GetStringValue(label);
	uint8_t end = is_sex ? FC_SEX_END : FC_MOOD_END;
	*out = 0;
	if (!text) {
		return cJSON_IsNull(label);
	}
	for (*out = 1; *out < end; (*out)++) {
		const char *word = is_sex ? fc_sex_name((enum fc_sex) * out)
					  : fc_mood_name((enum fc_mood) * out);
		if (strcmp(word, text) == 0) {
			return true;
		}
	}
	return false;
}

static enum fc_status read_labels(const cJSON *json, struct fc_model_attribute *out,
				  struct fc_error *err)
{
	const cJSON *labels = fc_json_get(json, "labels");
	const cJSON *label;
	int count = cJSON_GetArraySize(labels);
	if (!cJSON_IsArray(labels) || count < 2 || count > FC_ATTRIBUTE_LABELS_MAXIMUM) {
		return fc_descriptor_wrong(err, "labels", "a list of 2 to 32 classes");
	}
	cJSON_ArrayForEach (label, labels) {
		if (!parse_label(out->attribute, label, &out->labels[out->label_count++])) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "'labels' of %s should be its words, or null",
				       fc_attribute_name(out->attribute));
		}
	}
	return FC_OK;
}

/* Read the conditions on which a word is withheld. */
static enum fc_status read_conditions(const cJSON *json, struct fc_model_attribute *out,
				      struct fc_error *err)
{
	const cJSON *ages = fc_json_get(json, "ages");
	const double maximum = FC_AGE_MAXIMUM;
	double from = 0, to = maximum;
	FC_TRY(fc_descriptor_flag(json, "probabilities", &out->probabilities, err));
	if (fc_json_get(json, "least_probability")) {
		if (!out->probabilities) {
			return fc_descriptor_wrong(err, "least_probability",
						   "used with probabilities");
		}
		FC_TRY(fc_descriptor_real(json, "least_probability", 0, 1, &out->least_probability,
					  err));
	}
	if (ages) {
		const cJSON *first = cJSON_GetArrayItem(ages, 0),
			    *last = cJSON_GetArrayItem(ages, 1);
		from = cJSON_IsNumber(first) ? first->valuedouble : -1;
		to = cJSON_IsNumber(last) ? last->valuedouble : -1;
		if (cJSON_GetArraySize(ages) != 2 || !(from >= 0 && from <= to && to <= maximum)) {
			return fc_descriptor_wrong(err, "ages",
						   "two ages, 0 to 120, the lower one first");
		}
	}
	out->age_from = (uint32_t)from;
	out->age_to = (uint32_t)to;
	return FC_OK;
}

static enum fc_status read_attribute(const cJSON *json, struct fc_model_attribute *out,
				     struct fc_error *err)
{
	uint64_t index;
	const char *name = fc_json_text(json, "attribute");
	while (name && out->attribute < FC_ATTRIBUTE_COUNT &&
	       strcmp(name, fc_attribute_name(out->attribute)) != 0) {
		out->attribute++;
	}
	if (!name || out->attribute == FC_ATTRIBUTE_COUNT) {
		return fc_descriptor_wrong(
			err, "attribute",
			"age, sex, emotion, valence, arousal, smile, glasses or occlusion");
	}
	FC_TRY(fc_descriptor_text(json, "output", false, &out->output, err));
	if (out->output && strlen(out->output) > OUTPUT_NAME_MAXIMUM) {
		return fc_descriptor_wrong(err, "output", "a name of at most 256 bytes");
	}
	FC_TRY(fc_descriptor_whole(json, "index", 0, INDEX_MAXIMUM, &index, err));
	out->index = (uint32_t)index;
	if (out->attribute == FC_ATTRIBUTE_SEX || out->attribute == FC_ATTRIBUTE_EMOTION) {
		FC_TRY(read_labels(json, out, err));
		return read_conditions(json, out, err);
	}
	out->scale = 1;
	if (fc_json_get(json, "scale")) {
		FC_TRY(fc_descriptor_real(json, "scale", -1e6, 1e6, &out->scale, err));
	}
	return fc_json_get(json, "offset")
		       ? fc_descriptor_real(json, "offset", -1e6, 1e6, &out->offset, err)
		       : FC_OK;
}

enum fc_status fc_descriptor_attributes(const cJSON *json, struct fc_model *model,
					struct fc_error *err)
{
	const cJSON *outputs = fc_json_get(json, "outputs");
	const cJSON *item;
	unsigned seen = 0;
	bool by_age = false;
	int count = cJSON_GetArraySize(outputs);
	if (model->input.width == 0 || model->input.height == 0) {
		return fc_descriptor_wrong(err, "width", "above 0; the same applies to the height");
	}
	FC_TRY(fc_descriptor_flag(json, "mirror", &model->mirror, err));
	if (!cJSON_IsArray(outputs) || count < 1 || count > FC_ATTRIBUTE_COUNT) {
		return fc_descriptor_wrong(err, "outputs", "a list of 1 to 8 attributes");
	}
	cJSON_ArrayForEach (item, outputs) {
		struct fc_model_attribute *attribute = &model->attributes[model->attribute_count++];
		FC_TRY(read_attribute(item, attribute, err));
		if (seen & 1U << attribute->attribute) {
			return fc_descriptor_wrong(err, "outputs",
						   "a list with each attribute once");
		}
		if (!attribute->output != !model->attributes[0].output) {
			return fc_descriptor_wrong(err, "output",
						   "given for all attributes or for none");
		}
		seen |= 1U << attribute->attribute;
		by_age = by_age || attribute->age_from > 0 ||
			 (attribute->label_count > 0 && attribute->age_to < FC_AGE_MAXIMUM);
	}
	return by_age && !(seen & 1U << FC_ATTRIBUTE_AGE)
		       ? fc_descriptor_wrong(err, "ages", "used in a model that estimates the age")
		       : FC_OK;
}
