/* Decoding as the worker does it, and what came out. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "usual_limits.h"

#include "decoding.h"

enum fc_status decode_with(const void *data, size_t length, const struct fc_codecs *codecs,
			   struct fc_image_header *header, struct fc_image *out,
			   struct fc_error *err)
{
	FC_TRY(fc_image_probe(data, length, &usual_limits, NULL, header, err));
	return fc_image_decode(data, length, header, codecs, out, err);
}

enum fc_status decode(const struct fc_buffer *file, struct fc_image *out, struct fc_error *err)
{
	struct fc_image_header header;
	return decode_with(file->data, file->length, NULL, &header, out, err);
}

enum fc_status probe(const void *data, size_t length, struct fc_image_limits limits,
		     struct fc_image_header *header)
{
	struct fc_error err = { 0 };
	return fc_image_probe(data, length, &limits, NULL, header, &err);
}

void assert_pixel(const struct fc_image *image, uint32_t x, uint32_t y, int red, int green,
		  int blue, float tolerance)
{
	const uint8_t *pixel = fc_image_row(image, y) + (size_t)3 * x;
	assert_float_equal(pixel[0], red, tolerance + 0.1F);
	assert_float_equal(pixel[1], green, tolerance + 0.1F);
	assert_float_equal(pixel[2], blue, tolerance + 0.1F);
}

/* Where the greys 10 20 30 / 40 50 60 lie after each orientation, row by row. */
static const struct {
	uint32_t width, height;
	int greys[6];
} oriented[9] = {
	[1] = { 3, 2, { 10, 20, 30, 40, 50, 60 } }, [2] = { 3, 2, { 30, 20, 10, 60, 50, 40 } },
	[3] = { 3, 2, { 60, 50, 40, 30, 20, 10 } }, [4] = { 3, 2, { 40, 50, 60, 10, 20, 30 } },
	[5] = { 2, 3, { 10, 40, 20, 50, 30, 60 } }, [6] = { 2, 3, { 40, 10, 50, 20, 60, 30 } },
	[7] = { 2, 3, { 60, 30, 50, 20, 40, 10 } }, [8] = { 2, 3, { 30, 60, 20, 50, 10, 40 } },
};

void assert_oriented(const struct fc_image *image, int orientation)
{
	assert_int_equal(image->width, oriented[orientation].width);
	assert_int_equal(image->height, oriented[orientation].height);
	for (uint32_t i = 0; i < 6; i++) {
		int grey = oriented[orientation].greys[i];
		assert_pixel(image, i % image->width, i / image->width, grey, grey, grey, 0);
	}
}
