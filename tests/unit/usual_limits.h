/* What a photo may be unless somebody says otherwise. */
/* SPDX-License-Identifier: MIT */
#ifndef USUAL_LIMITS_H
#define USUAL_LIMITS_H

#include "vision/face.h"

/* Of the settings max-file-size, max-pixels and max-side, as facectl(1) documents them. */
static const struct fc_image_limits usual_limits = { .bytes = 64 << 20,
						     .pixels = 100000000,
						     .side = 20000 };

#endif
