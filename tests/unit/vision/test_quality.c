/* Each measure of a face moves with what it measures. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "pictures.h"
#include "vision/faces/align.h"
#include "vision/faces/quality.h"

enum { SIDE = FC_CROP_SIDE };

static struct fc_detection frontal(void)
{
	struct fc_detection detection = { .box = { 10, 10, 110, 120 }, .score = 0.9F };
	memcpy(detection.landmarks, fc_align_template, sizeof(detection.landmarks));
	return detection;
}

static void fill(uint8_t *crop, int dark, int bright, int square)
{
	for (int i = 0; i < SIDE * SIDE; i++) {
		int odd = (i % SIDE / square + i / SIDE / square) % 2;
		memset(crop + (size_t)3 * (size_t)i, odd ? bright : dark, 3);
	}
}

static struct fc_quality measure(const struct fc_detection *detection, const uint8_t *crop)
{
	const struct fc_similarity large = { 0.5, 0, 0,
					     0 }; /* the crop shows 224 pixels of the photo */
	return fc_quality_measure(detection, &large, crop, 1000, 1000);
}

static struct fc_quality of_landmarks(const struct fc_point landmarks[FC_LANDMARKS])
{
	uint8_t crop[FC_CROP_BYTES];
	struct fc_detection detection = frontal();
	memcpy(detection.landmarks, landmarks, sizeof(detection.landmarks));
	fill(crop, 100, 150, 4);
	return measure(&detection, crop);
}

/* Points of a head with its nose standing out, turned and seen from afar. */
static void turned_head(double pan, double tilt, double roll, struct fc_point out[FC_LANDMARKS])
{
	const double eyes = 36, eye_y = 52, height = 1.03 * eyes, mouth_y = eye_y + height;
	double x[] = { -eyes / 2, eyes / 2, 0, -14.6, 14.6 };
	double y[] = { eye_y, eye_y, eye_y + 0.56 * height, mouth_y, mouth_y };
	double z[] = { 0, 0, 0.43 * eyes, 0, 0 };
	for (int i = 0; i < FC_LANDMARKS; i++) {
		double px = x[i] * cos(pan) + z[i] * sin(pan);
		double pz = z[i] * cos(pan) - x[i] * sin(pan);
		double py = (y[i] - 70) * cos(tilt) - pz * sin(tilt);
		out[i].x = (float)(300 + 2 * (px * cos(roll) - py * sin(roll)));
		out[i].y = (float)(300 + 2 * (px * sin(roll) + py * cos(roll)));
	}
}

static void a_frontal_face_looks_straight_ahead(void **state)
{
	(void)state;
	struct fc_point landmarks[FC_LANDMARKS];
	turned_head(0, 0, 0, landmarks);
	struct fc_quality quality = of_landmarks(landmarks);
	assert_float_equal(quality.pan, 0, 1);
	assert_float_equal(quality.tilt, 0, 1);
	assert_float_equal(quality.roll, 0, 1);
	assert_float_equal(quality.frontality, 1, 0.01);
	assert_float_equal(quality.eye_distance, 72, 0.01);
}

static void assert_pose(double pan, double tilt, double roll, float tolerance)
{
	struct fc_point landmarks[FC_LANDMARKS];
	turned_head(pan * M_PI / 180, tilt * M_PI / 180, roll * M_PI / 180, landmarks);
	struct fc_quality quality = of_landmarks(landmarks);
	assert_float_equal(quality.pan, (float)pan, tolerance);
	assert_float_equal(quality.tilt, (float)tilt, tolerance);
	assert_float_equal(quality.roll, (float)roll, tolerance);
}

static void a_turned_head_gives_its_angles_back(void **state)
{
	(void)state;
	static const double rolls[] = { -30, 0, 75 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(rolls); i++) {
		for (int angle = -40; angle <= 40; angle += 20) {
			assert_pose(angle, 0, rolls[i], 1.5F);
			assert_pose(0, angle, rolls[i], 1.5F);
		}
	}
	/* Turned about two axes, the line between the eyes leans too, and the angles mix. */
	assert_pose(20, 10, 0, 6);
	assert_pose(-20, 10, 0, 6);
	assert_pose(-20, -15, 0, 8);
}

static void turning_away_lowers_frontality_and_awesomeness(void **state)
{
	(void)state;
	struct fc_point frontal_face[FC_LANDMARKS];
	turned_head(0, 0, 0, frontal_face);
	struct fc_quality before = of_landmarks(frontal_face);
	for (int degrees = 10; degrees <= 80; degrees += 10) {
		struct fc_point landmarks[FC_LANDMARKS];
		turned_head(degrees * M_PI / 180, 0, 0, landmarks);
		struct fc_quality quality = of_landmarks(landmarks);
		assert_true(quality.frontality < before.frontality);
		assert_true(quality.frontality >= -1);
		before = quality;
	}
}

static void sharpness_falls_as_details_go(void **state)
{
	(void)state;
	struct fc_detection detection = frontal();
	uint8_t crop[FC_CROP_BYTES];
	fill(crop, 60, 190, 2);
	float fine = measure(&detection, crop).sharpness;
	fill(crop, 60, 190, 16);
	float coarse = measure(&detection, crop).sharpness;
	fill(crop, 120, 120, 16);
	float flat = measure(&detection, crop).sharpness;
	assert_true(fine > 0.95F);
	assert_true(coarse < fine && coarse > 0.1F);
	assert_float_equal(flat, 0, 1e-6);
}

/* How much of the wave exp(i (u x + v y)) remains in the mean over a pixel. */
static double left_of_wave(double u, double v)
{
	return sin(u / 2) / (u / 2) * sin(v / 2) / (v / 2);
}

/* A photo of waves that the crop shows `scale` times smaller: each pixel is the exact mean of its area. */
static struct fc_image photo_of_waves(double scale)
{
	static const double waves[][3] = {
		{ 0.3, 0.2, 60 }, { -0.5, 0.9, 20 }, { 1.3, -0.4, 6 },
		{ 0.6, 1.9, 4 },  { 2.2, 1.1, 3 },   { -1.7, 2.3, 2.5 }
	};
	uint32_t side = (uint32_t)ceil(SIDE * scale);
	struct fc_image image = plain_picture(side, side, 0, 0, 0);
	for (uint32_t y = 0; y < side; y++) {
		for (uint32_t x = 0; x < side; x++) {
			double level = 127.5;
			for (size_t i = 0; i < FC_ARRAY_LENGTH(waves); i++) {
				double u = waves[i][0] / scale, v = waves[i][1] / scale;
				level += waves[i][2] * left_of_wave(u, v) *
					 cos(u * (x + 0.5) + v * (y + 0.5));
			}
			memset(fc_image_row(&image, y) + (size_t)3 * x, (int)lround(level), 3);
		}
	}
	return image;
}

static void sharpness_does_not_depend_on_the_size_of_the_photo(void **state)
{
	(void)state;
	const struct fc_detection detection = frontal();
	float least = 1, most = 0;
	for (double scale = 1.01; scale < 6.3; scale += scale < 4.2 ? 0.17 : 0.6) {
		struct fc_image photo = photo_of_waves(scale);
		struct fc_similarity similarity = { 1 / scale, 0, (1 / scale - 1) / 2,
						    (1 / scale - 1) / 2 };
		struct fc_error err = { 0 };
		uint8_t crop[FC_CROP_BYTES];
		assert_int_equal(fc_align_crop(&photo, &similarity, crop, &err), FC_OK);
		struct fc_quality quality = fc_quality_measure(&detection, &similarity, crop,
							       photo.width, photo.height);
		least = fminf(least, quality.sharpness);
		most = fmaxf(most, quality.sharpness);
		fc_image_release(&photo);
	}
	assert_true(least > 0.4F && most < 0.8F);
	assert_float_equal(least, most, 0.035);
}

static void exposure_wants_the_middle_and_no_clipping(void **state)
{
	(void)state;
	struct fc_detection detection = frontal();
	uint8_t crop[FC_CROP_BYTES];
	fill(crop, 100, 155, 4);
	assert_float_equal(measure(&detection, crop).exposure, 1, 0.01);
	fill(crop, 20, 40, 4);
	float dark = measure(&detection, crop).exposure;
	fill(crop, 220, 245, 4);
	float bright = measure(&detection, crop).exposure;
	fill(crop, 0, 255, 4);
	float clipped = measure(&detection, crop).exposure;
	assert_true(dark > 0 && dark < 0.5F);
	assert_true(bright > 0 && bright < 0.5F);
	assert_float_equal(clipped, 0, 1e-6);
}

/* The photo is 1000 x 1000 pixels, as many as the crop has per pixel; left, top: of the crop in it. */
static struct fc_quality placed(double left, double top, const uint8_t *crop)
{
	struct fc_detection detection = frontal();
	struct fc_similarity similarity = { 1, 0, -left, -top };
	return fc_quality_measure(&detection, &similarity, crop, 1000, 1000);
}

static void visibility_is_the_share_of_the_middle_inside_the_photo(void **state)
{
	(void)state;
	uint8_t crop[FC_CROP_BYTES];
	fill(crop, 100, 150, 4);
	assert_float_equal(placed(0, 0, crop).visibility, 1, 1e-6);
	assert_float_equal(placed(-20, 908, crop).visibility, 1, 1e-6);
	assert_float_equal(placed(-56, 0, crop).visibility, 0.5, 1e-6);
	assert_float_equal(placed(-56, 944, crop).visibility, 0.25, 1e-6);
	assert_float_equal(placed(-500, 0, crop).visibility, 0, 1e-6);
	assert_float_equal(placed(-500, 0, crop).awesomeness, 0, 1e-6);
}

/* What is outside of the photo is black in the crop. */
static void pixels_outside_of_the_photo_are_not_measured(void **state)
{
	(void)state;
	uint8_t crop[FC_CROP_BYTES];
	fill(crop, 120, 130, 4);
	struct fc_quality whole = placed(0, 0, crop);
	for (size_t row = 0; row < SIDE; row++) {
		memset(crop + row * 3 * SIDE, 0, (size_t)3 * 40);
	}
	struct fc_quality cut = placed(-40, 0, crop);
	assert_float_equal(cut.sharpness, whole.sharpness, 0.02);
	assert_float_equal(cut.exposure, whole.exposure, 0.01);
	assert_float_equal(cut.visibility, 52.0 / 72, 1e-6);
}

static void every_value_stays_in_its_range(void **state)
{
	(void)state;
	struct fc_point spot[FC_LANDMARKS] = {
		{ 5, 5 }, { 5, 5 }, { 900, -40 }, { 5, 5 }, { 5, 5 }
	};
	struct fc_quality quality = of_landmarks(spot);
	assert_true(isfinite(quality.pan) && fabsf(quality.pan) <= 90);
	assert_true(isfinite(quality.tilt) && fabsf(quality.tilt) <= 90);
	assert_true(isfinite(quality.roll) && fabsf(quality.roll) <= 180);
	assert_true(quality.frontality >= -1 && quality.frontality <= 1);
	assert_true(quality.awesomeness >= 0 && quality.awesomeness <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frontal_face_looks_straight_ahead),
		cmocka_unit_test(a_turned_head_gives_its_angles_back),
		cmocka_unit_test(turning_away_lowers_frontality_and_awesomeness),
		cmocka_unit_test(sharpness_falls_as_details_go),
		cmocka_unit_test(sharpness_does_not_depend_on_the_size_of_the_photo),
		cmocka_unit_test(exposure_wants_the_middle_and_no_clipping),
		cmocka_unit_test(visibility_is_the_share_of_the_middle_inside_the_photo),
		cmocka_unit_test(pixels_outside_of_the_photo_are_not_measured),
		cmocka_unit_test(every_value_stays_in_its_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
