/* The kernel in AVX2: codes widened to 16 bits, products of neighbours added in pairs. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/kernel.h"

#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))
#define INLINE AVX2 static inline __attribute__((always_inline))

/* Loops over sums must be unrolled, or the sums are not kept in registers. */
#define UNROLLED _Pragma("GCC unroll 8")

enum {
	GROUP_BYTES = FC_GROUP_DIMENSIONS * FC_BLOCK_VECTORS,
	QUARTERS = 4, /* a group of a block fills four registers once it is widened */
	QUARTER_BYTES = GROUP_BYTES / QUARTERS,
	AHEAD = 64 * GROUP_BYTES,
};

/* The four codes of a group of the probe, widened to 16 bits and repeated in each quarter of a register. */
INLINE __m256i broadcast(const int8_t *codes)
{
	int32_t four;
	memcpy(&four, codes, sizeof(four));
	return _mm256_broadcastq_epi64(_mm_cvtepi8_epi16(_mm_cvtsi32_si128(four)));
}

/* Two neighbouring sums belong to the same vector. Add them, and bring the eight results into the order of the vectors. */
INLINE __m256i pair_up(__m256i low, __m256i high)
{
	return _mm256_permute4x64_epi64(_mm256_hadd_epi32(low, high), _MM_SHUFFLE(3, 1, 2, 0));
}

INLINE unsigned finish_half(__m256i sums, const float *scales, const struct fc_kernel_probe *probe,
			    int32_t *out)
{
	__m256i dots = _mm256_sub_epi32(sums, _mm256_set1_epi32(probe->bias));
	__m256 products = _mm256_mul_ps(_mm256_cvtepi32_ps(dots), _mm256_loadu_ps(scales));
	__m256 passed = _mm256_cmp_ps(products, _mm256_set1_ps(probe->limit), _CMP_GE_OQ);
	_mm256_storeu_si256((__m256i *)(void *)out, dots);
	return (unsigned)_mm256_movemask_ps(passed);
}

/* Multiply one block by `count` probes. `count` is a constant wherever this function is inlined. */
INLINE void scan_tile(const struct fc_run *run, size_t block, const struct fc_kernel_probe *probes,
		      const size_t count, struct fc_kernel_result *results)
{
	const uint8_t *codes = run->codes + block * FC_BLOCK_VECTORS * run->padded;
	__m256i sums[2][QUARTERS];
	memset(sums, 0, sizeof(sums));
	for (size_t i = 0; i < run->padded; i += FC_GROUP_DIMENSIONS, codes += GROUP_BYTES) {
		__m256i four[2];
		UNROLLED
		for (size_t p = 0; p < count; p++) {
			four[p] = broadcast(probes[p].codes + i);
		}
		_mm_prefetch((const char *)codes + AHEAD, _MM_HINT_T0);
		UNROLLED
		for (size_t k = 0; k < QUARTERS; k++) {
			const void *quarter = codes + k * QUARTER_BYTES;
			__m256i wide = _mm256_cvtepu8_epi16(_mm_loadu_si128(quarter));
			UNROLLED
			for (size_t p = 0; p < count; p++) {
				sums[p][k] = _mm256_add_epi32(sums[p][k],
							      _mm256_madd_epi16(wide, four[p]));
			}
		}
	}
	UNROLLED
	for (size_t p = 0; p < count; p++) {
		size_t first = block * FC_BLOCK_VECTORS;
		int32_t *dots = results[p].dots + first;
		unsigned low = finish_half(pair_up(sums[p][0], sums[p][1]), run->scales + first,
					   &probes[p], dots);
		unsigned high = finish_half(pair_up(sums[p][2], sums[p][3]),
					    run->scales + first + 8, &probes[p], dots + 8);
		results[p].passed[block] = (uint16_t)(low | high << 8);
	}
}

AVX2 static void scan_one(const struct fc_run *run, const struct fc_kernel_probe *probe,
			  struct fc_kernel_result *result)
{
	for (size_t b = 0; b < run->blocks; b++) {
		scan_tile(run, b, probe, 1, result);
	}
}

AVX2 static void scan_two(const struct fc_run *run, const struct fc_kernel_probe *probes,
			  struct fc_kernel_result *results)
{
	for (size_t b = 0; b < run->blocks; b++) {
		scan_tile(run, b, probes, 2, results);
	}
}

void fc_kernel_scan_avx2(const struct fc_run *run, const struct fc_kernel_probe *probes,
			 size_t probe_count, struct fc_kernel_result *results)
{
	size_t p = 0;
	for (; p + 2 <= probe_count; p += 2) {
		scan_two(run, probes + p, results + p);
	}
	if (p < probe_count) {
		scan_one(run, probes + p, results + p);
	}
}
