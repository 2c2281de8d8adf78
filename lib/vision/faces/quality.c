/* Measured properties of a face. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/quality.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

enum { SIDE = FC_CROP_SIDE, MIDDLE_START = 20, MIDDLE_END = 92, DARKEST = 4, BRIGHTEST = 251 };

static const double half_sharp_variance = 100;
static const double nose_depth = 0.43;
static const double nose_share = 0.56, frontal_height = 1.03;
static const double good_eye_distance = 90;

/* Grey levels of the crop's pixels, NaN for those outside of the photo. */
struct grey {
	float levels[SIDE * SIDE];
	int inside; /* number of pixels of the middle */
};

static void grey_init(struct grey *grey, const struct fc_similarity *similarity,
		      const uint8_t *crop, uint32_t width, uint32_t height)
{
	struct fc_similarity map = fc_similarity_inverse(similarity);
	grey->inside = 0;
	for (int i = 0; i < SIDE * SIDE; i++, crop += 3) {
		double column = i % SIDE, row = i / SIDE;
		double x = map.a * column - map.b * row + map.x0;
		double y = map.b * column + map.a * row + map.y0;
		bool inside = x >= -0.5 && y >= -0.5 && x < width - 0.5 && y < height - 0.5;
		grey->levels[i] =
			inside ? 0.299F * crop[0] + 0.587F * crop[1] + 0.114F * crop[2] : NAN;
		grey->inside += inside && column >= MIDDLE_START && column < MIDDLE_END &&
				row >= MIDDLE_START && row < MIDDLE_END;
	}
}

static double sharpness_of(const struct grey *grey)
{
	double sum = 0, squares = 0;
	int count = 0;
	for (int y = 1; y < SIDE - 1; y++) {
		for (int x = 1; x < SIDE - 1; x++) {
			const float *at = grey->levels + y * SIDE + x;
			double laplacian = at[-SIDE] + at[-1] - 4 * at[0] + at[1] + at[SIDE];
			if (!isnan(laplacian)) {
				sum += laplacian;
				squares += laplacian * laplacian;
				count++;
			}
		}
	}
	if (count == 0) {
		return 0;
	}
	double mean = sum / count;
	double variance = fmax(0, squares / count - mean * mean);
	return variance / (variance + half_sharp_variance);
}

static double exposure_of(const struct grey *grey)
{
	double sum = 0;
	int clipped = 0, count = 0;
	for (int y = MIDDLE_START; y < MIDDLE_END; y++) {
		for (int x = MIDDLE_START; x < MIDDLE_END; x++) {
			float level = grey->levels[y * SIDE + x];
			if (!isnan(level)) {
				sum += level;
				clipped += level <= DARKEST || level >= BRIGHTEST;
				count++;
			}
		}
	}
	if (count == 0) {
		return 0;
	}
	double off = (sum / count - 127.5) / 127.5;
	return (1 - off * off) * (1 - (double)clipped / count);
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
	double off_x = to_nose.x - nose_share * to_mouth.x,
	       off_y = to_nose.y - nose_share * to_mouth.y;
	double height = fmax(fabs(to_mouth.x * down.x + to_mouth.y * down.y), 1e-6);
	double sideways = off_x * right.x + off_y * right.y;
	double downwards = off_x * down.x + off_y * down.y;

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

struct fc_quality fc_quality_measure(const struct fc_detection *detection,
				     const struct fc_similarity *similarity, const uint8_t *crop,
				     uint32_t width, uint32_t height)
{
	struct grey grey;
	const struct fc_point *eyes = detection->landmarks;
	struct pose pose = pose_of(detection->landmarks);
	double facing = cos(pose.pan) * cos(pose.tilt);
	double eye_distance = hypot((double)eyes[1].x - eyes[0].x, (double)eyes[1].y - eyes[0].y);

	grey_init(&grey, similarity, crop, width, height);
	double sharpness = sharpness_of(&grey);
	double exposure = exposure_of(&grey);
	double visibility =
		grey.inside / (double)((MIDDLE_END - MIDDLE_START) * (MIDDLE_END - MIDDLE_START));
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
