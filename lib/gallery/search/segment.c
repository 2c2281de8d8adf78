/* The layout of a segment's codes. */
/* SPDX-License-Identifier: MIT */
#include "gallery/search/segment.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/fields.h"
#include "gallery/gallery.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "segments are scanned in place");

static const struct fc_field segment_fields[] = {
	FC_FIELD(struct fc_segment, last),    FC_FIELD(struct fc_segment, count),
	FC_FIELD(struct fc_segment, deleted), FC_FIELD(struct fc_segment, dimension),
	FC_FIELD(struct fc_segment, check),   { 0 },
};

void fc_record_put_segment(struct fc_buffer *out, const struct fc_segment *segment)
{
	fc_fields_put(out, segment_fields, segment);
}

enum fc_status fc_record_get_segment(struct fc_reader *in, struct fc_segment *out)
{
	FC_TRY(fc_fields_get(in, segment_fields, out));
	bool valid = out->last >= out->first && out->count >= 1 && out->count <= FC_SEGMENT_MEANS &&
		     out->deleted < out->count && out->dimension >= 1 &&
		     out->dimension <= FC_DIMENSION_MAXIMUM;
	return valid ? FC_OK : FC_DAMAGED;
}

/* Where the arrays begin in a payload. */
struct layout {
	size_t padded;
	size_t high, low, scales, errors, low_checks, ids, checks, bounds;
	size_t length;
};

static struct layout layout_of(const struct fc_segment *segment)
{
	size_t count = segment->count;
	size_t lanes = fc_packed_lane_count(count);
	size_t runs = fc_packed_run_count(count);
	struct layout layout = {
		.padded = fc_padded_dimension(segment->dimension),
		.high = FC_SEGMENT_PAD,
	};
	size_t plane = fc_packed_plane_bytes(count, layout.padded);
	layout.low = layout.high + plane;
	layout.scales = layout.low + plane;
	layout.errors = layout.scales + lanes * sizeof(float);
	layout.low_checks = layout.errors + lanes * sizeof(uint16_t);
	layout.ids = layout.low_checks + lanes * sizeof(uint16_t);
	layout.checks = layout.ids + count * sizeof(uint64_t);
	layout.bounds = layout.checks + runs * sizeof(struct fc_run_check);
	layout.length = layout.bounds + runs * sizeof(struct fc_run_bound);
	if (layout.length < FC_SEGMENT_LENGTH_MINIMUM) {
		layout.length = FC_SEGMENT_LENGTH_MINIMUM;
	}
	return layout;
}

size_t fc_segment_length(const struct fc_segment *segment)
{
	return layout_of(segment).length;
}

enum fc_status fc_segment_builder_init(struct fc_segment_builder *builder,
				       const struct fc_segment *segment, struct fc_error *err)
{
	struct layout layout = layout_of(segment);
	*builder = (struct fc_segment_builder){ 0 };
	uint8_t *memory = calloc(1, FC_RECORD_HEADER_SIZE + layout.length);
	if (!memory) {
		return fc_fail_memory(err);
	}
	uint8_t *payload = memory + FC_RECORD_HEADER_SIZE;
	*builder = (struct fc_segment_builder){
		.memory = memory,
		.payload = payload,
		.length = layout.length,
		.dimension = segment->dimension,
		.packing = { .count = segment->count,
			     .padded = layout.padded,
			     .high = payload + layout.high,
			     .low = payload + layout.low,
			     .scales = (void *)(payload + layout.scales),
			     .errors = (void *)(payload + layout.errors),
			     .bounds = (void *)(payload + layout.bounds) },
		.ids = (void *)(payload + layout.ids),
		.low_checks = (void *)(payload + layout.low_checks),
		.checks = (void *)(payload + layout.checks),
	};
	fc_packing_clear(&builder->packing);
	return FC_OK;
}

void fc_segment_builder_release(struct fc_segment_builder *builder)
{
	free(builder->memory);
	*builder = (struct fc_segment_builder){ 0 };
}

void fc_segment_builder_put(struct fc_segment_builder *builder, size_t index, uint64_t id,
			    const float *vector)
{
	builder->ids[index] = id;
	fc_packing_put(&builder->packing, index, vector, builder->dimension);
}

static uint32_t check_of(const struct fc_scan_set *set)
{
	size_t runs = fc_packed_run_count(set->packed.count);
	uint32_t crc = fc_crc32c(0, set->checks, runs * sizeof(*set->checks));
	return fc_crc32c(crc, set->packed.bounds, runs * sizeof(*set->packed.bounds));
}

uint32_t fc_segment_builder_seal(struct fc_segment_builder *builder)
{
	const struct fc_scan_set set = { .packed = fc_packing_view(&builder->packing),
					 .ids = builder->ids,
					 .checks = builder->checks };
	for (size_t i = 0; i < set.packed.count; i++) {
		builder->low_checks[i] = fc_scan_low_check(&set.packed, i);
	}
	for (size_t run = 0; run < fc_packed_run_count(set.packed.count); run++) {
		builder->checks[run] = fc_scan_run_check(fc_kernel_at(0), &set, run);
	}
	return check_of(&set);
}

bool fc_segment_view(const struct fc_segment *segment, const uint8_t *payload,
		     struct fc_scan_set *out)
{
	struct layout layout = layout_of(segment);
	if ((uintptr_t)(payload + layout.high) % sizeof(uint64_t) != 0) {
		return false;
	}
	*out = (struct fc_scan_set){
		.packed = { .count = segment->count,
			    .padded = layout.padded,
			    .high = payload + layout.high,
			    .low = payload + layout.low,
			    .scales = (const void *)(payload + layout.scales),
			    .errors = (const void *)(payload + layout.errors),
			    .bounds = (const void *)(payload + layout.bounds) },
		.ids = (const void *)(payload + layout.ids),
		.low_checks = (const void *)(payload + layout.low_checks),
		.checks = (const void *)(payload + layout.checks),
		.first = segment->first,
		.last = segment->last,
	};
	return check_of(out) == segment->check;
}
