/* Part of a photo, turned and scaled into a picture of its own. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_SAMPLE_H
#define FC_VISION_SAMPLE_H

#include "base/error.h"
#include "vision/image/image.h"

/* Turns, scales and moves, never mirrors: x' = a * x - b * y + x0; y' = b * x + a * y + y0. Pixels count from their middles. */
struct fc_similarity {
	double a, b, x0, y0;
};

/*
 * Fill the picture `out`, whose size is set, with what the similarity from photo to picture brings there, black where that lies
 * outside the photo. Bilinear; where the photo shrinks, pixels are averaged first, so that nothing flickers with a small move.
 * Errors: FC_TOO_LARGE (memory).
 */
FC_MUST_USE enum fc_status fc_image_sample(const struct fc_image *image,
					   const struct fc_similarity *similarity,
					   struct fc_image *out, struct fc_error *err);

#endif
