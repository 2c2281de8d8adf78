/*
 * The best persons of a search, each by its best face.
 *
 * Faces may be offered in any order and more than once. A face that is passed over is one that could not have changed the result:
 * the worst of the kept only ever gets better, so who falls out comes back by a better face alone.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_TOP_H
#define FC_GALLERY_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "gallery/gallery.h"

struct fc_top {
	struct fc_search_hit *hits; /* a heap, the worst first */
	uint32_t *slot_of;          /* of each place of the heap */
	uint32_t *slots; /* by person: its place in the heap and 1, or 0; open addressing */
	size_t count, capacity;
	uint32_t slot_mask;
};

/* Room for the `capacity` best persons; at most 2^30. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_top_init(struct fc_top *top, size_t capacity, struct fc_error *err);
void fc_top_release(struct fc_top *top);

/* The order of results: a higher score first, of equal ones the lower face id. */
bool fc_hit_is_better(const struct fc_search_hit *a, const struct fc_search_hit *b);

/* A face with a lower score changes nothing. -INFINITY until there is no room left. */
float fc_top_threshold(const struct fc_top *top);

/* The same for a face of this person, who may be among the kept by a face with a higher score. */
float fc_top_person_threshold(const struct fc_top *top, const struct fc_uuid *pid);

void fc_top_offer(struct fc_top *top, const struct fc_search_hit *hit);

/* Bring the hits into the order of results: from now on top->hits is that list, and nothing may be offered. */
void fc_top_sort(struct fc_top *top);

#endif
