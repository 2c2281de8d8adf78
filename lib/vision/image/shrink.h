/* Shrink a picture by averaging areas. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_SHRINK_H
#define FC_VISION_IMAGE_SHRINK_H

#include "base/error.h"
#include "vision/image/image.h"

/*
 * Fill the picture `out`, whose size is set and not larger than that of `in`: each pixel is the mean of the area that it covers, weighted by
 * the share of each pixel. The results are those of OpenCV's INTER_AREA for factors that are not whole numbers, in half the time. Errors: FC_TOO_LARGE (memory).
 */
enum fc_status fc_image_shrink(const struct fc_image *in, struct fc_image *out,
			       struct fc_error *err);

#endif
