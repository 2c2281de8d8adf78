/* The kernel in plain C. It runs on any processor, and tests compare the other kernels with it. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/kernel.h"

/* Products of one group of dimensions with all vectors of a block. */
static void add_group(const uint8_t *codes, const int8_t *probe, int32_t *sums)
{
	for (size_t v = 0; v < FC_BLOCK_VECTORS; v++) {
		for (size_t i = 0; i < FC_GROUP_DIMENSIONS; i++) {
			sums[v] += codes[v * FC_GROUP_DIMENSIONS + i] * probe[i];
		}
	}
}

static uint16_t compare(const int32_t *dots, const float *scales, float limit)
{
	unsigned passed = 0;
	for (unsigned v = 0; v < FC_BLOCK_VECTORS; v++) {
		passed |= (unsigned)((float)dots[v] * scales[v] >= limit) << v;
	}
	return (uint16_t)passed;
}

void fc_kernel_scan_plain(const struct fc_run *run, const struct fc_kernel_probe *probes,
			  size_t probe_count, struct fc_kernel_result *results)
{
	for (size_t b = 0; b < run->blocks; b++) {
		const uint8_t *block = run->codes + b * FC_BLOCK_VECTORS * run->padded;
		for (size_t p = 0; p < probe_count; p++) {
			int32_t *dots = results[p].dots + b * FC_BLOCK_VECTORS;
			for (size_t v = 0; v < FC_BLOCK_VECTORS; v++) {
				dots[v] = -probes[p].bias;
			}
			for (size_t i = 0; i < run->padded; i += FC_GROUP_DIMENSIONS) {
				add_group(block + i * FC_BLOCK_VECTORS, probes[p].codes + i, dots);
			}
			results[p].passed[b] =
				compare(dots, run->scales + b * FC_BLOCK_VECTORS, probes[p].limit);
		}
	}
}
