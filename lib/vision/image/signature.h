/* Determine the format of an image file by its first bytes. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_SIGNATURE_H
#define FC_VISION_IMAGE_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "vision/face.h"

/* How many bytes at the start of a file are examined. */
enum { FC_SIGNATURE_BYTES = 144 };

/*
 * The format of a file that starts with these bytes; FC_IMAGE_UNKNOWN for unsupported formats. Only this check protects the
 * decoders: OpenCV supports many more formats, and some of their decoders crash on 132 hostile bytes.
 */
enum fc_image_format fc_signature(const void *data, size_t length);

/* The name of a known format that is not supported: "PDF"; NULL for any other bytes. */
const char *fc_signature_unsupported(const void *data, size_t length);

/* Like fc_signature, but fails for an unknown format. Errors: FC_BAD_IMAGE (the file is empty, or its format is not supported). */
enum fc_status fc_signature_check(const void *data, size_t length, enum fc_image_format *out,
				  struct fc_error *err);

/* Whether a module decodes the format: all except JPEG, PNG and GIF. */
bool fc_format_needs_codecs(enum fc_image_format format);

#endif
