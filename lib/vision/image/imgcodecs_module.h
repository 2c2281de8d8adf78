/* The only function of the module facectl-imgcodecs.so, looked up by name; see vision/image/codecs.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_IMGCODECS_MODULE_H
#define FC_VISION_IMAGE_IMGCODECS_MODULE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum facectl_imgcodecs_result {
	FACECTL_IMGCODECS_OK = 0,
	FACECTL_IMGCODECS_BROKEN,    /* the decoder rejects the bytes */
	FACECTL_IMGCODECS_NO_MEMORY, /* the memory limit of the process is reached */
	FACECTL_IMGCODECS_OTHER_SIZE /* the size differs from the one that the caller checked */
};

/*
 * Decode into rgb, which has room for exactly width * height pixels of 3 bytes. The EXIF orientation is not applied, except to
 * TIFF by libtiff. Transparent pixels are blended with white.
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
