/* Read size and orientation from the headers of BMP and TIFF files. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/formats.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "base/memory.h"
#include "vision/image/decode.h"
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
	TIFF_KIND = 254, /* bit 0: a reduced copy of a page; bit 2: a mask */
	TIFF_WIDTH = 256,
	TIFF_HEIGHT = 257,
	TIFF_COMPRESSION = 259,
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

/* Those that libtiff decodes in Debian's build: TIFF 6.0, section 1, and libtiff's tiff.h. */
static bool is_known_compression(uint32_t compression)
{
	static const uint16_t known[] = { 1,     2,     3,     4,     5,     6,     7,
					  8,     32766, 32771, 32773, 32809, 32946, 34661,
					  34676, 34677, 34925, 50000, 50001 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(known); i++) {
		if (compression == known[i]) {
			return true;
		}
	}
	return false;
}

/* Skip the entries of a directory, and read from them whether it is a page. */
static bool skip_directory(struct cursor *cursor)
{
	uint32_t kind = 0;
	uint32_t entries = read_number(cursor, 2);
	for (uint32_t i = 0; i < entries && !cursor->failed; i++) {
		size_t start = cursor->at;
		uint32_t tag = read_number(cursor, 2);
		uint32_t type = read_number(cursor, 2);
		seek(cursor, start + 8);
		kind = tag == TIFF_KIND && type == TIFF_LONG ? read_number(cursor, 4) : kind;
		seek(cursor, start + 12);
	}
	return (kind & 5) == 0;
}

enum fc_status fc_tiff_pages(const void *data, size_t length, uint32_t **out, size_t *count,
			     struct fc_error *err)
{
	struct cursor cursor = { .data = data, .length = length };
	FC_CLEANUP(fc_free) uint32_t *pages = NULL;
	size_t capacity = 0, found = 0, directories = 0;
	uint32_t first = 0;
	cursor.big_endian = length > 0 && cursor.data[0] == 'M';
	seek(&cursor, 4);
	for (;;) {
		uint32_t place = read_number(&cursor, 4);
		if (place == 0 || cursor.failed) {
			break;
		}
		/* The limit ends directories that refer to each other in a circle, too. */
		if (++directories > 2 * FC_PAGES_MAXIMUM || found > FC_PAGES_MAXIMUM) {
			return fc_fail(err, FC_TOO_LARGE, "the TIFF has more than %d pages",
				       FC_PAGES_MAXIMUM);
		}
		first = directories == 1 ? place : first;
		seek(&cursor, place);
		if (skip_directory(&cursor) && !cursor.failed) {
			FC_TRY(fc_array_grow(&pages, sizeof(*pages), found, &capacity, err));
			pages[found++] = place;
		}
	}
	if (cursor.failed && directories > 1) {
		return truncated(err, "TIFF");
	}
	bool usual = found == 0 || (found == 1 && pages[0] == first);
	*out = usual ? NULL : FC_STEAL(pages);
	*count = usual ? 0 : found;
	return FC_OK;
}

void fc_tiff_choose_page(uint8_t *data, uint32_t page)
{
	bool big_endian = data[0] == 'M';
	for (size_t i = 0; i < 4; i++) {
		data[4 + i] = (uint8_t)(page >> 8 * (big_endian ? 3 - i : i));
	}
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
			} else if (tag == TIFF_COMPRESSION && !is_known_compression(value)) {
				return fc_fail(err, FC_UNSUPPORTED,
					       "a TIFF with compression %" PRIu32
					       " is not supported; convert the file to JPEG, PNG "
					       "or WebP",
					       value);
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
