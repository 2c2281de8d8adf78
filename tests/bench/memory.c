/* Loops over memory that are as fast as the processor allows. */
/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef uint64_t line __attribute__((vector_size(64)));
typedef float floats __attribute__((vector_size(64)));

enum { LINE_FLOATS = 16, STREAMS = 4 };

/* ahead: how many bytes before its use a line is prefetched; 0: never */
INLINE uint64_t read_lines(const void *memory, size_t length, const size_t ahead)
{
	const char *bytes = memory;
	line seen[STREAMS] = { { 0 } }, loaded;
	for (size_t i = 0; i + STREAMS * sizeof(line) <= length; i += STREAMS * sizeof(line)) {
		for (size_t k = 0; k < STREAMS; k++) {
			const char *place = bytes + i + k * sizeof(line);
			if (ahead > 0) {
				__builtin_prefetch(place + ahead);
			}
			memcpy(&loaded, place, sizeof(loaded));
			seen[k] ^= loaded;
		}
	}
	uint64_t all = 0;
	line together = (seen[0] ^ seen[1]) ^ (seen[2] ^ seen[3]);
	for (size_t k = 0; k < sizeof(line) / sizeof(uint64_t); k++) {
		all ^= together[k];
	}
	return all;
}

INLINE float best_product(const float *vectors, size_t count, size_t dimension, const float *vector)
{
	float best = 0.0F;
	for (size_t v = 0; v < count; v++, vectors += dimension) {
		floats sums[2] = { { 0 } }, a, b;
		size_t i = 0;
		for (; i + LINE_FLOATS <= dimension; i += LINE_FLOATS) {
			memcpy(&a, vectors + i, sizeof(a));
			memcpy(&b, vector + i, sizeof(b));
			sums[i / LINE_FLOATS % 2] += a * b;
		}
		floats sum = sums[0] + sums[1];
		float product = 0.0F;
		for (size_t k = 0; k < LINE_FLOATS; k++) {
			product += sum[k];
		}
		for (; i < dimension; i++) {
			product += vectors[i] * vector[i];
		}
		best = product > best ? product : best;
	}
	return best;
}

#define READER(name, attributes, ahead)                                                            \
	attributes static uint64_t name(const void *memory, size_t length)                         \
	{                                                                                          \
		return read_lines(memory, length, ahead);                                          \
	}

READER(read_plain, , 0)
#ifdef __x86_64__
READER(read_avx2, __attribute__((target("avx2"))), 0)
READER(read_avx2_ahead, __attribute__((target("avx2"))), 4096)
READER(read_avx512, __attribute__((target("avx512f"))), 0)
READER(read_avx512_ahead, __attribute__((target("avx512f"))), 4096)

__attribute__((target("avx512f"))) static float
product_avx512(const float *vectors, size_t count, size_t dimension, const float *vector)
{
	return best_product(vectors, count, dimension, vector);
}

__attribute__((target("avx2"))) static float product_avx2(const float *vectors, size_t count,
							  size_t dimension, const float *vector)
{
	return best_product(vectors, count, dimension, vector);
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f");
}
#endif

static bool always(void)
{
	return true;
}

static const struct {
	struct bench_read read;
	bool (*usable)(void);
} reads[] = {
#ifdef __x86_64__
	{ { "AVX-512, prefetched", read_avx512_ahead }, has_avx512 },
	{ { "AVX-512", read_avx512 }, has_avx512 },
	{ { "AVX2, prefetched", read_avx2_ahead }, has_avx2 },
	{ { "AVX2", read_avx2 }, has_avx2 },
#endif
	{ { "plain", read_plain }, always },
};

const struct bench_read *bench_read_at(size_t index)
{
	size_t usable = 0;
	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		if (reads[i].usable() && usable++ == index) {
			return &reads[i].read;
		}
	}
	return NULL;
}

float bench_best_product(const float *vectors, size_t count, size_t dimension, const float *vector)
{
#ifdef __x86_64__
	if (has_avx512()) {
		return product_avx512(vectors, count, dimension, vector);
	}
	if (has_avx2()) {
		return product_avx2(vectors, count, dimension, vector);
	}
#endif
	return best_product(vectors, count, dimension, vector);
}

void *bench_memory(size_t size)
{
	void *memory = aligned_alloc(64, (size + 63) / 64 * 64);
	if (!memory) {
		fprintf(stderr, "bench: no memory for %zu bytes\n", size);
		exit(70);
	}
	return memory;
}
