/* Decoding as the worker does it, and what came out. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "usual_limits.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "decoding.h"

enum fc_status decode_with(const void *data, size_t length, const struct fc_codecs *codecs,
			   struct fc_image_header *header, struct fc_image *out,
			   struct fc_error *err)
{
	FC_TRY(fc_image_probe(data, length, &usual_limits, codecs, header, err));
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

void assert_refused_when_cut(const struct fc_buffer *file, const char *text, size_t end)
{
	FC_CLEANUP(fc_image_release) struct fc_image whole = { 0 };
	size_t accepted = 0;
	assert_int_equal(decode(file, &whole, NULL), FC_OK);
	for (size_t length = 1; length < file->length;
	     length += length < 200 || file->length - length < 40 ? 1 : 37) {
		FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
		struct fc_image_header header;
		struct fc_error err = { 0 };
		enum fc_status status =
			decode_with(file->data, length, NULL, &header, &image, &err);
		if (status == FC_OK && length + end >= file->length) {
			assert_true(header.notes & FC_IMAGE_NO_END);
			assert_memory_equal(image.pixels, whole.pixels,
					    whole.stride * whole.height);
			accepted++;
			continue;
		}
		assert_int_equal(status, FC_BAD_IMAGE);
		assert_null(image.pixels);
		if (length > 8) {
			assert_non_null(strstr(err.text, text));
		}
	}
	assert_true(accepted > 0);
}

static void decode_any(const uint8_t *data, size_t length, const struct fc_codecs *codecs)
{
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	struct fc_image_header header;
	struct fc_error err = { 0 };
	enum fc_status status = decode_with(data, length, codecs, &header, &image, &err);
	if (status == FC_OK) {
		assert_non_null(image.pixels);
	} else {
		assert_null(image.pixels);
		assert_true(err.text[0] != '\0');
	}
}

/* As the analysis does it: each page is made the first one and decoded. */
static void decode_pages(const uint8_t *data, size_t length, const struct fc_codecs *codecs)
{
	FC_CLEANUP(fc_free) uint32_t *pages = NULL;
	size_t count = 0;
	struct fc_error err = { 0 };
	if (fc_tiff_pages(data, length, &pages, &count, &err) != FC_OK) {
		assert_true(err.text[0] != '\0');
		return;
	}
	assert_true(count <= FC_PAGES_MAXIMUM + 1);
	uint8_t *copy = malloc(length);
	memcpy(copy, data, length);
	for (size_t i = 0; i < count && i < 3; i++) {
		fc_tiff_choose_page(copy, pages[i]);
		decode_any(copy, length, codecs);
	}
	free(copy);
}

static void decode_all(const uint8_t *data, size_t length, const struct fc_codecs *codecs)
{
	decode_any(data, length, codecs);
	if (length > 8 && (memcmp(data, "II*", 4) == 0 || memcmp(data, "MM\0*", 4) == 0)) {
		decode_pages(data, length, codecs);
	}
}

void decode_cut(const struct fc_buffer *file, const struct fc_codecs *codecs, size_t step)
{
	for (size_t length = 1; length < file->length; length += step) {
		/* A copy of just this length lets the sanitizer see each byte read too far. */
		uint8_t *part = malloc(length);
		memcpy(part, file->data, length);
		decode_all(part, length, codecs);
		free(part);
	}
}

void decode_changed(const struct fc_buffer *file, const struct fc_codecs *codecs, int times)
{
	uint32_t random = 1;
	uint8_t *copy = malloc(file->length);
	for (int i = 0; i < times; i++) {
		memcpy(copy, file->data, file->length);
		for (int change = 0; change < 1 + i % 4; change++) {
			random = random * 1664525 + 1013904223;
			copy[(random >> 8) % file->length] = (uint8_t)(random >> 3);
		}
		decode_all(copy, file->length, codecs);
	}
	free(copy);
}

void assert_pixel(const struct fc_image *image, uint32_t x, uint32_t y, int red, int green,
		  int blue, float tolerance)
{
	const uint8_t *pixel = fc_image_row(image, y) + (size_t)3 * x;
	assert_float_equal(pixel[0], red, tolerance + 0.1F);
	assert_float_equal(pixel[1], green, tolerance + 0.1F);
	assert_float_equal(pixel[2], blue, tolerance + 0.1F);
}

char quarter_colour(const struct fc_image *image, int right, int low)
{
	uint32_t x = image->width / 4 * (1 + 2 * (uint32_t)right);
	uint32_t y = image->height / 4 * (1 + 2 * (uint32_t)low);
	const uint8_t *pixel = fc_image_row(image, y) + (size_t)3 * x;
	bool red = pixel[0] > 128, green = pixel[1] > 128, blue = pixel[2] > 128;
	return red && green && blue ? 'w' : red ? 'r' : green ? 'g' : blue ? 'b' : '-';
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
