/* The functions of the module facectl-heif.so, looked up by name; see vision/image/codecs.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_HEIF_MODULE_H
#define FC_VISION_IMAGE_HEIF_MODULE_H

#include "vision/image/imgcodecs_module.h"

/*
 * The primary image. The transformations of the file are applied; an EXIF orientation is not, because it repeats them. Transparent pixels are
 * blended with white.
 */
__attribute__((visibility("default"))) facectl_module_start_fn facectl_heif_start;
__attribute__((visibility("default"))) facectl_module_size_fn facectl_heif_size;
__attribute__((visibility("default"))) facectl_imgcodecs_decode_fn facectl_heif_decode;

#endif
