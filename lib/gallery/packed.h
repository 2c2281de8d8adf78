/*
 * Codes of many vectors, laid out for the kernels that multiply them (kernel.h).
 *
 * Sixteen vectors make a block. In a block lie, for one group of four neighbouring dimensions after the other, the four codes
 * of vector 0, of vector 1, ... of vector 15: 64 bytes a group. So one vector instruction multiplies four dimensions of all
 * sixteen, and the sums need no adding up across lanes. A code is stored with 128 added, as an unsigned byte: the widest
 * instruction (VPDPBUSD) multiplies unsigned by signed.
 *
 * Sixteen blocks make a run, the unit of which bounds are kept and which one call of a kernel scans.
 *
 * A lane that holds no vector, or one that is deleted, has a scale that is not a number. No comparison is true of it, so that a
 * kernel never lets it pass.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_PACKED_H
#define FC_GALLERY_PACKED_H

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

/* A view; the memory is somebody else's. */
struct fc_packed {
	size_t count;                /* vectors */
	size_t padded;               /* dimensions, padded */
	uint8_t *codes;              /* blocks; best at a multiple of 64 bytes */
	float *scales;               /* one per lane of each block */
	struct fc_run_bound *bounds; /* one per run */
};

size_t fc_padded_dimension(size_t dimension);

/* How much memory the arrays of a view take, in elements. */
size_t fc_packed_block_count(size_t count);
size_t fc_packed_run_count(size_t count);
size_t fc_packed_code_bytes(size_t count, size_t padded);

/* Fill all the arrays of a view: packed->count vectors of `dimension` floats, one after the other. */
void fc_packed_fill(const struct fc_packed *packed, const float *vectors, size_t dimension);

#endif
