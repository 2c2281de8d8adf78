/* Age, sex and mood of a face, measured by a model. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/attributes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vision/faces/dnn.h"
#include "vision/faces/planes.h"
#include "vision/image/view.h"

struct fc_attributer {
	struct fc_net *net;
	struct fc_model_input input;
	float grow;
	/* the names of their outputs are owned */
	struct fc_model_attribute items[FC_ATTRIBUTE_COUNT];
	size_t count;
	/* the name of each output, once; NULL: the network's only output */
	const char *names[FC_ATTRIBUTE_COUNT];
	size_t name_count;
	size_t place[FC_ATTRIBUTE_COUNT]; /* index of each attribute's output */
	struct fc_planes planes;
};

void fc_attributer_free(struct fc_attributer *attributer)
{
	if (!attributer) {
		return;
	}
	for (size_t i = 0; i < attributer->count; i++) {
		free(attributer->items[i].output);
	}
	fc_net_free(attributer->net);
	fc_planes_release(&attributer->planes);
	free(attributer);
}

static enum fc_status copy_items(struct fc_attributer *attributer, const struct fc_model *model,
				 struct fc_error *err)
{
	for (size_t i = 0; i < model->attribute_count; i++) {
		struct fc_model_attribute *item = &attributer->items[attributer->count++];
		const char *name = model->attributes[i].output;
		*item = model->attributes[i];
		item->output = name ? strdup(name) : NULL;
		if (name && !item->output) {
			return fc_fail_memory(err);
		}
		/* Attributes with the same output share its place; a new one is appended. */
		size_t place = 0;
		while (place < attributer->name_count && name &&
		       strcmp(attributer->names[place], name) != 0) {
			place++;
		}
		if (name && place == attributer->name_count) {
			attributer->names[attributer->name_count++] = item->output;
		}
		attributer->place[i] = place;
	}
	return FC_OK;
}

enum fc_status fc_attributer_new(const struct fc_model *model, const struct fc_buffer *bytes,
				 struct fc_attributer **out, struct fc_error *err)
{
	if (model->role != FC_ROLE_ATTRIBUTES || model->input.width == 0 ||
	    model->input.height == 0 || model->attribute_count == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is not an attributes model with a fixed input size",
			       model->name);
	}
	struct fc_attributer *attributer = calloc(1, sizeof(*attributer));
	if (!attributer) {
		return fc_fail_memory(err);
	}
	attributer->input = model->input;
	attributer->grow = model->files[0].grow;
	enum fc_status status = copy_items(attributer, model, err);
	if (status == FC_OK) {
		status = fc_net_load(bytes->data, bytes->length, &attributer->net, err);
	}
	if (status != FC_OK) {
		fc_error_prefix(err, "attributes model '%s'", model->name);
		fc_attributer_free(attributer);
		return status;
	}
	*out = attributer;
	return FC_OK;
}

/* Fill the model's input with the part of the photo, or the crop, that it requires. */
static enum fc_status fill_input(struct fc_attributer *attributer, const struct fc_image *image,
				 const struct fc_box *box, const uint8_t *crop,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image resized = { 0 };
	struct fc_image seen = { (uint8_t *)(uintptr_t)crop, FC_CROP_SIDE, FC_CROP_SIDE,
				 (size_t)3 * FC_CROP_SIDE };
	uint32_t width = attributer->input.width, height = attributer->input.height;
	if (attributer->grow > 0) {
		struct fc_box view =
			fc_view_of_box(box, attributer->grow, image->width, image->height);
		seen = fc_view_part(image, &view);
	}
	if (seen.width != width || seen.height != height) {
		FC_TRY(fc_image_init(&resized, width, height, err));
		FC_TRY(fc_image_resize_bilinear(&seen, &resized, err));
		seen = resized;
	}
	return fc_planes_fill(&attributer->planes, width, height, &seen, &attributer->input, false,
			      err);
}

static void note(const struct fc_model_attribute *item, const float *values,
		 struct fc_attributes *out)
{
	float number = values[0] * item->scale + item->offset;
	size_t largest = 0;
	for (size_t i = 1; i < item->label_count; i++) {
		largest = values[i] > values[largest] ? i : largest;
	}
	uint8_t label = item->label_count > 0 ? item->labels[largest] : 0;
	switch (item->attribute) {
	case FC_ATTRIBUTE_AGE:
		out->has_age = true;
		out->age = fminf(fmaxf(number, 0), FC_AGE_MAXIMUM);
		break;
	case FC_ATTRIBUTE_SEX:
		out->sex = (enum fc_sex)label;
		break;
	case FC_ATTRIBUTE_EMOTION:
		out->emotion = (enum fc_mood)label;
		break;
	case FC_ATTRIBUTE_VALENCE:
		out->has_valence = true;
		out->valence = fminf(fmaxf(number, -1), 1);
		break;
	case FC_ATTRIBUTE_AROUSAL:
		out->has_arousal = true;
		out->arousal = fminf(fmaxf(number, -1), 1);
		break;
	case FC_ATTRIBUTE_COUNT:
		break;
	}
}

static enum fc_status read_output(const struct fc_model_attribute *item,
				  const struct fc_tensor *output, struct fc_attributes *out,
				  struct fc_error *err)
{
	size_t count = item->label_count > 0 ? item->label_count : 1;
	if (output->count < item->index + count) {
		return fc_fail(err, FC_MODEL_MISMATCH,
			       "the attributes model returned %zu values, but %s should be at %u",
			       output->count, fc_attribute_name(item->attribute), item->index);
	}
	const float *values = output->values + item->index;
	for (size_t i = 0; i < count; i++) {
		if (!isfinite(values[i])) {
			return fc_fail(
				err, FC_MODEL_MISMATCH,
				"the attributes model returned a value for %s that is not a number",
				fc_attribute_name(item->attribute));
		}
	}
	note(item, values, out);
	return FC_OK;
}

enum fc_status fc_attributer_run(struct fc_attributer *attributer, const struct fc_image *image,
				 const struct fc_box *box, const uint8_t *crop,
				 struct fc_attributes *out, struct fc_error *err)
{
	struct fc_tensor outputs[FC_ATTRIBUTE_COUNT];
	struct fc_attributes found = { 0 };
	size_t named = attributer->name_count;
	FC_TRY(fill_input(attributer, image, box, crop, err));
	FC_TRY(fc_net_run(attributer->net, &attributer->planes, named ? attributer->names : NULL,
			  named ? named : 1, outputs, err));
	for (size_t i = 0; i < attributer->count; i++) {
		FC_TRY(read_output(&attributer->items[i], &outputs[attributer->place[i]], &found,
				   err));
	}
	*out = found;
	return FC_OK;
}
