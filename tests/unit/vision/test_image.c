/* Image files are decoded whole or refused; limits come first, orientation is applied. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "usual_limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "decoding.h"
#include "pictures.h"
#include "vision/image/encode.h"

/* A gradient in three colours: smooth enough for JPEG, different everywhere. */
static struct fc_image gradient(uint32_t width, uint32_t height)
{
	struct fc_image image = plain_picture(width, height, 0, 0, 0);
	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++) {
			uint8_t *pixel = fc_image_row(&image, y) + (size_t)3 * x;
			pixel[0] = (uint8_t)(x * 255 / width);
			pixel[1] = (uint8_t)(y * 255 / height);
			pixel[2] = (uint8_t)(128 + x % 64);
		}
	}
	return image;
}

static void a_png_comes_back_as_it_was(void **state)
{
	(void)state;
	struct fc_image before = gradient(61, 37), after = { 0 };
	struct fc_buffer file = png_file(&before);
	struct fc_error err = { 0 };
	assert_int_equal(decode(&file, &after, &err), FC_OK);
	assert_int_equal(after.width, 61);
	assert_int_equal(after.height, 37);
	for (uint32_t y = 0; y < 37; y++) {
		assert_memory_equal(fc_image_row(&after, y), fc_image_row(&before, y), 3 * 61);
	}
	fc_image_release(&before);
	fc_image_release(&after);
	fc_buffer_release(&file);
}

static void a_jpeg_comes_back_nearly_as_it_was(void **state)
{
	(void)state;
	struct fc_image before = gradient(64, 48), after = { 0 };
	struct fc_buffer file = jpeg_file(&before);
	struct fc_error err = { 0 };
	assert_int_equal(decode(&file, &after, &err), FC_OK);
	const uint8_t *expected = fc_image_row(&before, 20) + 60;
	assert_pixel(&after, 20, 20, expected[0], expected[1], expected[2], 12);
	fc_image_release(&before);
	fc_image_release(&after);
	fc_buffer_release(&file);
}

/* 65500 pixels are the longest side of a JPEG. */
static void a_side_too_long_for_jpeg_is_refused_and_fits_into_png(void **state)
{
	(void)state;
	struct fc_image image = plain_picture(65501, 1, 1, 2, 3);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = { 0 };
	struct fc_error err = { 0 };
	assert_int_equal(fc_jpeg_encode(&image, FC_JPEG_QUALITY, &file, &err), FC_TOO_LARGE);
	assert_non_null(strstr(err.text, "maximum: 65500 pixels); use PNG"));
	assert_int_equal(file.length, 0);
	assert_int_equal(fc_png_encode(&image, &file, &err), FC_OK);
	fc_image_release(&image);
}

static void a_jpeg_that_lacks_pixels_is_refused(void **state)
{
	(void)state;
	struct fc_image image = gradient(64, 48);
	struct fc_buffer file = jpeg_file(&image);
	assert_refused_when_cut(&file, "truncated JPEG", 3); /* end marker, padding */
	fc_image_release(&image);
	fc_buffer_release(&file);
}

static void a_png_that_lacks_pixels_is_refused(void **state)
{
	(void)state;
	struct fc_image image = gradient(64, 48);
	struct fc_buffer file = png_file(&image);
	assert_refused_when_cut(&file, "truncated PNG",
				12 + 8); /* IEND, and the checksums of the pixels */
	fc_image_release(&image);
	fc_buffer_release(&file);
}

static void a_png_with_any_bit_changed_is_refused_or_the_same(void **state)
{
	(void)state;
	struct fc_image image = six_greys();
	struct fc_buffer file = png_file(&image);
	for (size_t bit = 0; bit < 8 * file.length; bit++) {
		struct fc_image damaged = { 0 };
		struct fc_error err = { 0 };
		file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_not_equal(decode(&file, &damaged, &err), FC_OK);
		assert_null(damaged.pixels);
		file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	fc_image_release(&image);
	fc_buffer_release(&file);
}

static void a_jpeg_with_any_byte_changed_does_no_harm(void **state)
{
	(void)state;
	struct fc_image image = gradient(40, 24);
	struct fc_buffer file = jpeg_file(&image);
	for (size_t at = 0; at < file.length; at++) {
		struct fc_image damaged = { 0 };
		struct fc_error err = { 0 };
		file.data[at] ^= 0x41;
		enum fc_status status = decode(&file, &damaged, &err);
		assert_true(status == FC_OK || status == FC_BAD_IMAGE || status == FC_TOO_LARGE);
		assert_true((status == FC_OK) == (damaged.pixels != NULL));
		fc_image_release(&damaged);
		file.data[at] ^= 0x41;
	}
	fc_image_release(&image);
	fc_buffer_release(&file);
}

/* Write a JPEG of one colour with libjpeg's own words for the colours. */
static struct fc_buffer jpeg_in(J_COLOR_SPACE space, int components, const uint8_t *colour,
				bool adobe)
{
	struct jpeg_compress_struct info;
	struct jpeg_error_mgr errors;
	unsigned char *bytes = NULL;
	unsigned long length = 0;
	struct fc_buffer file = { 0 };
	uint8_t row[16 * 4];

	for (int i = 0; i < 16; i++) {
		memcpy(row + i * components, colour, (size_t)components);
	}
	info.err = jpeg_std_error(&errors);
	jpeg_create_compress(&info);
	jpeg_mem_dest(&info, &bytes, &length);
	info.image_width = info.image_height = 16;
	info.input_components = components;
	info.in_color_space = space;
	jpeg_set_defaults(&info);
	info.write_Adobe_marker = adobe;
	jpeg_set_quality(&info, 98, TRUE);
	jpeg_start_compress(&info, TRUE);
	for (int y = 0; y < 16; y++) {
		JSAMPROW line = row;
		(void)jpeg_write_scanlines(&info, &line, 1);
	}
	jpeg_finish_compress(&info);
	jpeg_destroy_compress(&info);
	fc_buffer_append(&file, bytes, length);
	free(bytes);
	return file;
}

static void assert_jpeg_colour(J_COLOR_SPACE space, int components, const uint8_t *colour,
			       bool adobe, int red, int green, int blue)
{
	struct fc_buffer file = jpeg_in(space, components, colour, adobe);
	struct fc_image image = { 0 };
	struct fc_error err = { 0 };
	assert_int_equal(decode(&file, &image, &err), FC_OK);
	assert_pixel(&image, 7, 7, red, green, blue, 3);
	fc_image_release(&image);
	fc_buffer_release(&file);
}

static void jpegs_of_every_colour_space_become_rgb(void **state)
{
	(void)state;
	const uint8_t grey[] = { 77 }, rgb[] = { 200, 100, 50 };
	const uint8_t ink[] = { 55, 155, 205, 0 }, inverted[] = { 200, 100, 50, 255 };
	const uint8_t dark[] = { 200, 100, 50, 128 };
	assert_jpeg_colour(JCS_GRAYSCALE, 1, grey, false, 77, 77, 77);
	assert_jpeg_colour(JCS_RGB, 3, rgb, false, 200, 100, 50);
	assert_jpeg_colour(JCS_CMYK, 4, ink, false, 200, 100, 50);
	assert_jpeg_colour(JCS_CMYK, 4, inverted, true, 200, 100, 50);
	assert_jpeg_colour(JCS_CMYK, 4, dark, true, 100, 50, 25);
}

static void assert_png_pixel(const struct png_parts *parts, uint32_t x, int red, int green,
			     int blue)
{
	struct fc_buffer file = png_from_parts(parts);
	struct fc_image image = { 0 };
	struct fc_error err = { 0 };
	assert_int_equal(decode(&file, &image, &err), FC_OK);
	assert_pixel(&image, x, 0, red, green, blue, 0);
	fc_image_release(&image);
	fc_buffer_release(&file);
}

static void pngs_of_every_colour_type_become_rgb(void **state)
{
	(void)state;
	const uint8_t palette[] = { 1, 2, 3, 200, 100, 50 }, bits[] = { 0, 0x40 };
	const uint8_t grey16[] = { 0, 0x80, 0x12, 0x40, 0x34 };
	const uint8_t rgb16[] = { 0, 200, 9, 100, 9, 50, 9 };
	struct png_parts indexed = { 2, 1, 1, 3, 0, palette, 6, NULL, 0, bits, 2 };
	struct png_parts grey = { 2, 1, 16, 0, 0, NULL, 0, NULL, 0, grey16, 5 };
	struct png_parts bilevel = { 2, 1, 1, 0, 0, NULL, 0, NULL, 0, bits, 2 };
	struct png_parts deep = { 1, 1, 16, 2, 0, NULL, 0, NULL, 0, rgb16, 7 };
	assert_png_pixel(&indexed, 0, 1, 2, 3);
	assert_png_pixel(&indexed, 1, 200, 100, 50);
	assert_png_pixel(&grey, 0, 0x80, 0x80, 0x80);
	assert_png_pixel(&grey, 1, 0x40, 0x40, 0x40);
	assert_png_pixel(&bilevel, 1, 255, 255, 255);
	assert_png_pixel(&deep, 0, 200, 100, 50);
}

static void transparent_pixels_are_shown_over_white(void **state)
{
	(void)state;
	const uint8_t rgba[] = { 0, 200, 100, 50, 255, 200, 100, 50, 0, 0, 0, 0, 51 };
	const uint8_t grey_alpha[] = { 0, 100, 0, 100, 255 };
	const uint8_t palette[] = { 1, 2, 3, 200, 100, 50 }, bits[] = { 0, 0x40 };
	const uint8_t first_clear[] = { 0 };
	struct png_parts colour = { 3, 1, 8, 6, 0, NULL, 0, NULL, 0, rgba, sizeof(rgba) };
	struct png_parts grey = { 2, 1, 8, 4, 0, NULL, 0, NULL, 0, grey_alpha, 5 };
	struct png_parts indexed = { 2, 1, 1, 3, 0, palette, 6, first_clear, 1, bits, 2 };
	assert_png_pixel(&colour, 0, 200, 100, 50);
	assert_png_pixel(&colour, 1, 255, 255, 255);
	assert_png_pixel(&colour, 2, 204, 204, 204);
	assert_png_pixel(&grey, 0, 255, 255, 255);
	assert_png_pixel(&grey, 1, 100, 100, 100);
	assert_png_pixel(&indexed, 0, 255, 255, 255);
	assert_png_pixel(&indexed, 1, 200, 100, 50);
}

static void the_eight_orientations_turn_pixels_as_exif_says(void **state)
{
	(void)state;
	for (uint8_t orientation = 1; orientation <= 8; orientation++) {
		struct fc_image image = six_greys();
		struct fc_error err = { 0 };
		assert_int_equal(fc_image_orient(&image, orientation, &err), FC_OK);
		assert_oriented(&image, orientation);
		fc_image_release(&image);
	}
}

static void a_large_picture_is_turned_whole(void **state)
{
	(void)state;
	struct fc_image image = gradient(101, 67), before = gradient(101, 67);
	struct fc_error err = { 0 };
	assert_int_equal(fc_image_orient(&image, 6, &err), FC_OK);
	for (uint32_t y = 0; y < 67; y++) {
		for (uint32_t x = 0; x < 101; x++) {
			assert_memory_equal(fc_image_row(&image, x) + (size_t)3 * (66 - y),
					    fc_image_row(&before, y) + (size_t)3 * x, 3);
		}
	}
	fc_image_release(&image);
	fc_image_release(&before);
}

static void the_orientation_in_a_png_is_applied(void **state)
{
	(void)state;
	struct fc_image image = six_greys();
	struct fc_buffer plain = png_file(&image);
	for (int orientation = 1; orientation <= 8; orientation++) {
		struct fc_buffer exif = exif_block((unsigned)orientation, orientation % 2 == 0);
		struct fc_buffer file = with_exif_png(&plain, &exif);
		struct fc_image turned = { 0 };
		struct fc_error err = { 0 };
		assert_int_equal(decode(&file, &turned, &err), FC_OK);
		assert_oriented(&turned, orientation);
		fc_image_release(&turned);
		fc_buffer_release(&file);
		fc_buffer_release(&exif);
	}
	fc_buffer_release(&plain);
	fc_image_release(&image);
}

static void the_orientation_in_a_jpeg_is_read(void **state)
{
	(void)state;
	struct fc_image image = gradient(48, 32);
	struct fc_buffer plain = jpeg_file(&image), exif = exif_block(8, true);
	struct fc_buffer file = with_exif_jpeg(&plain, &exif);
	struct fc_image_header header;
	struct fc_image turned = { 0 };
	struct fc_error err = { 0 };
	assert_int_equal(fc_image_probe(file.data, file.length, &usual_limits, NULL, &header, &err),
			 FC_OK);
	assert_int_equal(header.orientation, 8);
	assert_int_equal(header.width, 48);
	assert_int_equal(decode(&file, &turned, &err), FC_OK);
	assert_int_equal(turned.width, 32);
	assert_int_equal(turned.height, 48);
	fc_image_release(&turned);
	fc_image_release(&image);
	fc_buffer_release(&plain);
	fc_buffer_release(&exif);
	fc_buffer_release(&file);
}

static void limits_are_checked_on_the_header_alone(void **state)
{
	(void)state;
	struct fc_image image = gradient(50, 40);
	struct fc_buffer file = png_file(&image);
	struct fc_image_header header;
	assert_int_equal(probe(file.data, file.length,
			       (struct fc_image_limits){ 1 << 20, 2000, 50 }, &header),
			 FC_OK);
	assert_int_equal(probe(file.data, file.length,
			       (struct fc_image_limits){ 1 << 20, 1999, 50 }, &header),
			 FC_TOO_LARGE);
	assert_int_equal(header.width, 50);
	assert_int_equal(probe(file.data, file.length,
			       (struct fc_image_limits){ 1 << 20, 2000, 49 }, &header),
			 FC_TOO_LARGE);
	assert_int_equal(probe(file.data, file.length,
			       (struct fc_image_limits){ file.length - 1, 2000, 50 }, &header),
			 FC_TOO_LARGE);
	assert_int_equal(header.format, FC_IMAGE_PNG);
	fc_image_release(&image);
	fc_buffer_release(&file);
}

/* 30000 x 30000 pixels in a file of some hundred bytes. */
static void a_decompression_bomb_is_refused_before_decoding(void **state)
{
	(void)state;
	const uint8_t raw[] = { 0 };
	struct png_parts parts = { 30000, 30000, 8, 2, 0, NULL, 0, NULL, 0, raw, 1 };
	struct fc_buffer file = png_from_parts(&parts);
	struct fc_image image = { 0 };
	struct fc_error err = { 0 };
	assert_int_equal(decode(&file, &image, &err), FC_TOO_LARGE);
	assert_string_equal(err.text,
			    "image of 30000x30000 pixels exceeds the limit of 20000 pixels a side");
	fc_buffer_release(&file);
}

static void a_picture_without_pixels_is_refused(void **state)
{
	(void)state;
	const uint8_t bmp[] = { 'B', 'M', 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0,  40,
				0,   0,   0,  0, 0, 0, 0, 5, 0, 0, 0,  1, 0, 24, 0 };
	struct fc_image_header header;
	assert_int_equal(probe(bmp, sizeof(bmp), usual_limits, &header), FC_BAD_IMAGE);
}

static void a_jpeg_with_hundreds_of_scans_is_refused(void **state)
{
	(void)state;
	/* Each scan refines nothing: the same DC coefficients' lowest bit cannot be sent twice, so many scans of AC bands. */
	enum { SCANS = 120 };
	struct jpeg_compress_struct info;
	struct jpeg_error_mgr errors;
	unsigned char *bytes = NULL;
	unsigned long length = 0;
	uint8_t row[16] = { 0 };
	jpeg_scan_info scans[SCANS];
	int used = 0;

	memset(scans, 0, sizeof(scans));
	scans[used++].comps_in_scan = 1;
	for (int band = 1; band < 64 && used + 1 < SCANS; band++) {
		jpeg_scan_info scan = { .comps_in_scan = 1, .Ss = band, .Se = band, .Al = 1 };
		scans[used++] = scan;
		scan.Ah = 1;
		scan.Al = 0;
		scans[used++] = scan;
	}
	info.err = jpeg_std_error(&errors);
	jpeg_create_compress(&info);
	jpeg_mem_dest(&info, &bytes, &length);
	info.image_width = info.image_height = 16;
	info.input_components = 1;
	info.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&info);
	info.scan_info = scans;
	info.num_scans = used;
	jpeg_start_compress(&info, TRUE);
	for (int y = 0; y < 16; y++) {
		JSAMPROW line = row;
		(void)jpeg_write_scanlines(&info, &line, 1);
	}
	jpeg_finish_compress(&info);
	jpeg_destroy_compress(&info);

	struct fc_buffer file = { 0 };
	struct fc_image image = { 0 };
	struct fc_error err = { 0 };
	fc_buffer_append(&file, bytes, length);
	assert_int_equal(decode(&file, &image, &err), FC_BAD_IMAGE);
	assert_non_null(strstr(err.text, "scans"));
	fc_buffer_release(&file);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_png_comes_back_as_it_was),
		cmocka_unit_test(a_jpeg_comes_back_nearly_as_it_was),
		cmocka_unit_test(a_side_too_long_for_jpeg_is_refused_and_fits_into_png),
		cmocka_unit_test(a_jpeg_that_lacks_pixels_is_refused),
		cmocka_unit_test(a_png_that_lacks_pixels_is_refused),
		cmocka_unit_test(a_png_with_any_bit_changed_is_refused_or_the_same),
		cmocka_unit_test(a_jpeg_with_any_byte_changed_does_no_harm),
		cmocka_unit_test(jpegs_of_every_colour_space_become_rgb),
		cmocka_unit_test(pngs_of_every_colour_type_become_rgb),
		cmocka_unit_test(transparent_pixels_are_shown_over_white),
		cmocka_unit_test(the_eight_orientations_turn_pixels_as_exif_says),
		cmocka_unit_test(a_large_picture_is_turned_whole),
		cmocka_unit_test(the_orientation_in_a_png_is_applied),
		cmocka_unit_test(the_orientation_in_a_jpeg_is_read),
		cmocka_unit_test(limits_are_checked_on_the_header_alone),
		cmocka_unit_test(a_decompression_bomb_is_refused_before_decoding),
		cmocka_unit_test(a_picture_without_pixels_is_refused),
		cmocka_unit_test(a_jpeg_with_hundreds_of_scans_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
