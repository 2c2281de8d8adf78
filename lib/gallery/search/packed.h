/*
 * Codes of many vectors, laid out for the kernels that multiply them (kernel.h).
 *
 * Sixteen vectors form a block. A block has, for each group of four neighbouring dimensions, the four codes of vector 0, of vector 1, ...
 * of vector 15: 64 bytes a group. So one vector instruction multiplies four dimensions of all sixteen vectors, and the sums need not be
 * added across lanes. A code is stored with 128 added, as an unsigned byte, because the widest instruction (VPDPBUSD) multiplies
 * unsigned by signed bytes.
 *
 * Sixteen blocks form a run, which has one bound and is scanned by one call of a kernel.
 *
 * A lane without a vector has the scale NaN, for which every comparison is false, so that it never passes a kernel.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_PACKED_H
#define FC_GALLERY_SEARCH_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FC_GROUP_DIMENSIONS = 4,
	FC_BLOCK_VECTORS = 16,
	FC_RUN_BLOCKS = 16,
	FC_RUN_VECTORS = FC_RUN_BLOCKS * FC_BLOCK_VECTORS,
	FC_PADDED_MULTIPLE = 16, /* dimensions are padded with zeros to a multiple of this */
	FC_PADDED_MAXIMUM = 1024,
	FC_CODE_OFFSET = 128,
};

/* The largest error and length (quantise.h) among the vectors of a run. */
struct fc_run_bound {
	float error, length;
};

/* A read-only view of packed vectors; the memory is borrowed. */
struct fc_packed {
	size_t count;                      /* number of vectors */
	size_t padded;                     /* dimensions including padding */
	const uint8_t *codes;              /* the blocks; fastest if aligned to 64 bytes */
	const float *scales;               /* one per lane of each block */
	const struct fc_run_bound *bounds; /* one per run */
};

/* The same arrays, writable, to store vectors in. */
struct fc_packing {
	size_t count, padded;
	uint8_t *codes;
	float *scales;
	struct fc_run_bound *bounds;
};

size_t fc_padded_dimension(size_t dimension);

/* Sizes of the arrays of a view, in elements. */
size_t fc_packed_block_count(size_t count);
size_t fc_packed_run_count(size_t count);
size_t fc_packed_code_bytes(size_t count, size_t padded);

/* Initialise the arrays: no lane has a vector. */
void fc_packing_clear(const struct fc_packing *packing);

/* Store one vector in an unused lane. */
void fc_packing_put(const struct fc_packing *packing, size_t index, const float *vector,
		    size_t dimension);

/* Whether the codes at index are those of this vector. */
bool fc_packed_holds(const struct fc_packed *packed, size_t index, const float *vector,
		     size_t dimension);

struct fc_packed fc_packing_view(const struct fc_packing *packing);

#endif
