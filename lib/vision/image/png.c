/* Decode PNG with libspng. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/formats.h"

#include <spng.h>
#include <stdlib.h>
#include <string.h>

#include "vision/image/exif.h"

/* Limits on texts and colour profiles, which facectl does not use: a file that exceeds them is refused without unpacking them. */
enum { CHUNK_MAXIMUM = 16 << 20, CHUNKS_TOGETHER_MAXIMUM = 64 << 20 };

static void context_free(spng_ctx **context)
{
	spng_ctx_free(*context);
}

static enum fc_status fail(struct fc_error *err, int code)
{
	switch (code) {
	case SPNG_EMEM:
		return fc_fail(err, FC_TOO_LARGE,
			       "the PNG needs more memory than a worker may use");
	case SPNG_EOF:
	case SPNG_EIDAT_TOO_SHORT:
	case SPNG_IO_EOF:
		return fc_fail(err, FC_BAD_IMAGE,
			       "truncated PNG: the file ends before the image is complete");
	default:
		return fc_fail(err, FC_BAD_IMAGE, "damaged PNG: %s", spng_strerror(code));
	}
}

static enum fc_status open_png(const void *data, size_t length, spng_ctx **out,
			       struct spng_ihdr *header, struct fc_error *err)
{
	FC_CLEANUP(context_free) spng_ctx *context = spng_ctx_new(0);
	if (!context) {
		return fc_fail_memory(err);
	}
	int code = spng_set_crc_action(context, SPNG_CRC_ERROR, SPNG_CRC_ERROR);
	if (code == 0) {
		code = spng_set_chunk_limits(context, CHUNK_MAXIMUM, CHUNKS_TOGETHER_MAXIMUM);
	}
	if (code == 0) {
		code = spng_set_png_buffer(context, data, length);
	}
	if (code == 0) {
		code = spng_get_ihdr(context, header);
	}
	if (code != 0) {
		return fail(err, code);
	}
	*out = FC_STEAL(context);
	return FC_OK;
}

static uint32_t big_endian(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/*
 * Read orientation and notes by walking over all chunks: eXIf may follow the pixels, where spng reads it only after decoding, and spng
 * does not say that the last chunk is missing.
 */
static void walk_chunks(const uint8_t *data, size_t length, struct fc_image_header *header)
{
	size_t at = 8;
	header->orientation = 1;
	while (length - at >= 12) {
		uint32_t size = big_endian(data + at);
		const uint8_t *type = data + at + 4;
		if (size > length - at - 12) {
			break;
		}
		if (memcmp(type, "IEND", 4) == 0) {
			return;
		}
		if (memcmp(type, "eXIf", 4) == 0) {
			header->orientation = fc_exif_orientation(type + 4, size);
		}
		/* An animation: the number of its frames, and how often it repeats (PNG, third edition, 11.3.6). */
		if (memcmp(type, "acTL", 4) == 0 && size == 8 && big_endian(type + 4) > 1) {
			header->notes |= FC_IMAGE_FIRST_FRAME;
		}
		at += (size_t)size + 12;
	}
	header->notes |= FC_IMAGE_NO_END;
}

enum fc_status fc_png_probe(const void *data, size_t length, struct fc_image_header *header,
			    struct fc_error *err)
{
	FC_CLEANUP(context_free) spng_ctx *context = NULL;
	struct spng_ihdr ihdr;
	FC_TRY(open_png(data, length, &context, &ihdr, err));
	header->width = ihdr.width;
	header->height = ihdr.height;
	walk_chunks(data, length, header);
	return FC_OK;
}

/* Blend RGBA rows with white, in place. The RGB pixels of a row are packed at its start; the stride does not change. */
static void flatten(struct fc_image *image)
{
	for (uint32_t y = 0; y < image->height; y++) {
		uint8_t *rgb = fc_image_row(image, y);
		const uint8_t *rgba = rgb;
		for (uint32_t x = 0; x < image->width; x++, rgba += 4, rgb += 3) {
			uint8_t alpha = rgba[3];
			for (int i = 0; i < 3; i++) {
				rgb[i] = fc_over_white(rgba[i], alpha);
			}
		}
	}
}

enum fc_status fc_png_decode(const void *data, size_t length, struct fc_image_header *probed,
			     struct fc_image *out, struct fc_error *err)
{
	FC_CLEANUP(context_free) spng_ctx *context = NULL;
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	struct spng_ihdr header;

	FC_TRY(open_png(data, length, &context, &header, err));
	struct spng_trns trns;
	int code = spng_get_trns(context, &trns);
	if (code != 0 && code != SPNG_ECHUNKAVAIL) {
		return fail(err, code);
	}
	bool transparent = code == 0 || header.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA ||
			   header.color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA;
	FC_TRY(fc_image_init_channels(&image, header.width, header.height, transparent ? 4 : 3,
				      err));
	code = spng_decode_image(context, image.pixels, image.stride * image.height,
				 transparent ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8, SPNG_DECODE_TRNS);
	if (code == 0) {
		/* Read on to the end chunk, if there is one. */
		code = spng_decode_chunks(context);
		code = probed->notes & FC_IMAGE_NO_END && code == SPNG_IO_EOF ? 0 : code;
	}
	if (code != 0) {
		return fail(err, code);
	}
	if (transparent) {
		flatten(&image);
	}
	*out = FC_STEAL_STRUCT(image);
	return FC_OK;
}
