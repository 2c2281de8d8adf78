/* The kernel in NEON, with instructions that every AArch64 has: products added to 16-bit sums that are widened before they can overflow. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/kernel.h"

#include <arm_neon.h>
#include <string.h>

#include "gallery/search/kernel_sum.h"

enum {
	QUARTERS = 4, /* a group of a block fills four registers */
	QUARTER_BYTES = FC_LINE_BYTES / QUARTERS,
	QUARTER_VECTORS = FC_BLOCK_VECTORS / QUARTERS,
	/* Lines whose sums fit into 16 bits: each adds two products of at most 15 * 127. */
	LINES_OF_16_BITS = 4,
};

/* The four codes of a group of the probe, repeated four times. */
static inline int8x16_t broadcast(const int8_t *codes)
{
	int32_t four;
	memcpy(&four, codes, sizeof(four));
	return vreinterpretq_s8_s32(vdupq_n_s32(four));
}

static inline int8x16_t first_halves(uint8x16_t bytes)
{
	return vreinterpretq_s8_u8(vandq_u8(bytes, vdupq_n_u8(15)));
}

static inline int8x16_t second_halves(uint8x16_t bytes)
{
	return vreinterpretq_s8_u8(vshrq_n_u8(bytes, 4));
}

/* 16-bit sums of the products of sixteen bytes. */
struct sums {
	int16x8_t low, high;
};

static inline struct sums add_products(struct sums sums, int8x16_t halves, int8x16_t probe)
{
	return (struct sums){
		vmlal_s8(sums.low, vget_low_s8(halves), vget_low_s8(probe)),
		vmlal_high_s8(sums.high, halves, probe),
	};
}

/* The sums of each four neighbouring products. */
static inline int32x4_t widen(struct sums sums)
{
	return vpaddq_s32(vpaddlq_s16(sums.low), vpaddlq_s16(sums.high));
}

/* The products of a block's codes and a probe's, added up for each vector of one quarter of the block. */
static inline int32x4_t multiply(const uint8_t *quarter, const int8_t *codes, size_t padded)
{
	int32x4_t wide = vdupq_n_s32(0);
	for (size_t i = 0; i < padded;) {
		struct sums sums = { vdupq_n_s16(0), vdupq_n_s16(0) };
		for (size_t k = 0; k < LINES_OF_16_BITS; k++) {
			uint8x16_t bytes = vld1q_u8(quarter);
			sums = add_products(sums, first_halves(bytes), broadcast(codes + i));
			sums = add_products(sums, second_halves(bytes),
					    broadcast(codes + i + FC_GROUP_DIMENSIONS));
			quarter += FC_LINE_BYTES;
			i += FC_LINE_DIMENSIONS;
		}
		wide = vaddq_s32(wide, widen(sums));
	}
	return wide;
}

/* Store the vectors of a quarter of a block that reach the limit. */
static size_t finish(int32x4_t halves, const struct fc_run *run, size_t first,
		     const struct fc_kernel_probe *probe, uint32_t number,
		     struct fc_kernel_hit *hits)
{
	int32x4_t dots = vsubq_s32(vaddq_s32(halves, halves), vdupq_n_s32(15 * probe->sum));
	float32x4_t errors = vreinterpretq_f32_u32(vshll_n_u16(vld1_u16(run->errors + first), 16));
	float32x4_t products = vmulq_f32(vcvtq_f32_s32(dots), vld1q_f32(run->scales + first));
	float32x4_t slack = vmulq_f32(errors, vdupq_n_f32(probe->factor));
	uint32x4_t reached = vcgeq_f32(vaddq_f32(products, slack), vdupq_n_f32(probe->limit));
	size_t found = 0;
	if (vmaxvq_u32(reached) != 0) {
		int32_t stored[QUARTER_VECTORS];
		uint32_t passed[QUARTER_VECTORS];
		vst1q_s32(stored, dots);
		vst1q_u32(passed, reached);
		for (uint32_t v = 0; v < QUARTER_VECTORS; v++) {
			if (passed[v] != 0) {
				hits[found++] = (struct fc_kernel_hit){
					number, run->first + (uint32_t)first + v, stored[v]
				};
			}
		}
	}
	return found;
}

static size_t scan(const struct fc_run *run, const struct fc_kernel_probe *probes,
		   size_t probe_count, struct fc_kernel_hit *hits)
{
	size_t found = 0;
	for (size_t b = 0; b < run->blocks; b++) {
		const uint8_t *block = run->high + b * FC_BLOCK_VECTORS * run->padded / 2;
		for (size_t p = 0; p < probe_count; p++) {
			for (size_t k = 0; k < QUARTERS; k++) {
				int32x4_t halves = multiply(block + k * QUARTER_BYTES,
							    probes[p].codes, run->padded);
				found += finish(halves, run,
						b * FC_BLOCK_VECTORS + k * QUARTER_VECTORS,
						&probes[p], (uint32_t)p, hits + found);
			}
		}
	}
	return found;
}

static void refine(const uint8_t *low, size_t padded, const struct fc_kernel_probe *probes,
		   struct fc_kernel_hit *hits, size_t count)
{
	size_t half = padded / 2;
	for (size_t h = 0; h < count; h++) {
		const struct fc_kernel_probe *probe = &probes[hits[h].probe];
		const uint8_t *vector = low + hits[h].vector * half;
		int32x4_t wide = vdupq_n_s32(0);
		for (size_t i = 0; i < half; i += QUARTER_BYTES) {
			struct sums sums = { vdupq_n_s16(0), vdupq_n_s16(0) };
			uint8x16_t bytes = vld1q_u8(vector + i);
			sums = add_products(sums, first_halves(bytes), vld1q_s8(probe->codes + i));
			sums = add_products(sums, second_halves(bytes),
					    vld1q_s8(probe->codes + half + i));
			wide = vaddq_s32(wide, widen(sums));
		}
		hits[h].dot = fc_kernel_whole_dot(hits[h].dot, vaddvq_s32(wide), probe->sum);
	}
}

static uint32_t sum(const void *bytes, size_t length)
{
	return fc_kernel_sum_of(bytes, length);
}

const struct fc_kernel fc_kernel_neon = { "neon", scan, refine, sum };
