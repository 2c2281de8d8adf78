/* The part of a photo that shows one of its faces and no other. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_CUTOUT_H
#define FC_VISION_FACES_CUTOUT_H

#include "vision/face.h"

/*
 * Enlarge the box of a face at each side by `margin` times its longer side, and reduce the area again where another face of the page would be in
 * it: up to the box of that face, or up to the first face's own box if both overlap. On pages after the first, whose sizes are not known, the
 * area may reach beyond the right and lower edge. Returns false if the box contains the centre of another face.
 */
bool fc_cutout_area(const struct fc_analysis *photo, size_t face, float margin,
		    struct fc_area *out);

#endif
