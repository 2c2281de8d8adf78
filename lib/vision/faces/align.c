/* Crop a face by its five landmarks. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/align.h"

#include <math.h>

/* The five points of ArcFace's 112 x 112 crops: InsightFace, python-package/insightface/utils/face_align.py, arcface_dst. */
const struct fc_point fc_align_template[FC_LANDMARKS] = {
	{ 38.2946F, 51.6963F }, { 73.5318F, 51.5014F }, { 56.0252F, 71.7366F },
	{ 41.5493F, 92.3655F }, { 70.7299F, 92.2041F },
};

struct vector {
	double x, y;
};

static struct vector mean_of(const struct fc_point points[FC_LANDMARKS])
{
	struct vector mean = { 0, 0 };
	for (int i = 0; i < FC_LANDMARKS; i++) {
		mean.x += (double)points[i].x / FC_LANDMARKS;
		mean.y += (double)points[i].y / FC_LANDMARKS;
	}
	return mean;
}

/*
 * With the points as complex numbers p (photo) and q (template) relative to their means, the best a + ib is
 * sum(conj(p) * q) / sum(|p|^2).
 */
bool fc_align_estimate(const struct fc_point landmarks[FC_LANDMARKS], struct fc_similarity *out)
{
	struct vector from = mean_of(landmarks), to = mean_of(fc_align_template);
	double real = 0, imaginary = 0, spread = 0;

	for (int i = 0; i < FC_LANDMARKS; i++) {
		double px = landmarks[i].x - from.x, py = landmarks[i].y - from.y;
		double qx = fc_align_template[i].x - to.x, qy = fc_align_template[i].y - to.y;
		real += px * qx + py * qy;
		imaginary += px * qy - py * qx;
		spread += px * px + py * py;
	}
	/* The landmarks are less than a pixel apart, or the scale of the best fit is 0. */
	if (!isfinite(spread) || spread < 1 || hypot(real, imaginary) / spread < 1e-6) {
		return false;
	}
	out->a = real / spread;
	out->b = imaginary / spread;
	out->x0 = to.x - (out->a * from.x - out->b * from.y);
	out->y0 = to.y - (out->b * from.x + out->a * from.y);
	return true;
}

enum fc_status fc_align_crop(const struct fc_image *image, const struct fc_similarity *similarity,
			     uint8_t *crop, struct fc_error *err)
{
	struct fc_image view = { crop, FC_CROP_SIDE, FC_CROP_SIDE, (size_t)3 * FC_CROP_SIDE };
	return fc_image_sample(image, similarity, &view, err);
}
