/* Allocate images and rotate them into displayed orientation. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/image.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum fc_status fc_image_init_channels(struct fc_image *image, uint32_t width, uint32_t height,
				      uint32_t channels, struct fc_error *err)
{
	if (width == 0 || height == 0) {
		return fc_fail(err, FC_BAD_IMAGE, "the image has no pixels");
	}
	size_t stride = (size_t)width * channels;
	uint8_t *pixels = calloc(height, stride);
	if (!pixels) {
		return fc_fail(err, FC_TOO_LARGE,
			       "%" PRIu32 "x%" PRIu32
			       " pixels need more memory than a worker may use",
			       width, height);
	}
	*image = (struct fc_image){ pixels, width, height, stride };
	return FC_OK;
}

enum fc_status fc_image_init(struct fc_image *image, uint32_t width, uint32_t height,
			     struct fc_error *err)
{
	return fc_image_init_channels(image, width, height, 3, err);
}

void fc_image_release(struct fc_image *image)
{
	free(image->pixels);
	*image = (struct fc_image){ 0 };
}

static void copy_pixel(uint8_t *to, const uint8_t *from)
{
	memcpy(to, from, 3);
}

static void swap_pixels(uint8_t *a, uint8_t *b)
{
	uint8_t kept[3];
	copy_pixel(kept, a);
	copy_pixel(a, b);
	copy_pixel(b, kept);
}

/*
 * Turn rows into columns, optionally starting from the last row or column. Works in tiles, so that each cache line that a column
 * touches is used for more than one pixel.
 */
static void transpose(const struct fc_image *from, struct fc_image *to, bool last_row_first,
		      bool last_column_first)
{
	enum { TILE = 32 };
	for (uint32_t tile_y = 0; tile_y < to->height; tile_y += TILE) {
		uint32_t end_y = to->height - tile_y > TILE ? tile_y + TILE : to->height;
		for (uint32_t tile_x = 0; tile_x < to->width; tile_x += TILE) {
			uint32_t end_x = to->width - tile_x > TILE ? tile_x + TILE : to->width;
			for (uint32_t y = tile_y; y < end_y; y++) {
				uint32_t column = last_column_first ? to->height - 1 - y : y;
				uint8_t *out = fc_image_row(to, y) + (size_t)3 * tile_x;
				for (uint32_t x = tile_x; x < end_x; x++, out += 3) {
					uint32_t row = last_row_first ? to->width - 1 - x : x;
					copy_pixel(out,
						   fc_image_row(from, row) + (size_t)3 * column);
				}
			}
		}
	}
}

/* The eight orientations of EXIF 2.3. Tag 0x0112 defines where the first stored row and column are displayed. */
enum fc_status fc_image_orient(struct fc_image *image, uint8_t orientation, struct fc_error *err)
{
	bool upside_down = orientation == 3 || orientation == 4;
	bool mirrored = orientation == 2 || orientation == 3;
	bool last_row_first = orientation == 6 || orientation == 7;
	bool last_column_first = orientation == 7 || orientation == 8;

	if (orientation >= 5 && orientation <= 8) {
		struct fc_image turned;
		FC_TRY(fc_image_init(&turned, image->height, image->width, err));
		transpose(image, &turned, last_row_first, last_column_first);
		fc_image_release(image);
		*image = turned;
		return FC_OK;
	}
	if (mirrored) {
		for (uint32_t y = 0; y < image->height; y++) {
			uint8_t *left = fc_image_row(image, y);
			uint8_t *right = left + (size_t)3 * (image->width - 1);
			for (; left < right; left += 3, right -= 3) {
				swap_pixels(left, right);
			}
		}
	}
	if (upside_down) {
		for (uint32_t top = 0, bottom = image->height - 1; top < bottom; top++, bottom--) {
			uint8_t *a = fc_image_row(image, top);
			uint8_t *b = fc_image_row(image, bottom);
			for (uint32_t x = 0; x < image->width; x++) {
				swap_pixels(a + (size_t)3 * x, b + (size_t)3 * x);
			}
		}
	}
	return FC_OK;
}
