/* Compute the part of a photo around a face that is the input of a network. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_VIEW_H
#define FC_VISION_IMAGE_VIEW_H

#include "vision/image/image.h"

/*
 * Enlarge the box around its centre by the factor `grow`, or less if the photo is too small, and move it into the photo, in
 * whole pixels (as in minivision-ai/Silent-Face-Anti-Spoofing, src/generate_patches.py).
 */
struct fc_box fc_view_of_box(const struct fc_box *box, float grow, uint32_t width, uint32_t height);

/* A part of an image that borrows the pixels of the image. view must be inside the image, in whole pixels. */
struct fc_image fc_view_part(const struct fc_image *image, const struct fc_box *view);

#endif
