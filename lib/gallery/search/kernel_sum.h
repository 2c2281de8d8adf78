/* The checksum of the kernels, compiled in each of them with its own instructions. The result is the same. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_KERNEL_SUM_H
#define FC_GALLERY_SEARCH_KERNEL_SUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { FC_SUM_LANES = 16 };

typedef uint32_t fc_sum_line __attribute__((vector_size(FC_SUM_LANES * sizeof(uint32_t))));

/*
 * Sums of lines of 64 bytes, and sums of these sums, so that the place of a line counts too (Fletcher's checksum). Any change of one line
 * changes the first sums, and lines that are swapped change the second ones.
 */
static inline __attribute__((always_inline)) uint32_t fc_kernel_sum_of(const uint8_t *bytes,
								       size_t length)
{
	fc_sum_line sums = { 0 }, places = { 0 }, line;
	size_t i = 0;
	for (; i + sizeof(line) <= length; i += sizeof(line)) {
		memcpy(&line, bytes + i, sizeof(line));
		sums += line;
		places += sums;
	}
	if (i < length) {
		line = (fc_sum_line){ 0 };
		memcpy(&line, bytes + i, length - i);
		sums += line;
		places += sums;
	}
	/* An odd factor for each lane, so that changes of several lanes do not cancel out. */
	const fc_sum_line factors = { 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F,
				      0x165667B1, 0x2C1B3C6D, 0x297A2D39, 0xAF36D01B,
				      0x7FEB352D, 0x846CA68B, 0xED5AD4BB, 0xAC4C1B51,
				      0x31848BAB, 0x5BD1E995, 0xCC9E2D51, 0x1B873593 };
	places ^= places >> 15;
	places *= factors;
	places ^= places >> 13;
	sums ^= places;
	sums *= factors;
	sums ^= sums >> 16;
	uint32_t total = (uint32_t)length;
	for (size_t k = 0; k < FC_SUM_LANES; k++) {
		total += sums[k];
	}
	return total;
}

#endif
