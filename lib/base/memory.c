/* Heap memory. */
/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* memcpy reads and writes the pointer, because a `T *` may not be accessed as a `void *` (strict aliasing). */
void fc_free(void *address_of_pointer)
{
	void *pointer;
	memcpy(&pointer, address_of_pointer, sizeof(pointer));
	free(pointer);
	pointer = NULL;
	memcpy(address_of_pointer, &pointer, sizeof(pointer));
}

enum fc_status fc_array_grow(void *address_of_items, size_t item_size, size_t count,
			     size_t *capacity, struct fc_error *err)
{
	enum { FIRST_CAPACITY = 16 };
	if (count < *capacity) {
		return FC_OK;
	}
	size_t larger = count < FIRST_CAPACITY ? FIRST_CAPACITY : 2 * count;
	size_t bytes;
	void *items;
	memcpy(&items, address_of_items, sizeof(items));
	bool fits = larger > count && !__builtin_mul_overflow(larger, item_size, &bytes);
	items = fits ? realloc(items, bytes) : NULL;
	if (!items) {
		return fc_fail_memory(err);
	}
	memcpy(address_of_items, &items, sizeof(items));
	*capacity = larger;
	return FC_OK;
}
