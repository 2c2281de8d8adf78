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

size_t fc_packed_lane_count(size_t count)
{
	return fc_packed_block_count(count) * FC_BLOCK_VECTORS;
}

size_t fc_packed_run_count(size_t count)
{
	return (count + FC_RUN_VECTORS - 1) / FC_RUN_VECTORS;
}

size_t fc_packed_plane_bytes(size_t count, size_t padded)
{
	return fc_packed_lane_count(count) * padded / 2;
}

uint16_t fc_packed_error(float error)
{
	uint32_t bits;
	memcpy(&bits, &error, sizeof(bits));
	return (uint16_t)((bits + 0xFFFFU) >> 16);
}

void fc_packing_clear(const struct fc_packing *packing)
{
	size_t lanes = fc_packed_lane_count(packing->count);
	size_t plane = fc_packed_plane_bytes(packing->count, packing->padded);
	memset(packing->high, 0, plane);
	memset(packing->low, 0, plane);
	memset(packing->errors, 0, lanes * sizeof(*packing->errors));
	memset(packing->bounds, 0, fc_packed_run_count(packing->count) * sizeof(*packing->bounds));
	for (size_t i = 0; i < lanes; i++) {
		packing->scales[i] = NAN;
	}
}

/* Where half a code is in its plane. */
struct place {
	size_t byte;
	unsigned shift;
};

static struct place high_place(size_t index, size_t dimension, size_t padded)
{
	size_t block = index / FC_BLOCK_VECTORS * FC_BLOCK_VECTORS * padded / 2;
	size_t line = dimension / FC_LINE_DIMENSIONS * FC_LINE_BYTES;
	size_t lane = index % FC_BLOCK_VECTORS * FC_GROUP_DIMENSIONS;
	bool second = dimension % FC_LINE_DIMENSIONS >= FC_GROUP_DIMENSIONS;
	return (struct place){ block + line + lane + dimension % FC_GROUP_DIMENSIONS,
			       second ? 4 : 0 };
}

static struct place low_place(size_t index, size_t dimension, size_t padded)
{
	size_t half = padded / 2;
	return (struct place){ index * half + dimension % half, dimension < half ? 0 : 4 };
}

void fc_packing_put(const struct fc_packing *packing, size_t index, const float *vector,
		    size_t dimension)
{
	int8_t codes[FC_PADDED_MAXIMUM] = { 0 };
	struct fc_run_bound *bound = &packing->bounds[index / FC_RUN_VECTORS];
	struct fc_quantised quantised = fc_quantise(vector, dimension, codes);
	packing->scales[index] = quantised.scale;
	packing->errors[index] = fc_packed_error(quantised.high_error);
	bound->error = fmaxf(bound->error, quantised.error);
	bound->length = fmaxf(bound->length, quantised.length);
	bound->high_length = fmaxf(bound->high_length, quantised.high_length);
	for (size_t i = 0; i < packing->padded; i++) {
		struct place high = high_place(index, i, packing->padded);
		struct place low = low_place(index, i, packing->padded);
		packing->high[high.byte] |= (uint8_t)(fc_code_high(codes[i]) << high.shift);
		packing->low[low.byte] |= (uint8_t)(fc_code_low(codes[i]) << low.shift);
	}
}

bool fc_packed_holds(const struct fc_packed *packed, size_t index, const float *vector,
		     size_t dimension)
{
	int8_t codes[FC_PADDED_MAXIMUM] = { 0 };
	const struct fc_run_bound *bound = &packed->bounds[index / FC_RUN_VECTORS];
	struct fc_quantised quantised = fc_quantise(vector, dimension, codes);
	bool same = packed->scales[index] == quantised.scale &&
		    packed->errors[index] == fc_packed_error(quantised.high_error) &&
		    bound->error >= quantised.error && bound->length >= quantised.length &&
		    bound->high_length >= quantised.high_length;
	for (size_t i = 0; same && i < packed->padded; i++) {
		struct place high = high_place(index, i, packed->padded);
		struct place low = low_place(index, i, packed->padded);
		same = (packed->high[high.byte] >> high.shift & 15U) == fc_code_high(codes[i]) &&
		       (packed->low[low.byte] >> low.shift & 15U) == fc_code_low(codes[i]);
	}
	return same;
}

struct fc_packed fc_packing_view(const struct fc_packing *packing)
{
	return (struct fc_packed){
		.count = packing->count,
		.padded = packing->padded,
		.high = packing->high,
		.low = packing->low,
		.scales = packing->scales,
		.errors = packing->errors,
		.bounds = packing->bounds,
	};
}
