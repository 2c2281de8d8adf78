/*
 * The inner loops of a search: dot products of packed codes, with the widest instructions of this processor.
 *
 * All kernels return exactly the same results and differ only in speed. In the formulas, g, c, p, s, H and t are those of quantise.h.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_KERNEL_H
#define FC_GALLERY_SEARCH_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "gallery/search/packed.h"

/* The blocks of a run. The last run of a packed set may have fewer than FC_RUN_BLOCKS. */
struct fc_run {
	const uint8_t *high;
	const float *scales;
	const uint16_t *errors;
	size_t blocks; /* 1 to FC_RUN_BLOCKS */
	size_t padded;
	uint32_t first; /* index of the first vector */
};

enum { FC_KERNEL_PROBES = 64 };

struct fc_kernel_probe {
	const int8_t *codes; /* p: fc_run.padded codes */
	int32_t sum;         /* of the codes */
	float factor;        /* of the vectors' errors */
	float limit;
	uint64_t hits; /* not used by kernels: number of hits so far */
};

/* A vector that a probe's limit did not rule out. */
struct fc_kernel_hit {
	uint32_t probe; /* index in the probes of the scan */
	uint32_t vector;
	int32_t dot; /* g.p after a scan, c.p after refining */
};

/*
 * Multiply the high halves of a run by 1 to FC_KERNEL_PROBES probes, reading them once, and store the vectors with s (g.p) + H factor >= limit,
 * in any order. hits has room for all vectors and probes. Returns the number of hits.
 */
typedef size_t fc_kernel_scan(const struct fc_run *run, const struct fc_kernel_probe *probes,
			      size_t probe_count, struct fc_kernel_hit *hits);

/* Multiply the low halves of the vectors of hits by their probes, and replace g.p by c.p. low: the whole plane. */
typedef void fc_kernel_refine(const uint8_t *low, size_t padded,
			      const struct fc_kernel_probe *probes, struct fc_kernel_hit *hits,
			      size_t count);

/* A checksum. */
typedef uint32_t fc_kernel_sum(const void *bytes, size_t length);

struct fc_kernel {
	const char *name;
	fc_kernel_scan *scan;
	fc_kernel_refine *refine;
	fc_kernel_sum *sum;
};

/* The kernels that this processor can run, fastest first. The last one is the plain kernel; after it, NULL. */
const struct fc_kernel *fc_kernel_at(size_t index);

extern const struct fc_kernel fc_kernel_avx512, fc_kernel_avx2, fc_kernel_neon, fc_kernel_plain;

/* The g.p of unsigned halves h: g = 2 h - 15. And c.p of g.p and unsigned low halves: c = 8 g + low - 8. */
static inline int32_t fc_kernel_high_dot(int32_t halves, int32_t sum)
{
	return 2 * halves - 15 * sum;
}

static inline int32_t fc_kernel_whole_dot(int32_t high, int32_t halves, int32_t sum)
{
	return 8 * high + halves - 8 * sum;
}

#endif
