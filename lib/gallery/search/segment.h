/*
 * The layout of a segment's codes, which are a record of FC_DB_CODES. Pure functions that do not access the store.
 *
 * The record is scanned in place, in LMDB's map. LMDB stores a value of that size in pages of its own, so it begins 16 bytes after the
 * start of a page. The record's header and FC_SEGMENT_PAD bytes are followed by the high plane of the codes, which so is aligned to 64
 * bytes, the low plane, the scales, the errors (all as in packed.h), the checksums of the vectors' low halves, the ids of the means, the
 * checksums of the runs (scan.h), and their bounds. Zeros fill the record up to a length that LMDB never stores inside a page of its tree.
 * Numbers are in the machine's byte order, which must be little-endian.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_SEGMENT_H
#define FC_GALLERY_SEARCH_SEGMENT_H

#include "base/buffer.h"
#include "gallery/search/scan.h"
#include "gallery/store/record_header.h"

/* A record of FC_DB_SEGMENT: means that are packed together. */
struct fc_segment {
	uint64_t first, last; /* ids of means; the first is in the key */
	uint32_t count;       /* number of means when the segment was created */
	uint32_t deleted;     /* number of these means that have been removed since */
	uint32_t dimension;
	uint32_t check; /* CRC-32C of the bounds and the checksums of the runs */
};

enum { FC_SEGMENT_MEANS = 4096 };

/* Like the functions of rows/record.h. */
void fc_record_put_segment(struct fc_buffer *out, const struct fc_segment *segment);
enum fc_status fc_record_get_segment(struct fc_reader *in, struct fc_segment *out);

enum {
	FC_SEGMENT_PAD = 64 - 16 - FC_RECORD_HEADER_SIZE,
	/* bytes; more than half of a page, for pages of up to 64 KiB */
	FC_SEGMENT_LENGTH_MINIMUM = 65536,
};

/* Bytes of the payload, by the segment's count and dimension. */
size_t fc_segment_length(const struct fc_segment *segment);

/* A payload that is being filled. Space for a record's header is reserved before it, so that the arrays are aligned. */
struct fc_segment_builder {
	uint8_t *memory;
	uint8_t *payload;
	size_t length;
	size_t dimension;
	struct fc_packing packing;
	uint64_t *ids;
	uint16_t *low_checks;
	struct fc_run_check *checks;
};

/* Allocate a payload for segment->count means. Errors: FC_NO_MEMORY. */
enum fc_status fc_segment_builder_init(struct fc_segment_builder *builder,
				       const struct fc_segment *segment, struct fc_error *err);
void fc_segment_builder_release(struct fc_segment_builder *builder);
void fc_segment_builder_put(struct fc_segment_builder *builder, size_t index, uint64_t id,
			    const float *vector);
/* Compute all checksums, after the last vector. Returns segment->check. */
uint32_t fc_segment_builder_seal(struct fc_segment_builder *builder);

/*
 * View a payload of fc_segment_length bytes. False if its address is not aligned, so that its numbers cannot be read in place, or if
 * segment->check does not fit.
 */
FC_MUST_USE bool fc_segment_view(const struct fc_segment *segment, const uint8_t *payload,
				 struct fc_scan_set *out);

#endif
