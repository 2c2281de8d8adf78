/* Memory bandwidth: a block of memory and the time to read it. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_MEMORY_H
#define TESTS_BENCH_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Read memory once, sequentially, with vector loads. The result prevents the compiler from removing the reads. */
uint64_t bench_read(const void *memory, size_t length);

/* Aligned to 64 bytes; exits if out of memory. */
void *bench_memory(size_t size);

#endif
