/* Convert a stream of UTF-16 to UTF-8. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_UTF16_H
#define FC_SERVICE_INPUT_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fc_utf16 {
	bool is_used, is_big;
	uint64_t read; /* bytes of input */
	bool has_byte; /* the first byte of a unit */
	uint8_t byte;
	uint32_t high; /* surrogate that waits for its second half; 0: none */
};

/* Convert the next bytes. out: room for 2 * length + 6 bytes. Returns the number of bytes written. Invalid units become U+FFFD. */
size_t fc_utf16_decode(struct fc_utf16 *decoder, const uint8_t *bytes, size_t length, char *out);

#endif
