/* Pixels as the bytes of an image file, without metadata. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_ENCODE_H
#define FC_VISION_ENCODE_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/image/image.h"

/* Append a JPEG of quality 92. Errors: FC_NO_MEMORY, FC_TOO_LARGE (a side over 65500), FC_INTERNAL. */
FC_MUST_USE enum fc_status fc_jpeg_encode(const struct fc_image *image, struct fc_buffer *out,
					  struct fc_error *err);

/* Append an RGB PNG. The pixels must be contiguous. Errors: FC_NO_MEMORY, FC_INTERNAL. */
FC_MUST_USE enum fc_status fc_png_encode(const struct fc_image *image, struct fc_buffer *out,
					 struct fc_error *err);

#endif
