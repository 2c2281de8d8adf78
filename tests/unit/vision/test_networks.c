/* Networks that do not fit the description of their model are refused, with the reason. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "pictures.h"
#include "vision/faces/attributes.h"
#include "vision/faces/detector.h"
#include "vision/faces/embedder.h"
#include "vision/faces/liveness.h"
#include "vision/models/models.h"

static char name[] = "sample";

/* The network of the built-in embedder: 112x112 pixels in, 128 values out. A test describes it as something else. */
static struct fc_buffer network;

static int read_network(void **state)
{
	(void)state;
	FC_CLEANUP(fc_free)
	char *path = fc_path_join(getenv("FACECTL_TEST_MODELS"), "facectl-embed-2.onnx");
	return fc_file_read(path, 1 << 24, &network, NULL) == FC_OK ? 0 : -1;
}

static int release_network(void **state)
{
	(void)state;
	fc_buffer_release(&network);
	return 0;
}

static struct fc_model model_of(enum fc_model_role role)
{
	return (struct fc_model){
		.name = name,
		.role = role,
		.input = { .width = 112, .height = 112, .scale = 1, .deviation = { 1, 1, 1 } },
		.dimension = 128,
		.file_count = 1,
		.files = { { .grow = 1 } },
		.attributes = { { .attribute = FC_ATTRIBUTE_AGE, .scale = 1 } },
		.attribute_count = 1,
	};
}

/* Load the network as what the model says. The result is released. */
static enum fc_status load(const struct fc_model *model, const struct fc_buffer *bytes,
			   struct fc_error *err)
{
	struct fc_detector *detector = NULL;
	struct fc_embedder *embedder = NULL;
	struct fc_liveness_network *liveness = NULL;
	struct fc_attributer *attributer = NULL;
	enum fc_status status = FC_INTERNAL;
	switch (model->role) {
	case FC_ROLE_DETECTOR:
		status = fc_detector_new(model, bytes, &detector, err);
		break;
	case FC_ROLE_EMBEDDER:
		status = fc_embedder_new(model, bytes, &embedder, err);
		break;
	case FC_ROLE_LIVENESS:
		status = fc_liveness_new(model, bytes, &liveness, err);
		break;
	case FC_ROLE_ATTRIBUTES:
		status = fc_attributer_new(model, bytes, &attributer, err);
		break;
	case FC_ROLE_COUNT:
		break;
	}
	assert_int_equal(status == FC_OK, detector || embedder || liveness || attributer);
	fc_detector_free(detector);
	fc_embedder_free(embedder);
	fc_liveness_free(liveness);
	fc_attributer_free(attributer);
	return status;
}

static void assert_not_loaded(const struct fc_model *model, const char *words)
{
	struct fc_error err = { 0 };
	assert_int_equal(load(model, &network, &err), FC_INVALID_ARGUMENT);
	assert_non_null(strstr(err.text, "'sample' is not "));
	assert_non_null(strstr(err.text, words));
}

static void descriptions_without_a_usable_input_are_refused(void **state)
{
	(void)state;
	struct fc_model detector = model_of(FC_ROLE_DETECTOR);
	assert_not_loaded(&detector, "accepts any input size");
	struct fc_model embedder = model_of(FC_ROLE_EMBEDDER);
	embedder.input.width = 96;
	assert_not_loaded(&embedder, "112x112");
	embedder = model_of(FC_ROLE_EMBEDDER);
	embedder.dimension = FC_TEMPLATE_MAXIMUM + 1;
	assert_not_loaded(&embedder, "at most");
	struct fc_model liveness = model_of(FC_ROLE_LIVENESS);
	liveness.input.height = 0;
	assert_not_loaded(&liveness, "fixed input size");
	struct fc_model attributes = model_of(FC_ROLE_ATTRIBUTES);
	attributes.input.width = 0;
	assert_not_loaded(&attributes, "fixed input size");
	attributes = model_of(FC_ROLE_ATTRIBUTES);
	attributes.attribute_count = 0;
	assert_not_loaded(&attributes, "attributes model");
}

static void bytes_that_are_not_a_network_are_refused_with_the_name(void **state)
{
	(void)state;
	static const char *const prefixes[FC_ROLE_COUNT] = {
		[FC_ROLE_DETECTOR] = "detector 'sample': ",
		[FC_ROLE_EMBEDDER] = "embedder 'sample': ",
		[FC_ROLE_LIVENESS] = "liveness model 'sample': ",
		[FC_ROLE_ATTRIBUTES] = "attributes model 'sample': ",
	};
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	fc_buffer_append_text(&bytes, "not a network");
	for (int role = 0; role < FC_ROLE_COUNT; role++) {
		struct fc_model model = model_of((enum fc_model_role)role);
		struct fc_error err = { 0 };
		if (role == FC_ROLE_DETECTOR) {
			model.input.width = model.input.height = 0;
		}
		assert_int_equal(load(&model, &bytes, &err), FC_MODEL_MISMATCH);
		assert_memory_equal(err.text, prefixes[role], strlen(prefixes[role]));
	}
}

/* ---- results ---- */

static const struct fc_box box = { 20, 20, 90, 90 };

static enum fc_status run_liveness(uint32_t live_class, float *score, struct fc_error *err)
{
	struct fc_model model = model_of(FC_ROLE_LIVENESS);
	struct fc_liveness_network *liveness = NULL;
	struct fc_image image = plain_picture(112, 112, 90, 120, 60);
	model.live_class = live_class;
	assert_int_equal(fc_liveness_new(&model, &network, &liveness, err), FC_OK);
	enum fc_status status = fc_liveness_run(liveness, &image, &box, score, err);
	fc_liveness_free(liveness);
	fc_image_release(&image);
	return status;
}

static void liveness_is_a_probability_of_an_existing_class(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	float score = -1;
	size_t refused = 0;
	assert_int_equal(run_liveness(128, &score, &err), FC_MODEL_MISMATCH);
	assert_non_null(strstr(err.text, "has 128 classes, but class 128"));
	for (uint32_t i = 0; i < 8; i++) {
		enum fc_status status = run_liveness(i, &score, &err);
		if (status == FC_OK) {
			assert_true(score >= 0 && score <= 1);
		} else {
			assert_int_equal(status, FC_MODEL_MISMATCH);
			assert_non_null(strstr(err.text, "not a probability"));
			refused++;
		}
	}
	assert_true(refused > 0); /* an embedder also returns negative values */
}

static enum fc_status run_attributes(const struct fc_model_attribute *item, bool occlusion,
				     struct fc_attributes *out, struct fc_error *err)
{
	struct fc_model model = model_of(FC_ROLE_ATTRIBUTES);
	struct fc_attributer *attributer = NULL;
	struct fc_image image = plain_picture(112, 112, 90, 120, 60);
	model.attributes[0] = *item;
	assert_int_equal(fc_attributer_new(&model, &network, &attributer, err), FC_OK);
	const struct fc_similarity same = { .a = 1 };
	enum fc_status status =
		fc_attributer_run(attributer, &image, &box, &same, occlusion, out, err);
	fc_attributer_free(attributer);
	fc_image_release(&image);
	return status;
}

static void attributes_are_read_where_the_description_says(void **state)
{
	(void)state;
	char output[] = "no such output";
	struct fc_attributes out = { 0 };
	struct fc_error err = { 0 };
	const struct fc_model_attribute fits = { .attribute = FC_ATTRIBUTE_AGE,
						 .index = 127,
						 .scale = 1e6F };
	assert_int_equal(run_attributes(&fits, false, &out, &err), FC_OK);
	assert_true(out.has_age && out.age >= 0 && out.age <= FC_AGE_MAXIMUM);
	const struct fc_model_attribute beyond = { .attribute = FC_ATTRIBUTE_AGE, .index = 128 };
	assert_int_equal(run_attributes(&beyond, false, &out, &err), FC_MODEL_MISMATCH);
	assert_non_null(strstr(err.text, "returned 128 values, but age should be at 128"));
	const struct fc_model_attribute classes = { .attribute = FC_ATTRIBUTE_EMOTION,
						    .index = 126,
						    .labels = { FC_MOOD_FEAR, FC_MOOD_ANGER,
								FC_MOOD_SURPRISE },
						    .label_count = 3 };
	assert_int_equal(run_attributes(&classes, false, &out, &err), FC_MODEL_MISMATCH);
	const struct fc_model_attribute elsewhere = { .attribute = FC_ATTRIBUTE_AGE,
						      .output = output };
	assert_int_equal(run_attributes(&elsewhere, false, &out, &err), FC_MODEL_MISMATCH);
}

static void occlusion_has_three_values_and_is_measured_only_on_request(void **state)
{
	(void)state;
	struct fc_attributes out = { 0 };
	struct fc_error err = { 0 };
	struct fc_model_attribute item = {
		.attribute = FC_ATTRIBUTE_OCCLUSION, .index = 125, .scale = 1e6F, .offset = 0.25F
	};
	assert_int_equal(run_attributes(&item, true, &out, &err), FC_OK);
	assert_true(out.has_occlusion);
	for (int i = 0; i < FC_REGION_COUNT; i++) {
		assert_true(out.occlusion[i] == 0 || out.occlusion[i] == 1);
	}
	assert_int_equal(run_attributes(&item, false, &out, &err), FC_OK);
	assert_false(out.has_occlusion);
	item.index = 126;
	assert_int_equal(run_attributes(&item, true, &out, &err), FC_MODEL_MISMATCH);
	assert_non_null(strstr(err.text, "returned 128 values, but occlusion should be at 126"));
}

/* Mirroring a photo mirrors the views of its face. */
static void a_mirrored_face_has_the_same_attributes(void **state)
{
	(void)state;
	FC_CLEANUP(fc_model_freep) struct fc_model *model = NULL;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	struct fc_attributer *attributer;
	struct fc_error err = { 0 };
	const char *const folder = getenv("FACECTL_TEST_MODELS");
	const struct fc_model_path path = { &folder, 1 };
	assert_int_equal(
		fc_model_load(&path, "facectl-attributes", FC_ROLE_ATTRIBUTES, &model, &err),
		FC_OK);
	assert_int_equal(fc_model_read(model, 0, &bytes, &err), FC_OK);
	assert_int_equal(fc_attributer_new(model, &bytes, &attributer, &err), FC_OK);
	for (int kind = 0; kind < 6; kind++) {
		struct fc_image image = plain_picture(300, 240, 120, 150, 170);
		draw_face(&image, 150, 120, 170, kind);
		struct fc_image mirrored = plain_picture(300, 240, 0, 0, 0);
		for (uint32_t y = 0; y < 240; y++) {
			for (uint32_t x = 0; x < 300; x++) {
				memcpy(fc_image_row(&mirrored, y) + (size_t)3 * (299 - x),
				       fc_image_row(&image, y) + (size_t)3 * x, 3);
			}
		}
		/* The middle of the photo, 149.5, is the middle of the aligned face, 55.5. */
		const struct fc_similarity map = { 0.6, 0, 55.5 - 0.6 * 149.5, -10 };
		struct fc_attributes one, other;
		assert_int_equal(
			fc_attributer_run(attributer, &image, &box, &map, true, &one, &err), FC_OK);
		assert_int_equal(
			fc_attributer_run(attributer, &mirrored, &box, &map, true, &other, &err),
			FC_OK);
		assert_float_equal(one.age, other.age, 0.05);
		assert_float_equal(one.smile, other.smile, 0.005);
		assert_true(one.has_occlusion && other.has_occlusion);
		for (int i = 0; i < FC_REGION_COUNT; i++) {
			assert_float_equal(one.occlusion[i], other.occlusion[i], 0.02);
		}
		assert_int_equal(one.emotion, other.emotion);
		assert_float_equal(one.emotion_probability, other.emotion_probability, 0.005);
		fc_image_release(&image);
		fc_image_release(&mirrored);
	}
	fc_attributer_free(attributer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptions_without_a_usable_input_are_refused),
		cmocka_unit_test(bytes_that_are_not_a_network_are_refused_with_the_name),
		cmocka_unit_test(liveness_is_a_probability_of_an_existing_class),
		cmocka_unit_test(attributes_are_read_where_the_description_says),
		cmocka_unit_test(occlusion_has_three_values_and_is_measured_only_on_request),
		cmocka_unit_test(a_mirrored_face_has_the_same_attributes),
	};
	return cmocka_run_group_tests(tests, read_network, release_network);
}
