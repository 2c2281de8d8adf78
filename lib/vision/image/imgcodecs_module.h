/* The only function of the module facectl-imgcodecs.so, and the types of those of others; see vision/image/codecs.h. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_IMGCODECS_MODULE_H
#define FC_VISION_IMAGE_IMGCODECS_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum facectl_imgcodecs_result {
	FACECTL_IMGCODECS_OK = 0,
	FACECTL_IMGCODECS_BROKEN,     /* the decoder rejects the bytes */
	FACECTL_IMGCODECS_NO_MEMORY,  /* the memory limit of the process is reached */
	FACECTL_IMGCODECS_OTHER_SIZE, /* the size differs from the one that the caller checked */
	FACECTL_IMGCODECS_UNSUPPORTED /* the decoder cannot read this kind of image */
};

/*
 * Decode into rgb, which has room for exactly width * height pixels of 3 bytes. The EXIF orientation is not applied, except to
 * TIFF by libtiff. Transparent pixels are blended with white.
 */
typedef enum facectl_imgcodecs_result facectl_imgcodecs_decode_fn(const void *data, size_t length,
								  uint32_t width, uint32_t height,
								  uint8_t *rgb);

/* ---- of the modules of formats whose size only their decoder can read ---- */

/* Call once, before the others and before the sandbox is entered. */
typedef bool facectl_module_start_fn(void);

struct facectl_size {
	uint32_t width, height; /* as displayed */
	bool animated;
};

/* Read the size from the header. */
typedef enum facectl_imgcodecs_result facectl_module_size_fn(const void *data, size_t length,
							     struct facectl_size *out);

#define FACECTL_IMGCODECS_DECODE "facectl_imgcodecs_decode"

__attribute__((visibility("default"))) facectl_imgcodecs_decode_fn facectl_imgcodecs_decode;

#ifdef __cplusplus
}
#endif

#endif
