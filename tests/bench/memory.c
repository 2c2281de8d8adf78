/* Memory bandwidth: a block of memory and the time to read it. */
/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#ifdef __x86_64__
__attribute__((target("avx"))) static uint64_t read_avx(const float *memory, size_t length)
{
	__m256 seen[4] = { 0 };
	for (size_t i = 0; i + 32 <= length / sizeof(float); i += 32) {
		for (size_t k = 0; k < 4; k++) {
			seen[k] = _mm256_xor_ps(seen[k], _mm256_loadu_ps(memory + i + 8 * k));
		}
	}
	uint64_t words[4];
	__m256 all =
		_mm256_xor_ps(_mm256_xor_ps(seen[0], seen[1]), _mm256_xor_ps(seen[2], seen[3]));
	memcpy(words, &all, sizeof(words));
	return words[0] ^ words[1] ^ words[2] ^ words[3];
}
#endif

uint64_t bench_read(const void *memory, size_t length)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx")) {
		return read_avx(memory, length);
	}
#endif
	const uint64_t *words = memory;
	uint64_t seen = 0;
	for (size_t i = 0; i < length / sizeof(*words); i++) {
		seen ^= words[i];
	}
	return seen;
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
