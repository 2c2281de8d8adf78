/* A scan with several threads finds what one thread finds. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "gallery/search/scan_threads.h"
#include "gallery/search/segment.h"
#include "vectors.h"

enum { DIMENSION = 64, SETS = 7, PER_SET = 1000, PROBES = 9, TOP = 20 };

struct world {
	struct fc_segment_builder builders[SETS];
	struct fc_scan_set sets[SETS];
	float vectors[SETS * PER_SET][DIMENSION];
	struct fc_uuid pids[SETS * PER_SET];
	float probes[PROBES][DIMENSION];
	uint64_t unlucky; /* the mean that cannot be looked up */
};

static int make_world(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	uint64_t seed = 51;
	if (!world) {
		return -1;
	}
	*state = world;
	world->unlucky = UINT64_MAX;
	for (size_t i = 0; i < SETS; i++) {
		struct fc_segment segment = { .count = PER_SET, .dimension = DIMENSION };
		if (fc_segment_builder_init(&world->builders[i], &segment, NULL) != FC_OK) {
			return -1;
		}
		for (size_t k = 0; k < PER_SET; k++) {
			uint64_t id = i * PER_SET + k;
			memcpy(world->pids[id].bytes, &id, sizeof(id));
			vectors_fill(world->vectors[id], DIMENSION, &seed);
			fc_segment_builder_put(&world->builders[i], k, id, world->vectors[id]);
		}
		segment.check = fc_segment_builder_seal(&world->builders[i]);
		if (!fc_segment_view(&segment, world->builders[i].payload, &world->sets[i])) {
			return -1;
		}
	}
	for (size_t i = 0; i < PROBES; i++) {
		vectors_fill(world->probes[i], DIMENSION, &seed);
	}
	return 0;
}

static int free_world(void **state)
{
	struct world *world = *state;
	for (size_t i = 0; i < SETS; i++) {
		fc_segment_builder_release(&world->builders[i]);
	}
	free(world);
	return 0;
}

static enum fc_status look_up(void *context, uint64_t id, struct fc_scan_mean *out,
			      struct fc_error *err)
{
	const struct world *world = context;
	if (id == world->unlucky) {
		return fc_fail(err, FC_DAMAGED, "mean %d", (int)id);
	}
	*out = (struct fc_scan_mean){ world->pids[id], world->vectors[id] };
	return FC_OK;
}

static enum fc_status scan(struct world *world, unsigned threads, struct fc_probe *probes,
			   struct fc_error *err)
{
	for (size_t i = 0; i < PROBES; i++) {
		assert_int_equal(fc_probe_init(&probes[i], world->probes[i], DIMENSION, TOP, NULL),
				 FC_OK);
	}
	const struct fc_scan_task task = {
		world->sets, SETS, probes, PROBES, look_up, NULL, world
	};
	enum fc_status status = fc_scan_threads_run(&task, threads, err);
	for (size_t i = 0; i < PROBES; i++) {
		fc_top_sort(&probes[i].top);
	}
	return status;
}

static void release(struct fc_probe *probes)
{
	for (size_t i = 0; i < PROBES; i++) {
		fc_probe_release(&probes[i]);
	}
}

static void threads_find_what_one_thread_finds(void **state)
{
	struct world *world = *state;
	static struct fc_probe alone[PROBES], together[PROBES];
	assert_int_equal(scan(world, 1, alone, NULL), FC_OK);
	const unsigned threads[] = { 0, 2, 3, 8, 500 };
	for (size_t t = 0; t < sizeof(threads) / sizeof(threads[0]); t++) {
		assert_int_equal(scan(world, threads[t], together, NULL), FC_OK);
		for (size_t i = 0; i < PROBES; i++) {
			assert_int_equal(alone[i].top.count, TOP);
			assert_int_equal(together[i].top.count, TOP);
			for (size_t k = 0; k < TOP; k++) {
				const struct fc_search_hit *a = &alone[i].top.hits[k];
				const struct fc_search_hit *b = &together[i].top.hits[k];
				assert_int_equal(a->mean, b->mean);
				assert_true(fc_uuid_equal(&a->pid, &b->pid));
				assert_true(a->score == b->score);
			}
		}
		release(together);
	}
	release(alone);
}

static void a_failure_in_any_thread_is_the_result(void **state)
{
	struct world *world = *state;
	static struct fc_probe probes[PROBES];
	assert_int_equal(scan(world, 1, probes, NULL), FC_OK);
	world->unlucky = probes[0].top.hits[0].mean; /* no scan can skip it */
	release(probes);
	for (unsigned threads = 1; threads < 6; threads++) {
		struct fc_error err = { 0 };
		assert_int_equal(scan(world, threads, probes, &err), FC_DAMAGED);
		assert_int_equal(strncmp(err.text, "mean ", 5), 0);
		release(probes);
	}
	world->unlucky = UINT64_MAX;
}

static void little_work_is_for_one_thread(void **state)
{
	struct world *world = *state;
	static struct fc_probe probes[PROBES];
	const struct fc_scan_task task = {
		world->sets, SETS, probes, PROBES, look_up, NULL, world
	};
	assert_int_equal(fc_scan_threads_count(&task), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_find_what_one_thread_finds),
		cmocka_unit_test(a_failure_in_any_thread_is_the_result),
		cmocka_unit_test(little_work_is_for_one_thread),
	};
	return cmocka_run_group_tests_name("gallery/scan_threads", tests, make_world, free_world);
}
