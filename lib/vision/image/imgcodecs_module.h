/* The one function of the module facectl-imgcodecs.so, found by name; see vision/image/codecs.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMGCODECS_MODULE_H
#define FC_VISION_IMGCODECS_MODULE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum facectl_imgcodecs_result {
	FACECTL_IMGCODECS_OK = 0,
	FACECTL_IMGCODECS_BROKEN,    /* the decoder refuses the bytes */
	FACECTL_IMGCODECS_NO_MEMORY, /* over the memory limit of the process */
	FACECTL_IMGCODECS_OTHER_SIZE /* the size is not the one that the caller has checked */
};

/*
 * Decode into rgb, which holds exactly width * height pixels of 3 bytes. EXIF orientation is not applied, except by libtiff to a TIFF.
 * Transparent pixels are blended with white.
 */
typedef enum facectl_imgcodecs_result facectl_imgcodecs_decode_fn(const void *data, size_t length,
								  uint32_t width, uint32_t height,
								  uint8_t *rgb);

#define FACECTL_IMGCODECS_DECODE "facectl_imgcodecs_decode"

__attribute__((visibility("default"))) facectl_imgcodecs_decode_fn facectl_imgcodecs_decode;

#ifdef __cplusplus
}
#endif

#endif
