/* Decoding as the worker does it, and what came out. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_VISION_DECODING_H
#define TEST_VISION_DECODING_H

#include "base/buffer.h"
#include "vision/image/codecs.h"
#include "vision/image/decode.h"

/* The header by itself, within limits. */
enum fc_status probe(const void *data, size_t length, struct fc_image_limits limits,
		     struct fc_image_header *header);

/* Header, then pixels, within the default limits. */
enum fc_status decode_with(const void *data, size_t length, const struct fc_codecs *codecs,
			   struct fc_image_header *header, struct fc_image *out,
			   struct fc_error *err);

/* The same without the module for other kinds. */
enum fc_status decode(const struct fc_buffer *file, struct fc_image *out, struct fc_error *err);

/*
 * The file is refused with this text wherever it is cut, except within its last `end` bytes: there it has the same pixels, and the note
 * that its end is missing.
 */
void assert_refused_when_cut(const struct fc_buffer *file, const char *text, size_t end);

/* Decode the first 1, 1 + step, ... bytes of a file, and files with random changes: they are refused or decoded. */
void decode_cut(const struct fc_buffer *file, const struct fc_codecs *codecs, size_t step);
void decode_changed(const struct fc_buffer *file, const struct fc_codecs *codecs, int times);

void assert_pixel(const struct fc_image *image, uint32_t x, uint32_t y, int red, int green,
		  int blue, float tolerance);

/* The colour in the middle of a quarter of the image: r, g, b or w. */
char quarter_colour(const struct fc_image *image, int right, int low);

/* That it is six_greys() as an orientation of EXIF shows it. */
void assert_oriented(const struct fc_image *image, int orientation);

#endif
