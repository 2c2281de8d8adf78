/* The best persons of a search: a heap, and a hash table that finds a person in it. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/top.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const size_t capacity_maximum = (size_t)1 << 30;

enum fc_status fc_top_init(struct fc_top *top, size_t capacity, struct fc_error *err)
{
	size_t slot_count = 4;
	*top = (struct fc_top){ .capacity = capacity };
	if (capacity > capacity_maximum) {
		return fc_fail_memory(err);
	}
	/* At most half full, so that probing stays short. */
	while (slot_count < 2 * capacity) {
		slot_count *= 2;
	}
	top->slot_mask = (uint32_t)(slot_count - 1);
	top->hits = calloc(capacity + 1, sizeof(*top->hits));
	top->slot_of = calloc(capacity + 1, sizeof(*top->slot_of));
	top->slots = calloc(slot_count, sizeof(*top->slots));
	if (!top->hits || !top->slot_of || !top->slots) {
		fc_top_release(top);
		return fc_fail_memory(err);
	}
	return FC_OK;
}

void fc_top_release(struct fc_top *top)
{
	free(top->hits);
	free(top->slot_of);
	free(top->slots);
	*top = (struct fc_top){ 0 };
}

bool fc_hit_is_better(const struct fc_search_hit *a, const struct fc_search_hit *b)
{
	return a->score > b->score || (a->score == b->score && a->face_id < b->face_id);
}

static uint32_t home_slot(const struct fc_top *top, const struct fc_uuid *pid)
{
	uint64_t words[2];
	memcpy(words, pid->bytes, sizeof(words));
	/* Multipliers of splitmix64 (Steele, Lea and Flood, 2014). */
	uint64_t hash = (words[0] ^ words[0] >> 31) * 0xBF58476D1CE4E5B9u;
	hash = (hash ^ hash >> 27 ^ words[1]) * 0x94D049BB133111EBu;
	return (uint32_t)(hash >> 32) & top->slot_mask;
}

/* The slot that contains this person, or the free slot where it would be inserted. */
static uint32_t find_slot(const struct fc_top *top, const struct fc_uuid *pid)
{
	uint32_t slot = home_slot(top, pid);
	while (top->slots[slot] != 0 && !fc_uuid_equal(&top->hits[top->slots[slot] - 1].pid, pid)) {
		slot = (slot + 1) & top->slot_mask;
	}
	return slot;
}

static void put(struct fc_top *top, size_t place, struct fc_search_hit hit, uint32_t slot)
{
	top->hits[place] = hit;
	top->slot_of[place] = slot;
	top->slots[slot] = (uint32_t)place + 1;
}

/* Free a slot, and close the gap so that no lookup ends at it (Knuth, TAOCP 6.4, algorithm R). */
static void free_slot(struct fc_top *top, uint32_t gap)
{
	top->slots[gap] = 0;
	for (uint32_t slot = (gap + 1) & top->slot_mask; top->slots[slot] != 0;
	     slot = (slot + 1) & top->slot_mask) {
		uint32_t place = top->slots[slot] - 1;
		uint32_t home = home_slot(top, &top->hits[place].pid);
		if (((slot - home) & top->slot_mask) >= ((slot - gap) & top->slot_mask)) {
			put(top, place, top->hits[place], gap);
			top->slots[slot] = 0;
			gap = slot;
		}
	}
}

/* Move a hit towards the root of the heap while it is worse than its parent. */
static void sift_up(struct fc_top *top, size_t place, struct fc_search_hit hit, uint32_t slot)
{
	while (place > 0) {
		size_t parent = (place - 1) / 2;
		if (!fc_hit_is_better(&top->hits[parent], &hit)) {
			break;
		}
		put(top, place, top->hits[parent], top->slot_of[parent]);
		place = parent;
	}
	put(top, place, hit, slot);
}

/* Move a hit away from the root of the heap while it is better than a child. */
static void sift_down(struct fc_top *top, size_t place, struct fc_search_hit hit, uint32_t slot)
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
		put(top, place, top->hits[child], top->slot_of[child]);
		place = child;
	}
	put(top, place, hit, slot);
}

float fc_top_threshold(const struct fc_top *top)
{
	if (top->capacity == 0) {
		return INFINITY;
	}
	return top->count < top->capacity ? -INFINITY : top->hits[0].score;
}

float fc_top_person_threshold(const struct fc_top *top, const struct fc_uuid *pid)
{
	float threshold = fc_top_threshold(top);
	uint32_t place = top->slots[find_slot(top, pid)];
	return place == 0 ? threshold : fmaxf(threshold, top->hits[place - 1].score);
}

void fc_top_offer(struct fc_top *top, const struct fc_search_hit *hit)
{
	if (top->capacity == 0) {
		return;
	}
	uint32_t slot = find_slot(top, &hit->pid);
	uint32_t known = top->slots[slot];
	if (known != 0) {
		if (fc_hit_is_better(hit, &top->hits[known - 1])) {
			sift_down(top, known - 1, *hit, slot);
		}
	} else if (top->count < top->capacity) {
		sift_up(top, top->count++, *hit, slot);
	} else if (fc_hit_is_better(hit, &top->hits[0])) {
		free_slot(top, top->slot_of[0]);
		sift_down(top, 0, *hit, find_slot(top, &hit->pid));
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
