/* The kernel in AVX2: products of bytes, added in pairs to 16-bit sums that are widened before they can overflow. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/kernel.h"

#include <immintrin.h>
#include <stdbool.h>
#include <string.h>

#include "gallery/search/kernel_sum.h"

#define AVX2 __attribute__((target("avx2")))
#define INLINE AVX2 static inline __attribute__((always_inline))

/* Loops over sums must be unrolled, or the sums are not kept in registers. */
#define UNROLLED _Pragma("GCC unroll 8")

enum {
	SIDES = 2, /* a group of a block fills two registers */
	SIDE_BYTES = FC_LINE_BYTES / SIDES,
	SIDE_VECTORS = FC_BLOCK_VECTORS / SIDES,
	AHEAD = 64 * FC_LINE_BYTES,
	/* Groups whose sums fit into 16 bits: a pair of products is at most 2 * 15 * 127. */
	GROUPS_OF_16_BITS = 8,
	TILE_PROBES = 4,
};

/* The four codes of a group of the probe, repeated in every lane. */
INLINE __m256i broadcast(const int8_t *codes)
{
	int32_t four;
	memcpy(&four, codes, sizeof(four));
	return _mm256_set1_epi32(four);
}

INLINE __m256i first_halves(__m256i bytes)
{
	return _mm256_and_si256(bytes, _mm256_set1_epi8(15));
}

INLINE __m256i second_halves(__m256i bytes)
{
	return first_halves(_mm256_srli_epi16(bytes, 4));
}

INLINE __m256i add_products(__m256i sums, __m256i halves, __m256i probe)
{
	return _mm256_add_epi16(sums, _mm256_maddubs_epi16(halves, probe));
}

/* Add the pairs of 16-bit sums to 32-bit sums. */
INLINE __m256i widen(__m256i wide, __m256i sums)
{
	return _mm256_add_epi32(wide, _mm256_madd_epi16(sums, _mm256_set1_epi16(1)));
}

/* What one side of a block says about its vectors. */
struct side {
	__m256 scales, errors;
	uint32_t first; /* index of its first vector */
};

INLINE struct side side_of(const struct fc_run *run, size_t block, size_t number)
{
	size_t first = block * FC_BLOCK_VECTORS + number * SIDE_VECTORS;
	__m256i errors =
		_mm256_cvtepu16_epi32(_mm_loadu_si128((const void *)(run->errors + first)));
	return (struct side){
		_mm256_loadu_ps(run->scales + first),
		_mm256_castsi256_ps(_mm256_slli_epi32(errors, 16)),
		run->first + (uint32_t)first,
	};
}

/* Store the vectors of one side of a block that reach the limit. */
INLINE size_t finish(__m256i halves, const struct side *side, const struct fc_kernel_probe *probe,
		     uint32_t number, struct fc_kernel_hit *hits)
{
	__m256i start = _mm256_set1_epi32(fc_kernel_high_dot(0, probe->sum));
	__m256i dots = _mm256_add_epi32(_mm256_add_epi32(halves, halves), start);
	__m256 products = _mm256_mul_ps(_mm256_cvtepi32_ps(dots), side->scales);
	__m256 slack = _mm256_mul_ps(side->errors, _mm256_set1_ps(probe->factor));
	__m256 reached = _mm256_cmp_ps(_mm256_add_ps(products, slack), _mm256_set1_ps(probe->limit),
				       _CMP_GE_OQ);
	unsigned passed = (unsigned)_mm256_movemask_ps(reached);
	size_t found = 0;
	if (__builtin_expect(passed != 0, 0)) {
		int32_t stored[SIDE_VECTORS];
		_mm256_storeu_si256((void *)stored, dots);
		for (; passed != 0; passed &= passed - 1) {
			uint32_t v = (uint32_t)__builtin_ctz(passed);
			hits[found++] =
				(struct fc_kernel_hit){ number, side->first + v, stored[v] };
		}
	}
	return found;
}

AVX2 static size_t scan_one(const struct fc_run *run, const struct fc_kernel_probe *probe,
			    struct fc_kernel_hit *hits)
{
	const uint8_t *line = run->high;
	size_t found = 0;
	for (size_t b = 0; b < run->blocks; b++) {
		__m256i wide[SIDES] = { { 0 } };
		for (size_t i = 0; i < run->padded;) {
			__m256i sums[SIDES][2] = { { { 0 } } };
			UNROLLED
			for (size_t k = 0; k < GROUPS_OF_16_BITS / 2; k++) {
				__m256i one = broadcast(probe->codes + i);
				__m256i two = broadcast(probe->codes + i + FC_GROUP_DIMENSIONS);
				_mm_prefetch((const char *)line + AHEAD, _MM_HINT_T0);
				UNROLLED
				for (size_t s = 0; s < SIDES; s++) {
					__m256i bytes = _mm256_loadu_si256(
						(const void *)(line + s * SIDE_BYTES));
					sums[s][0] =
						add_products(sums[s][0], first_halves(bytes), one);
					sums[s][1] =
						add_products(sums[s][1], second_halves(bytes), two);
				}
				line += FC_LINE_BYTES;
				i += FC_LINE_DIMENSIONS;
			}
			UNROLLED
			for (size_t s = 0; s < SIDES; s++) {
				wide[s] = widen(wide[s], _mm256_add_epi16(sums[s][0], sums[s][1]));
			}
		}
		for (size_t s = 0; s < SIDES; s++) {
			const struct side side = side_of(run, b, s);
			found += finish(wide[s], &side, probe, 0, hits + found);
		}
	}
	return found;
}

/* A block of a run as one byte for each half. */
struct tile {
	uint8_t groups[FC_PADDED_MAXIMUM / FC_GROUP_DIMENSIONS][SIDES][SIDE_BYTES];
};

AVX2 static void unpack(const struct fc_run *run, size_t block, struct tile *tile)
{
	const uint8_t *line = run->high + block * FC_BLOCK_VECTORS * run->padded / 2;
	for (size_t g = 0; g < run->padded / FC_GROUP_DIMENSIONS; g += 2) {
		_mm_prefetch((const char *)line + AHEAD, _MM_HINT_T0);
		for (size_t s = 0; s < SIDES; s++) {
			__m256i bytes = _mm256_loadu_si256((const void *)line);
			_mm256_storeu_si256((void *)tile->groups[g][s], first_halves(bytes));
			_mm256_storeu_si256((void *)tile->groups[g + 1][s], second_halves(bytes));
			line += SIDE_BYTES;
		}
	}
}

/* Multiply one block by `count` probes, which is a constant wherever this function is inlined. */
INLINE size_t scan_tile(const struct fc_run *run, const struct tile *tile, size_t block,
			const struct fc_kernel_probe *probes, const size_t count, uint32_t number,
			struct fc_kernel_hit *hits)
{
	__m256i wide[TILE_PROBES][SIDES] = { { { 0 } } };
	const struct side sides[SIDES] = { side_of(run, block, 0), side_of(run, block, 1) };
	size_t found = 0;
	for (size_t g = 0; g < run->padded / FC_GROUP_DIMENSIONS;) {
		__m256i sums[TILE_PROBES][SIDES] = { { { 0 } } };
		for (size_t end = g + GROUPS_OF_16_BITS; g < end; g++) {
			__m256i loaded[SIDES];
			UNROLLED
			for (size_t s = 0; s < SIDES; s++) {
				loaded[s] = _mm256_loadu_si256((const void *)tile->groups[g][s]);
			}
			UNROLLED
			for (size_t p = 0; p < count; p++) {
				__m256i four = broadcast(probes[p].codes + g * FC_GROUP_DIMENSIONS);
				UNROLLED
				for (size_t s = 0; s < SIDES; s++) {
					sums[p][s] = add_products(sums[p][s], loaded[s], four);
				}
			}
		}
		UNROLLED
		for (size_t p = 0; p < count; p++) {
			UNROLLED
			for (size_t s = 0; s < SIDES; s++) {
				wide[p][s] = widen(wide[p][s], sums[p][s]);
			}
		}
	}
	UNROLLED
	for (size_t p = 0; p < count; p++) {
		UNROLLED
		for (size_t s = 0; s < SIDES; s++) {
			found += finish(wide[p][s], &sides[s], &probes[p], number + (uint32_t)p,
					hits + found);
		}
	}
	return found;
}

AVX2 static size_t scan(const struct fc_run *run, const struct fc_kernel_probe *probes,
			size_t probe_count, struct fc_kernel_hit *hits)
{
	struct tile tile;
	size_t found = 0;
	if (probe_count == 1) {
		return scan_one(run, probes, hits);
	}
	for (size_t b = 0; b < run->blocks; b++) {
		size_t p = 0;
		unpack(run, b, &tile);
		for (; p + TILE_PROBES <= probe_count; p += TILE_PROBES) {
			found += scan_tile(run, &tile, b, probes + p, TILE_PROBES, (uint32_t)p,
					   hits + found);
		}
		for (; p < probe_count; p++) {
			found += scan_tile(run, &tile, b, probes + p, 1, (uint32_t)p, hits + found);
		}
	}
	return found;
}

INLINE int32_t add_across(__m256i sums)
{
	__m128i four =
		_mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
	__m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, _MM_SHUFFLE(1, 0, 3, 2)));
	__m128i one = _mm_add_epi32(two, _mm_shuffle_epi32(two, _MM_SHUFFLE(2, 3, 0, 1)));
	return _mm_cvtsi128_si32(one);
}

/* Half of the padded dimensions is a multiple of 16, so the last bytes may fill only half a register. */
INLINE __m256i load(const void *bytes, bool whole)
{
	return whole ? _mm256_loadu_si256(bytes) : _mm256_zextsi128_si256(_mm_loadu_si128(bytes));
}

AVX2 static void refine(const uint8_t *low, size_t padded, const struct fc_kernel_probe *probes,
			struct fc_kernel_hit *hits, size_t count)
{
	size_t half = padded / 2;
	for (size_t h = 0; h < count; h++) {
		const struct fc_kernel_probe *probe = &probes[hits[h].probe];
		const uint8_t *vector = low + hits[h].vector * half;
		__m256i wide = { 0 };
		for (size_t i = 0; i < half; i += SIDE_BYTES) {
			bool whole = half - i >= SIDE_BYTES;
			__m256i bytes = load(vector + i, whole);
			__m256i sums = _mm256_maddubs_epi16(first_halves(bytes),
							    load(probe->codes + i, whole));
			sums = add_products(sums, second_halves(bytes),
					    load(probe->codes + half + i, whole));
			wide = widen(wide, sums);
		}
		hits[h].dot = fc_kernel_whole_dot(hits[h].dot, add_across(wide), probe->sum);
	}
}

AVX2 static uint32_t sum(const void *bytes, size_t length)
{
	return fc_kernel_sum_of(bytes, length);
}

const struct fc_kernel fc_kernel_avx2 = { "avx2", scan, refine, sum };
