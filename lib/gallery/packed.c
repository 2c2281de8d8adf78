/* Codes of many vectors, laid out for the kernels. */
/* SPDX-License-Identifier: MIT */
#include "gallery/packed.h"

#include <math.h>
#include <string.h>

#include "gallery/quantise.h"

size_t fc_padded_dimension(size_t dimension)
{
	return (dimension + FC_PADDED_MULTIPLE - 1) / FC_PADDED_MULTIPLE * FC_PADDED_MULTIPLE;
}

size_t fc_packed_block_count(size_t count)
{
	return (count + FC_BLOCK_VECTORS - 1) / FC_BLOCK_VECTORS;
}

size_t fc_packed_run_count(size_t count)
{
	return (count + FC_RUN_VECTORS - 1) / FC_RUN_VECTORS;
}

size_t fc_packed_code_bytes(size_t count, size_t padded)
{
	return fc_packed_block_count(count) * FC_BLOCK_VECTORS * padded;
}

/* Spread the codes of one vector over its block. */
static void put_codes(const struct fc_packed *packed, size_t index, const int8_t *codes)
{
	uint8_t *block =
		packed->codes + index / FC_BLOCK_VECTORS * FC_BLOCK_VECTORS * packed->padded;
	size_t lane = index % FC_BLOCK_VECTORS;
	for (size_t i = 0; i < packed->padded; i++) {
		size_t group = i / FC_GROUP_DIMENSIONS;
		size_t place = (group * FC_BLOCK_VECTORS + lane) * FC_GROUP_DIMENSIONS +
			       i % FC_GROUP_DIMENSIONS;
		block[place] = (uint8_t)(codes[i] + FC_CODE_OFFSET);
	}
}

void fc_packed_fill(const struct fc_packed *packed, const float *vectors, size_t dimension)
{
	size_t lanes = fc_packed_block_count(packed->count) * FC_BLOCK_VECTORS;
	memset(packed->bounds, 0, fc_packed_run_count(packed->count) * sizeof(*packed->bounds));
	for (size_t i = 0; i < lanes; i++) {
		int8_t codes[FC_PADDED_MAXIMUM] = { 0 };
		packed->scales[i] = NAN;
		if (i < packed->count) {
			struct fc_run_bound *bound = &packed->bounds[i / FC_RUN_VECTORS];
			struct fc_quantised quantised =
				fc_quantise(vectors + i * dimension, dimension, codes);
			packed->scales[i] = quantised.scale;
			bound->error = fmaxf(bound->error, quantised.error);
			bound->length = fmaxf(bound->length, quantised.length);
		}
		put_codes(packed, i, codes);
	}
}
