/* Every kernel that this processor has gives the same bits as the plain one. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

#include "base/compiler.h"
#include "gallery/search/kernel.h"
#include "gallery/search/quantise.h"
#include "vectors.h"

enum {
	PLANE = FC_RUN_VECTORS * FC_PADDED_MAXIMUM / 2,
	FIRST = 512,
	HITS = FC_KERNEL_PROBES * FC_RUN_VECTORS
};

struct workload {
	uint8_t high[PLANE];
	uint8_t low[FIRST * FC_PADDED_MAXIMUM / 2 + PLANE];
	float scales[FC_RUN_VECTORS];
	uint16_t errors[FC_RUN_VECTORS];
	int8_t probe_codes[FC_KERNEL_PROBES][FC_PADDED_MAXIMUM];
	struct fc_kernel_probe probes[FC_KERNEL_PROBES];
	struct fc_kernel_hit expected[HITS], actual[HITS];
};

/* Any bytes at all: damaged codes must not make the kernels differ either. */
static void fill(struct workload *work, size_t padded, uint64_t *seed)
{
	for (size_t i = 0; i < sizeof(work->high); i++) {
		work->high[i] = (uint8_t)vectors_random(seed);
	}
	for (size_t i = 0; i < sizeof(work->low); i++) {
		work->low[i] = (uint8_t)vectors_random(seed);
	}
	for (size_t v = 0; v < FC_RUN_VECTORS; v++) {
		work->scales[v] = v % 7 == 3 ? NAN : (float)(0.002 + 0.001 * vectors_even(seed));
		work->errors[v] = v % 11 == 5 ? (uint16_t)vectors_random(seed)
					      : fc_packed_error((float)vectors_even(seed));
	}
	for (size_t p = 0; p < FC_KERNEL_PROBES; p++) {
		struct fc_kernel_probe *probe = &work->probes[p];
		*probe = (struct fc_kernel_probe){ .codes = work->probe_codes[p] };
		for (size_t i = 0; i < padded; i++) {
			int8_t code = (int8_t)(vectors_random(seed) % 255 - 127);
			work->probe_codes[p][i] = code;
			probe->sum += code;
		}
		probe->factor = (float)(1.0 + vectors_even(seed));
		probe->limit = p == 0 ? -INFINITY : (float)(20.0 * vectors_even(seed));
	}
}

static struct fc_run run_of(const struct workload *work, size_t blocks, size_t padded)
{
	return (struct fc_run){ work->high, work->scales, work->errors, blocks, padded, FIRST };
}

static int by_vector(const void *a, const void *b)
{
	const struct fc_kernel_hit *x = a, *y = b;
	return x->probe != y->probe ? (x->probe > y->probe) - (x->probe < y->probe)
				    : (x->vector > y->vector) - (x->vector < y->vector);
}

/* Scan, and sort the hits. Returns their number. */
static size_t search(const struct fc_kernel *kernel, struct workload *work,
		     const struct fc_run *run, size_t probe_count, struct fc_kernel_hit *hits)
{
	memset(hits, 0xA5, sizeof(work->actual));
	size_t found = kernel->scan(run, work->probes, probe_count, hits);
	assert_true(found <= probe_count * run->blocks * FC_BLOCK_VECTORS);
	qsort(hits, found, sizeof(*hits), by_vector);
	return found;
}

static void every_kernel_equals_the_plain_one(void **state)
{
	struct workload *work = *state;
	uint64_t seed = 11;
	const size_t dimensions[] = { 32, 64, 96, 128, 224, 512, 1024 };
	const size_t blocks[] = { 1, 2, 3, 15, 16 };
	const size_t probes[] = { 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 23, 64 };
	for (size_t d = 0; d < FC_ARRAY_LENGTH(dimensions); d++) {
		fill(work, dimensions[d], &seed);
		for (size_t i = 0; i < FC_ARRAY_LENGTH(blocks) * FC_ARRAY_LENGTH(probes); i++) {
			size_t count = probes[i % FC_ARRAY_LENGTH(probes)];
			struct fc_run run =
				run_of(work, blocks[i / FC_ARRAY_LENGTH(probes)], dimensions[d]);
			size_t expected =
				search(&fc_kernel_plain, work, &run, count, work->expected);
			fc_kernel_plain.refine(work->low, run.padded, work->probes, work->expected,
					       expected);
			assert_true(expected > 0);
			for (size_t k = 0; fc_kernel_at(k); k++) {
				const struct fc_kernel *kernel = fc_kernel_at(k);
				size_t actual = search(kernel, work, &run, count, work->actual);
				assert_int_equal(actual, expected);
				kernel->refine(work->low, run.padded, work->probes, work->actual,
					       actual);
				assert_memory_equal(work->actual, work->expected,
						    actual * sizeof(work->actual[0]));
			}
		}
	}
}

/* The products are those of whole codes: 16 high + low - 128. */
static void the_halves_make_the_whole_product(void **state)
{
	struct workload *work = *state;
	uint64_t seed = 14;
	float vectors[FC_BLOCK_VECTORS][64];
	int8_t codes[FC_BLOCK_VECTORS][64];
	struct fc_run_bound bound;
	struct fc_packing packing = { FC_BLOCK_VECTORS, 64,           work->high, work->low,
				      work->scales,     work->errors, &bound };
	fill(work, 64, &seed);
	fc_packing_clear(&packing);
	for (size_t v = 0; v < FC_BLOCK_VECTORS; v++) {
		vectors_fill(vectors[v], 64, &seed);
		fc_packing_put(&packing, v, vectors[v], 64);
		fc_quantise(vectors[v], 64, codes[v]);
	}
	struct fc_run run = run_of(work, 1, 64);
	run.first = 0;
	for (size_t k = 0; fc_kernel_at(k); k++) {
		const struct fc_kernel *kernel = fc_kernel_at(k);
		assert_int_equal(search(kernel, work, &run, 1, work->actual), FC_BLOCK_VECTORS);
		kernel->refine(work->low, 64, work->probes, work->actual, FC_BLOCK_VECTORS);
		for (size_t v = 0; v < FC_BLOCK_VECTORS; v++) {
			int32_t dot = 0;
			for (size_t i = 0; i < 64; i++) {
				dot += codes[v][i] * work->probe_codes[0][i];
			}
			assert_int_equal(work->actual[v].vector, v);
			assert_int_equal(work->actual[v].dot, dot);
		}
	}
}

static void extreme_codes_do_not_overflow(void **state)
{
	struct workload *work = *state;
	uint64_t seed = 12;
	fill(work, FC_PADDED_MAXIMUM, &seed);
	const uint8_t bytes[] = { 255, 0 };
	const int codes[] = { 127, -128 };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(bytes); i++) {
		memset(work->high, bytes[i], sizeof(work->high));
		memset(work->low, bytes[i], sizeof(work->low));
		memset(work->probe_codes[0], -127, FC_PADDED_MAXIMUM);
		work->probes[0].sum = -127 * FC_PADDED_MAXIMUM;
		for (size_t v = 0; v < FC_RUN_VECTORS; v++) {
			work->scales[v] = 1.0F;
			work->errors[v] = 0;
		}
		struct fc_run run = run_of(work, FC_RUN_BLOCKS, FC_PADDED_MAXIMUM);
		for (size_t k = 0; fc_kernel_at(k); k++) {
			const struct fc_kernel *kernel = fc_kernel_at(k);
			assert_int_equal(search(kernel, work, &run, 1, work->actual),
					 FC_RUN_VECTORS);
			kernel->refine(work->low, FC_PADDED_MAXIMUM, work->probes, work->actual,
				       FC_RUN_VECTORS);
			for (size_t v = 0; v < FC_RUN_VECTORS; v++) {
				assert_int_equal(work->actual[v].dot,
						 codes[i] * -127 * FC_PADDED_MAXIMUM);
			}
		}
	}
}

static void lanes_without_a_vector_never_pass(void **state)
{
	struct workload *work = *state;
	uint64_t seed = 13;
	fill(work, 64, &seed);
	struct fc_run run = run_of(work, 1, 64);
	for (size_t i = 0; i < FC_BLOCK_VECTORS; i++) {
		work->errors[i] = fc_packed_error(0.5F);
	}
	for (size_t k = 0; fc_kernel_at(k); k++) {
		size_t found = search(fc_kernel_at(k), work, &run, 1, work->actual);
		assert_int_equal(found, FC_BLOCK_VECTORS - 2);
		for (size_t i = 0; i < found; i++) {
			assert_int_not_equal(work->actual[i].vector, FIRST + 3);
			assert_int_not_equal(work->actual[i].vector, FIRST + 10);
		}
	}
}

static void checksums_are_alike_and_depend_on_every_bit_and_place(void **state)
{
	struct workload *work = *state;
	uint64_t seed = 15;
	const size_t lengths[] = { 32, 64, 96, 512, 16384 };
	fill(work, 64, &seed);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(lengths); i++) {
		size_t length = lengths[i];
		uint32_t sum = fc_kernel_plain.sum(work->high, length);
		for (size_t k = 0; fc_kernel_at(k); k++) {
			const struct fc_kernel *kernel = fc_kernel_at(k);
			assert_int_equal(kernel->sum(work->high, length), sum);
			for (size_t bit = 0; bit < length * 8; bit += 1 + length / 100) {
				work->high[bit / 8] ^= (uint8_t)(1U << bit % 8);
				assert_int_not_equal(kernel->sum(work->high, length), sum);
				work->high[bit / 8] ^= (uint8_t)(1U << bit % 8);
			}
		}
	}
	uint32_t before = fc_kernel_plain.sum(work->high, 8192);
	memcpy(work->low, work->high, 4096);
	memmove(work->high, work->high + 4096, 4096);
	memcpy(work->high + 4096, work->low, 4096);
	assert_int_not_equal(fc_kernel_plain.sum(work->high, 8192), before);
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
		cmocka_unit_test(the_halves_make_the_whole_product),
		cmocka_unit_test(extreme_codes_do_not_overflow),
		cmocka_unit_test(lanes_without_a_vector_never_pass),
		cmocka_unit_test(checksums_are_alike_and_depend_on_every_bit_and_place),
		cmocka_unit_test(the_plain_kernel_is_the_last),
	};
	return cmocka_run_group_tests_name("gallery/kernel", tests, make_workload, free_workload);
}
