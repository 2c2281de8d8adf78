/* A photo's whole way, with the two networks of the box and drawn faces. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "usual_limits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "pictures.h"
#include "vision/faces/analyse.h"
#include "vision/faces/annotate.h"
#include "vision/faces/dnn.h"
#include "vision/faces/embedder.h"
#include "vision/faces/picture.h"
#include "vision/faces/sample.h"

static char detector_name[] = "facectl-detect", embedder_name[] = "facectl-embed-2";

static const struct fc_model detector_model = {
	.name = detector_name,
	.role = FC_ROLE_DETECTOR,
	.input = { .order = FC_CHANNELS_BGR, .scale = 1, .deviation = { 1, 1, 1 } },
	.score_threshold = 0.6F,
	.nms_iou = 0.3F,
};
static const struct fc_model embedder_model = {
	.name = embedder_name,
	.role = FC_ROLE_EMBEDDER,
	.input = { .width = 112,
		   .height = 112,
		   .order = FC_CHANNELS_RGB,
		   .scale = 1,
		   .deviation = { 1, 1, 1 } },
	.dimension = 128,
	.mirror = true,
};

static void read_model(const char *file, struct fc_buffer *out)
{
	struct fc_error err = { 0 };
	char *path = fc_path_join(getenv("FACECTL_TEST_MODELS"), file);
	assert_int_equal(fc_file_read(path, 1 << 24, out, &err), FC_OK);
	free(path);
}

static struct fc_analyser *new_analyser(bool with_embedder)
{
	struct fc_buffer detector = { 0 }, embedder = { 0 };
	struct fc_analyser *analyser = NULL;
	struct fc_error err = { 0 };
	struct fc_analyser_options options = {
		.detector = &detector_model,
		.detector_bytes = &detector,
		.embedder = with_embedder ? &embedder_model : NULL,
		.embedder_bytes = with_embedder ? &embedder : NULL,
		.limits = usual_limits,
	};
	read_model("facectl-detect.onnx", &detector);
	read_model("facectl-embed-2.onnx", &embedder);
	assert_int_equal(fc_analyser_new(&options, &analyser, &err), FC_OK);
	fc_buffer_release(&detector);
	fc_buffer_release(&embedder);
	assert_int_equal(fc_analyser_warm_up(analyser, &err), FC_OK);
	return analyser;
}

static int set_up(void **state)
{
	*state = new_analyser(true);
	return 0;
}

static int tear_down(void **state)
{
	fc_analyser_free(*state);
	return 0;
}

static struct fc_image portrait(uint32_t width, uint32_t height, double face, int kind)
{
	struct fc_image image = plain_picture(width, height, 120, 150, 170);
	draw_face(&image, width * 0.45, height * 0.5, face, kind);
	return image;
}

static struct fc_analysis analyse(struct fc_analyser *analyser, const struct fc_buffer *file,
				  enum fc_want want)
{
	struct fc_analysis analysis;
	struct fc_error err = { 0 };
	assert_int_equal(fc_analyse(analyser, file->data, file->length, want, &analysis, &err),
			 FC_OK);
	return analysis;
}

static struct fc_analysis analyse_picture(struct fc_analyser *analyser, struct fc_image image)
{
	struct fc_buffer file = png_file(&image);
	struct fc_analysis analysis = analyse(analyser, &file, FC_WANT_TEMPLATES);
	fc_buffer_release(&file);
	fc_image_release(&image);
	return analysis;
}

static double similarity(const struct fc_face *a, const struct fc_face *b, size_t dimension)
{
	double sum = 0;
	for (size_t i = 0; i < dimension; i++) {
		sum += (double)a->embedding[i] * b->embedding[i];
	}
	return sum;
}

static void a_face_is_found_measured_and_embedded(void **state)
{
	struct fc_image image = portrait(400, 300, 180, 0);
	struct fc_buffer file = jpeg_file(&image);
	struct fc_analysis analysis = analyse(*state, &file, FC_WANT_TEMPLATES | FC_WANT_CROPS);

	assert_int_equal(analysis.format, FC_IMAGE_JPEG);
	assert_int_equal(analysis.width, 400);
	assert_int_equal(analysis.height, 300);
	assert_int_equal(analysis.orientation, 1);
	assert_int_equal(analysis.bytes, file.length);
	assert_int_equal(analysis.dimension, 128);
	assert_int_equal(analysis.face_count, 1);

	const struct fc_face *face = &analysis.faces[0];
	assert_true(face->confidence > 0.6F && face->confidence <= 1);
	assert_true(face->box.left > 90 && face->box.right < 270);
	assert_true(face->box.top > 40 && face->box.bottom < 260);
	/* The eyes were drawn at 180 +- 26, 139. */
	assert_float_equal(face->landmarks[0].x, 154, 10);
	assert_float_equal(face->landmarks[1].x, 206, 10);
	assert_float_equal(face->landmarks[0].y, 139, 10);
	assert_float_equal(face->quality.eye_distance, 52, 8);
	assert_float_equal(face->quality.visibility, 1, 1e-6);
	assert_float_equal(face->quality.pan, 0, 12);
	assert_float_equal(similarity(face, face, 128), 1, 1e-5);
	assert_non_null(face->crop);
	fc_analysis_release(&analysis);
	fc_buffer_release(&file);
	fc_image_release(&image);
}

static void only_what_was_asked_for_is_there(void **state)
{
	struct fc_image image = portrait(300, 300, 150, 1);
	struct fc_buffer file = png_file(&image);
	struct fc_analysis analysis = analyse(*state, &file, FC_WANT_FACES);
	assert_int_equal(analysis.face_count, 1);
	assert_int_equal(analysis.dimension, 0);
	assert_null(analysis.faces[0].embedding);
	assert_null(analysis.faces[0].crop);
	fc_analysis_release(&analysis);
	fc_buffer_release(&file);
	fc_image_release(&image);
}

static void a_template_can_be_wanted_of_a_face_that_is_alone(void **state)
{
	for (int faces = 1; faces <= 2; faces++) {
		struct fc_image image = plain_picture(800, 400, 120, 150, 170);
		for (int i = 0; i < faces; i++) {
			draw_face(&image, 200 + 400 * i, 200, 150, i);
		}
		struct fc_buffer file = png_file(&image);
		struct fc_analysis analysis =
			analyse(*state, &file, FC_WANT_TEMPLATES | FC_WANT_CROPS | FC_WANT_ALONE);
		assert_int_equal(analysis.face_count, faces);
		assert_int_equal(analysis.dimension, 128);
		for (int i = 0; i < faces; i++) {
			assert_int_equal(analysis.faces[i].embedding != NULL, faces == 1);
			assert_int_equal(analysis.faces[i].crop != NULL, faces == 1);
			assert_true(analysis.faces[i].quality.sharpness > 0);
		}
		fc_analysis_release(&analysis);
		fc_buffer_release(&file);
		fc_image_release(&image);
	}
}

/* sizes: of two faces beside each other. */
static void assert_described(struct fc_analyser *analyser, const double sizes[2], int expected)
{
	struct fc_image image = plain_picture(800, 400, 120, 150, 170);
	draw_face(&image, 300, 200, sizes[0], 0);
	draw_face(&image, 600, 200, sizes[1], 1);
	struct fc_buffer file = png_file(&image);
	struct fc_analysis analysis =
		analyse(analyser, &file, FC_WANT_TEMPLATES | FC_WANT_CROPS | FC_WANT_MAIN);
	assert_int_equal(analysis.face_count, 2);
	for (int i = 0; i < 2; i++) {
		const struct fc_face *face = &analysis.faces[i];
		int drawn = face->box.left + face->box.right > 900;
		assert_int_equal(face->embedding != NULL, drawn == expected);
		assert_int_equal(face->crop != NULL, drawn == expected);
		assert_true(face->quality.sharpness > 0);
	}
	fc_analysis_release(&analysis);
	fc_buffer_release(&file);
	fc_image_release(&image);
}

static void a_template_can_be_wanted_of_the_main_face(void **state)
{
	assert_described(*state, (double[]){ 250, 70 }, 0);
	assert_described(*state, (double[]){ 70, 300 }, 1);
	/* Neither is the main one. */
	assert_described(*state, (double[]){ 150, 190 }, -1);
}

/* What a gallery keeps of a face is enough to make its template again. */
static void a_crop_gives_the_template_of_the_photo_it_was_taken_from(void **state)
{
	struct fc_image image = portrait(400, 300, 180, 0);
	struct fc_buffer file = png_file(&image);
	struct fc_analysis photo = analyse(*state, &file, FC_WANT_TEMPLATES | FC_WANT_CROPS);
	struct fc_image crop = { photo.faces[0].crop, FC_CROP_SIDE, FC_CROP_SIDE,
				 (size_t)3 * FC_CROP_SIDE };
	struct fc_buffer crop_file = png_file(&crop);
	struct fc_analysis again = analyse(*state, &crop_file, FC_WANT_TEMPLATES | FC_WANT_OF_CROP);
	assert_int_equal(again.face_count, 1);
	assert_memory_equal(again.faces[0].embedding, photo.faces[0].embedding,
			    128 * sizeof(float));
	fc_analysis_release(&again);
	fc_analysis_release(&photo);
	fc_buffer_release(&crop_file);
	fc_buffer_release(&file);
	fc_image_release(&image);
}

static void a_picture_of_another_size_is_no_crop(void **state)
{
	struct fc_image image = plain_picture(112, 113, 90, 120, 60);
	struct fc_buffer file = png_file(&image);
	struct fc_analysis analysis;
	struct fc_error err = { 0 };
	assert_int_equal(fc_analyse(*state, file.data, file.length,
				    FC_WANT_TEMPLATES | FC_WANT_OF_CROP, &analysis, &err),
			 FC_BAD_IMAGE);
	assert_int_equal(analysis.face_count, 0);
	assert_non_null(strstr(err.text, "112x113"));
	fc_analysis_release(&analysis);
	fc_buffer_release(&file);
	fc_image_release(&image);
}

static void the_same_photo_gives_the_same_template_each_time(void **state)
{
	struct fc_analysis first = analyse_picture(*state, portrait(400, 300, 180, 0));
	struct fc_analysis other = analyse_picture(*state, portrait(900, 700, 300, 1));
	struct fc_analysis again = analyse_picture(*state, portrait(400, 300, 180, 0));
	assert_int_equal(first.face_count, 1);
	assert_int_equal(again.face_count, 1);
	assert_memory_equal(first.faces[0].embedding, again.faces[0].embedding,
			    128 * sizeof(float));
	fc_analysis_release(&first);
	fc_analysis_release(&other);
	fc_analysis_release(&again);
}

static void a_photo_without_faces_is_no_error(void **state)
{
	struct fc_analysis analysis = analyse_picture(*state, plain_picture(500, 400, 90, 120, 60));
	assert_int_equal(analysis.face_count, 0);
	fc_analysis_release(&analysis);
	analysis = analyse_picture(*state, plain_picture(1, 1, 0, 0, 0));
	assert_int_equal(analysis.face_count, 0);
	fc_analysis_release(&analysis);
}

static void several_faces_come_best_first(void **state)
{
	struct fc_image image = plain_picture(1000, 400, 120, 150, 170);
	for (int i = 0; i < 4; i++) {
		draw_face(&image, 130 + 245 * i, 200, 150, i);
	}
	struct fc_analysis analysis = analyse_picture(*state, image);
	assert_int_equal(analysis.face_count, 4);
	for (size_t i = 1; i < 4; i++) {
		assert_true(analysis.faces[i - 1].confidence >= analysis.faces[i].confidence);
	}
	fc_analysis_release(&analysis);
}

/* Undo what an orientation will do: its inverse, which differs from it for the two quarter turns. */
static uint8_t inverse_of(uint8_t orientation)
{
	return orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;
}

static void every_orientation_shows_the_same_face_in_the_same_place(void **state)
{
	struct fc_analysis upright = analyse_picture(*state, portrait(640, 480, 220, 0));
	assert_int_equal(upright.face_count, 1);
	for (uint8_t orientation = 1; orientation <= 8; orientation++) {
		struct fc_error err = { 0 };
		struct fc_image stored = portrait(640, 480, 220, 0);
		assert_int_equal(fc_image_orient(&stored, inverse_of(orientation), &err), FC_OK);
		struct fc_buffer plain = jpeg_file(&stored);
		struct fc_buffer exif = exif_block(orientation, orientation % 2 == 0);
		struct fc_buffer file = with_exif_jpeg(&plain, &exif);
		struct fc_analysis analysis = analyse(*state, &file, FC_WANT_TEMPLATES);

		assert_int_equal(analysis.orientation, orientation);
		assert_int_equal(analysis.width, 640);
		assert_int_equal(analysis.height, 480);
		assert_int_equal(analysis.face_count, 1);
		const struct fc_box *box = &analysis.faces[0].box,
				    *expected = &upright.faces[0].box;
		assert_float_equal(box->left, expected->left, 4);
		assert_float_equal(box->top, expected->top, 4);
		assert_float_equal(box->right, expected->right, 4);
		assert_float_equal(box->bottom, expected->bottom, 4);
		assert_true(similarity(&analysis.faces[0], &upright.faces[0], 128) > 0.98);
		fc_analysis_release(&analysis);
		fc_buffer_release(&plain);
		fc_buffer_release(&exif);
		fc_buffer_release(&file);
		fc_image_release(&stored);
	}
	fc_analysis_release(&upright);
}

/* 12 megapixels: the face fills the height, then takes 2 % of the longer side. */
static void large_and_small_faces_of_a_large_photo_are_found(void **state)
{
	struct fc_analysis large = analyse_picture(*state, portrait(4000, 3000, 3000, 0));
	assert_int_equal(large.face_count, 1);
	assert_true(large.faces[0].box.bottom - large.faces[0].box.top > 1800);
	struct fc_analysis small = analyse_picture(*state, portrait(4000, 3000, 100, 0));
	assert_int_equal(small.face_count, 1);
	assert_true(small.faces[0].box.bottom - small.faces[0].box.top < 110);
	assert_float_equal(small.faces[0].landmarks[2].x, 1800, 20);
	assert_float_equal(small.faces[0].landmarks[2].y, 1510, 20);
	fc_analysis_release(&large);
	fc_analysis_release(&small);
}

/* Landmarks found on the shrunk photo alone would leave this template far off. */
static void a_small_face_of_a_large_photo_has_the_template_of_a_large_one(void **state)
{
	struct fc_analysis near = analyse_picture(*state, portrait(400, 300, 180, 0));
	struct fc_analysis far = analyse_picture(*state, portrait(4000, 3000, 120, 0));
	assert_int_equal(near.face_count, 1);
	assert_int_equal(far.face_count, 1);
	assert_true(similarity(&near.faces[0], &far.faces[0], 128) > 0.85);
	fc_analysis_release(&near);
	fc_analysis_release(&far);
}

static struct fc_image rolled_portrait(double degrees)
{
	enum { SIDE = 400 };
	const double middle = (SIDE - 1) / 2.0, angle = degrees * M_PI / 180;
	struct fc_image upright = plain_picture(SIDE, SIDE, 120, 150, 170);
	struct fc_image rolled = plain_picture(SIDE, SIDE, 0, 0, 0);
	struct fc_similarity turn = { cos(angle), sin(angle), 0, 0 };
	struct fc_error err = { 0 };

	draw_face(&upright, middle, middle, 200, 0);
	turn.x0 = middle - (turn.a - turn.b) * middle;
	turn.y0 = middle - (turn.b + turn.a) * middle;
	assert_int_equal(fc_image_sample(&upright, &turn, &rolled, &err), FC_OK);
	fc_image_release(&upright);
	return rolled;
}

static void a_rolled_face_has_the_template_of_the_upright_one(void **state)
{
	static const double rolls[] = { 25, -25, 60, 90, -90, 120, 160, 180, -170 };
	struct fc_analysis upright = analyse_picture(*state, rolled_portrait(0));
	assert_int_equal(upright.face_count, 1);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(rolls); i++) {
		struct fc_analysis rolled = analyse_picture(*state, rolled_portrait(rolls[i]));
		assert_int_equal(rolled.face_count, 1);
		const struct fc_face *face = &rolled.faces[0];
		assert_true(similarity(face, &upright.faces[0], 128) > 0.9);
		assert_float_equal(remainder(face->quality.roll - rolls[i], 360), 0, 5);
		fc_analysis_release(&rolled);
	}
	fc_analysis_release(&upright);
}

static void box_and_landmarks_of_a_face_upside_down_are_those_of_the_photo(void **state)
{
	struct fc_analysis upright = analyse_picture(*state, rolled_portrait(0));
	struct fc_analysis turned = analyse_picture(*state, rolled_portrait(180));
	assert_int_equal(upright.face_count, 1);
	assert_int_equal(turned.face_count, 1);
	const struct fc_box *a = &upright.faces[0].box, *b = &turned.faces[0].box;
	assert_float_equal(a->left + b->right, 399, 8);
	assert_float_equal(a->top + b->bottom, 399, 8);
	assert_float_equal(a->right + b->left, 399, 8);
	assert_float_equal(a->bottom + b->top, 399, 8);
	for (int i = 0; i < FC_LANDMARKS; i++) {
		const struct fc_point *p = &upright.faces[0].landmarks[i];
		const struct fc_point *q = &turned.faces[0].landmarks[i];
		assert_float_equal(p->x + q->x, 399, 5);
		assert_float_equal(p->y + q->y, 399, 5);
	}
	fc_analysis_release(&upright);
	fc_analysis_release(&turned);
}

/* The first pass finds no face that is turned by 90 degrees. */
static void faces_turned_by_90_degrees_are_found_in_the_pixels_of_the_photo(void **state)
{
	struct fc_image image = portrait(900, 1500, 300, 0);
	struct fc_buffer file = png_file(&image);
	struct fc_analysis upright = analyse(*state, &file, FC_WANT_TEMPLATES);
	struct fc_error err = { 0 };
	assert_int_equal(upright.face_count, 1);
	for (int clockwise = 0; clockwise < 2; clockwise++) {
		struct fc_image turned = portrait(900, 1500, 300, 0);
		assert_int_equal(fc_image_orient(&turned, clockwise ? 6 : 8, &err), FC_OK);
		struct fc_analysis found = analyse_picture(*state, turned);
		assert_int_equal(found.face_count, 1);
		assert_true(similarity(&found.faces[0], &upright.faces[0], 128) > 0.95);
		const struct fc_box *box = &found.faces[0].box;
		assert_float_equal((box->left + box->right) / 2, clockwise ? 749 : 750, 20);
		assert_float_equal((box->top + box->bottom) / 2, clockwise ? 405 : 494, 20);
		for (int i = 0; i < FC_LANDMARKS; i++) {
			const struct fc_point *p = &upright.faces[0].landmarks[i];
			const struct fc_point *q = &found.faces[0].landmarks[i];
			assert_float_equal(q->x, clockwise ? 1499 - p->y : p->y, 6);
			assert_float_equal(q->y, clockwise ? p->x : 899 - p->x, 6);
		}
		fc_analysis_release(&found);
	}
	fc_analysis_release(&upright);
	fc_buffer_release(&file);
	fc_image_release(&image);
}

static void boxes_are_clipped_and_visibility_tells_it(void **state)
{
	struct fc_image image = plain_picture(300, 300, 120, 150, 170);
	draw_face(&image, 40, 150, 200, 0);
	struct fc_analysis analysis = analyse_picture(*state, image);
	assert_int_equal(analysis.face_count, 1);
	assert_true(analysis.faces[0].box.left == 0);
	/* The eyes are 58 pixels apart, so the middle of the crop is 118 pixels wide, of which 19 are outside. */
	assert_float_equal(analysis.faces[0].quality.visibility, 0.84, 0.05);
	fc_analysis_release(&analysis);
}

static void a_refused_photo_still_has_its_hash(void **state)
{
	struct fc_analysis analysis;
	struct fc_error err = { 0 };
	char hash[FC_SHA256_TEXT_SIZE];
	assert_int_equal(fc_analyse(*state, "", 0, FC_WANT_FACES, &analysis, &err), FC_BAD_IMAGE);
	assert_string_equal(err.text, "empty image");
	fc_sha256_format(&analysis.sha256, hash);
	assert_string_equal(hash,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	fc_analysis_release(&analysis);

	assert_int_equal(fc_analyse(*state, "abc", 3, FC_WANT_FACES, &analysis, &err),
			 FC_BAD_IMAGE);
	assert_int_equal(analysis.bytes, 3);
	fc_sha256_format(&analysis.sha256, hash);
	assert_string_equal(hash,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	fc_analysis_release(&analysis);
}

static void results_need_their_model(void **state)
{
	(void)state;
	struct fc_analyser *analyser = new_analyser(false);
	struct fc_image image = portrait(300, 300, 150, 0);
	struct fc_buffer file = png_file(&image);
	struct fc_analysis analysis;
	struct fc_error err = { 0 };
	static const enum fc_want wants[] = { FC_WANT_TEMPLATES, FC_WANT_LIVENESS,
					      FC_WANT_ATTRIBUTES };
	static const char *const lacking[] = { "without an embedder", "without a liveness model",
					       "without an attributes model" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(wants); i++) {
		assert_int_equal(
			fc_analyse(analyser, file.data, file.length, wants[i], &analysis, &err),
			FC_INVALID_ARGUMENT);
		assert_non_null(strstr(err.text, lacking[i]));
		fc_analysis_release(&analysis);
	}
	analysis = analyse(analyser, &file, FC_WANT_FACES);
	assert_int_equal(analysis.face_count, 1);
	fc_analysis_release(&analysis);
	fc_buffer_release(&file);
	fc_image_release(&image);
	fc_analyser_free(analyser);
}

static void bytes_that_are_no_network_are_refused(void **state)
{
	(void)state;
	struct fc_buffer bytes = { 0 };
	struct fc_analyser *analyser = NULL;
	struct fc_error err = { 0 };
	struct fc_analyser_options options = { .detector = &detector_model,
					       .detector_bytes = &bytes };
	fc_buffer_append_text(&bytes, "not a network at all");
	assert_int_equal(fc_analyser_new(&options, &analyser, &err), FC_MODEL_MISMATCH);
	assert_non_null(strstr(err.text, "facectl-detect"));
	assert_null(analyser);
	fc_buffer_release(&bytes);
}

static void a_network_of_the_other_kind_is_refused_when_warmed_up(void **state)
{
	(void)state;
	struct fc_buffer detector = { 0 }, embedder = { 0 };
	struct fc_model wider = embedder_model;
	struct fc_analyser *analyser = NULL;
	struct fc_error err = { 0 };
	struct fc_analyser_options options = {
		.detector = &detector_model,
		.detector_bytes = &detector,
		.embedder = &wider,
		.embedder_bytes = &embedder,
	};
	wider.dimension = 512;
	read_model("facectl-detect.onnx", &detector);
	read_model("facectl-embed-2.onnx", &embedder);
	assert_int_equal(fc_analyser_new(&options, &analyser, &err), FC_OK);
	assert_int_equal(fc_analyser_warm_up(analyser, &err), FC_MODEL_MISMATCH);
	fc_analyser_freep(&analyser);

	options.embedder = NULL;
	options.detector_bytes = &embedder;
	assert_int_equal(fc_analyser_new(&options, &analyser, &err), FC_OK);
	assert_int_equal(fc_analyser_warm_up(analyser, &err), FC_MODEL_MISMATCH);
	fc_analyser_free(analyser);
	fc_buffer_release(&detector);
	fc_buffer_release(&embedder);
}

static bool contains(const struct fc_buffer *file, const char *bytes, size_t length)
{
	return memmem(file->data, file->length, bytes, length) != NULL;
}

static void an_annotated_photo_is_upright_and_without_metadata(void **state)
{
	struct fc_image image = portrait(400, 300, 150, 0);
	struct fc_buffer plain = jpeg_file(&image), exif = exif_block(6, true);
	struct fc_buffer file = with_exif_jpeg(&plain, &exif);
	struct fc_mark marks[] = {
		{ .box = { 40, 40, 120, 160 }, .label = "anna", .known = true },
		{ .box = { 200, 380, 290, 399 },
		  .label = "J\xc3\xbcrgen with a name far too long for this photo" },
		{ .box = { -500, -500, 5000, 20 }, .label = "", .known = true },
	};
	static const enum fc_image_format formats[] = { FC_IMAGE_JPEG, FC_IMAGE_PNG };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(formats); i++) {
		struct fc_buffer drawn = { 0 };
		struct fc_error err = { 0 };
		const struct fc_drawing drawing = { marks, FC_ARRAY_LENGTH(marks), formats[i] };
		assert_int_equal(
			fc_picture_draw(&usual_limits, NULL, &file, &drawing, &drawn, &err), FC_OK);
		struct fc_analysis analysis = analyse(*state, &drawn, FC_WANT_FACES);
		assert_int_equal(analysis.format, formats[i]);
		assert_int_equal(analysis.width, 300);
		assert_int_equal(analysis.height, 400);
		assert_int_equal(analysis.orientation, 1);
		assert_false(contains(&drawn, "Exif", 4));
		assert_false(contains(&drawn, "eXIf", 4));
		fc_analysis_release(&analysis);
		fc_buffer_release(&drawn);
	}
	struct fc_buffer none = { 0 };
	struct fc_error err = { 0 };
	const struct fc_drawing other_kind = { marks, 1, FC_IMAGE_WEBP };
	assert_int_equal(fc_picture_draw(&usual_limits, NULL, &file, &other_kind, &none, &err),
			 FC_INVALID_ARGUMENT);
	fc_buffer_release(&plain);
	fc_buffer_release(&exif);
	fc_buffer_release(&file);
	fc_image_release(&image);
}

static void a_mark_changes_pixels_at_its_box_and_nowhere_far(void **state)
{
	(void)state;
	struct fc_image image = plain_picture(400, 300, 50, 60, 70);
	struct fc_mark mark = { .box = { 100, 50, 200, 150 }, .label = "x", .known = true };
	struct fc_error err = { 0 };
	assert_int_equal(fc_annotate(&image, &mark, 1, &err), FC_OK);
	assert_memory_equal(fc_image_row(&image, 100) + 3 * 150, "\x32\x3c\x46", 3);
	assert_memory_equal(fc_image_row(&image, 250) + 3 * 350, "\x32\x3c\x46", 3);
	assert_memory_not_equal(fc_image_row(&image, 100) + 3 * 100, "\x32\x3c\x46", 3);
	fc_image_release(&image);
}

static void a_label_without_room_on_the_photo_is_drawn_below_it(void **state)
{
	(void)state;
	struct fc_image image = plain_picture(200, 200, 50, 60, 70);
	const struct fc_mark mark = { .box = { 0, 0, 200, 200 }, .label = "anna", .known = true };
	struct fc_error err = { 0 };
	assert_int_equal(fc_annotate(&image, &mark, 1, &err), FC_OK);
	assert_int_equal(image.width, 200);
	assert_int_equal(image.height, 200 + 1 + 16 + 1); /* gap, letters of 8 pixels, gap */
	assert_memory_equal(fc_image_row(&image, 20) + 3 * 20, "\x32\x3c\x46", 3);
	assert_memory_equal(fc_image_row(&image, 190) + 3 * 100, "\x32\x3c\x46", 3);
	assert_memory_equal(fc_image_row(&image, 202) + 3 * 100, "\x3c\xc8\x50", 3);
	assert_memory_equal(fc_image_row(&image, 202) + 3 * 10, "\x28\x28\x28", 3);
	fc_image_release(&image);
}

/* How many pixels of a row or column through the frame have its colour. */
static size_t count_colour(const struct fc_image *image, uint32_t row, const char *colour)
{
	size_t found = 0;
	for (uint32_t x = 100; x < 200; x++) {
		found += memcmp(fc_image_row(image, row) + 3 * (size_t)x, colour, 3) == 0;
	}
	return found;
}

static void known_and_unknown_faces_differ_without_colour(void **state)
{
	(void)state;
	struct fc_error err = { 0 };
	struct fc_mark mark = { .box = { 100, 50, 200, 150 }, .label = "", .known = true };
	struct fc_image known = plain_picture(400, 300, 50, 60, 70);
	struct fc_image unknown = plain_picture(400, 300, 50, 60, 70);
	assert_int_equal(fc_annotate(&known, &mark, 1, &err), FC_OK);
	mark.known = false;
	assert_int_equal(fc_annotate(&unknown, &mark, 1, &err), FC_OK);
	assert_int_equal(count_colour(&known, 50, "\x3c\xc8\x50"), 100);
	assert_in_range(count_colour(&unknown, 50, "\xff\xff\xff"), 40, 60);
	assert_in_range(count_colour(&unknown, 50, "\0\0\0"), 40, 60);
	fc_image_release(&known);
	fc_image_release(&unknown);
}

static void a_stencil_is_drawn_instead_of_the_label(void **state)
{
	(void)state;
	struct fc_image image = plain_picture(400, 300, 50, 60, 70);
	uint8_t opacity[20 * 12];
	memset(opacity, 255, sizeof(opacity));
	opacity[0] = 0;
	struct fc_mark mark = { .box = { 100, 50, 200, 150 },
				.label = "a long label that is not drawn",
				.known = true,
				.letter = 8,
				.stencil = { 20, 12, opacity } };
	struct fc_error err = { 0 };
	assert_int_equal(fc_annotate(&image, &mark, 1, &err), FC_OK);
	/* the bar begins at the frame's edge, one pixel outside of the box, and the text half a letter further */
	assert_memory_equal(fc_image_row(&image, 151) + 3 * 103, "\x3c\xc8\x50", 3);
	assert_memory_equal(fc_image_row(&image, 151) + 3 * 104, "\0\0\0", 3);
	assert_memory_equal(fc_image_row(&image, 162) + 3 * 122, "\0\0\0", 3);
	assert_memory_equal(fc_image_row(&image, 162) + 3 * 123, "\x3c\xc8\x50", 3);
	assert_memory_equal(fc_image_row(&image, 155) + 3 * 127, "\x32\x3c\x46", 3);
	fc_image_release(&image);
}

static void letters_the_font_lacks_become_question_marks(void **state)
{
	(void)state;
	char text[16];
	fc_annotate_ascii("J\xc3\xbcrgen \xe6\x9d\x8e", text, sizeof(text));
	assert_string_equal(text, "J?rgen ?");
	fc_annotate_ascii("a\tb\x7f", text, sizeof(text));
	assert_string_equal(text, "a?b?");
	fc_annotate_ascii("12345678901234567890", text, sizeof(text));
	assert_string_equal(text, "123456789012345");
}

static void vectors_without_a_direction_are_no_templates(void **state)
{
	(void)state;
	float good[] = { 3, 4 }, zero[] = { 0, 0 }, nan[] = { 1, NAN }, endless[] = { INFINITY, 1 };
	assert_true(fc_normalise(good, 2));
	assert_float_equal(good[0], 0.6, 1e-6);
	assert_float_equal(good[1], 0.8, 1e-6);
	assert_false(fc_normalise(zero, 2));
	assert_false(fc_normalise(nan, 2));
	assert_false(fc_normalise(endless, 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_face_is_found_measured_and_embedded),
		cmocka_unit_test(only_what_was_asked_for_is_there),
		cmocka_unit_test(a_template_can_be_wanted_of_a_face_that_is_alone),
		cmocka_unit_test(a_template_can_be_wanted_of_the_main_face),
		cmocka_unit_test(a_crop_gives_the_template_of_the_photo_it_was_taken_from),
		cmocka_unit_test(a_picture_of_another_size_is_no_crop),
		cmocka_unit_test(the_same_photo_gives_the_same_template_each_time),
		cmocka_unit_test(a_photo_without_faces_is_no_error),
		cmocka_unit_test(several_faces_come_best_first),
		cmocka_unit_test(every_orientation_shows_the_same_face_in_the_same_place),
		cmocka_unit_test(large_and_small_faces_of_a_large_photo_are_found),
		cmocka_unit_test(a_small_face_of_a_large_photo_has_the_template_of_a_large_one),
		cmocka_unit_test(a_rolled_face_has_the_template_of_the_upright_one),
		cmocka_unit_test(box_and_landmarks_of_a_face_upside_down_are_those_of_the_photo),
		cmocka_unit_test(faces_turned_by_90_degrees_are_found_in_the_pixels_of_the_photo),
		cmocka_unit_test(boxes_are_clipped_and_visibility_tells_it),
		cmocka_unit_test(a_refused_photo_still_has_its_hash),
		cmocka_unit_test(results_need_their_model),
		cmocka_unit_test(bytes_that_are_no_network_are_refused),
		cmocka_unit_test(a_network_of_the_other_kind_is_refused_when_warmed_up),
		cmocka_unit_test(an_annotated_photo_is_upright_and_without_metadata),
		cmocka_unit_test(a_mark_changes_pixels_at_its_box_and_nowhere_far),
		cmocka_unit_test(a_label_without_room_on_the_photo_is_drawn_below_it),
		cmocka_unit_test(known_and_unknown_faces_differ_without_colour),
		cmocka_unit_test(a_stencil_is_drawn_instead_of_the_label),
		cmocka_unit_test(letters_the_font_lacks_become_question_marks),
		cmocka_unit_test(vectors_without_a_direction_are_no_templates),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
