/* Decode image files: read the header, check the limits, decode the pixels, apply the EXIF orientation. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_DECODE_H
#define FC_VISION_IMAGE_DECODE_H

#include <stddef.h>

#include "base/error.h"
#include "vision/image/image.h"

struct fc_codecs;

/*
 * Find the pages of a TIFF: the places of their directories, without reduced copies of pages and masks. *count is 0 if the only
 * page is the first directory. The caller frees *out. Errors: FC_TOO_LARGE (more than FC_PAGES_MAXIMUM), FC_BAD_IMAGE, FC_NO_MEMORY.
 */
enum fc_status fc_tiff_pages(const void *data, size_t length, uint32_t **out, size_t *count,
			     struct fc_error *err);

/* Make a page the first one of the file, which fc_image_probe and fc_image_decode then read. */
void fc_tiff_choose_page(uint8_t *data, uint32_t page);

/*
 * Read the header and check it against the limits. *out is written in every case, with all that could be read.
 * Errors: FC_BAD_IMAGE, FC_TOO_LARGE, FC_UNSUPPORTED (HEIC, AVIF or JPEG XL, and codecs is NULL), FC_NO_MEMORY.
 */
enum fc_status fc_image_probe(const void *data, size_t length, const struct fc_image_limits *limits,
			      const struct fc_codecs *codecs, struct fc_image_header *out,
			      struct fc_error *err);

/*
 * Decode a file whose header fc_image_probe has accepted, into displayed orientation, and add to its notes. Transparent pixels are blended with white;
 * 16 bits per channel become 8.
 * Errors: FC_BAD_IMAGE, FC_TOO_LARGE (not enough memory), FC_UNSUPPORTED (the format needs codecs, and codecs is NULL).
 */
enum fc_status fc_image_decode(const void *data, size_t length, struct fc_image_header *header,
			       const struct fc_codecs *codecs, struct fc_image *out,
			       struct fc_error *err);

#endif
