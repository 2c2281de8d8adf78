/* What a network sees of a photo around a face. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_VIEW_H
#define FC_VISION_VIEW_H

#include "vision/image/image.h"

/*
 * What a network sees of a photo: the box grown about its centre, by less where the photo is not large enough for that, and moved
 * inside the photo, in whole pixels (as in minivision-ai/Silent-Face-Anti-Spoofing, src/generate_patches.py).
 */
struct fc_box fc_view_of_box(const struct fc_box *box, float grow, uint32_t width, uint32_t height);

/* A part of a picture, which owns the pixels. view lies inside it, in whole pixels. */
struct fc_image fc_view_part(const struct fc_image *image, const struct fc_box *view);

#endif
