/* Heap memory: the cleanup of pointers and growing arrays. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_MEMORY_H
#define FC_BASE_MEMORY_H

#include <stddef.h>

#include "base/error.h"

/* Free a pointer and set it to NULL; the argument is its address. For FC_CLEANUP on a pointer of any type. */
void fc_free(void *address_of_pointer);

/*
 * Make room for at least one more item in a heap array that holds `count` items and has room for `*capacity`. `address_of_items` is
 * the address of the array's pointer. Both start as NULL and 0; on failure both are unchanged. Errors: FC_NO_MEMORY.
 *
 *	FC_TRY(fc_array_grow(&list->ids, sizeof(*list->ids), list->count, &list->capacity, err));
 *	list->ids[list->count++] = id;
 */
FC_MUST_USE enum fc_status fc_array_grow(void *address_of_items, size_t item_size, size_t count,
					 size_t *capacity, struct fc_error *err);

/*
 * A borrowed text for a struct whose texts are not const because other instances of it own them. Only for functions that read the
 * struct; it must not be released.
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
