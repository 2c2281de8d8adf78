/* The kernel in AVX-512 with VNNI: one instruction multiplies and adds 64 codes. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/kernel.h"

#include <immintrin.h>
#include <string.h>

#define AVX512 __attribute__((target("avx512f,avx512vnni")))
#define INLINE AVX512 static inline __attribute__((always_inline))

/* Loops over sums must be unrolled, or the sums are not kept in registers. */
#define UNROLLED _Pragma("GCC unroll 8")

enum { GROUP_BYTES = FC_GROUP_DIMENSIONS * FC_BLOCK_VECTORS, AHEAD = 64 * GROUP_BYTES };

/* The four codes of a group of the probe, repeated in every lane. */
INLINE __m512i broadcast(const int8_t *codes)
{
	int32_t four;
	memcpy(&four, codes, sizeof(four));
	return _mm512_set1_epi32(four);
}

/*
 * _mm512_dpbusd_epi32(sums, codes, probe): unsigned by signed bytes, four products added to each
 * sum. GCC 12 copies the sums before and after that intrinsic, which costs a third of the speed of
 * many probes at once.
 */
INLINE __m512i add_products(__m512i sums, __m512i codes, __m512i probe)
{
	__asm__("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(codes), "v"(probe));
	return sums;
}

INLINE void finish(__m512i sums, const struct fc_run *run, size_t block,
		   const struct fc_kernel_probe *probe, struct fc_kernel_result *result)
{
	__m512i dots = _mm512_sub_epi32(sums, _mm512_set1_epi32(probe->bias));
	__m512 products = _mm512_mul_ps(_mm512_cvtepi32_ps(dots),
					_mm512_loadu_ps(run->scales + block * FC_BLOCK_VECTORS));
	_mm512_storeu_si512(result->dots + block * FC_BLOCK_VECTORS, dots);
	result->passed[block] =
		_mm512_cmp_ps_mask(products, _mm512_set1_ps(probe->limit), _CMP_GE_OQ);
}

/*
 * With one probe, the speed of memory is the limit: four independent sums hide the latency of the instruction, and the next codes are
 * prefetched, because the processor's own prefetching stops at the end of every page.
 */
AVX512 static void scan_one(const struct fc_run *run, const struct fc_kernel_probe *probe,
			    struct fc_kernel_result *result)
{
	const uint8_t *codes = run->codes;
	for (size_t b = 0; b < run->blocks; b++) {
		__m512i sums[4] = { 0 };
		for (size_t i = 0; i < run->padded; i += 4 * FC_GROUP_DIMENSIONS) {
			UNROLLED
			for (size_t k = 0; k < 4; k++, codes += GROUP_BYTES) {
				_mm_prefetch((const char *)codes + AHEAD, _MM_HINT_T0);
				sums[k] = add_products(
					sums[k], _mm512_loadu_si512(codes),
					broadcast(probe->codes + i + k * FC_GROUP_DIMENSIONS));
			}
		}
		__m512i sum = _mm512_add_epi32(_mm512_add_epi32(sums[0], sums[1]),
					       _mm512_add_epi32(sums[2], sums[3]));
		finish(sum, run, b, probe, result);
	}
}

/*
 * Multiply `blocks` blocks by `count` probes. Both are constants wherever this function is inlined, so that all sums are kept in registers.
 */
INLINE void scan_tile(const struct fc_run *run, size_t first_block, const size_t blocks,
		      const struct fc_kernel_probe *probes, const size_t count,
		      struct fc_kernel_result *results)
{
	size_t block_bytes = FC_BLOCK_VECTORS * run->padded;
	const uint8_t *codes = run->codes + first_block * block_bytes;
	__m512i sums[2][FC_KERNEL_PROBES] = { { { 0 } } };
	for (size_t i = 0; i < run->padded; i += FC_GROUP_DIMENSIONS, codes += GROUP_BYTES) {
		__m512i loaded[2];
		UNROLLED
		for (size_t b = 0; b < blocks; b++) {
			loaded[b] = _mm512_loadu_si512(codes + b * block_bytes);
		}
		UNROLLED
		for (size_t p = 0; p < count; p++) {
			__m512i four = broadcast(probes[p].codes + i);
			UNROLLED
			for (size_t b = 0; b < blocks; b++) {
				sums[b][p] = add_products(sums[b][p], loaded[b], four);
			}
		}
	}
	UNROLLED
	for (size_t p = 0; p < count; p++) {
		UNROLLED
		for (size_t b = 0; b < blocks; b++) {
			finish(sums[b][p], run, first_block + b, &probes[p], &results[p]);
		}
	}
}

AVX512 static void scan_eight(const struct fc_run *run, const struct fc_kernel_probe *probes,
			      struct fc_kernel_result *results)
{
	size_t b = 0;
	for (; b + 2 <= run->blocks; b += 2) {
		scan_tile(run, b, 2, probes, 8, results);
	}
	for (; b < run->blocks; b++) {
		scan_tile(run, b, 1, probes, 8, results);
	}
}

AVX512 static void scan_two(const struct fc_run *run, const struct fc_kernel_probe *probes,
			    struct fc_kernel_result *results)
{
	for (size_t b = 0; b < run->blocks; b++) {
		scan_tile(run, b, 1, probes, 2, results);
	}
}

void fc_kernel_scan_avx512(const struct fc_run *run, const struct fc_kernel_probe *probes,
			   size_t probe_count, struct fc_kernel_result *results)
{
	size_t p = 0;
	for (; p + 8 <= probe_count; p += 8) {
		scan_eight(run, probes + p, results + p);
	}
	for (; p + 2 <= probe_count; p += 2) {
		scan_two(run, probes + p, results + p);
	}
	if (p < probe_count) {
		scan_one(run, probes + p, results + p);
	}
}
