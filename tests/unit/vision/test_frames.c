/* The first frame of GIF and WebP files, and the pages of TIFF files, that are made here, cut off and changed at random. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"
#include "usual_limits.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "decoding.h"
#include "pictures.h"
#include "vision/faces/picture.h"

enum { WIDTH = 7, HEIGHT = 9 };

static struct fc_codecs *open_codecs(void)
{
	struct fc_codecs *codecs = NULL;
	assert_int_equal(fc_codecs_open(getenv("FACECTL_TEST_CODECS"), &codecs, NULL), FC_OK);
	return codecs;
}

/* ---- GIF ---- */

static void put_u16(struct fc_buffer *out, unsigned value)
{
	fc_buffer_put_u8(out, (uint8_t)value);
	fc_buffer_put_u8(out, (uint8_t)(value >> 8));
}

struct gif {
	unsigned width, height; /* of the screen */
	unsigned left, top, frames;
	bool interlaced, own_palette;
	int transparent;
};

/* Codes of 9 bits for colours of 8 bits, with a clear code before the codes would become longer. */
static void put_pixels(struct fc_buffer *out, const uint8_t *colours, size_t count)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	uint32_t bits = 0;
	unsigned held = 0;
	for (size_t i = 0; i <= count; i++) {
		unsigned codes[2] = { 256, i < count ? colours[i] : 257 };
		for (size_t k = i % 100 == 0 ? 0 : 1; k < 2; k++) {
			bits |= codes[k] << held;
			for (held += 9; held >= 8; held -= 8, bits >>= 8) {
				fc_buffer_put_u8(&bytes, (uint8_t)bits);
			}
		}
	}
	fc_buffer_put_u8(&bytes, (uint8_t)bits);
	fc_buffer_put_u8(out, 8);
	for (size_t at = 0; at < bytes.length; at += 255) {
		size_t size = bytes.length - at < 255 ? bytes.length - at : 255;
		fc_buffer_put_u8(out, (uint8_t)size);
		fc_buffer_append(out, bytes.data + at, size);
	}
	fc_buffer_put_u8(out, 0);
}

static void put_palette(struct fc_buffer *out, unsigned shift)
{
	for (unsigned i = 0; i < 256; i++) {
		const uint8_t rgb[3] = { (uint8_t)(i + shift), (uint8_t)(2 * i),
					 (uint8_t)(255 - i) };
		fc_buffer_append(out, rgb, 3);
	}
}

/* Colour of a pixel of the first frame; each row differs. */
static uint8_t colour_at(unsigned x, unsigned y)
{
	return (uint8_t)(10 * y + x);
}

static struct fc_buffer gif_file(const struct gif *gif)
{
	static const unsigned order[HEIGHT] = { 0, 8, 4, 2, 6, 1, 3, 5, 7 };
	struct fc_buffer out = { 0 };
	fc_buffer_append_text(&out, "GIF89a");
	put_u16(&out, gif->width);
	put_u16(&out, gif->height);
	fc_buffer_append(&out, "\xf7\0\0", 3);
	put_palette(&out, 0);
	for (unsigned frame = 0; frame < gif->frames; frame++) {
		uint8_t colours[WIDTH * HEIGHT];
		for (unsigned i = 0; i < WIDTH * HEIGHT; i++) {
			unsigned row = i / WIDTH;
			unsigned y = gif->interlaced ? order[row] : row;
			colours[i] = (uint8_t)(colour_at(i % WIDTH, y) + 100 * frame);
		}
		if (gif->transparent >= 0) {
			const uint8_t control[8] = {
				0x21, 0xf9, 4, 1, 0, 0, (uint8_t)gif->transparent, 0
			};
			fc_buffer_append(&out, control, sizeof(control));
		}
		fc_buffer_append(&out,
				 "\x21\xfe\x03"
				 "abc",
				 6);
		fc_buffer_put_u8(&out, 0);
		fc_buffer_put_u8(&out, 0x2c);
		put_u16(&out, gif->left);
		put_u16(&out, gif->top);
		put_u16(&out, WIDTH);
		put_u16(&out, HEIGHT);
		fc_buffer_put_u8(&out, (uint8_t)((gif->interlaced ? 0x40 : 0) |
						 (gif->own_palette ? 0x87 : 0)));
		if (gif->own_palette) {
			put_palette(&out, 3);
		}
		put_pixels(&out, colours, sizeof(colours));
	}
	fc_buffer_put_u8(&out, 0x3b);
	return out;
}

static void assert_gif(const struct gif *gif, unsigned width, unsigned height, unsigned notes)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = gif_file(gif);
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	struct fc_image_header header;
	assert_int_equal(decode_with(file.data, file.length, NULL, &header, &image, NULL), FC_OK);
	assert_int_equal(image.width, width);
	assert_int_equal(image.height, height);
	assert_int_equal(header.notes, notes);
	for (unsigned y = 0; y < height; y++) {
		for (unsigned x = 0; x < width; x++) {
			int c = colour_at(x - gif->left, y - gif->top);
			bool outside = x < gif->left || x >= gif->left + WIDTH || y < gif->top ||
				       y >= gif->top + HEIGHT;
			int shift = gif->own_palette ? 3 : 0;
			if (outside || c == gif->transparent) {
				assert_pixel(&image, x, y, 255, 255, 255, 0);
			} else {
				assert_pixel(&image, x, y, c + shift, 2 * c, 255 - c, 0);
			}
		}
	}
}

static void a_gif_is_decoded_and_its_first_frame_only(void **state)
{
	(void)state;
	const struct gif plain = { WIDTH, HEIGHT, 0, 0, 1, false, false, -1 };
	const struct gif moved = { 20, 15, 3, 2, 3, false, true, -1 };
	const struct gif interlaced = { WIDTH, HEIGHT, 0, 0, 2, true, false, 23 };
	const struct gif larger = { 2, 2, 1, 0, 1, false, false, -1 };
	assert_gif(&plain, WIDTH, HEIGHT, 0);
	assert_gif(&moved, 20, 15, FC_IMAGE_FIRST_FRAME);
	assert_gif(&interlaced, WIDTH, HEIGHT, FC_IMAGE_FIRST_FRAME);
	assert_gif(&larger, WIDTH + 1, HEIGHT, 0);
}

static void a_gif_that_lacks_pixels_is_refused(void **state)
{
	(void)state;
	const struct gif plain = { WIDTH, HEIGHT, 0, 0, 1, false, false, -1 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = gif_file(&plain);
	assert_refused_when_cut(&file, "truncated GIF", 4);
}

static void a_large_screen_of_a_gif_is_refused_before_decoding(void **state)
{
	(void)state;
	const struct gif huge = { 65535, 65535, 0, 0, 1, false, false, -1 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = gif_file(&huge);
	struct fc_image_header header;
	assert_int_equal(probe(file.data, file.length, usual_limits, &header), FC_TOO_LARGE);
}

/* ---- WebP ---- */

/* The chunk of a lossless picture of 4 by 3 pixels in the colour 200, 10, 20. */
static const uint8_t lossless[] = { 'V',  'P',  '8',  'L',  0x11, 0x00, 0x00, 0x00, 0x2f,
				    0x03, 0x80, 0x00, 0x00, 0x07, 0x50, 0x85, 0x22, 0x97,
				    0xa2, 0xff, 0x81, 0x88, 0xe8, 0x7f, 0x00, 0x00 };

static void put_u24(struct fc_buffer *out, unsigned value)
{
	put_u16(out, value);
	fc_buffer_put_u8(out, (uint8_t)(value >> 16));
}

/* A picture of 10 by 8 pixels; the frames are at 4, 2. */
static struct fc_buffer webp_file(unsigned frames)
{
	struct fc_buffer out = { 0 };
	fc_buffer_append(&out, "RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0", 24);
	put_u24(&out, 10 - 1);
	put_u24(&out, 8 - 1);
	fc_buffer_append(&out, "ANIM\x06\0\0\0\xff\xff\xff\xff\0\0", 14);
	for (unsigned i = 0; i < frames; i++) {
		fc_buffer_append_text(&out, "ANMF");
		fc_buffer_put_u32(&out, 16 + sizeof(lossless));
		put_u24(&out, 4 / 2);
		put_u24(&out, 2 / 2);
		put_u24(&out, 4 - 1);
		put_u24(&out, 3 - 1);
		put_u24(&out, 100);
		fc_buffer_put_u8(&out, 0);
		fc_buffer_append(&out, lossless, sizeof(lossless));
	}
	out.data[4] = (uint8_t)(out.length - 8);
	out.data[5] = (uint8_t)((out.length - 8) >> 8);
	return out;
}

static void the_first_frame_of_a_webp_is_decoded_in_its_place(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	for (unsigned frames = 1; frames <= 3; frames++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer file = webp_file(frames);
		FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
		struct fc_image_header header;
		assert_int_equal(decode_with(file.data, file.length, codecs, &header, &image, NULL),
				 FC_OK);
		assert_int_equal(image.width, 10);
		assert_int_equal(image.height, 8);
		assert_int_equal(header.notes, frames > 1 ? FC_IMAGE_FIRST_FRAME : 0);
		for (uint32_t y = 0; y < 8; y++) {
			for (uint32_t x = 0; x < 10; x++) {
				bool inside = x >= 4 && x < 8 && y >= 2 && y < 5;
				assert_pixel(&image, x, y, inside ? 200 : 255, inside ? 10 : 255,
					     inside ? 20 : 255, 0);
			}
		}
	}
	fc_codecs_close(codecs);
}

static void a_frame_outside_of_its_webp_is_refused(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = webp_file(1);
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	struct fc_image_header header;
	file.data[30 + 14 + 8] = 100; /* the frame's left edge, of half as many pixels */
	assert_int_equal(decode_with(file.data, file.length, codecs, &header, &image, NULL),
			 FC_BAD_IMAGE);
	fc_codecs_close(codecs);
}

/* ---- TIFF ---- */

static void put_tag(struct fc_buffer *out, unsigned tag, unsigned type, unsigned count,
		    uint32_t value)
{
	put_u16(out, tag);
	put_u16(out, type);
	fc_buffer_put_u32(out, count);
	fc_buffer_put_u32(out, value);
}

/* Pages of 3 by 2 pixels without compression; all colours of a page are 50 times its number. */
static struct fc_buffer tiff_file(unsigned pages)
{
	enum { TILE = 18, ROWS = 2, COLUMNS = 3, TAGS = 10 };
	struct fc_buffer out = { 0 };
	fc_buffer_append(&out, "II*\0\0\0\0\0", 8);
	size_t link = 4;
	for (unsigned page = 1; page <= pages; page++) {
		uint32_t pixels = (uint32_t)out.length;
		for (int i = 0; i < TILE; i++) {
			fc_buffer_put_u8(&out, (uint8_t)(50 * page));
		}
		uint32_t depths = (uint32_t)out.length;
		for (int i = 0; i < 3; i++) {
			put_u16(&out, 8);
		}
		for (int i = 0; i < 4; i++) {
			out.data[link + (size_t)i] = (uint8_t)(out.length >> 8 * i);
		}
		put_u16(&out, TAGS);
		put_tag(&out, 256, 4, 1, COLUMNS);
		put_tag(&out, 257, 4, 1, ROWS);
		put_tag(&out, 258, 3, 3, depths);
		put_tag(&out, 259, 3, 1, 1);
		put_tag(&out, 262, 3, 1, 2);
		put_tag(&out, 273, 4, 1, pixels);
		put_tag(&out, 277, 3, 1, 3);
		put_tag(&out, 278, 4, 1, ROWS);
		put_tag(&out, 279, 4, 1, TILE);
		put_tag(&out, 284, 3, 1, 1);
		link = out.length;
		fc_buffer_put_u32(&out, 0);
	}
	return out;
}

static void each_page_of_a_tiff_is_decoded(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = tiff_file(3);
	FC_CLEANUP(fc_free) uint32_t *pages = NULL;
	size_t count = 0;
	assert_int_equal(fc_tiff_pages(file.data, file.length, &pages, &count, NULL), FC_OK);
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++) {
		FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
		struct fc_image_header header;
		int grey = 50 * (int)(i + 1);
		fc_tiff_choose_page(file.data, pages[i]);
		assert_int_equal(decode_with(file.data, file.length, codecs, &header, &image, NULL),
				 FC_OK);
		assert_int_equal(image.width, 3);
		assert_int_equal(image.height, 2);
		assert_pixel(&image, 2, 1, grey, grey, grey, 0);
	}
	fc_codecs_close(codecs);
}

static void a_part_is_cut_out_of_each_page(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = tiff_file(3);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer none = { 0 };
	struct fc_drawing part = { .format = FC_IMAGE_PNG, .area = { 1, 1, 2, 1 } };
	for (uint16_t page = 0; page <= 3; page++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer out = { 0 };
		FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
		int grey = page == 0 ? 50 : 50 * page;
		part.page = page;
		assert_int_equal(fc_picture_draw(&usual_limits, codecs, &file, &part, &out, NULL),
				 FC_OK);
		assert_int_equal(decode(&out, &image, NULL), FC_OK);
		assert_int_equal(image.width, 2);
		assert_int_equal(image.height, 1);
		assert_pixel(&image, 1, 0, grey, grey, grey, 0);
	}
	part.page = 4;
	assert_int_equal(fc_picture_draw(&usual_limits, codecs, &file, &part, &none, NULL),
			 FC_INVALID_ARGUMENT);
	fc_codecs_close(codecs);
}

/* ---- hostile files ---- */

static void files_that_are_cut_or_changed_do_no_damage(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	const struct gif gif = { 20, 15, 3, 2, 3, true, true, 23 };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = gif_file(&gif);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer webp = webp_file(2);
	decode_cut(&file, codecs, 1);
	decode_changed(&file, codecs, 2000);
	decode_cut(&webp, codecs, 1);
	decode_changed(&webp, codecs, 500);
	FC_CLEANUP(fc_buffer_release) struct fc_buffer tiff = tiff_file(2);
	decode_cut(&tiff, codecs, 1);
	decode_changed(&tiff, codecs, 500);
	fc_codecs_close(codecs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gif_is_decoded_and_its_first_frame_only),
		cmocka_unit_test(a_gif_that_lacks_pixels_is_refused),
		cmocka_unit_test(a_large_screen_of_a_gif_is_refused_before_decoding),
		cmocka_unit_test(the_first_frame_of_a_webp_is_decoded_in_its_place),
		cmocka_unit_test(a_frame_outside_of_its_webp_is_refused),
		cmocka_unit_test(each_page_of_a_tiff_is_decoded),
		cmocka_unit_test(a_part_is_cut_out_of_each_page),
		cmocka_unit_test(files_that_are_cut_or_changed_do_no_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
