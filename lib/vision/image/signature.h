/* What kind of image some bytes are, told by content alone. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_SIGNATURE_H
#define FC_VISION_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "vision/face.h"

/* How many bytes of a file's start decide; a shorter file is judged by all it has. */
enum { FC_SIGNATURE_BYTES = 144 };

/*
 * The kind of image that starts with these bytes, FC_IMAGE_UNKNOWN for whatever is not on the list. This is the only gate before the
 * decoders: OpenCV picks one by content among many more kinds, some of which end the process on 132 hostile bytes.
 */
enum fc_image_format fc_signature(const void *data, size_t length);

/* As fc_signature, with the refusal in words. Errors: FC_BAD_IMAGE ("empty image", or what it is not). */
FC_MUST_USE enum fc_status fc_signature_check(const void *data, size_t length,
					      enum fc_image_format *out, struct fc_error *err);

/* WebP, BMP and TIFF are decoded by the module facectl-imgcodecs.so; JPEG and PNG are not. */
bool fc_format_needs_codecs(enum fc_image_format format);

#endif
