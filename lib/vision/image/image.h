/* Pixels in memory, and the header that describes an image file before it is decoded. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_IMAGE_H
#define FC_VISION_IMAGE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "vision/face.h"

/* 8-bit RGB, interleaved, rows from the top, stride bytes apart. Owns its pixels; { 0 } is an empty one. */
struct fc_image {
	uint8_t *pixels;
	uint32_t width, height;
	size_t stride;
};

/*
 * Allocate a black image. With 4 channels the rows have room for RGBA, which is converted to RGB in place.
 * Errors: FC_BAD_IMAGE (a side is 0), FC_TOO_LARGE (out of memory).
 */
enum fc_status fc_image_init_channels(struct fc_image *image, uint32_t width, uint32_t height,
				      uint32_t channels, struct fc_error *err);
enum fc_status fc_image_init(struct fc_image *image, uint32_t width, uint32_t height,
			     struct fc_error *err);
void fc_image_release(struct fc_image *image);

static inline uint8_t *fc_image_row(const struct fc_image *image, uint32_t row)
{
	return image->pixels + (size_t)row * image->stride;
}

/* Blend one channel with white at this opacity, rounded, as image viewers show transparent pixels. */
static inline uint8_t fc_over_white(uint8_t value, uint8_t alpha)
{
	return (uint8_t)(255 - ((255 - value) * alpha + 127) / 255);
}

/* The header of an image file, read before the pixels are decoded. */
struct fc_image_header {
	enum fc_image_format format;
	uint32_t width, height; /* as stored, before the orientation is applied */
	uint8_t orientation;    /* EXIF 1 to 8 */
	uint8_t notes;          /* enum fc_image_note; the decoder may add some */
};

/* Turn pixels from stored into displayed orientation (EXIF 1 to 8); in place unless width and height swap. */
enum fc_status fc_image_orient(struct fc_image *image, uint8_t orientation, struct fc_error *err);

#endif
