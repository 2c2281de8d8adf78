/* Landmarks map onto the template, and crops come from the photo's own pixels. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "base/digest.h"
#include "pictures.h"
#include "vision/faces/align.h"
#include "vision/faces/sample.h"

/* The template turned by `angle`, scaled, and its origin moved. */
static void landmarks_at(double angle, double scale, double x, double y,
			 struct fc_point out[FC_LANDMARKS])
{
	for (int i = 0; i < FC_LANDMARKS; i++) {
		double px = fc_align_template[i].x, py = fc_align_template[i].y;
		out[i].x = (float)(scale * (cos(angle) * px - sin(angle) * py) + x);
		out[i].y = (float)(scale * (sin(angle) * px + cos(angle) * py) + y);
	}
}

static void the_template_itself_stays_where_it_is(void **state)
{
	(void)state;
	struct fc_similarity similarity;
	assert_true(fc_align_estimate(fc_align_template, &similarity));
	assert_float_equal(similarity.a, 1, 1e-6);
	assert_float_equal(similarity.b, 0, 1e-6);
	assert_float_equal(similarity.x0, 0, 1e-4);
	assert_float_equal(similarity.y0, 0, 1e-4);
}

static void a_turned_and_scaled_template_is_brought_back(void **state)
{
	(void)state;
	struct fc_point landmarks[FC_LANDMARKS];
	struct fc_similarity similarity;
	landmarks_at(0.7, 3.5, 1000, -200, landmarks);
	assert_true(fc_align_estimate(landmarks, &similarity));
	for (int i = 0; i < FC_LANDMARKS; i++) {
		double x = similarity.a * landmarks[i].x - similarity.b * landmarks[i].y +
			   similarity.x0;
		double y = similarity.b * landmarks[i].x + similarity.a * landmarks[i].y +
			   similarity.y0;
		assert_float_equal(x, fc_align_template[i].x, 1e-3);
		assert_float_equal(y, fc_align_template[i].y, 1e-3);
	}
}

/* At the minimum, the residuals neither turn, scale nor move anything further. */
static void noisy_landmarks_are_fitted_with_the_least_squares(void **state)
{
	(void)state;
	struct fc_point landmarks[FC_LANDMARKS];
	struct fc_similarity s;
	double sum_x = 0, sum_y = 0, turn = 0, grow = 0;
	landmarks_at(-0.3, 2, 40, 60, landmarks);
	landmarks[0].x += 5;
	landmarks[2].y -= 7;
	landmarks[4].x -= 3;
	assert_true(fc_align_estimate(landmarks, &s));
	for (int i = 0; i < FC_LANDMARKS; i++) {
		double px = landmarks[i].x, py = landmarks[i].y;
		double dx = s.a * px - s.b * py + s.x0 - fc_align_template[i].x;
		double dy = s.b * px + s.a * py + s.y0 - fc_align_template[i].y;
		sum_x += dx;
		sum_y += dy;
		grow += px * dx + py * dy;
		turn += -py * dx + px * dy;
	}
	assert_float_equal(sum_x, 0, 1e-6);
	assert_float_equal(sum_y, 0, 1e-6);
	assert_float_equal(grow, 0, 1e-4);
	assert_float_equal(turn, 0, 1e-4);
}

static void mirrored_landmarks_are_never_mirrored_back(void **state)
{
	(void)state;
	struct fc_point landmarks[FC_LANDMARKS];
	struct fc_similarity s;
	for (int i = 0; i < FC_LANDMARKS; i++) {
		landmarks[i].x = FC_CROP_SIDE - fc_align_template[i].x;
		landmarks[i].y = fc_align_template[i].y;
	}
	assert_true(fc_align_estimate(landmarks, &s));
	/* The determinant of a similarity without reflection. */
	assert_true(s.a * s.a + s.b * s.b > 0);
	double left = s.a * landmarks[0].x - s.b * landmarks[0].y + s.x0;
	double right = s.a * landmarks[1].x - s.b * landmarks[1].y + s.x0;
	assert_true(left > right);
}

static void landmarks_in_one_spot_are_refused(void **state)
{
	(void)state;
	struct fc_point same[FC_LANDMARKS], broken[FC_LANDMARKS];
	struct fc_similarity similarity;
	for (int i = 0; i < FC_LANDMARKS; i++) {
		same[i] = (struct fc_point){ 100, 100 };
		broken[i] = fc_align_template[i];
	}
	assert_false(fc_align_estimate(same, &similarity));
	broken[3].x = NAN;
	assert_false(fc_align_estimate(broken, &similarity));
	broken[3].x = INFINITY;
	assert_false(fc_align_estimate(broken, &similarity));
}

static void crop_of(const struct fc_image *image, double scale, double x, double y, uint8_t *crop)
{
	/* From photo to crop: the inverse of scaling by `scale` and moving to x, y. */
	struct fc_similarity similarity = { 1 / scale, 0, -x / scale, -y / scale };
	struct fc_error err = { 0 };
	assert_int_equal(fc_align_crop(image, &similarity, crop, &err), FC_OK);
}

static const uint8_t *pixel_of(const uint8_t *crop, int x, int y)
{
	return crop + 3 * (y * FC_CROP_SIDE + x);
}

static void at_scale_one_pixels_are_copied(void **state)
{
	(void)state;
	struct fc_image image = plain_picture(150, 140, 0, 0, 0);
	uint8_t crop[FC_CROP_BYTES];
	for (uint32_t y = 0; y < image.height; y++) {
		for (uint32_t x = 0; x < image.width; x++) {
			fc_image_row(&image, y)[3 * x] = (uint8_t)(x + y);
			fc_image_row(&image, y)[3 * x + 1] = (uint8_t)x;
			fc_image_row(&image, y)[3 * x + 2] = (uint8_t)y;
		}
	}
	crop_of(&image, 1, 20, 10, crop);
	for (int y = 0; y < FC_CROP_SIDE; y++) {
		assert_memory_equal(pixel_of(crop, 0, y),
				    fc_image_row(&image, (uint32_t)y + 10) + 60, 3 * FC_CROP_SIDE);
	}
	fc_image_release(&image);
}

/* Stripes of one pixel become their mean, not one of them. */
static void a_large_face_is_averaged(void **state)
{
	(void)state;
	struct fc_image image = plain_picture(1400, 1400, 0, 0, 0);
	uint8_t crop[FC_CROP_BYTES];
	for (uint32_t y = 0; y < image.height; y++) {
		for (uint32_t x = 0; x < image.width; x += 2) {
			memset(fc_image_row(&image, y) + (size_t)3 * x, 200, 3);
		}
	}
	static const double scales[] = { 2, 2.5, 4.4, 7, 12 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(scales); i++) {
		crop_of(&image, scales[i], 20, 20, crop);
		for (int at = 0; at < FC_CROP_BYTES; at++) {
			assert_in_range(crop[at], 64, 136);
		}
	}
	fc_image_release(&image);
}

/* A ramp keeps its place to a fraction of a pixel, whatever is averaged on the way. */
static void averaging_does_not_move_the_picture(void **state)
{
	(void)state;
	struct fc_image image = plain_picture(1200, 60, 0, 0, 0);
	uint8_t crop[FC_CROP_BYTES];
	for (uint32_t y = 0; y < image.height; y++) {
		for (uint32_t x = 0; x < image.width; x++) {
			memset(fc_image_row(&image, y) + (size_t)3 * x, (int)(x / 5), 3);
		}
	}
	static const double scales[] = { 1.5, 2, 3.3, 6, 9.9 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(scales); i++) {
		double scale = scales[i];
		crop_of(&image, scale, 30, 0, crop);
		for (int x = 2; x < FC_CROP_SIDE - 2; x++) {
			/* x / 5 is cut down to an integer: two fifths on average. */
			double expected = (30 + scale * x) / 5 - 0.4;
			assert_float_equal(*pixel_of(crop, x, 2), expected, 1.01);
		}
	}
	fc_image_release(&image);
}

/* A network can answer with anything. */
static void a_similarity_that_leads_nowhere_gives_black(void **state)
{
	(void)state;
	static const struct fc_similarity odd[] = {
		{ NAN, 0, 0, 0 },      { 1, NAN, 0, 0 },    { 1, 0, NAN, NAN },
		{ INFINITY, 0, 0, 0 }, { 0, 0, 0, 0 },      { 1, 0, INFINITY, -INFINITY },
		{ 1, 0, 1e300, 0 },    { 1e-300, 0, 0, 0 }, { 1, 0, -1e9, 1e9 },
	};
	struct fc_image image = plain_picture(30, 20, 250, 250, 250);
	uint8_t crop[FC_CROP_BYTES];
	for (size_t i = 0; i < FC_ARRAY_LENGTH(odd); i++) {
		struct fc_error err = { 0 };
		memset(crop, 7, sizeof(crop));
		assert_int_equal(fc_align_crop(&image, &odd[i], crop, &err), FC_OK);
		for (int at = 0; at < FC_CROP_BYTES; at++) {
			assert_int_equal(crop[at], 0);
		}
	}
	fc_image_release(&image);
}

static void outside_the_photo_the_crop_is_black(void **state)
{
	(void)state;
	struct fc_image image = plain_picture(40, 40, 200, 100, 50);
	uint8_t crop[FC_CROP_BYTES];
	crop_of(&image, 1, -10, -10, crop);
	assert_memory_equal(pixel_of(crop, 5, 5), "\0\0\0", 3);
	assert_memory_equal(pixel_of(crop, 10, 10), "\xc8\x64\x32", 3);
	assert_memory_equal(pixel_of(crop, 49, 49), "\xc8\x64\x32", 3);
	assert_memory_equal(pixel_of(crop, 50, 50), "\0\0\0", 3);
	crop_of(&image, 5, 4000, 4000, crop);
	for (int at = 0; at < FC_CROP_BYTES; at++) {
		assert_int_equal(crop[at], 0);
	}
	fc_image_release(&image);
}

static void a_crop_far_larger_than_the_photo_shows_it_as_a_dot(void **state)
{
	(void)state;
	struct fc_image image = plain_picture(8, 8, 255, 255, 255);
	uint8_t crop[FC_CROP_BYTES];
	crop_of(&image, 1e5, -5.5e6, -5.5e6, crop);
	assert_int_equal(*pixel_of(crop, 20, 20), 0);
	fc_image_release(&image);
}

/* Templates of one photo must not differ between machines: the digest is that of a version without vectors. */
static void each_bit_of_a_sampled_picture_is_the_same_on_every_processor(void **state)
{
	(void)state;
	static const struct fc_similarity maps[] = {
		{ 1, 0, 0, 0 },        { 0.6, 0.8, 30, -20 },      { 0.9, -0.2, 3.5, 7.25 },
		{ 0.3, 0.1, 20, 10 },  { 0.0625, 0.03125, 40, 2 }, { 2.5, 1.25, -90, -60 },
		{ -0.5, 0.25, 90, 3 },
	};
	static const uint32_t sides[] = { 112, 57 }; /* in whole blocks of pixels and not */
	char text[FC_SHA256_TEXT_SIZE];
	struct fc_image photo = plain_picture(97, 61, 0, 0, 0);
	struct fc_sha256_stream digest;
	uint32_t random = 1;
	for (size_t i = 0; i < photo.stride * photo.height; i++) {
		random = random * 1664525 + 1013904223;
		photo.pixels[i] = (uint8_t)(random >> 24);
	}
	fc_sha256_begin(&digest);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(maps) * FC_ARRAY_LENGTH(sides); i++) {
		struct fc_image out = plain_picture(sides[i % 2], 40, 0, 0, 0);
		struct fc_error err = { 0 };
		assert_int_equal(fc_image_sample(&photo, &maps[i / 2], &out, &err), FC_OK);
		fc_sha256_add(&digest, out.pixels, out.stride * out.height);
		fc_image_release(&out);
	}
	struct fc_sha256 found = fc_sha256_end(&digest);
	fc_sha256_format(&found, text);
	assert_string_equal(text,
			    "3ced8bb45a4ad02a408ab0ce07f7a8e99858d95229b1b372d88db907ef9f4eb1");
	fc_image_release(&photo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_template_itself_stays_where_it_is),
		cmocka_unit_test(a_turned_and_scaled_template_is_brought_back),
		cmocka_unit_test(noisy_landmarks_are_fitted_with_the_least_squares),
		cmocka_unit_test(mirrored_landmarks_are_never_mirrored_back),
		cmocka_unit_test(landmarks_in_one_spot_are_refused),
		cmocka_unit_test(at_scale_one_pixels_are_copied),
		cmocka_unit_test(a_large_face_is_averaged),
		cmocka_unit_test(averaging_does_not_move_the_picture),
		cmocka_unit_test(a_similarity_that_leads_nowhere_gives_black),
		cmocka_unit_test(outside_the_photo_the_crop_is_black),
		cmocka_unit_test(a_crop_far_larger_than_the_photo_shows_it_as_a_dot),
		cmocka_unit_test(each_bit_of_a_sampled_picture_is_the_same_on_every_processor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
