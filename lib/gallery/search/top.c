/* The best persons of a search, in a heap. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/top.h"

#include <math.h>
#include <stdlib.h>

static const size_t capacity_maximum = (size_t)1 << 30;

enum fc_status fc_top_init(struct fc_top *top, size_t capacity, struct fc_error *err)
{
	*top = (struct fc_top){ .capacity = capacity };
	if (capacity <= capacity_maximum) {
		top->hits = calloc(capacity + 1, sizeof(*top->hits));
	}
	return top->hits ? FC_OK : fc_fail_memory(err);
}

void fc_top_release(struct fc_top *top)
{
	free(top->hits);
	*top = (struct fc_top){ 0 };
}

bool fc_hit_is_better(const struct fc_search_hit *a, const struct fc_search_hit *b)
{
	return a->score > b->score || (a->score == b->score && a->mean < b->mean);
}

/* Move a hit towards the root of the heap while it is worse than its parent. */
static void sift_up(struct fc_top *top, size_t place, struct fc_search_hit hit)
{
	while (place > 0) {
		size_t parent = (place - 1) / 2;
		if (!fc_hit_is_better(&top->hits[parent], &hit)) {
			break;
		}
		top->hits[place] = top->hits[parent];
		place = parent;
	}
	top->hits[place] = hit;
}

/* Move a hit away from the root of the heap while it is better than a child. */
static void sift_down(struct fc_top *top, size_t place, struct fc_search_hit hit)
{
	for (;;) {
		size_t child = 2 * place + 1;
		if (child + 1 < top->count &&
		    fc_hit_is_better(&top->hits[child], &top->hits[child + 1])) {
			child++;
		}
		if (child >= top->count || !fc_hit_is_better(&hit, &top->hits[child])) {
			break;
		}
		top->hits[place] = top->hits[child];
		place = child;
	}
	top->hits[place] = hit;
}

float fc_top_threshold(const struct fc_top *top)
{
	if (top->capacity == 0) {
		return INFINITY;
	}
	return top->count < top->capacity ? -INFINITY : top->hits[0].score;
}

void fc_top_offer(struct fc_top *top, const struct fc_search_hit *hit)
{
	if (top->count < top->capacity) {
		sift_up(top, top->count++, *hit);
	} else if (top->capacity > 0 && fc_hit_is_better(hit, &top->hits[0])) {
		sift_down(top, 0, *hit);
	}
}

static int compare_hits(const void *a, const void *b)
{
	const struct fc_search_hit *left = a;
	const struct fc_search_hit *right = b;
	return fc_hit_is_better(left, right) ? -1 : fc_hit_is_better(right, left);
}

void fc_top_sort(struct fc_top *top)
{
	if (top->count > 1) {
		qsort(top->hits, top->count, sizeof(*top->hits), compare_hits);
	}
}
