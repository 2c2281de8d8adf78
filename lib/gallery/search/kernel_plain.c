/* The kernel in plain C. It runs on any processor, and tests compare the other kernels with it. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/kernel.h"

#include <string.h>

#include "gallery/search/kernel_sum.h"

/* Products of the eight dimensions of a line with all vectors of a block. */
static void add_line(const uint8_t *line, const int8_t *probe, int32_t *sums)
{
	for (size_t v = 0; v < FC_BLOCK_VECTORS; v++) {
		for (size_t i = 0; i < FC_GROUP_DIMENSIONS; i++) {
			uint8_t byte = line[v * FC_GROUP_DIMENSIONS + i];
			sums[v] += (byte & 15) * probe[i] +
				   (byte >> 4) * probe[FC_GROUP_DIMENSIONS + i];
		}
	}
}

static size_t scan(const struct fc_run *run, const struct fc_kernel_probe *probes,
		   size_t probe_count, struct fc_kernel_hit *hits)
{
	size_t found = 0;
	for (size_t b = 0; b < run->blocks; b++) {
		const uint8_t *block = run->high + b * FC_BLOCK_VECTORS * run->padded / 2;
		size_t first = b * FC_BLOCK_VECTORS;
		for (uint32_t p = 0; p < probe_count; p++) {
			int32_t sums[FC_BLOCK_VECTORS] = { 0 };
			const uint8_t *line = block;
			for (size_t i = 0; i < run->padded; i += FC_LINE_DIMENSIONS) {
				add_line(line, probes[p].codes + i, sums);
				line += FC_LINE_BYTES;
			}
			for (uint32_t v = 0; v < FC_BLOCK_VECTORS; v++) {
				int32_t dot = fc_kernel_high_dot(sums[v], probes[p].sum);
				uint32_t bits = (uint32_t)run->errors[first + v] << 16;
				float error;
				memcpy(&error, &bits, sizeof(error));
				if ((float)dot * run->scales[first + v] +
					    error * probes[p].factor >=
				    probes[p].limit) {
					hits[found++] = (struct fc_kernel_hit){
						p, run->first + (uint32_t)first + v, dot
					};
				}
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
		const uint8_t *bytes = low + hits[h].vector * half;
		int32_t dot = 0;
		for (size_t i = 0; i < half; i++) {
			dot += (bytes[i] & 15) * probe->codes[i] +
			       (bytes[i] >> 4) * probe->codes[half + i];
		}
		hits[h].dot = fc_kernel_whole_dot(hits[h].dot, dot, probe->sum);
	}
}

static uint32_t sum(const void *bytes, size_t length)
{
	return fc_kernel_sum_of(bytes, length);
}

const struct fc_kernel fc_kernel_plain = { "plain", scan, refine, sum };
