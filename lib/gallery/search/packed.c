/* Codes of many vectors, laid out for the kernels. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/packed.h"

#include <math.h>
#include <string.h>

#include "gallery/search/quantise.h"

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

void fc_packing_clear(const struct fc_packing *packing)
{
	size_t lanes = fc_packed_block_count(packing->count) * FC_BLOCK_VECTORS;
	memset(packing->codes, FC_CODE_OFFSET, lanes * packing->padded);
	memset(packing->bounds, 0, fc_packed_run_count(packing->count) * sizeof(*packing->bounds));
	for (size_t i = 0; i < lanes; i++) {
		packing->scales[i] = NAN;
	}
}

/* The position of the code of a vector's dimension. */
static size_t place_of(size_t index, size_t dimension, size_t padded)
{
	size_t block = index / FC_BLOCK_VECTORS * FC_BLOCK_VECTORS * padded;
	size_t group = dimension / FC_GROUP_DIMENSIONS;
	size_t lane = index % FC_BLOCK_VECTORS;
	return block + (group * FC_BLOCK_VECTORS + lane) * FC_GROUP_DIMENSIONS +
	       dimension % FC_GROUP_DIMENSIONS;
}

void fc_packing_put(const struct fc_packing *packing, size_t index, const float *vector,
		    size_t dimension)
{
	int8_t codes[FC_PADDED_MAXIMUM];
	struct fc_run_bound *bound = &packing->bounds[index / FC_RUN_VECTORS];
	struct fc_quantised quantised = fc_quantise(vector, dimension, codes);
	packing->scales[index] = quantised.scale;
	bound->error = fmaxf(bound->error, quantised.error);
	bound->length = fmaxf(bound->length, quantised.length);
	for (size_t i = 0; i < dimension; i++) {
		packing->codes[place_of(index, i, packing->padded)] =
			(uint8_t)(codes[i] + FC_CODE_OFFSET);
	}
}

bool fc_packed_holds(const struct fc_packed *packed, size_t index, const float *vector,
		     size_t dimension)
{
	int8_t codes[FC_PADDED_MAXIMUM] = { 0 };
	const struct fc_run_bound *bound = &packed->bounds[index / FC_RUN_VECTORS];
	struct fc_quantised quantised = fc_quantise(vector, dimension, codes);
	bool same = packed->scales[index] == quantised.scale && bound->error >= quantised.error &&
		    bound->length >= quantised.length;
	for (size_t i = 0; same && i < packed->padded; i++) {
		same = packed->codes[place_of(index, i, packed->padded)] ==
		       (uint8_t)(codes[i] + FC_CODE_OFFSET);
	}
	return same;
}

struct fc_packed fc_packing_view(const struct fc_packing *packing)
{
	return (struct fc_packed){
		.count = packing->count,
		.padded = packing->padded,
		.codes = packing->codes,
		.scales = packing->scales,
		.bounds = packing->bounds,
	};
}
