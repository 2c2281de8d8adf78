/* Measured properties of a face. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/quality.h"

#include <math.h>
#include <stddef.h>

#include "vision/faces/align.h"

enum { SIDE = FC_CROP_SIDE, MIDDLE_START = 20, MIDDLE_END = 92, DARKEST = 4, BRIGHTEST = 251 };

static const double half_sharp_variance = 100;
static const double nose_depth = 0.43;
static const double good_eye_distance = 90;

static double sharpness_of(const float *grey)
{
	double sum = 0, squares = 0;
	const double count = (SIDE - 2) * (SIDE - 2);
	for (int y = 1; y < SIDE - 1; y++) {
		for (int x = 1; x < SIDE - 1; x++) {
			const float *at = grey + y * SIDE + x;
			double laplacian = at[-SIDE] + at[-1] - 4 * at[0] + at[1] + at[SIDE];
			sum += laplacian;
			squares += laplacian * laplacian;
		}
	}
	double mean = sum / count;
	double variance = fmax(0, squares / count - mean * mean);
	return variance / (variance + half_sharp_variance);
}

static double exposure_of(const float *grey)
{
	double sum = 0;
	int clipped = 0;
	const double count = (MIDDLE_END - MIDDLE_START) * (MIDDLE_END - MIDDLE_START);
	for (int y = MIDDLE_START; y < MIDDLE_END; y++) {
		for (int x = MIDDLE_START; x < MIDDLE_END; x++) {
			float level = grey[y * SIDE + x];
			sum += level;
			clipped += level <= DARKEST || level >= BRIGHTEST;
		}
	}
	double off = (sum / count - 127.5) / 127.5;
	return (1 - off * off) * (1 - clipped / count);
}

static double visibility_of(const struct fc_box *box, uint32_t width, uint32_t height)
{
	double whole = (double)(box->right - box->left) * (double)(box->bottom - box->top);
	double inside_x = fmin(box->right, width) - fmax(box->left, 0);
	double inside_y = fmin(box->bottom, height) - fmax(box->top, 0);
	if (inside_x <= 0 || inside_y <= 0 || whole <= 0) {
		return 0;
	}
	return fmin(1, inside_x * inside_y / whole);
}

struct pose {
	double pan, tilt, roll; /* radians */
};

struct vector {
	double x, y;
};

static struct vector between(struct fc_point a, struct fc_point b)
{
	return (struct vector){ ((double)a.x + b.x) / 2, ((double)a.y + b.y) / 2 };
}

static struct pose pose_of(const struct fc_point landmarks[FC_LANDMARKS])
{
	double dx = (double)landmarks[1].x - landmarks[0].x;
	double dy = (double)landmarks[1].y - landmarks[0].y;
	double eye_distance = fmax(hypot(dx, dy), 1e-6);
	struct vector right = { dx / eye_distance, dy / eye_distance };
	struct vector down = { -right.y, right.x };
	struct vector eyes = between(landmarks[0], landmarks[1]);
	struct vector mouth = between(landmarks[3], landmarks[4]);
	struct vector to_mouth = { mouth.x - eyes.x, mouth.y - eyes.y };
	struct vector to_nose = { landmarks[2].x - eyes.x, landmarks[2].y - eyes.y };
	struct vector frontal_eyes = between(fc_align_template[0], fc_align_template[1]);
	struct vector frontal_mouth = between(fc_align_template[3], fc_align_template[4]);
	double frontal_length = frontal_mouth.y - frontal_eyes.y;
	/* The position of the nose between eyes (0) and mouth (1) in a frontal face. */
	double share = (fc_align_template[2].y - frontal_eyes.y) / frontal_length;
	double off_x = to_nose.x - share * to_mouth.x, off_y = to_nose.y - share * to_mouth.y;
	double height = fmax(fabs(to_mouth.x * down.x + to_mouth.y * down.y), 1e-6);
	double sideways = off_x * right.x + off_y * right.y;
	double downwards = off_x * down.x + off_y * down.y;
	/* The height from eyes to mouth in units of the eyes' distance, in the template. */
	double frontal_height = frontal_length / (fc_align_template[1].x - fc_align_template[0].x);

	return (struct pose){
		.pan = atan(sideways / eye_distance / nose_depth),
		.tilt = atan(-downwards / height * frontal_height / nose_depth),
		.roll = atan2(dy, dx),
	};
}

static double degrees(double radians)
{
	return radians * 180 / M_PI;
}

struct fc_quality fc_quality_measure(const struct fc_detection *detection, const uint8_t *crop,
				     uint32_t width, uint32_t height)
{
	float grey[SIDE * SIDE];
	const struct fc_point *eyes = detection->landmarks;
	struct pose pose = pose_of(detection->landmarks);
	double facing = cos(pose.pan) * cos(pose.tilt);
	double eye_distance = hypot((double)eyes[1].x - eyes[0].x, (double)eyes[1].y - eyes[0].y);

	for (int i = 0; i < SIDE * SIDE; i++, crop += 3) {
		grey[i] = 0.299F * crop[0] + 0.587F * crop[1] + 0.114F * crop[2];
	}
	double sharpness = sharpness_of(grey);
	double exposure = exposure_of(grey);
	double visibility = visibility_of(&detection->box, width, height);
	double size = fmin(1, eye_distance / good_eye_distance);

	return (struct fc_quality){
		.sharpness = (float)sharpness,
		.exposure = (float)exposure,
		.eye_distance = (float)eye_distance,
		.pan = (float)degrees(pose.pan),
		.tilt = (float)degrees(pose.tilt),
		.roll = (float)degrees(pose.roll),
		.visibility = (float)visibility,
		.frontality = (float)(2 * facing - 1),
		.awesomeness = (float)pow(sharpness * exposure * visibility * facing * size, 0.2),
	};
}
