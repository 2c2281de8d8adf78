/* Heap memory: freeing pointers and growing arrays. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_MEMORY_H
#define FC_BASE_MEMORY_H

#include <stddef.h>

#include "base/error.h"

/* Free a pointer and set it to NULL; the argument is its address. For FC_CLEANUP on a pointer of any type. */
void fc_free(void *address_of_pointer);

/*
 * Grow a heap array if needed, so that it has room for one more item. It contains `count` items and has room for `*capacity`.
 * `address_of_items` is the address of the pointer to the array. The pointer starts as NULL and the capacity as 0; on failure both are
 * unchanged. Errors: FC_NO_MEMORY.
 *
 *	FC_TRY(fc_array_grow(&list->ids, sizeof(*list->ids), list->count, &list->capacity, err));
 *	list->ids[list->count++] = id;
 */
enum fc_status fc_array_grow(void *address_of_items, size_t item_size, size_t count,
			     size_t *capacity, struct fc_error *err);

/*
 * Cast away const, to put a borrowed text into a struct whose text members are not const because the struct usually owns them. Pass such a
 * struct only to functions that read it, and do not release it.
 */
static inline char *fc_lend(const char *text)
{
	union {
		const char *borrowed;
		char *lent;
	} pointer = { text };
	return pointer.lent;
}

#endif
