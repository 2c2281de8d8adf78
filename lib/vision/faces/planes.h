/* Convert pixels to a network's input. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_PLANES_H
#define FC_VISION_FACES_PLANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "vision/faces/dnn.h"
#include "vision/image/image.h"
#include "vision/models/models.h"

void fc_planes_release(struct fc_planes *planes);

/*
 * Convert a picture to planes of this size, with the order, scale, mean and deviation of the model. The picture is at the top
 * left; the rest is black. mirrored: swap left and right; then the picture must be as wide as the planes. Errors: FC_TOO_LARGE
 * (memory).
 */
enum fc_status fc_planes_fill(struct fc_planes *planes, uint32_t width, uint32_t height,
			      const struct fc_image *image, const struct fc_model_input *input,
			      bool mirrored, struct fc_error *err);

#endif
