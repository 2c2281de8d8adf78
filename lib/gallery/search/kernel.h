/*
 * The inner loop of a search: dot products of packed codes, with the widest instructions of this processor.
 *
 * All kernels return exactly the same results and differ only in speed.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_KERNEL_H
#define FC_GALLERY_SEARCH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "gallery/search/packed.h"

/* The blocks of a run. The last run of a packed set may have fewer than FC_RUN_BLOCKS. */
struct fc_run {
	const uint8_t *codes;
	const float *scales;
	size_t blocks; /* 1 to FC_RUN_BLOCKS */
	size_t padded;
};

enum { FC_KERNEL_PROBES = 8 };

struct fc_kernel_probe {
	const int8_t *codes; /* fc_run.padded codes */
	int32_t bias;        /* FC_CODE_OFFSET times the sum of the codes */
	float limit;
};

/* dots: the dot products of the codes. Bit v of passed[b] is set if scale * dot >= limit for vector v of block b. */
struct fc_kernel_result {
	int32_t dots[FC_RUN_VECTORS];
	uint16_t passed[FC_RUN_BLOCKS];
};

/* Multiply a run by 1 to FC_KERNEL_PROBES probes, reading the codes once. */
typedef void fc_kernel_scan(const struct fc_run *run, const struct fc_kernel_probe *probes,
			    size_t probe_count, struct fc_kernel_result *results);

struct fc_kernel {
	const char *name;
	fc_kernel_scan *scan;
};

/* The kernels that this processor can run, fastest first. The last one is the plain kernel; after it, NULL. */
const struct fc_kernel *fc_kernel_at(size_t index);

fc_kernel_scan fc_kernel_scan_avx512;
fc_kernel_scan fc_kernel_scan_avx2;
fc_kernel_scan fc_kernel_scan_neon;
fc_kernel_scan fc_kernel_scan_plain;

#endif
