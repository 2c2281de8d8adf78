/* The best persons: against a list that is sorted whole. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "gallery/search/top.h"
#include "vectors.h"

enum { PERSONS = 3000 };

static struct fc_uuid person(uint64_t number)
{
	struct fc_uuid pid = { { 0 } };
	memcpy(pid.bytes + 8, &number, sizeof(number));
	return pid;
}

static int by_rank(const void *a, const void *b)
{
	const struct fc_search_hit *left = a;
	const struct fc_search_hit *right = b;
	if (left->score != right->score) {
		return left->score > right->score ? -1 : 1;
	}
	return left->mean < right->mean ? -1 : left->mean > right->mean;
}

/* Scores from few values, so that ties are common. */
static void compare_with_reference(size_t capacity, unsigned scores, uint64_t seed)
{
	static struct fc_search_hit hits[PERSONS];
	struct fc_top top;
	struct fc_error err = { 0 };
	assert_int_equal(fc_top_init(&top, capacity, &err), FC_OK);
	for (size_t i = 0; i < PERSONS; i++) {
		float score = (float)(vectors_random(&seed) % scores) / (float)scores;
		/* Ids neither rise nor fall: the result must not depend on the order of offers. */
		hits[i] = (struct fc_search_hit){ person(i), (i * 1009) % PERSONS, score };
		float threshold = fc_top_threshold(&top);
		fc_top_offer(&top, &hits[i]);
		assert_true(fc_top_threshold(&top) >= threshold);
	}
	fc_top_sort(&top);
	qsort(hits, PERSONS, sizeof(*hits), by_rank);
	assert_int_equal(top.count, capacity < PERSONS ? capacity : PERSONS);
	for (size_t i = 0; i < top.count; i++) {
		assert_int_equal(top.hits[i].mean, hits[i].mean);
		assert_true(fc_uuid_equal(&top.hits[i].pid, &hits[i].pid));
		assert_true(top.hits[i].score == hits[i].score);
	}
	fc_top_release(&top);
}

static void result_equals_a_full_sort(void **state)
{
	(void)state;
	const size_t capacities[] = { 0, 1, 2, 3, 10, 100, 1000, 5000 };
	const unsigned scores[] = { 1, 5, 1000, 1u << 24 };
	uint64_t seed = 21;
	for (size_t c = 0; c < sizeof(capacities) / sizeof(capacities[0]); c++) {
		for (size_t s = 0; s < 4; s++) {
			compare_with_reference(capacities[c], scores[s], vectors_random(&seed));
		}
	}
}

static void threshold_is_the_worst_of_the_kept(void **state)
{
	(void)state;
	struct fc_top top;
	struct fc_error err = { 0 };
	assert_int_equal(fc_top_init(&top, 2, &err), FC_OK);
	fc_top_offer(&top, &(struct fc_search_hit){ person(1), 1, 0.5F });
	assert_true(fc_top_threshold(&top) == -INFINITY);
	fc_top_offer(&top, &(struct fc_search_hit){ person(2), 2, 0.25F });
	assert_true(fc_top_threshold(&top) == 0.25F);
	fc_top_offer(&top, &(struct fc_search_hit){ person(3), 3, 0.75F });
	assert_true(fc_top_threshold(&top) == 0.5F);
	fc_top_release(&top);
}

static void absurd_capacity_is_out_of_memory(void **state)
{
	(void)state;
	struct fc_top top;
	struct fc_error err = { 0 };
	assert_int_equal(fc_top_init(&top, SIZE_MAX, &err), FC_NO_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(result_equals_a_full_sort),
		cmocka_unit_test(threshold_is_the_worst_of_the_kept),
		cmocka_unit_test(absurd_capacity_is_out_of_memory),
	};
	return cmocka_run_group_tests_name("gallery/top", tests, NULL, NULL);
}
