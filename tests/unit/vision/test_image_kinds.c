/* WebP, BMP and TIFF: sizes from their headers here, pixels by the module alone. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "usual_limits.h"

#include <stdlib.h>
#include <string.h>

#include "decoding.h"
#include "pictures.h"

static const uint8_t webp_extended[] = {
	'R', 'I', 'F', 'F', 22, 0, 0, 0, 'W', 'E', 'B', 'P', 'V', 'P', '8',
	'X', 10,  0,   0,   0,  0, 0, 0, 0,   99,  0,   0,   49,  0,   0,
};
static const uint8_t webp_lossy[] = {
	'R', 'I', 'F', 'F', 22, 0, 0, 0, 'W',  'E',  'B',  'P', 'V', 'P', '8',
	' ', 10,  0,   0,   0,  0, 0, 0, 0x9d, 0x01, 0x2a, 100, 0,   50,  0,
};
static const uint8_t webp_lossless[] = {
	'R', 'I', 'F', 'F', 18, 0, 0, 0,    'W', 'E',  'B',  'P',  'V',
	'P', '8', 'L', 5,   0,  0, 0, 0x2f, 99,  0x40, 0x0c, 0x00, 0,
};
static const uint8_t bmp_core[] = { 'B', 'M', 0, 0, 0, 0,   0, 0,  0, 0, 26, 0,  0,
				    0,   12,  0, 0, 0, 100, 0, 50, 0, 1, 0,  24, 0 };
static const uint8_t bmp_top_down[] = { 'B', 'M', 0,    0,    0,    0,    0, 0, 0,   0,
					54,  0,   0,    0,    40,   0,    0, 0, 100, 0,
					0,   0,   0xce, 0xff, 0xff, 0xff, 1, 0, 24,  0 };
static const uint8_t tiff_intel[] = { 'I', 'I', '*', 0, 8,  0,   0, 0, 2, 0, 0, 1, 3,
				      0,   1,   0,   0, 0,  100, 0, 0, 0, 1, 1, 4, 0,
				      1,   0,   0,   0, 50, 0,   0, 0, 0, 0, 0, 0 };
static const uint8_t tiff_motorola[] = {
	'M', 'M', 0, '*', 0, 0, 0,  8, 0, 3, 1,  0, 0, 3, 0, 0, 0, 1, 0, 100, 0, 0, 1, 1, 0,
	3,   0,   0, 0,   1, 0, 50, 0, 0, 1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0,   0, 0, 0, 0, 0,
};

static void assert_probed(const uint8_t *file, size_t length, uint8_t orientation)
{
	struct fc_image_header header;
	assert_int_equal(probe(file, length, usual_limits, &header), FC_OK);
	assert_int_equal(header.width, 100);
	assert_int_equal(header.height, 50);
	assert_int_equal(header.orientation, orientation);
	/* Cut off within the header, it is refused; a copy of just that length shows reads beyond it. */
	for (size_t cut = 0; cut + 8 < length; cut++) {
		uint8_t *part = malloc(cut + 1);
		memcpy(part, file, cut);
		enum fc_status status = probe(part, cut, usual_limits, &header);
		assert_true(status == FC_BAD_IMAGE || (status == FC_OK && cut + 12 >= length));
		free(part);
	}
}

static void sizes_of_webp_bmp_and_tiff_come_from_their_headers(void **state)
{
	(void)state;
	assert_probed(webp_extended, sizeof(webp_extended), 1);
	assert_probed(webp_lossy, sizeof(webp_lossy), 1);
	assert_probed(webp_lossless, sizeof(webp_lossless), 1);
	assert_probed(bmp_core, sizeof(bmp_core), 1);
	assert_probed(bmp_top_down, sizeof(bmp_top_down), 1);
	assert_probed(tiff_intel, sizeof(tiff_intel), 1);
	assert_probed(tiff_motorola, sizeof(tiff_motorola), 6);
}

/* The orientation in a chunk "EXIF" after the others. */
static void the_orientation_in_a_webp_is_read(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer exif = exif_block(8, false);
	struct fc_image_header header;
	fc_buffer_append(&file, webp_extended, sizeof(webp_extended));
	fc_buffer_append(&file, "EXIF", 4);
	fc_buffer_put_u32(&file, (uint32_t)exif.length);
	fc_buffer_append(&file, exif.data, exif.length);
	file.data[4] = (uint8_t)(file.length - 8);
	assert_int_equal(probe(file.data, file.length, usual_limits, &header), FC_OK);
	assert_int_equal(header.orientation, 8);
	/* The chunk is longer than the rest of the file. */
	file.data[sizeof(webp_extended) + 4]++;
	assert_int_equal(probe(file.data, file.length, usual_limits, &header), FC_BAD_IMAGE);
}

static void without_the_module_other_kinds_are_unsupported(void **state)
{
	(void)state;
	struct fc_buffer file = { 0 };
	struct fc_image image = { 0 };
	struct fc_error err = { 0 };
	fc_buffer_append(&file, bmp_core, sizeof(bmp_core));
	assert_int_equal(decode(&file, &image, &err), FC_UNSUPPORTED);
	assert_non_null(strstr(err.text, "facectl-imgcodecs.so"));
	fc_buffer_release(&file);
}

/* Three by two, 24 bits, rows from the bottom and padded to four bytes. */
static struct fc_buffer bmp_file(void)
{
	struct fc_buffer file = { 0 };
	fc_buffer_append(&file, "BM", 2);
	fc_buffer_put_u32(&file, 54 + 24);
	fc_buffer_put_u32(&file, 0);
	fc_buffer_put_u32(&file, 54);
	fc_buffer_put_u32(&file, 40);
	fc_buffer_put_u32(&file, 3);
	fc_buffer_put_u32(&file, 2);
	fc_buffer_put_u16(&file, 1);
	fc_buffer_put_u16(&file, 24);
	for (int i = 0; i < 6; i++) {
		fc_buffer_put_u32(&file, 0);
	}
	for (int y = 1; y >= 0; y--) {
		for (int x = 0; x < 3; x++) {
			uint8_t grey = (uint8_t)(10 * (y * 3 + x + 1));
			fc_buffer_append(&file, (uint8_t[]){ grey, grey, grey }, 3);
		}
		fc_buffer_append(&file, "\0\0\0", 3);
	}
	return file;
}

/* The same picture as an uncompressed TIFF that is to be shown in an orientation. */
static struct fc_buffer tiff_file(uint16_t orientation)
{
	const struct {
		uint16_t tag, type;
		uint32_t value;
	} entries[] = {
		{ 256, 3, 3 },           { 257, 3, 2 }, { 258, 3, 8 },
		{ 259, 3, 1 },           { 262, 3, 1 }, { 273, 4, 8 + 2 + 120 + 4 },
		{ 274, 3, orientation }, { 277, 3, 1 }, { 278, 3, 2 },
		{ 279, 4, 6 },
	};
	struct fc_buffer file = { 0 };
	fc_buffer_append(&file, "II*\0\x08\0\0\0", 8);
	fc_buffer_put_u16(&file, FC_ARRAY_LENGTH(entries));
	for (size_t i = 0; i < FC_ARRAY_LENGTH(entries); i++) {
		fc_buffer_put_u16(&file, entries[i].tag);
		fc_buffer_put_u16(&file, entries[i].type);
		fc_buffer_put_u32(&file, 1);
		fc_buffer_put_u32(&file, entries[i].value);
	}
	fc_buffer_put_u32(&file, 0);
	fc_buffer_append(&file, "\x0a\x14\x1e\x28\x32\x3c", 6);
	return file;
}

/* One pixel of red, green, blue and alpha, of 8 or 16 bits. extra: what alpha means (TIFF 6.0, ExtraSamples). */
static struct fc_buffer alpha_tiff(uint16_t bits, uint16_t extra, uint16_t sample_format,
				   const uint16_t pixel[4])
{
	enum { ENTRIES = 11, AFTER = 8 + 2 + 12 * ENTRIES + 4 };
	const struct {
		uint16_t tag, type;
		uint32_t count, value;
	} entries[ENTRIES] = {
		{ 256, 3, 1, 1 },     { 257, 3, 1, 1 },         { 258, 3, 4, AFTER },
		{ 259, 3, 1, 1 },     { 262, 3, 1, 2 },         { 273, 4, 1, AFTER + 16 },
		{ 277, 3, 1, 4 },     { 278, 3, 1, 1 },         { 279, 4, 1, bits / 2 },
		{ 338, 3, 1, extra }, { 339, 3, 4, AFTER + 8 },
	};
	struct fc_buffer file = { 0 };
	fc_buffer_append(&file, "II*\0\x08\0\0\0", 8);
	fc_buffer_put_u16(&file, ENTRIES);
	for (size_t i = 0; i < ENTRIES; i++) {
		fc_buffer_put_u16(&file, entries[i].tag);
		fc_buffer_put_u16(&file, entries[i].type);
		fc_buffer_put_u32(&file, entries[i].count);
		fc_buffer_put_u32(&file, entries[i].value);
	}
	fc_buffer_put_u32(&file, 0);
	for (int i = 0; i < 4; i++) {
		fc_buffer_put_u16(&file, bits);
	}
	for (int i = 0; i < 4; i++) {
		fc_buffer_put_u16(&file, sample_format);
	}
	for (int i = 0; i < 4; i++) {
		if (bits == 8) {
			fc_buffer_put_u8(&file, (uint8_t)pixel[i]);
		} else {
			fc_buffer_put_u16(&file, pixel[i]);
		}
	}
	return file;
}

static struct fc_codecs *open_codecs(void)
{
	struct fc_codecs *codecs = NULL;
	struct fc_error err = { 0 };
	assert_int_equal(fc_codecs_open(getenv("FACECTL_TEST_CODECS"), &codecs, &err), FC_OK);
	return codecs;
}

static void the_module_decodes_bmp_and_tiff(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	struct fc_image_header header;
	struct fc_error err = { 0 };

	struct fc_buffer bmp = bmp_file();
	struct fc_image image = { 0 };
	assert_int_equal(decode_with(bmp.data, bmp.length, codecs, &header, &image, &err), FC_OK);
	assert_oriented(&image, 1);
	fc_image_release(&image);
	assert_int_equal(decode_with(bmp.data, bmp.length - 1, codecs, &header, &image, &err),
			 FC_BAD_IMAGE);
	assert_null(image.pixels);
	fc_buffer_release(&bmp);

	for (uint16_t orientation = 1; orientation <= 8; orientation++) {
		struct fc_buffer tiff = tiff_file(orientation);
		assert_int_equal(decode_with(tiff.data, tiff.length, codecs, &header, &image, &err),
				 FC_OK);
		assert_oriented(&image, orientation);
		fc_image_release(&image);
		fc_buffer_release(&tiff);
	}
	fc_codecs_close(codecs);
}

static void transparent_pixels_of_a_tiff_are_blended_with_white(void **state)
{
	(void)state;
	enum { ASSOCIATED = 1, UNASSOCIATED = 2 };
	const struct {
		uint16_t bits, extra, pixel[4];
	} files[] = {
		{ 8, UNASSOCIATED, { 200, 100, 0, 128 } },
		{ 8, ASSOCIATED, { 100, 50, 0, 128 } },
		{ 16, UNASSOCIATED, { 200 * 257, 100 * 257, 0, 128 * 257 } },
	};
	struct fc_codecs *codecs = open_codecs();
	for (size_t i = 0; i < FC_ARRAY_LENGTH(files); i++) {
		FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
		FC_CLEANUP(fc_buffer_release)
		struct fc_buffer file =
			alpha_tiff(files[i].bits, files[i].extra, 1, files[i].pixel);
		struct fc_image_header header;
		struct fc_error err = { 0 };
		assert_int_equal(decode_with(file.data, file.length, codecs, &header, &image, &err),
				 FC_OK);
		assert_in_range(image.pixels[0], 226, 229);
		assert_in_range(image.pixels[1], 176, 179);
		assert_in_range(image.pixels[2], 126, 129);
	}
	fc_codecs_close(codecs);
}

static void a_tiff_of_floats_is_unsupported(void **state)
{
	(void)state;
	enum { FLOATS = 3 };
	static const uint16_t pixel[4] = { 0 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = alpha_tiff(16, 2, FLOATS, pixel);
	struct fc_image_header header;
	assert_int_equal(probe(file.data, file.length, usual_limits, &header), FC_UNSUPPORTED);
	/* The values of the entry are outside of the file. */
	file.data[8 + 2 + 12 * 10 + 9] = 0xff;
	assert_int_equal(probe(file.data, file.length, usual_limits, &header), FC_BAD_IMAGE);
}

static void the_module_refuses_what_is_broken(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	const struct {
		const uint8_t *data;
		size_t length;
	} files[] = { { webp_extended, sizeof(webp_extended) },
		      { webp_lossless, sizeof(webp_lossless) },
		      { webp_lossy, sizeof(webp_lossy) },
		      { bmp_core, sizeof(bmp_core) },
		      { tiff_intel, sizeof(tiff_intel) } };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(files); i++) {
		struct fc_image image = { 0 };
		struct fc_image_header header;
		struct fc_error err = { 0 };
		assert_int_equal(
			decode_with(files[i].data, files[i].length, codecs, &header, &image, &err),
			FC_BAD_IMAGE);
		assert_null(image.pixels);
	}
	fc_codecs_close(codecs);
}

static void pixels_of_another_size_than_the_headers_are_refused(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bmp = bmp_file();
	struct fc_image_header header;
	struct fc_image image = { 0 };
	struct fc_error err = { 0 };
	assert_int_equal(probe(bmp.data, bmp.length, usual_limits, &header), FC_OK);
	header.width++;
	assert_int_equal(fc_codecs_decode(codecs, bmp.data, bmp.length, &header, &image, &err),
			 FC_BAD_IMAGE);
	assert_non_null(strstr(err.text, "its size differs from that in its header"));
	assert_null(image.pixels);
	fc_codecs_close(codecs);
}

static void a_module_that_is_none_is_refused(void **state)
{
	(void)state;
	struct fc_codecs *codecs = NULL;
	struct fc_error err = { 0 };
	assert_int_equal(fc_codecs_open("/nonexistent/module.so", &codecs, &err), FC_IO);
	assert_non_null(strstr(err.text, "/nonexistent/module.so"));
	assert_int_equal(fc_codecs_open("libm.so.6", &codecs, &err), FC_IO);
	assert_null(codecs);
}
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_of_webp_bmp_and_tiff_come_from_their_headers),
		cmocka_unit_test(the_orientation_in_a_webp_is_read),
		cmocka_unit_test(pixels_of_another_size_than_the_headers_are_refused),
		cmocka_unit_test(without_the_module_other_kinds_are_unsupported),
		cmocka_unit_test(the_module_decodes_bmp_and_tiff),
		cmocka_unit_test(transparent_pixels_of_a_tiff_are_blended_with_white),
		cmocka_unit_test(a_tiff_of_floats_is_unsupported),
		cmocka_unit_test(the_module_refuses_what_is_broken),
		cmocka_unit_test(a_module_that_is_none_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
