/* Convert a stream of UTF-16 to UTF-8. */
/* SPDX-License-Identifier: MIT */
#include "service/input/utf16.h"

#include <utf8proc.h>

enum { REPLACEMENT = 0xfffd };

static size_t put(uint32_t code, char *out)
{
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)code, (utf8proc_uint8_t *)out);
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
