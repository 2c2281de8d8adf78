/* Rotate and scale a part of a photo into another picture. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_SAMPLE_H
#define FC_VISION_FACES_SAMPLE_H

#include "base/error.h"
#include "vision/image/image.h"

/*
 * A rotation, scaling and translation: x' = a * x - b * y + x0; y' = b * x + a * y + y0. The origin is the middle of the first
 * pixel.
 */
struct fc_similarity {
	double a, b, x0, y0;
};

/* The similarity that undoes this one, whose scale is not 0. */
struct fc_similarity fc_similarity_inverse(const struct fc_similarity *similarity);

/*
 * Fill the picture `out`, whose size is set. The similarity maps the photo to the picture. Pixels outside of the photo are
 * black. Sampling is bilinear; where the photo shrinks, several samples are averaged, so that the picture is equally sharp at any
 * scale and small moves change it only a little. Errors: FC_TOO_LARGE (memory).
 */
enum fc_status fc_image_sample(const struct fc_image *image, const struct fc_similarity *similarity,
			       struct fc_image *out, struct fc_error *err);

#endif
