/* Age, sex, mood and other attributes of a face, estimated by a model. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/attributes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "vision/faces/align.h"
#include "vision/faces/dnn.h"
#include "vision/faces/planes.h"
#include "vision/image/view.h"

struct fc_attributer {
	struct fc_net *net;
	struct fc_model_input input;
	float grow;
	bool mirror;
	/* the occlusion is last; the names of their outputs are owned */
	struct fc_model_attribute items[FC_ATTRIBUTE_COUNT];
	size_t count, usual_count; /* usual: without the occlusion */
	bool occlusion;            /* all are estimated for the current face */
	/* the name of each output, once; NULL: the network's only output */
	const char *names[FC_ATTRIBUTE_COUNT];
	size_t name_count, usual_name_count;
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
				 bool occlusion, struct fc_error *err)
{
	for (size_t i = 0; i < model->attribute_count; i++) {
		if ((model->attributes[i].attribute == FC_ATTRIBUTE_OCCLUSION) != occlusion) {
			continue;
		}
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
	attributer->mirror = model->mirror;
	enum fc_status status = copy_items(attributer, model, false, err);
	attributer->usual_count = attributer->count;
	attributer->usual_name_count = attributer->name_count;
	if (status == FC_OK) {
		status = copy_items(attributer, model, true, err);
	}
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

/* ---- views ---- */

/*
 * Views of an aligned face for a model with *mirror*: rolled to both sides, and mirrored. The first two are enough, unless they disagree.
 *
 * Measured on 155 photos of LFW and 47 others: mean difference in years between a photo and its mirror image / 0.7 of its size / a copy
 * rolled by 7 degrees / the landmarks of yunet; share of these with another mood; right moods of seven known ones, in all five:
 *
 *   the face                                2.86 / 1.26 / 1.30 / 2.19   6.7 %   28 of 35
 *   the face and its mirror image           1.56 / 1.10 / 1.16 / 1.77   4.6 %   28 of 35
 *   the first two views                     1.52 / 1.01 / 1.04 / 1.70   5.0 %   29 of 35
 *   two, or four for 27 % of the faces      1.42 / 0.94 / 0.99 / 1.65   3.5 %   31 of 35
 *   all four                                1.16 / 0.74 / 0.79 / 1.42   2.6 %   31 of 35
 */
static const struct view {
	int roll; /* degrees, clockwise */
	bool mirrored;
} views[] = { { -5, false }, { 5, true }, { 5, false }, { -5, true } };

/* Views disagree if their ages differ by more years than this. */
static const float far_age = 6;

static struct fc_similarity rolled(const struct fc_similarity *similarity, int degrees)
{
	const double middle = (FC_CROP_SIDE - 1) / 2.0, angle = degrees * M_PI / 180;
	const double a = cos(angle), b = sin(angle);
	const double x = similarity->x0 - middle, y = similarity->y0 - middle;
	return (struct fc_similarity){
		a * similarity->a - b * similarity->b,
		b * similarity->a + a * similarity->b,
		a * x - b * y + middle,
		b * x + a * y + middle,
	};
}

/* Fill the model's input with the part of the photo, or the aligned face, that it requires. */
static enum fc_status fill_input(struct fc_attributer *attributer, const struct fc_image *image,
				 const struct fc_box *box, const struct fc_similarity *similarity,
				 bool mirrored, struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image resized = { 0 };
	uint8_t crop[FC_CROP_BYTES];
	struct fc_image seen = { crop, FC_CROP_SIDE, FC_CROP_SIDE, (size_t)3 * FC_CROP_SIDE };
	uint32_t width = attributer->input.width, height = attributer->input.height;
	if (attributer->grow > 0) {
		struct fc_box view =
			fc_view_of_box(box, attributer->grow, image->width, image->height);
		seen = fc_view_part(image, &view);
	} else {
		FC_TRY(fc_align_crop(image, similarity, crop, err));
	}
	if (seen.width != width || seen.height != height) {
		FC_TRY(fc_image_init(&resized, width, height, err));
		FC_TRY(fc_image_resize_bilinear(&seen, &resized, err));
		seen = resized;
	}
	return fc_planes_fill(&attributer->planes, width, height, &seen, &attributer->input,
			      mirrored, err);
}

/* How many values of an output belong to the attribute. */
static size_t values_of(const struct fc_model_attribute *item)
{
	return item->attribute == FC_ATTRIBUTE_OCCLUSION ? FC_REGION_COUNT
	       : item->label_count > 0                   ? item->label_count
							 : 1;
}

/* Check that an output with so many values has all that belong to the attribute. */
static enum fc_status check_count(const struct fc_model_attribute *item, size_t count,
				  struct fc_error *err)
{
	return count >= item->index + values_of(item)
		       ? FC_OK
		       : fc_fail(err, FC_MODEL_MISMATCH,
				 "the attributes model returned %zu values, but %s should be at %u",
				 count, fc_attribute_name(item->attribute), item->index);
}

enum fc_status fc_attributer_check(struct fc_attributer *attributer, struct fc_error *err)
{
	for (size_t i = 0; i < attributer->count; i++) {
		const struct fc_model_attribute *item = &attributer->items[i];
		size_t count;
		FC_TRY(fc_net_output_count(attributer->net, attributer->input.width,
					   attributer->input.height, item->output, &count, err));
		FC_TRY(check_count(item, count, err));
	}
	return FC_OK;
}

/* One value for each attribute that is a number, and one for each class of a word and each region. */
struct values {
	float of[FC_ATTRIBUTE_COUNT][FC_ATTRIBUTE_LABELS_MAXIMUM];
};

/* How many of the attributes are estimated for the current face. */
static size_t used_count(const struct fc_attributer *attributer)
{
	return attributer->occlusion ? attributer->count : attributer->usual_count;
}

/* Add what the network returns for a view. */
static enum fc_status add_view(struct fc_attributer *attributer, const struct fc_image *image,
			       const struct fc_box *box, const struct fc_similarity *similarity,
			       bool mirrored, struct values *sum, struct fc_error *err)
{
	struct fc_tensor outputs[FC_ATTRIBUTE_COUNT];
	/* OpenCV does not run layers behind those that are named, so the others cost nothing. */
	size_t named =
		attributer->occlusion ? attributer->name_count : attributer->usual_name_count;
	FC_TRY(fill_input(attributer, image, box, similarity, mirrored, err));
	FC_TRY(fc_net_run(attributer->net, &attributer->planes, named ? attributer->names : NULL,
			  named ? named : 1, outputs, err));
	for (size_t i = 0; i < used_count(attributer); i++) {
		const struct fc_model_attribute *item = &attributer->items[i];
		const struct fc_tensor *output = &outputs[attributer->place[i]];
		FC_TRY(check_count(item, output->count, err));
		for (size_t k = 0; k < values_of(item); k++) {
			sum->of[i][k] += output->values[item->index + k];
		}
	}
	return FC_OK;
}

static size_t largest_of(const float *values, size_t count)
{
	size_t largest = 0;
	for (size_t i = 0; i < count; i++) {
		largest = values[i] > values[largest] ? i : largest;
	}
	return largest;
}

/* Whether two views differ in a word, or much in age. */
static bool disagree(const struct fc_attributer *attributer, const struct values *a,
		     const struct values *b)
{
	for (size_t i = 0; i < attributer->count; i++) {
		const struct fc_model_attribute *item = &attributer->items[i];
		const float *first = a->of[i], *second = b->of[i];
		if (item->attribute == FC_ATTRIBUTE_AGE &&
		    fabsf((first[0] - second[0]) * item->scale) > far_age) {
			return true;
		}
		if (largest_of(first, item->label_count) != largest_of(second, item->label_count)) {
			return true;
		}
	}
	return false;
}

/* Sum the outputs for one, two or four views. Returns how many in *count. */
static enum fc_status sum_views(struct fc_attributer *attributer, const struct fc_image *image,
				const struct fc_box *box, const struct fc_similarity *similarity,
				struct values *sum, size_t *count, struct fc_error *err)
{
	struct values seen[2] = { 0 };
	bool aligned = attributer->grow <= 0;
	size_t needed = attributer->mirror ? 2 : 1;
	for (*count = 0; *count < needed; ++*count) {
		const struct view *view = &views[*count];
		struct fc_similarity map = rolled(similarity, attributer->mirror ? view->roll : 0);
		FC_TRY(add_view(attributer, image, box, &map, view->mirrored, &seen[*count % 2],
				err));
		if (*count == 1 && aligned && disagree(attributer, &seen[0], &seen[1])) {
			needed = FC_ARRAY_LENGTH(views);
		}
	}
	for (size_t i = 0; i < attributer->count; i++) {
		for (size_t k = 0; k < FC_ATTRIBUTE_LABELS_MAXIMUM; k++) {
			sum->of[i][k] = seen[0].of[i][k] + seen[1].of[i][k];
		}
	}
	return FC_OK;
}

/* Choose the word of the largest class. *chance is the probability of the word, or 0 if the model has none. */
static uint8_t word_of(const struct fc_model_attribute *item, const float *values, float *chance,
		       float chances[FC_MOOD_END])
{
	for (size_t i = 0; i < item->label_count; i++) {
		if (item->probabilities) {
			float *sum = &chances[item->labels[i]];
			*sum = fminf(*sum + fmaxf(values[i], 0), 1);
		}
	}
	uint8_t word = item->labels[largest_of(values, item->label_count)];
	*chance = word > 0 ? chances[word] : 0;
	return word;
}

static void note(const struct fc_model_attribute *item, const float *values,
		 struct fc_attributes *out)
{
	float sexes[FC_MOOD_END] = { 0 };
	float number = values[0] * item->scale + item->offset;
	switch (item->attribute) {
	case FC_ATTRIBUTE_AGE:
		out->has_age = true;
		out->age = fminf(fmaxf(number, 0), FC_AGE_MAXIMUM);
		break;
	case FC_ATTRIBUTE_SEX:
		out->sex = (enum fc_sex)word_of(item, values, &out->sex_probability, sexes);
		break;
	case FC_ATTRIBUTE_EMOTION:
		out->emotion = (enum fc_mood)word_of(item, values, &out->emotion_probability,
						     out->emotions);
		out->has_emotions = item->probabilities;
		break;
	case FC_ATTRIBUTE_VALENCE:
		out->has_valence = true;
		out->valence = fminf(fmaxf(number, -1), 1);
		break;
	case FC_ATTRIBUTE_AROUSAL:
		out->has_arousal = true;
		out->arousal = fminf(fmaxf(number, -1), 1);
		break;
	case FC_ATTRIBUTE_SMILE:
		out->has_smile = true;
		out->smile = fminf(fmaxf(number, 0), 1);
		break;
	case FC_ATTRIBUTE_GLASSES:
		out->has_glasses = true;
		out->glasses = fminf(fmaxf(number, 0), 1);
		break;
	case FC_ATTRIBUTE_OCCLUSION:
		out->has_occlusion = true;
		for (size_t i = 0; i < FC_REGION_COUNT; i++) {
			float share = values[i] * item->scale + item->offset;
			out->occlusion[i] = fminf(fmaxf(share, 0), 1);
		}
		break;
	case FC_ATTRIBUTE_COUNT:
		break;
	}
}

/* Remove the words that the model does not vouch for. */
static void withhold(const struct fc_attributer *attributer, struct fc_attributes *out)
{
	for (size_t i = 0; i < attributer->count; i++) {
		const struct fc_model_attribute *item = &attributer->items[i];
		bool sex = item->attribute == FC_ATTRIBUTE_SEX;
		float *chance = sex ? &out->sex_probability : &out->emotion_probability;
		if (item->label_count == 0 ||
		    (*chance >= item->least_probability &&
		     (!out->has_age ||
		      (out->age >= (float)item->age_from && out->age <= (float)item->age_to)))) {
			continue;
		}
		*chance = 0;
		if (sex) {
			out->sex = FC_SEX_UNKNOWN;
		} else {
			out->emotion = FC_MOOD_UNKNOWN;
		}
	}
}

enum fc_status fc_attributer_run(struct fc_attributer *attributer, const struct fc_image *image,
				 const struct fc_box *box, const struct fc_similarity *similarity,
				 bool occlusion, struct fc_attributes *out, struct fc_error *err)
{
	struct values sum;
	struct fc_attributes found = { 0 };
	size_t count;
	attributer->occlusion = occlusion;
	if (used_count(attributer) == 0) {
		*out = found;
		return FC_OK;
	}
	FC_TRY(sum_views(attributer, image, box, similarity, &sum, &count, err));
	for (size_t i = 0; i < used_count(attributer); i++) {
		const struct fc_model_attribute *item = &attributer->items[i];
		float *values = sum.of[i];
		for (size_t k = 0; k < values_of(item); k++) {
			values[k] /= (float)count;
			if (!isfinite(values[k]) ||
			    (item->probabilities && fabsf(values[k] - 0.5F) > 0.501F)) {
				return fc_fail(
					err, FC_MODEL_MISMATCH,
					"the attributes model returned a value for %s that is not a %s",
					fc_attribute_name(item->attribute),
					isfinite(values[k]) ? "probability" : "number");
			}
		}
		note(item, values, &found);
	}
	withhold(attributer, &found);
	*out = found;
	return FC_OK;
}
