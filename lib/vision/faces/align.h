/* Crop a face by its five landmarks to the upright 112 x 112 pixels that embedders were trained on. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_ALIGN_H
#define FC_VISION_FACES_ALIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "vision/face.h"
#include "vision/faces/sample.h"
#include "vision/image/image.h"

/* The places of the landmarks in the crop, in the order of struct fc_face. */
extern const struct fc_point fc_align_template[FC_LANDMARKS];

/*
 * The similarity from landmarks onto the template with the least squared distances (Umeyama 1991, held to rotations; in the plane it
 * has the closed form used here). False when the landmarks coincide or are not finite.
 */
FC_MUST_USE bool fc_align_estimate(const struct fc_point landmarks[FC_LANDMARKS],
				   struct fc_similarity *out);

/* Fill a crop, FC_CROP_BYTES of RGB, through the similarity as fc_image_sample does. Errors: FC_TOO_LARGE (memory). */
enum fc_status fc_align_crop(const struct fc_image *image, const struct fc_similarity *similarity,
			     uint8_t *crop, struct fc_error *err);

#endif
