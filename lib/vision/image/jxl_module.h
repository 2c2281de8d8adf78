/* The functions of the module facectl-jxl.so, looked up by name; see vision/image/codecs.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_JXL_MODULE_H
#define FC_VISION_IMAGE_JXL_MODULE_H

#include "vision/image/imgcodecs_module.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The orientation of the codestream is applied; an EXIF orientation is not, because it repeats it. Of an animation, the first frame is
 * decoded.
 */
__attribute__((visibility("default"))) facectl_module_start_fn facectl_jxl_start;
__attribute__((visibility("default"))) facectl_module_size_fn facectl_jxl_size;
__attribute__((visibility("default"))) facectl_imgcodecs_decode_fn facectl_jxl_decode;

#ifdef __cplusplus
}
#endif

#endif
