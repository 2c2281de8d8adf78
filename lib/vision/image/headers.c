/* Read size and orientation from the headers of WebP, BMP and TIFF files. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/formats.h"

#include <stdbool.h>
#include <string.h>

#include "vision/image/exif.h"

/* Bytes and a position in them. Reading past the end yields zeros and sets failed. */
struct cursor {
	const uint8_t *data;
	size_t length, at;
	bool big_endian, failed;
};

static uint32_t read_number(struct cursor *cursor, size_t bytes)
{
	uint32_t value = 0;
	if (cursor->length - cursor->at < bytes) {
		cursor->failed = true;
		cursor->at = cursor->length;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++) {
		size_t place = cursor->big_endian ? bytes - 1 - i : i;
		value |= (uint32_t)cursor->data[cursor->at + i] << (8 * place);
	}
	cursor->at += bytes;
	return value;
}

static void seek(struct cursor *cursor, size_t at)
{
	cursor->failed = cursor->failed || at > cursor->length;
	cursor->at = at > cursor->length ? cursor->length : at;
}

static enum fc_status truncated(struct fc_error *err, const char *format)
{
	return fc_fail(err, FC_BAD_IMAGE,
		       "truncated %s: the file ends before the image is complete", format);
}

/* The size in each of the three kinds of first chunk (RFC 9649; VP8: RFC 6386, section 9.1). */
static enum fc_status webp_size(struct cursor *cursor, const uint8_t *kind,
				struct fc_image_header *header, struct fc_error *err)
{
	size_t body = cursor->at;
	if (memcmp(kind, "VP8X", 4) == 0) {
		seek(cursor, body + 4);
		header->width = read_number(cursor, 3) + 1;
		header->height = read_number(cursor, 3) + 1;
	} else if (memcmp(kind, "VP8L", 4) == 0) {
		seek(cursor, body + 1);
		uint32_t bits = read_number(cursor, 4);
		header->width = (bits & 0x3fff) + 1;
		header->height = (bits >> 14 & 0x3fff) + 1;
	} else {
		seek(cursor, body + 6);
		header->width = read_number(cursor, 2) & 0x3fff;
		header->height = read_number(cursor, 2) & 0x3fff;
	}
	return cursor->failed ? truncated(err, "WebP") : FC_OK;
}

enum fc_status fc_webp_probe(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_error *err)
{
	struct cursor cursor = { .data = data, .length = length, .at = 4 };

	header->orientation = 1;
	if (read_number(&cursor, 4) > length - 8) {
		return truncated(err, "WebP");
	}
	seek(&cursor, 12);
	for (bool first = true; cursor.length - cursor.at >= 8; first = false) {
		const uint8_t *kind = cursor.data + cursor.at;
		seek(&cursor, cursor.at + 4);
		uint32_t size = read_number(&cursor, 4);
		size_t body = cursor.at;
		if (size > cursor.length - body) {
			return truncated(err, "WebP");
		}
		if (first) {
			FC_TRY(webp_size(&cursor, kind, header, err));
		} else if (memcmp(kind, "EXIF", 4) == 0) {
			header->orientation = fc_exif_orientation(cursor.data + body, size);
		}
		/* Chunks are padded to an even size; the padding of the last one may be missing. */
		size_t next = body + size + (size & 1);
		seek(&cursor, next < length ? next : length);
	}
	return FC_OK;
}

enum fc_status fc_bmp_probe(const void *data, size_t length, struct fc_image_header *header,
			    struct fc_error *err)
{
	struct cursor cursor = { .data = data, .length = length };

	seek(&cursor, 14);
	header->orientation = 1;
	if (read_number(&cursor, 4) == 12) {
		header->width = read_number(&cursor, 2);
		header->height = read_number(&cursor, 2);
	} else {
		uint32_t width = read_number(&cursor, 4);
		uint32_t height = read_number(&cursor, 4);
		/* A negative height means that the top row comes first. */
		header->width = width > INT32_MAX ? 0 : width;
		header->height = height > INT32_MAX ? 0U - height : height;
	}
	return cursor.failed ? truncated(err, "BMP") : FC_OK;
}

enum {
	TIFF_WIDTH = 256,
	TIFF_HEIGHT = 257,
	TIFF_ORIENTATION = 274,
	TIFF_SAMPLE_FORMAT = 339,
	TIFF_FLOAT_SAMPLES = 3, /* a sample format */
	TIFF_SHORT = 3,
	TIFF_LONG = 4,
};

/* The first value of an entry. Values that need more than four bytes are elsewhere in the file. */
static uint32_t tiff_value(struct cursor *cursor, uint32_t type, uint32_t count)
{
	if (count > (type == TIFF_SHORT ? 2 : 1)) {
		seek(cursor, read_number(cursor, 4));
	}
	return read_number(cursor, type == TIFF_SHORT ? 2 : 4);
}

enum fc_status fc_tiff_probe(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_error *err)
{
	struct cursor cursor = { .data = data, .length = length };

	header->orientation = 1;
	cursor.big_endian = length > 0 && cursor.data[0] == 'M';
	seek(&cursor, 4);
	seek(&cursor, read_number(&cursor, 4));
	uint32_t entries = read_number(&cursor, 2);
	for (uint32_t i = 0; i < entries && !cursor.failed; i++) {
		/* tag, type, count, and the value at the start of four bytes (TIFF 6.0, section 2) */
		size_t start = cursor.at;
		uint32_t tag = read_number(&cursor, 2);
		uint32_t type = read_number(&cursor, 2);
		uint32_t count = read_number(&cursor, 4);
		bool number = type == TIFF_SHORT || type == TIFF_LONG;
		if (number && count == 1) {
			uint32_t value = tiff_value(&cursor, type, count);
			if (tag == TIFF_WIDTH) {
				header->width = value;
			} else if (tag == TIFF_HEIGHT) {
				header->height = value;
			} else if (tag == TIFF_ORIENTATION && value >= 1 && value <= 8) {
				header->orientation = (uint8_t)value;
			}
		}
		seek(&cursor, start + 8);
		if (number && tag == TIFF_SAMPLE_FORMAT && count >= 1 &&
		    tiff_value(&cursor, type, count) == TIFF_FLOAT_SAMPLES) {
			return fc_fail(err, FC_UNSUPPORTED,
				       "a TIFF with floating-point samples is not supported; "
				       "convert it to 8 or 16 bits");
		}
		seek(&cursor, start + 12);
	}
	return cursor.failed ? truncated(err, "TIFF") : FC_OK;
}
