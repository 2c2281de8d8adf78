/*
 * The best persons of a search, each by its best face.
 *
 * Faces may be offered in any order and more than once. A face that is rejected can never belong to the result: the worst hit only gets
 * better, so a person that was dropped needs a better face to return.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TOP_H
#define FC_GALLERY_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "gallery/search/hit.h"

struct fc_top {
	struct fc_search_hit *hits; /* a heap, the worst first */
	uint32_t *slot_of;          /* by place in the heap */
	uint32_t *
		slots; /* by hash of the person: its place in the heap plus 1, or 0; open addressing */
	size_t count, capacity;
	uint32_t slot_mask;
};

/* Room for the `capacity` best persons; at most 2^30. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_top_init(struct fc_top *top, size_t capacity, struct fc_error *err);
void fc_top_release(struct fc_top *top);

/* The order of results: higher score first, then lower face id. */
bool fc_hit_is_better(const struct fc_search_hit *a, const struct fc_search_hit *b);

/* A face with a lower score does not change the result. -INFINITY until the list is full. */
float fc_top_threshold(const struct fc_top *top);

/* The same for a face of this person, which may be in the list with a higher score. */
float fc_top_person_threshold(const struct fc_top *top, const struct fc_uuid *pid);

void fc_top_offer(struct fc_top *top, const struct fc_search_hit *hit);

/* Sort the hits into the order of results: top->hits is that list then, and nothing may be offered any more. */
void fc_top_sort(struct fc_top *top);

#endif
