/* Convert a stream of UTF-16 to UTF-8. */
/* SPDX-License-Identifier: MIT */
#include "service/input/utf16.h"

enum { REPLACEMENT = 0xfffd };

static size_t put(uint32_t code, char *out)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

size_t fc_utf16_decode(struct fc_utf16 *decoder, const uint8_t *bytes, size_t length, char *out)
{
	size_t written = 0;
	decoder->read += length;
	for (size_t i = 0; i < length; i++) {
		if (!decoder->has_byte) {
			decoder->byte = bytes[i];
			decoder->has_byte = true;
			continue;
		}
		uint32_t high = decoder->is_big ? decoder->byte : bytes[i];
		uint32_t unit = high << 8 | (decoder->is_big ? bytes[i] : decoder->byte);
		bool is_second = unit >= 0xdc00 && unit < 0xe000;
		decoder->has_byte = false;
		if (decoder->high != 0 && is_second) {
			written += put(0x10000 + ((decoder->high - 0xd800) << 10) + (unit - 0xdc00),
				       out + written);
			decoder->high = 0;
			continue;
		}
		if (decoder->high != 0) {
			written += put(REPLACEMENT, out + written);
			decoder->high = 0;
		}
		if (unit >= 0xd800 && unit < 0xdc00) {
			decoder->high = unit;
		} else {
			written += put(is_second ? REPLACEMENT : unit, out + written);
		}
	}
	return written;
}
