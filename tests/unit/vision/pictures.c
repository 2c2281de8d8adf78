/* Pictures and image files made by the tests themselves. */
/* SPDX-License-Identifier: MIT */
#include "pictures.h"

#include "unit.h"

#include <math.h>
#include <string.h>
#include <zlib.h>

#include "vision/image/encode.h"

struct fc_image plain_picture(uint32_t width, uint32_t height, uint8_t red, uint8_t green,
			      uint8_t blue)
{
	struct fc_image image = { 0 };
	struct fc_error err = { 0 };
	assert_int_equal(fc_image_init(&image, width, height, &err), FC_OK);
	for (uint32_t y = 0; y < height; y++) {
		uint8_t *pixel = fc_image_row(&image, y);
		for (uint32_t x = 0; x < width; x++, pixel += 3) {
			pixel[0] = red;
			pixel[1] = green;
			pixel[2] = blue;
		}
	}
	return image;
}

struct fc_image six_greys(void)
{
	struct fc_image image = plain_picture(3, 2, 0, 0, 0);
	for (uint32_t i = 0; i < 6; i++) {
		memset(fc_image_row(&image, i / 3) + (size_t)3 * (i % 3), 10 * (int)(i + 1), 3);
	}
	return image;
}

struct paint {
	double red, green, blue;
};

/* One face's units: x to the image's right and y down from its centre, 1 = half its height. */
struct easel {
	struct fc_image *image;
	double x, y, unit;
};

/* An oval with soft edges. */
static void oval(const struct easel *easel, double x, double y, double a, double b,
		 struct paint paint)
{
	double centre_x = easel->x + x * easel->unit, centre_y = easel->y + y * easel->unit;
	double radius_x = a * easel->unit, radius_y = b * easel->unit;
	double soft = fmax(1, 0.02 * easel->unit) / fmin(radius_x, radius_y);
	double top = fmax(0, centre_y - radius_y * (1 + soft));
	double left = fmax(0, centre_x - radius_x * (1 + soft));
	double bottom = fmin(easel->image->height, centre_y + radius_y * (1 + soft) + 1);
	double right = fmin(easel->image->width, centre_x + radius_x * (1 + soft) + 1);

	for (double row = floor(top); row < bottom; row++) {
		for (double column = floor(left); column < right; column++) {
			double distance =
				hypot((column - centre_x) / radius_x, (row - centre_y) / radius_y);
			double cover = fmin(1, fmax(0, (1 + soft / 2 - distance) / soft));
			uint8_t *pixel = fc_image_row(easel->image, (uint32_t)row) +
					 (size_t)3 * (uint32_t)column;
			pixel[0] = (uint8_t)(pixel[0] + cover * (paint.red - pixel[0]));
			pixel[1] = (uint8_t)(pixel[1] + cover * (paint.green - pixel[1]));
			pixel[2] = (uint8_t)(pixel[2] + cover * (paint.blue - pixel[2]));
		}
	}
}

static struct paint darker(struct paint paint, double factor)
{
	return (struct paint){ paint.red * factor, paint.green * factor, paint.blue * factor };
}

void draw_face(struct fc_image *image, double centre_x, double centre_y, double height, int kind)
{
	static const struct paint skins[] = { { 215, 170, 140 }, { 150, 105, 80 } };
	static const struct paint hairs[] = { { 45, 30, 22 }, { 190, 150, 90 } };
	const struct paint skin = skins[kind % 2], hair = hairs[kind % 2];
	const struct paint white = { 240, 238, 235 }, black = { 15, 15, 15 };
	const struct paint lips = { 170, 80, 80 };
	const struct easel easel = { image, centre_x, centre_y, height / 2 };
	const double eye_x = 0.29 + 0.04 * (kind % 2), mouth = 0.24 + 0.07 * (kind % 2);

	oval(&easel, 0, -0.2, 0.82, 0.8, hair);
	oval(&easel, 0, 0.05, 0.68, 0.93, skin);
	oval(&easel, 0, -0.72, 0.55, 0.22, hair);
	for (int side = -1; side <= 1; side += 2) {
		oval(&easel, side * eye_x, -0.12, 0.17, 0.09, darker(skin, 0.85));
		oval(&easel, side * eye_x, -0.12, 0.13, 0.065, white);
		oval(&easel, side * eye_x, -0.12, 0.06, 0.06, darker(hair, 0.8));
		oval(&easel, side * eye_x, -0.12, 0.03, 0.03, black);
		oval(&easel, side * eye_x, -0.29, 0.17, 0.035, darker(hair, 0.9));
		oval(&easel, side * 0.08, 0.3, 0.04, 0.025, darker(skin, 0.5));
	}
	oval(&easel, 0, 0.1, 0.055, 0.2, darker(skin, 1.06));
	oval(&easel, 0, 0.26, 0.11, 0.06, darker(skin, 0.94));
	oval(&easel, 0, 0.56, mouth, 0.08, lips);
	oval(&easel, 0, 0.555, mouth, 0.015, darker(lips, 0.5));
	oval(&easel, 0, 0.7, 0.16, 0.04, darker(skin, 0.9));
}

struct fc_buffer jpeg_file(const struct fc_image *image)
{
	struct fc_buffer file = { 0 };
	struct fc_error err = { 0 };
	assert_int_equal(fc_jpeg_encode(image, FC_JPEG_QUALITY, &file, &err), FC_OK);
	return file;
}

struct fc_buffer png_file(const struct fc_image *image)
{
	struct fc_buffer file = { 0 };
	struct fc_error err = { 0 };
	assert_int_equal(fc_png_encode(image, &file, &err), FC_OK);
	return file;
}

static void put_number(struct fc_buffer *out, uint32_t value, size_t bytes, bool big_endian)
{
	for (size_t i = 0; i < bytes; i++) {
		size_t place = big_endian ? bytes - 1 - i : i;
		fc_buffer_put_u8(out, (uint8_t)(value >> (8 * place)));
	}
}

struct fc_buffer exif_block(unsigned orientation, bool big_endian)
{
	enum { TAG_ORIENTATION = 0x0112, SHORT = 3 };
	struct fc_buffer block = { 0 };
	fc_buffer_append(&block, big_endian ? "MM" : "II", 2);
	put_number(&block, 42, 2, big_endian);
	put_number(&block, 8, 4, big_endian);
	put_number(&block, 1, 2, big_endian);
	put_number(&block, TAG_ORIENTATION, 2, big_endian);
	put_number(&block, SHORT, 2, big_endian);
	put_number(&block, 1, 4, big_endian);
	put_number(&block, orientation, 2, big_endian);
	put_number(&block, 0, 2, big_endian);
	put_number(&block, 0, 4, big_endian);
	assert_true(fc_buffer_ok(&block));
	return block;
}

struct fc_buffer with_exif_jpeg(const struct fc_buffer *jpeg, const struct fc_buffer *exif)
{
	struct fc_buffer file = { 0 };
	fc_buffer_append(&file, jpeg->data, 2);
	fc_buffer_append(&file, "\xff\xe1", 2);
	put_number(&file, (uint32_t)exif->length + 8, 2, true);
	fc_buffer_append(&file, "Exif\0\0", 6);
	fc_buffer_append(&file, exif->data, exif->length);
	fc_buffer_append(&file, jpeg->data + 2, jpeg->length - 2);
	assert_true(fc_buffer_ok(&file));
	return file;
}

static void put_chunk(struct fc_buffer *out, const char *type, const void *data, size_t length)
{
	uLong crc = crc32(0, (const Bytef *)type, 4);
	if (length > 0) {
		crc = crc32(crc, data, (uInt)length);
	}
	put_number(out, (uint32_t)length, 4, true);
	fc_buffer_append(out, type, 4);
	fc_buffer_append(out, data, length);
	put_number(out, (uint32_t)crc, 4, true);
}

struct fc_buffer with_exif_png(const struct fc_buffer *png, const struct fc_buffer *exif)
{
	enum { BEHIND_HEADER = 8 + 12 + 13 };
	struct fc_buffer file = { 0 };
	fc_buffer_append(&file, png->data, BEHIND_HEADER);
	put_chunk(&file, "eXIf", exif->data, exif->length);
	fc_buffer_append(&file, png->data + BEHIND_HEADER, png->length - BEHIND_HEADER);
	assert_true(fc_buffer_ok(&file));
	return file;
}

struct fc_buffer png_from_parts(const struct png_parts *parts)
{
	struct fc_buffer file = { 0 }, header = { 0 };
	uint8_t packed[4096];
	uLongf packed_length = sizeof(packed);

	put_number(&header, parts->width, 4, true);
	put_number(&header, parts->height, 4, true);
	fc_buffer_put_u8(&header, parts->depth);
	fc_buffer_put_u8(&header, parts->colour_type);
	fc_buffer_put_u8(&header, 0);
	fc_buffer_put_u8(&header, 0);
	fc_buffer_put_u8(&header, parts->interlace);
	assert_int_equal(compress(packed, &packed_length, parts->raw, parts->raw_length), Z_OK);

	fc_buffer_append(&file, "\x89PNG\r\n\x1a\n", 8);
	put_chunk(&file, "IHDR", header.data, header.length);
	if (parts->palette) {
		put_chunk(&file, "PLTE", parts->palette, parts->palette_length);
	}
	if (parts->transparency) {
		put_chunk(&file, "tRNS", parts->transparency, parts->transparency_length);
	}
	put_chunk(&file, "IDAT", packed, packed_length);
	put_chunk(&file, "IEND", NULL, 0);
	assert_true(fc_buffer_ok(&file));
	fc_buffer_release(&header);
	return file;
}
