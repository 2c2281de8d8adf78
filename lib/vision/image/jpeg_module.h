/* The only function of the module facectl-jpeg.so, looked up by name: libjpeg is loaded only for contact sheets. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_JPEG_MODULE_H
#define FC_VISION_IMAGE_JPEG_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Encode an aligned crop, FC_CROP_BYTES of RGB, as a small JPEG. The caller frees *jpeg. Returns false without memory. */
typedef bool facectl_crop_jpeg_fn(const uint8_t *crop, uint8_t **jpeg, size_t *length);

#define FACECTL_CROP_JPEG "facectl_crop_jpeg"

__attribute__((visibility("default"))) facectl_crop_jpeg_fn facectl_crop_jpeg;

#endif
