/* The header readers of all formats, and the decoders of JPEG and PNG; vision/image/decode.h dispatches to them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_FORMATS_H
#define FC_VISION_IMAGE_FORMATS_H

#include "vision/image/image.h"

/*
 * Fill in width, height and orientation of a header. Limits are not checked, and a side may be 0.
 * Errors: FC_BAD_IMAGE (not a header of this format, or the file ends within it), FC_UNSUPPORTED (TIFF with floating-point samples).
 */
enum fc_status fc_jpeg_probe(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_error *err);
enum fc_status fc_png_probe(const void *data, size_t length, struct fc_image_header *header,
			    struct fc_error *err);
enum fc_status fc_webp_probe(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_error *err);
enum fc_status fc_bmp_probe(const void *data, size_t length, struct fc_image_header *header,
			    struct fc_error *err);
enum fc_status fc_tiff_probe(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_error *err);

/*
 * Decode into stored orientation. A truncated or damaged file is refused, not decoded in part.
 * Errors: FC_BAD_IMAGE, FC_TOO_LARGE (out of memory).
 */
enum fc_status fc_jpeg_decode(const void *data, size_t length, struct fc_image *out,
			      struct fc_error *err);
enum fc_status fc_png_decode(const void *data, size_t length, struct fc_image *out,
			     struct fc_error *err);

#endif
