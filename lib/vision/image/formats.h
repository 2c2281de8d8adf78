/* The header readers of all formats, and the decoders of JPEG, PNG and GIF; vision/image/decode.h dispatches to them. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_FORMATS_H
#define FC_VISION_IMAGE_FORMATS_H

#include "base/buffer.h"
#include "vision/image/image.h"

/*
 * Fill in width, height, orientation and notes of a header. Limits are not checked, and a side may be 0.
 * Errors: FC_BAD_IMAGE (not a header of this format, or the file ends within it), FC_UNSUPPORTED (TIFF with floating-point samples).
 */
enum fc_status fc_jpeg_probe(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_error *err);
enum fc_status fc_png_probe(const void *data, size_t length, struct fc_image_header *header,
			    struct fc_error *err);
enum fc_status fc_webp_probe(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_error *err);
enum fc_status fc_gif_probe(const void *data, size_t length, struct fc_image_header *header,
			    struct fc_error *err);
enum fc_status fc_bmp_probe(const void *data, size_t length, struct fc_image_header *header,
			    struct fc_error *err);
enum fc_status fc_tiff_probe(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_error *err);

/*
 * Decode into stored orientation. A damaged file, or one that lacks pixels, is refused, not decoded in part. If only the end of the file
 * is missing, FC_IMAGE_NO_END is added to the notes of the header.
 * Errors: FC_BAD_IMAGE, FC_TOO_LARGE (out of memory).
 */
enum fc_status fc_jpeg_decode(const void *data, size_t length, struct fc_image_header *header,
			      struct fc_image *out, struct fc_error *err);
enum fc_status fc_png_decode(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_image *out, struct fc_error *err);
enum fc_status fc_gif_decode(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_image *out, struct fc_error *err);

/*
 * The first frame of an animated WebP as a file of its own, and its place in the picture. Returns false if the file is not animated.
 * The caller releases *file. Call fc_webp_probe first.
 */
struct fc_webp_frame {
	uint32_t left, top, width, height;
	struct fc_buffer file;
};

bool fc_webp_first_frame(const void *data, size_t length, struct fc_webp_frame *out);

#endif
