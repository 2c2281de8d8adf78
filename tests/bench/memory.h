/* The memory: a piece of it, and how long it takes to read. */
/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_MEMORY_H
#define TESTS_BENCH_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Read memory once, front to back, with plain vector loads. The result only keeps the reads from being left out. */
uint64_t bench_read(const void *memory, size_t length);

/* At a multiple of 64 bytes; without enough memory the program ends. */
void *bench_memory(size_t size);

#endif
