/* Decode the first frame of a GIF (the CompuServe specification of GIF89a). */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "vision/image/formats.h"

enum {
	COLOURS = 256,
	CODES = 4096,
	SCREEN_END = 13,
	EXTENSION = 0x21,
	FRAME = 0x2c,
	TRAILER = 0x3b
};

/* Bytes and a position in them. Reading past the end yields zeros and sets failed. */
struct cursor {
	const uint8_t *data;
	size_t length, at;
	bool failed;
};

static uint8_t next_byte(struct cursor *cursor)
{
	cursor->failed = cursor->failed || cursor->at >= cursor->length;
	return cursor->failed ? 0 : cursor->data[cursor->at++];
}

static uint32_t next_number(struct cursor *cursor)
{
	uint32_t low = next_byte(cursor);
	return low | (uint32_t)next_byte(cursor) << 8;
}

static void skip(struct cursor *cursor, size_t bytes)
{
	cursor->failed = cursor->failed || cursor->length - cursor->at < bytes;
	cursor->at = cursor->failed ? cursor->length : cursor->at + bytes;
}

/* Skip blocks of at most 255 bytes up to the empty one. */
static void skip_blocks(struct cursor *cursor)
{
	for (uint8_t size = next_byte(cursor); size > 0; size = next_byte(cursor)) {
		skip(cursor, size);
	}
}

struct frame {
	uint32_t left, top, width, height;
	bool interlaced;
	const uint8_t *palette;
	size_t colours;
	int transparent; /* colour; -1: none */
	size_t at;       /* of the size of the codes, before the pixels */
};

/* Read the flags of a colour table, and skip the table. */
static const uint8_t *read_palette(struct cursor *cursor, uint8_t flags, size_t *colours)
{
	*colours = (flags & 0x80) != 0 ? (size_t)2 << (flags & 7) : 0;
	const uint8_t *palette = cursor->data + cursor->at;
	skip(cursor, 3 * *colours);
	return palette;
}

/* The extension before a frame that has its transparent colour. */
static int read_transparent(struct cursor *cursor)
{
	int colour = -1;
	bool control = next_byte(cursor) == 0xf9;
	if (control && cursor->length - cursor->at >= 5 && cursor->data[cursor->at] == 4 &&
	    (cursor->data[cursor->at + 1] & 1) != 0) {
		colour = cursor->data[cursor->at + 4];
	}
	skip_blocks(cursor);
	return colour;
}

/* Read all blocks: the first frame, and the number of frames. *ended: the file has its last block. */
static size_t read_frames(struct cursor *cursor, struct frame *first, bool *ended)
{
	size_t frames = 0, colours;
	int transparent = -1;
	skip(cursor, 10);
	uint8_t flags = next_byte(cursor);
	skip(cursor, 2);
	const uint8_t *palette = read_palette(cursor, flags, &colours);
	*ended = false;
	while (!cursor->failed && !*ended) {
		uint8_t kind = next_byte(cursor);
		if (kind == EXTENSION) {
			int colour = read_transparent(cursor);
			transparent = colour >= 0 ? colour : transparent;
		} else if (kind == FRAME) {
			struct frame frame = { .palette = palette, .colours = colours };
			frame.left = next_number(cursor);
			frame.top = next_number(cursor);
			frame.width = next_number(cursor);
			frame.height = next_number(cursor);
			flags = next_byte(cursor);
			frame.interlaced = (flags & 0x40) != 0;
			if (flags & 0x80) {
				frame.palette = read_palette(cursor, flags, &frame.colours);
			}
			frame.transparent = transparent;
			frame.at = cursor->at;
			transparent = -1;
			frames += !cursor->failed;
			if (frames == 1 && !cursor->failed) {
				*first = frame;
			}
			skip(cursor, 1);
			skip_blocks(cursor);
		} else {
			*ended = kind == TRAILER && !cursor->failed;
			break;
		}
	}
	return frames;
}

/* Some files have a first frame that is larger than their screen: viewers enlarge the screen. */
static uint32_t larger(uint32_t screen, uint32_t start, uint32_t size)
{
	return screen > start + size ? screen : start + size;
}

enum fc_status fc_gif_probe(const void *data, size_t length, struct fc_image_header *header,
			    struct fc_error *err)
{
	struct cursor cursor = { .data = data, .length = length };
	struct frame frame = { 0 };
	bool ended;
	size_t frames = read_frames(&cursor, &frame, &ended);
	header->orientation = 1;
	if (frames == 0) {
		return fc_fail(err, FC_BAD_IMAGE,
			       ended ? "the GIF has no image"
				     : "truncated GIF: the file ends before the image is complete");
	}
	struct cursor screen = { .data = data, .length = length, .at = 6 };
	header->width = larger(next_number(&screen), frame.left, frame.width);
	header->height = larger(next_number(&screen), frame.top, frame.height);
	header->notes |= (frames > 1 ? FC_IMAGE_FIRST_FRAME : 0) | (ended ? 0 : FC_IMAGE_NO_END);
	return FC_OK;
}

/* ---- pixels ---- */

struct codes {
	struct cursor cursor;
	unsigned block; /* bytes left in the block */
	uint32_t bits;
	unsigned bit_count;
	uint16_t prefix[CODES];
	uint8_t last[CODES], stack[CODES + 1];
};

/* The next code of `size` bits; -1 at the end of the data. */
static int next_code(struct codes *codes, unsigned size)
{
	while (codes->bit_count < size) {
		if (codes->block == 0) {
			codes->block = next_byte(&codes->cursor);
			if (codes->block == 0) {
				return -1;
			}
		}
		codes->bits |= (uint32_t)next_byte(&codes->cursor) << codes->bit_count;
		if (codes->cursor.failed) {
			return -1;
		}
		codes->bit_count += 8;
		codes->block--;
	}
	int code = (int)(codes->bits & ((1u << size) - 1));
	codes->bits >>= size;
	codes->bit_count -= size;
	return code;
}

/* Decode the colours of `count` pixels (LZW). Returns the number of pixels that the data have. */
static size_t decode_colours(struct codes *codes, uint8_t *out, size_t count)
{
	unsigned smallest = next_byte(&codes->cursor);
	size_t done = 0;
	if (smallest < 1 || smallest > 8) {
		return 0;
	}
	const int clear = 1 << smallest, end = clear + 1;
	unsigned size = smallest + 1;
	int next = end + 1, before = -1;
	uint8_t first = 0;
	while (done < count) {
		int code = next_code(codes, size);
		if (code < 0 || code == end) {
			break;
		}
		if (code == clear) {
			size = smallest + 1;
			next = end + 1;
			before = -1;
			continue;
		}
		if (code > next || (code == next && before < 0) || (before < 0 && code >= clear)) {
			break;
		}
		size_t depth = 0;
		int at = code;
		if (code == next) {
			codes->stack[depth++] = first;
			at = before;
		}
		for (; at >= clear; at = codes->prefix[at]) {
			codes->stack[depth++] = codes->last[at];
		}
		first = (uint8_t)at;
		codes->stack[depth++] = first;
		while (depth > 0 && done < count) {
			out[done++] = codes->stack[--depth];
		}
		if (before >= 0 && next < CODES) {
			codes->prefix[next] = (uint16_t)before;
			codes->last[next++] = first;
			size += next == 1 << size && size < 12;
		}
		before = code;
	}
	return done;
}

/* The row of the n-th row in the file: first every eighth, then those between them, and so on. */
static uint32_t interlaced_row(uint32_t n, uint32_t height)
{
	static const uint32_t starts[] = { 0, 4, 2, 1 }, steps[] = { 8, 8, 4, 2 };
	for (size_t pass = 0; pass < 4; pass++) {
		uint32_t rows = height > starts[pass]
					? (height - starts[pass] + steps[pass] - 1) / steps[pass]
					: 0;
		if (n < rows) {
			return starts[pass] + n * steps[pass];
		}
		n -= rows;
	}
	return height - 1;
}

static void paint(const struct frame *frame, const uint8_t *colours, struct fc_image *image)
{
	for (uint32_t n = 0; n < frame->height; n++) {
		uint32_t y = frame->interlaced ? interlaced_row(n, frame->height) : n;
		uint8_t *rgb = fc_image_row(image, frame->top + y) + (size_t)3 * frame->left;
		for (uint32_t x = 0; x < frame->width; x++, rgb += 3) {
			uint8_t colour = colours[(size_t)n * frame->width + x];
			if (colour == frame->transparent) {
				continue;
			}
			if (colour < frame->colours) {
				memcpy(rgb, frame->palette + (size_t)3 * colour, 3);
			} else {
				memset(rgb, 0, 3);
			}
		}
	}
}

static void free_codes(struct codes **codes)
{
	free(*codes);
}

static void free_colours(uint8_t **colours)
{
	free(*colours);
}

enum fc_status fc_gif_decode(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_image *out, struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	FC_CLEANUP(free_codes) struct codes *codes = calloc(1, sizeof(*codes));
	struct cursor cursor = { .data = data, .length = length };
	struct frame frame = { 0 };
	bool ended;
	if (read_frames(&cursor, &frame, &ended) == 0 || frame.width == 0 || frame.height == 0) {
		return fc_fail(err, FC_BAD_IMAGE, "the GIF has no image");
	}
	size_t count = (size_t)frame.width * frame.height;
	FC_CLEANUP(free_colours) uint8_t *colours = malloc(count);
	if (!codes || !colours) {
		return fc_fail(err, FC_TOO_LARGE,
			       "the GIF needs more memory than a worker may use");
	}
	FC_TRY(fc_image_init(&image, header->width, header->height, err));
	codes->cursor = (struct cursor){ .data = data, .length = length, .at = frame.at };
	if (decode_colours(codes, colours, count) < count) {
		return fc_fail(err, FC_BAD_IMAGE, "%s",
			       codes->cursor.failed
				       ? "truncated GIF: the file ends before the image is complete"
				       : "damaged GIF: its image lacks pixels");
	}
	memset(image.pixels, 255, image.stride * image.height);
	paint(&frame, colours, &image);
	*out = FC_STEAL_STRUCT(image);
	return FC_OK;
}
