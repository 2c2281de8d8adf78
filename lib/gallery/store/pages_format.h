/* The bytes of pages and nodes of LMDB 0.9 on 64-bit machines, in the machine's byte order. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_PAGES_FORMAT_H
#define FC_GALLERY_STORE_PAGES_FORMAT_H

#include <stdint.h>
#include <string.h>

/* Header of a page: number (u64), padding (u16), flags (u16), then begin and end of the unused space (u16 each), or a count (u32). */
enum {
	FC_PAGE_HEADER = 16,
	FC_PAGE_FLAGS = 10,
	FC_PAGE_LOWER = 12,
	FC_PAGE_UPPER = 14,
	FC_PAGE_COUNT = 12
};
enum { FC_PAGE_BRANCH = 1, FC_PAGE_LEAF = 2, FC_PAGE_OVERFLOW = 4 };

/* Node: size of the value or number of the child page (low 32 bits), flags or the high bits of the number (u16), size of the key (u16). */
enum { FC_NODE_HEADER = 8, FC_NODE_FLAGS = 4, FC_NODE_KEY_SIZE = 6 };
enum { FC_NODE_OVERFLOW = 1, FC_NODE_TREE = 2 };

static inline uint16_t fc_page_u16(const uint8_t *bytes)
{
	uint16_t value;
	memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline uint32_t fc_page_u32(const uint8_t *bytes)
{
	uint32_t value;
	memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline uint64_t fc_page_u64(const uint8_t *bytes)
{
	uint64_t value;
	memcpy(&value, bytes, sizeof(value));
	return value;
}

#endif
