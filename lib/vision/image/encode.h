/* Encode pixels as an image file without metadata. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_ENCODE_H
#define FC_VISION_IMAGE_ENCODE_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/image/image.h"

/* Append a JPEG. quality: 1 to 100, that of libjpeg. Errors: FC_NO_MEMORY, FC_TOO_LARGE (a side over 65500), FC_INTERNAL. */
enum {
	FC_JPEG_QUALITY = 92,      /* of photos to look at */
	FC_JPEG_PART_QUALITY = 95, /* of parts of photos, in which faces are recognized */
};
enum fc_status fc_jpeg_encode(const struct fc_image *image, int quality, struct fc_buffer *out,
			      struct fc_error *err);

/* Append an RGB PNG. Errors: FC_NO_MEMORY, FC_INTERNAL. */
enum fc_status fc_png_encode(const struct fc_image *image, struct fc_buffer *out,
			     struct fc_error *err);

/* Append the PNG file of an aligned crop, FC_CROP_BYTES of RGB. Errors: FC_NO_MEMORY, FC_INTERNAL. */
enum fc_status fc_crop_encode(const uint8_t *crop, struct fc_buffer *png_out, struct fc_error *err);

#endif
