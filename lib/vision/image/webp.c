/* Read the headers of WebP files, and take the first frame out of animated ones (RFC 9649). */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "vision/image/exif.h"
#include "vision/image/formats.h"

enum { ANIMATED = 1 << 1, ALPHA = 1 << 4 /* flags of VP8X */, FRAME_HEADER = 16 };

struct chunk {
	const uint8_t *kind, *body;
	uint32_t size;
};

static uint32_t little_endian(const uint8_t *bytes, size_t count)
{
	uint32_t value = 0;
	for (size_t i = 0; i < count; i++) {
		value |= (uint32_t)bytes[i] << (8 * i);
	}
	return value;
}

/* Read the chunk at *at and move behind it. Returns false at the end; *at is then not `length` if the chunk is truncated. */
static bool next_chunk(const uint8_t *data, size_t length, size_t *at, struct chunk *out)
{
	if (length - *at < 8) {
		*at = length;
		return false;
	}
	*out = (struct chunk){ data + *at, data + *at + 8, little_endian(data + *at + 4, 4) };
	if (out->size > length - *at - 8) {
		return false;
	}
	/* Chunks are padded to an even size; the padding of the last one may be missing. */
	size_t next = *at + 8 + out->size + (out->size & 1);
	*at = next < length ? next : length;
	return true;
}

static bool is(const struct chunk *chunk, const char *kind)
{
	return memcmp(chunk->kind, kind, 4) == 0;
}

/* The size in each of the three kinds of first chunk (RFC 9649; VP8: RFC 6386, section 9.1). */
static bool read_size(const struct chunk *chunk, struct fc_image_header *header)
{
	if (is(chunk, "VP8X") && chunk->size >= 10) {
		header->width = little_endian(chunk->body + 4, 3) + 1;
		header->height = little_endian(chunk->body + 7, 3) + 1;
	} else if (is(chunk, "VP8L") && chunk->size >= 5) {
		uint32_t bits = little_endian(chunk->body + 1, 4);
		header->width = (bits & 0x3fff) + 1;
		header->height = (bits >> 14 & 0x3fff) + 1;
	} else if (is(chunk, "VP8 ") && chunk->size >= 10) {
		header->width = little_endian(chunk->body + 6, 2) & 0x3fff;
		header->height = little_endian(chunk->body + 8, 2) & 0x3fff;
	} else {
		return false;
	}
	return true;
}

enum fc_status fc_webp_probe(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_error *err)
{
	static const char truncated[] =
		"truncated WebP: the file ends before the image is complete";
	struct chunk chunk;
	size_t at = 12, frames = 0;
	header->orientation = 1;
	if (length < 12 || little_endian((const uint8_t *)data + 4, 4) > length - 8) {
		return fc_fail(err, FC_BAD_IMAGE, "%s", truncated);
	}
	for (bool first = true; next_chunk(data, length, &at, &chunk); first = false) {
		if (first && !read_size(&chunk, header)) {
			return fc_fail(err, FC_BAD_IMAGE, "%s", truncated);
		}
		frames += is(&chunk, "ANMF");
		if (is(&chunk, "EXIF")) {
			header->orientation = fc_exif_orientation(chunk.body, chunk.size);
		}
	}
	header->notes |= frames > 1 ? FC_IMAGE_FIRST_FRAME : 0;
	return at == length ? FC_OK : fc_fail(err, FC_BAD_IMAGE, "%s", truncated);
}

static void put_number(struct fc_buffer *out, uint32_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		fc_buffer_put_u8(out, (uint8_t)(value >> (8 * i)));
	}
}

bool fc_webp_first_frame(const void *data, size_t length, struct fc_webp_frame *out)
{
	struct fc_image_header whole = { 0 };
	struct chunk chunk;
	size_t at = 12;
	if (!next_chunk(data, length, &at, &chunk) || !is(&chunk, "VP8X") ||
	    !read_size(&chunk, &whole) || !(chunk.body[0] & ANIMATED)) {
		return false;
	}
	while (next_chunk(data, length, &at, &chunk)) {
		if (!is(&chunk, "ANMF") || chunk.size < FRAME_HEADER) {
			continue;
		}
		struct fc_webp_frame frame = {
			.left = 2 * little_endian(chunk.body, 3),
			.top = 2 * little_endian(chunk.body + 3, 3),
			.width = little_endian(chunk.body + 6, 3) + 1,
			.height = little_endian(chunk.body + 9, 3) + 1,
		};
		if (frame.left + frame.width > whole.width ||
		    frame.top + frame.height > whole.height) {
			return false;
		}
		const uint8_t *image = chunk.body + FRAME_HEADER;
		uint32_t size = chunk.size - FRAME_HEADER;
		bool alpha = size >= 4 &&
			     (memcmp(image, "ALPH", 4) == 0 || memcmp(image, "VP8L", 4) == 0);
		fc_buffer_append_text(&frame.file, "RIFF");
		put_number(&frame.file, 4 + 18 + size, 4);
		fc_buffer_append_text(&frame.file, "WEBPVP8X");
		put_number(&frame.file, 10, 4);
		put_number(&frame.file, alpha ? ALPHA : 0, 4);
		put_number(&frame.file, frame.width - 1, 3);
		put_number(&frame.file, frame.height - 1, 3);
		fc_buffer_append(&frame.file, image, size);
		*out = frame;
		return true;
	}
	return false;
}
