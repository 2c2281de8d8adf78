/* Every kernel that this processor has gives the same bits as the plain one. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "gallery/search/kernel.h"
#include "vectors.h"

struct workload {
	uint8_t codes[FC_RUN_VECTORS * FC_PADDED_MAXIMUM];
	float scales[FC_RUN_VECTORS];
	int8_t probe_codes[FC_KERNEL_PROBES][FC_PADDED_MAXIMUM];
	struct fc_kernel_probe probes[FC_KERNEL_PROBES];
	struct fc_kernel_result expected[FC_KERNEL_PROBES];
	struct fc_kernel_result actual[FC_KERNEL_PROBES];
};

/* Any bytes at all: damaged codes must not make the kernels differ either. */
static void fill(struct workload *work, size_t padded, uint64_t *seed)
{
	for (size_t i = 0; i < sizeof(work->codes); i++) {
		work->codes[i] = (uint8_t)vectors_random(seed);
	}
	for (size_t v = 0; v < FC_RUN_VECTORS; v++) {
		work->scales[v] = v % 7 == 3 ? NAN : (float)(0.002 + 0.001 * vectors_even(seed));
	}
	for (size_t p = 0; p < FC_KERNEL_PROBES; p++) {
		struct fc_kernel_probe *probe = &work->probes[p];
		*probe = (struct fc_kernel_probe){ .codes = work->probe_codes[p] };
		for (size_t i = 0; i < padded; i++) {
			int8_t code = (int8_t)(vectors_random(seed) % 255 - 127);
			work->probe_codes[p][i] = code;
			probe->bias += FC_CODE_OFFSET * code;
		}
		probe->limit = p == 0 ? -INFINITY : (float)(100.0 * vectors_even(seed));
	}
}

static void compare(const struct workload *work, size_t blocks, size_t probe_count)
{
	for (size_t p = 0; p < probe_count; p++) {
		const struct fc_kernel_result *expected = &work->expected[p];
		const struct fc_kernel_result *actual = &work->actual[p];
		assert_memory_equal(expected->dots, actual->dots,
				    blocks * FC_BLOCK_VECTORS * sizeof(actual->dots[0]));
		assert_memory_equal(expected->passed, actual->passed,
				    blocks * sizeof(actual->passed[0]));
	}
}

static void every_kernel_equals_the_plain_one(void **state)
{
	struct workload *work = *state;
	uint64_t seed = 11;
	const size_t dimensions[] = { 16, 64, 128, 208, 512, 1024 };
	const size_t blocks[] = { 1, 2, 3, 15, 16 };
	for (size_t d = 0; d < sizeof(dimensions) / sizeof(dimensions[0]); d++) {
		fill(work, dimensions[d], &seed);
		for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
			for (size_t probes = 1; probes <= FC_KERNEL_PROBES; probes++) {
				struct fc_run run = { work->codes, work->scales, blocks[i],
						      dimensions[d] };
				fc_kernel_scan_plain(&run, work->probes, probes, work->expected);
				for (size_t k = 0; fc_kernel_at(k); k++) {
					memset(work->actual, 0xA5, sizeof(work->actual));
					fc_kernel_at(k)->scan(&run, work->probes, probes,
							      work->actual);
					compare(work, blocks[i], probes);
				}
			}
		}
	}
}

static void extreme_codes_do_not_overflow(void **state)
{
	struct workload *work = *state;
	uint64_t seed = 12;
	fill(work, FC_PADDED_MAXIMUM, &seed);
	memset(work->codes, 255, sizeof(work->codes));
	memset(work->probe_codes[0], -127, FC_PADDED_MAXIMUM);
	work->probes[0].bias = FC_CODE_OFFSET * -127 * FC_PADDED_MAXIMUM;
	struct fc_run run = { work->codes, work->scales, FC_RUN_BLOCKS, FC_PADDED_MAXIMUM };
	for (size_t k = 0; fc_kernel_at(k); k++) {
		fc_kernel_at(k)->scan(&run, work->probes, 1, work->actual);
		assert_int_equal(work->actual[0].dots[0], 127 * -127 * FC_PADDED_MAXIMUM);
		assert_int_equal(work->actual[0].dots[255], 127 * -127 * FC_PADDED_MAXIMUM);
	}
}

static void lanes_without_a_vector_never_pass(void **state)
{
	struct workload *work = *state;
	uint64_t seed = 13;
	fill(work, 64, &seed);
	struct fc_run run = { work->codes, work->scales, 1, 64 };
	for (size_t k = 0; fc_kernel_at(k); k++) {
		fc_kernel_at(k)->scan(&run, work->probes, 1, work->actual);
		assert_int_equal(work->actual[0].passed[0], 0xFFFF & ~(1 << 3 | 1 << 10));
	}
}

static void the_plain_kernel_is_the_last(void **state)
{
	(void)state;
	size_t count = 0;
	while (fc_kernel_at(count)) {
		count++;
	}
	assert_true(count >= 1);
	assert_string_equal(fc_kernel_at(count - 1)->name, "plain");
}

static int make_workload(void **state)
{
	*state = calloc(1, sizeof(struct workload));
	return *state ? 0 : -1;
}

static int free_workload(void **state)
{
	free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kernel_equals_the_plain_one),
		cmocka_unit_test(extreme_codes_do_not_overflow),
		cmocka_unit_test(lanes_without_a_vector_never_pass),
		cmocka_unit_test(the_plain_kernel_is_the_last),
	};
	return cmocka_run_group_tests_name("gallery/kernel", tests, make_workload, free_workload);
}
