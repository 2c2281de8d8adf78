/*
 * Codes of many vectors, laid out for the kernels that multiply them (kernel.h). A code is stored as two halves of four bits (quantise.h),
 * in two planes: a search reads the whole high plane, and the low halves only of the vectors that the high ones cannot rule out.
 *
 * Sixteen vectors form a block. In the high plane, a block has 64 bytes for each eight neighbouring dimensions: four bytes of vector 0, of
 * vector 1, ... of vector 15. The low bits of the four bytes are the first four dimensions, the high bits the other four. So one vector
 * instruction multiplies four dimensions of all sixteen vectors, and the sums need not be added across lanes. In the low plane, each
 * vector is stored for itself: the low bits of its bytes are the first half of its dimensions, the high bits the second half.
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
	FC_LINE_DIMENSIONS = 2 * FC_GROUP_DIMENSIONS,
	FC_LINE_BYTES = FC_BLOCK_VECTORS * FC_GROUP_DIMENSIONS,
	FC_RUN_BLOCKS = 16,
	FC_RUN_VECTORS = FC_RUN_BLOCKS * FC_BLOCK_VECTORS,
	FC_PADDED_MULTIPLE = 32, /* dimensions are padded with zeros to a multiple of this */
	FC_PADDED_MAXIMUM = 1024,
};

/* The largest error, length and high_length (quantise.h) among the vectors of a run. */
struct fc_run_bound {
	float error, length, high_length;
};

/* A read-only view of packed vectors; the memory is borrowed. */
struct fc_packed {
	size_t count;                      /* number of vectors */
	size_t padded;                     /* dimensions including padding */
	const uint8_t *high;               /* the blocks; fastest if aligned to 64 bytes */
	const uint8_t *low;                /* padded / 2 bytes for each lane of each block */
	const float *scales;               /* one per lane */
	const uint16_t *errors;            /* the high_error of each lane; see fc_packed_error */
	const struct fc_run_bound *bounds; /* one per run */
};

/* The same arrays, writable, to store vectors in. */
struct fc_packing {
	size_t count, padded;
	uint8_t *high, *low;
	float *scales;
	uint16_t *errors;
	struct fc_run_bound *bounds;
};

size_t fc_padded_dimension(size_t dimension);

/* Sizes of the arrays of a view: blocks, lanes and runs, and the bytes of one plane. */
size_t fc_packed_block_count(size_t count);
size_t fc_packed_lane_count(size_t count);
size_t fc_packed_run_count(size_t count);
size_t fc_packed_plane_bytes(size_t count, size_t padded);

/* An error as it is stored: the upper half of the float's bits, rounded up. */
uint16_t fc_packed_error(float error);

/* Initialise the arrays: no lane has a vector. */
void fc_packing_clear(const struct fc_packing *packing);

/* Store one vector in an unused lane. */
void fc_packing_put(const struct fc_packing *packing, size_t index, const float *vector,
		    size_t dimension);

/* Whether both planes have the codes of this vector at index. */
bool fc_packed_holds(const struct fc_packed *packed, size_t index, const float *vector,
		     size_t dimension);

struct fc_packed fc_packing_view(const struct fc_packing *packing);

#endif
