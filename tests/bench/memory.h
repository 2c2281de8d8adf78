/* Loops over memory that are as fast as the processor allows, to compare searches with. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_MEMORY_H
#define TESTS_BENCH_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Reads memory once, sequentially. The result prevents the compiler from removing the reads. */
struct bench_read {
	const char *name;
	uint64_t (*run)(const void *memory, size_t length);
};

/* The loops that this processor can run; after them, NULL. Which of them is fastest depends on the processor. */
const struct bench_read *bench_read_at(size_t index);

/* The largest dot product of a vector and any of `count` others, in floats. */
float bench_best_product(const float *vectors, size_t count, size_t dimension, const float *vector);

/* Aligned to 64 bytes; exits if out of memory. */
void *bench_memory(size_t size);

#endif
