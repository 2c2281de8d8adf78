/*
 * The best persons of a search, each by its best face.
 *
 * Faces may be offered in any order and more than once. A face that is rejected can never belong to the result: the worst hit only gets
 * better, so a person that was dropped needs a better face to return.
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
	uint32_t *slot_of;          /* indexed by place in the heap: the slot of the hit's person */
	/* hash table of persons with open addressing: place in the heap plus 1, or 0 if free */
	uint32_t *slots;
	size_t count, capacity;
	uint32_t slot_mask;
};

/* Create a list for the `capacity` best persons, at most 2^30. Errors: FC_NO_MEMORY. */
enum fc_status fc_top_init(struct fc_top *top, size_t capacity, struct fc_error *err);
void fc_top_release(struct fc_top *top);

/* The order of results: higher score first, then lower face id. */
bool fc_hit_is_better(const struct fc_search_hit *a, const struct fc_search_hit *b);

/* The score below which a face does not change the result. -INFINITY until the list is full. */
float fc_top_threshold(const struct fc_top *top);

/* Like fc_top_threshold, for a face of this person. The person may already be in the list with a higher score. */
float fc_top_person_threshold(const struct fc_top *top, const struct fc_uuid *pid);

void fc_top_offer(struct fc_top *top, const struct fc_search_hit *hit);

/* Sort top->hits into the order of results. Afterwards no further face may be offered. */
void fc_top_sort(struct fc_top *top);

#endif
