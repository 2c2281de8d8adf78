/* Pictures and image files made by the tests themselves. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_VISION_PICTURES_H
#define TEST_VISION_PICTURES_H

#include "base/buffer.h"
#include "vision/image/image.h"

/* A picture of one colour; the test fails when there is no memory. */
struct fc_image plain_picture(uint32_t width, uint32_t height, uint8_t red, uint8_t green,
			      uint8_t blue);

/* A cartoon of a face seen from the front, `height` pixels from hair to chin, which detectors find. Kinds 0, 1, ... differ. */
void draw_face(struct fc_image *image, double centre_x, double centre_y, double height, int kind);

/* The picture of three wide and two high, each pixel of another grey: 10 20 30 / 40 50 60. */
struct fc_image six_greys(void);

/* Files, made by the encoders under test; release them. */
struct fc_buffer jpeg_file(const struct fc_image *image);
struct fc_buffer png_file(const struct fc_image *image);

/* A TIFF structure that holds an orientation alone, as EXIF does. */
struct fc_buffer exif_block(unsigned orientation, bool big_endian);

/* The same JPEG or PNG file with an EXIF block after its header. */
struct fc_buffer with_exif_jpeg(const struct fc_buffer *jpeg, const struct fc_buffer *exif);
struct fc_buffer with_exif_png(const struct fc_buffer *png, const struct fc_buffer *exif);

/* A PNG file with its own header values and chunks before the pixels' one; raw are the filtered rows, to be compressed. */
struct png_parts {
	uint32_t width, height;
	uint8_t depth, colour_type, interlace;
	const uint8_t *palette;
	size_t palette_length;
	const uint8_t *transparency;
	size_t transparency_length;
	const uint8_t *raw;
	size_t raw_length;
};
struct fc_buffer png_from_parts(const struct png_parts *parts);

#endif
