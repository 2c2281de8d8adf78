/* The kernel in NEON, with instructions that every AArch64 has: 16-bit products, added in pairs to 32-bit sums. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/kernel.h"

#include <arm_neon.h>
#include <string.h>

enum {
	GROUP_BYTES = FC_GROUP_DIMENSIONS * FC_BLOCK_VECTORS,
	QUARTERS = 4, /* a group of a block fills four registers */
	QUARTER_BYTES = GROUP_BYTES / QUARTERS,
	QUARTER_VECTORS = FC_BLOCK_VECTORS / QUARTERS,
};

/* The four codes of a group of the probe, repeated four times. */
static inline int8x16_t broadcast(const int8_t *codes)
{
	int32_t four;
	memcpy(&four, codes, sizeof(four));
	return vreinterpretq_s8_s32(vdupq_n_s32(four));
}

/* The products of four dimensions of four vectors, added up for each vector. */
static inline int32x4_t multiply(const uint8_t *stored, int8x16_t probe)
{
	uint8x16_t offset = vdupq_n_u8(FC_CODE_OFFSET);
	int8x16_t codes = vreinterpretq_s8_u8(veorq_u8(vld1q_u8(stored), offset));
	int32x4_t low = vpaddlq_s16(vmull_s8(vget_low_s8(codes), vget_low_s8(probe)));
	int32x4_t high = vpaddlq_s16(vmull_high_s8(codes, probe));
	return vpaddq_s32(low, high);
}

static uint16_t finish(const int32x4_t sums[QUARTERS], const float *scales, float limit,
		       int32_t *dots)
{
	static const uint32_t bits[QUARTER_VECTORS] = { 1, 2, 4, 8 };
	uint32_t passed = 0;
	for (unsigned k = 0; k < QUARTERS; k++) {
		float32x4_t products =
			vmulq_f32(vcvtq_f32_s32(sums[k]), vld1q_f32(scales + k * QUARTER_VECTORS));
		uint32x4_t reached = vcgeq_f32(products, vdupq_n_f32(limit));
		vst1q_s32(dots + k * QUARTER_VECTORS, sums[k]);
		passed |= vaddvq_u32(vandq_u32(reached, vld1q_u32(bits))) << k * QUARTER_VECTORS;
	}
	return (uint16_t)passed;
}

void fc_kernel_scan_neon(const struct fc_run *run, const struct fc_kernel_probe *probes,
			 size_t probe_count, struct fc_kernel_result *results)
{
	for (size_t b = 0; b < run->blocks; b++) {
		const uint8_t *block = run->codes + b * FC_BLOCK_VECTORS * run->padded;
		size_t first = b * FC_BLOCK_VECTORS;
		for (size_t p = 0; p < probe_count; p++) {
			int32x4_t sums[QUARTERS] = { vdupq_n_s32(0), vdupq_n_s32(0), vdupq_n_s32(0),
						     vdupq_n_s32(0) };
			for (size_t i = 0; i < run->padded; i += FC_GROUP_DIMENSIONS) {
				int8x16_t four = broadcast(probes[p].codes + i);
				const uint8_t *group = block + i * FC_BLOCK_VECTORS;
				for (size_t k = 0; k < QUARTERS; k++) {
					sums[k] = vaddq_s32(
						sums[k], multiply(group + k * QUARTER_BYTES, four));
				}
			}
			results[p].passed[b] = finish(sums, run->scales + first, probes[p].limit,
						      results[p].dots + first);
		}
	}
}
