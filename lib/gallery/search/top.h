/*
 * The best persons of a search. Persons may be offered in any order, each at most once. A person that is rejected can never belong to the
 * result, because the worst hit only gets better.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_TOP_H
#define FC_GALLERY_SEARCH_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "gallery/search/hit.h"

struct fc_top {
	struct fc_search_hit *hits; /* a heap with the worst hit at its root */
	size_t count, capacity;
};

/* Create a list for the `capacity` best persons, at most 2^30. Errors: FC_NO_MEMORY. */
enum fc_status fc_top_init(struct fc_top *top, size_t capacity, struct fc_error *err);
void fc_top_release(struct fc_top *top);

/* The order of results: higher score first, then the lower id of the mean, which is the one that was stored first. */
bool fc_hit_is_better(const struct fc_search_hit *a, const struct fc_search_hit *b);

/* The score below which a person does not change the result. -INFINITY until the list is full. */
float fc_top_threshold(const struct fc_top *top);

void fc_top_offer(struct fc_top *top, const struct fc_search_hit *hit);

/* Sort top->hits into the order of results. Afterwards no further person may be offered. */
void fc_top_sort(struct fc_top *top);

#endif
