/* The kernel in AVX-512 with VNNI: one instruction multiplies and adds 64 codes. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/kernel.h"

#include <immintrin.h>
#include <string.h>

#include "gallery/search/kernel_sum.h"

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vnni")))
#define INLINE AVX512 static inline __attribute__((always_inline))

/* Loops over sums must be unrolled, or the sums are not kept in registers. */
#define UNROLLED _Pragma("GCC unroll 8")

enum {
	AHEAD = 64 * FC_LINE_BYTES,
	TILE_BLOCKS = 2,
	TILE_PROBES = 8,
};

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

/* Twice the halves, so that the sums of products are those of 2 h. */
INLINE __m512i first_halves(__m512i bytes)
{
	return _mm512_and_si512(_mm512_slli_epi16(bytes, 1), _mm512_set1_epi8(30));
}

INLINE __m512i second_halves(__m512i bytes)
{
	return _mm512_and_si512(_mm512_srli_epi16(bytes, 3), _mm512_set1_epi8(30));
}

/* Where the sums start, so that they end as g.p. */
INLINE __m512i start_of(const struct fc_kernel_probe *probe)
{
	return _mm512_set1_epi32(fc_kernel_high_dot(0, probe->sum));
}

/* What a block says about its vectors. */
struct block {
	__m512 scales, errors;
	uint32_t first; /* index of its first vector */
};

INLINE struct block block_of(const struct fc_run *run, size_t number)
{
	size_t first = number * FC_BLOCK_VECTORS;
	__m256i errors = _mm256_loadu_si256((const void *)(run->errors + first));
	return (struct block){
		_mm512_loadu_ps(run->scales + first),
		_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(errors), 16)),
		run->first + (uint32_t)first,
	};
}

/* Store the vectors of a block that reach the limit. */
INLINE size_t finish(__m512i dots, const struct block *block, const struct fc_kernel_probe *probe,
		     uint32_t number, struct fc_kernel_hit *hits)
{
	__m512 products = _mm512_mul_ps(_mm512_cvtepi32_ps(dots), block->scales);
	__m512 slack = _mm512_mul_ps(block->errors, _mm512_set1_ps(probe->factor));
	__mmask16 passed = _mm512_cmp_ps_mask(_mm512_add_ps(products, slack),
					      _mm512_set1_ps(probe->limit), _CMP_GE_OQ);
	size_t found = 0;
	if (__builtin_expect(passed != 0, 0)) {
		int32_t stored[FC_BLOCK_VECTORS];
		_mm512_storeu_si512(stored, dots);
		for (unsigned left = passed; left != 0; left &= left - 1) {
			uint32_t v = (uint32_t)__builtin_ctz(left);
			hits[found++] =
				(struct fc_kernel_hit){ number, block->first + v, stored[v] };
		}
	}
	return found;
}

/*
 * With one probe, the speed of memory is the limit: four independent sums hide the latency of the instruction, and the next codes are
 * prefetched, because the processor's own prefetching stops at the end of every page.
 */
AVX512 static size_t scan_one(const struct fc_run *run, const struct fc_kernel_probe *probe,
			      struct fc_kernel_hit *hits)
{
	const uint8_t *line = run->high;
	size_t found = 0;
	for (size_t b = 0; b < run->blocks; b++) {
		const struct block block = block_of(run, b);
		__m512i sums[4] = { start_of(probe) };
		for (size_t i = 0; i < run->padded; i += 4 * FC_GROUP_DIMENSIONS) {
			UNROLLED
			for (size_t k = 0; k < 4; k += 2, line += FC_LINE_BYTES) {
				const int8_t *codes = probe->codes + i + k * FC_GROUP_DIMENSIONS;
				__m512i bytes = _mm512_loadu_si512(line);
				_mm_prefetch((const char *)line + AHEAD, _MM_HINT_T0);
				sums[k] = add_products(sums[k], first_halves(bytes),
						       broadcast(codes));
				sums[k + 1] = add_products(sums[k + 1], second_halves(bytes),
							   broadcast(codes + FC_GROUP_DIMENSIONS));
			}
		}
		__m512i sum = _mm512_add_epi32(_mm512_add_epi32(sums[0], sums[1]),
					       _mm512_add_epi32(sums[2], sums[3]));
		found += finish(sum, &block, probe, 0, hits + found);
	}
	return found;
}

/* Blocks of a run as one byte for each half. */
struct tile {
	uint8_t groups[TILE_BLOCKS][FC_PADDED_MAXIMUM / FC_GROUP_DIMENSIONS][FC_LINE_BYTES];
};

AVX512 static void unpack(const struct fc_run *run, size_t first_block, size_t blocks,
			  struct tile *tile)
{
	const uint8_t *line = run->high + first_block * FC_BLOCK_VECTORS * run->padded / 2;
	for (size_t b = 0; b < blocks; b++) {
		for (size_t g = 0; g < run->padded / FC_GROUP_DIMENSIONS; g += 2) {
			__m512i bytes = _mm512_loadu_si512(line);
			_mm_prefetch((const char *)line + AHEAD, _MM_HINT_T0);
			_mm512_storeu_si512(tile->groups[b][g], first_halves(bytes));
			_mm512_storeu_si512(tile->groups[b][g + 1], second_halves(bytes));
			line += FC_LINE_BYTES;
		}
	}
}

/*
 * Multiply `blocks` blocks by `count` probes. Both are constants wherever this function is inlined, so that all sums are kept in registers.
 */
INLINE size_t scan_tile(const struct fc_run *run, const struct tile *tile, size_t first_block,
			const size_t blocks, const struct fc_kernel_probe *probes,
			const size_t count, uint32_t number, struct fc_kernel_hit *hits)
{
	__m512i sums[TILE_BLOCKS][TILE_PROBES];
	struct block block[TILE_BLOCKS];
	size_t found = 0;
	UNROLLED
	for (size_t b = 0; b < blocks; b++) {
		block[b] = block_of(run, first_block + b);
		UNROLLED
		for (size_t p = 0; p < count; p++) {
			sums[b][p] = start_of(&probes[p]);
		}
	}
	for (size_t g = 0; g < run->padded / FC_GROUP_DIMENSIONS; g++) {
		__m512i loaded[TILE_BLOCKS];
		UNROLLED
		for (size_t b = 0; b < blocks; b++) {
			loaded[b] = _mm512_loadu_si512(tile->groups[b][g]);
		}
		UNROLLED
		for (size_t p = 0; p < count; p++) {
			__m512i four = broadcast(probes[p].codes + g * FC_GROUP_DIMENSIONS);
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
			found += finish(sums[b][p], &block[b], &probes[p], number + (uint32_t)p,
					hits + found);
		}
	}
	return found;
}

AVX512 static size_t scan_many(const struct fc_run *run, const struct fc_kernel_probe *probes,
			       size_t probe_count, struct fc_kernel_hit *hits)
{
	struct tile tile;
	size_t found = 0;
	for (size_t b = 0; b < run->blocks; b += TILE_BLOCKS) {
		size_t blocks = run->blocks - b < TILE_BLOCKS ? 1 : TILE_BLOCKS;
		size_t p = 0;
		unpack(run, b, blocks, &tile);
		for (; blocks == TILE_BLOCKS && p + TILE_PROBES <= probe_count; p += TILE_PROBES) {
			found += scan_tile(run, &tile, b, TILE_BLOCKS, probes + p, TILE_PROBES,
					   (uint32_t)p, hits + found);
		}
		for (; blocks == TILE_BLOCKS && p < probe_count; p++) {
			found += scan_tile(run, &tile, b, TILE_BLOCKS, probes + p, 1, (uint32_t)p,
					   hits + found);
		}
		for (; p < probe_count; p++) {
			found += scan_tile(run, &tile, b, 1, probes + p, 1, (uint32_t)p,
					   hits + found);
		}
	}
	return found;
}

AVX512 static size_t scan(const struct fc_run *run, const struct fc_kernel_probe *probes,
			  size_t probe_count, struct fc_kernel_hit *hits)
{
	return probe_count == 1 ? scan_one(run, probes, hits)
				: scan_many(run, probes, probe_count, hits);
}

AVX512 static void refine(const uint8_t *low, size_t padded, const struct fc_kernel_probe *probes,
			  struct fc_kernel_hit *hits, size_t count)
{
	size_t half = padded / 2;
	for (size_t h = 0; h < count; h++) {
		const struct fc_kernel_probe *probe = &probes[hits[h].probe];
		const uint8_t *vector = low + hits[h].vector * half;
		__m512i first = { 0 }, second = { 0 };
		for (size_t i = 0; i < half; i += FC_LINE_BYTES) {
			__mmask64 mask =
				half - i < FC_LINE_BYTES ? (1ULL << (half - i)) - 1 : ~0ULL;
			__m512i bytes = _mm512_maskz_loadu_epi8(mask, vector + i);
			first = add_products(first, first_halves(bytes),
					     _mm512_maskz_loadu_epi8(mask, probe->codes + i));
			second = add_products(
				second, second_halves(bytes),
				_mm512_maskz_loadu_epi8(mask, probe->codes + half + i));
		}
		int32_t twice = _mm512_reduce_add_epi32(_mm512_add_epi32(first, second));
		hits[h].dot = fc_kernel_whole_dot(hits[h].dot, twice / 2, probe->sum);
	}
}

AVX512 static uint32_t sum(const void *bytes, size_t length)
{
	return fc_kernel_sum_of(bytes, length);
}

const struct fc_kernel fc_kernel_avx512 = { "avx512-vnni", scan, refine, sum };
