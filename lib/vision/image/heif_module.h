/* The functions of the module facectl-heif.so, looked up by name; see vision/image/codecs.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_HEIF_MODULE_H
#define FC_VISION_IMAGE_HEIF_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vision/image/imgcodecs_module.h"

/* Call once, before the others and before the sandbox is entered. */
typedef bool facectl_heif_start_fn(void);

/* The size of the primary image as displayed, from its header. */
typedef enum facectl_imgcodecs_result facectl_heif_size_fn(const void *data, size_t length,
							   uint32_t *width, uint32_t *height);

/*
 * Decode the primary image into rgb, which has room for exactly width * height pixels of 3 bytes. The transformations of the file are
 * applied; an EXIF orientation is not, because it repeats them. Transparent pixels are blended with white.
 */
typedef facectl_imgcodecs_decode_fn facectl_heif_decode_fn;

#define FACECTL_HEIF_START "facectl_heif_start"
#define FACECTL_HEIF_SIZE "facectl_heif_size"
#define FACECTL_HEIF_DECODE "facectl_heif_decode"

__attribute__((visibility("default"))) facectl_heif_start_fn facectl_heif_start;
__attribute__((visibility("default"))) facectl_heif_size_fn facectl_heif_size;
__attribute__((visibility("default"))) facectl_heif_decode_fn facectl_heif_decode;

#endif
