/* The format of an image file, by its first bytes. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_SIGNATURE_H
#define FC_VISION_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "vision/face.h"

/* How many bytes of a file's start are examined. */
enum { FC_SIGNATURE_BYTES = 144 };

/*
 * The format of a file that starts with these bytes; FC_IMAGE_UNKNOWN for all that is not on the list. No other check protects the
 * decoders: OpenCV supports many more formats, and the decoders of some crash on 132 hostile bytes.
 */
enum fc_image_format fc_signature(const void *data, size_t length);

/* As fc_signature, but an unknown format is an error: FC_BAD_IMAGE ("empty image", or the list of formats). */
FC_MUST_USE enum fc_status fc_signature_check(const void *data, size_t length,
					      enum fc_image_format *out, struct fc_error *err);

/* WebP, BMP and TIFF are decoded by the module facectl-imgcodecs.so; JPEG and PNG are not. */
bool fc_format_needs_codecs(enum fc_image_format format);

#endif
