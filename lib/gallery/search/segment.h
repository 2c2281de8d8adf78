/*
 * The layout of a segment's codes, which are a record of FC_DB_CODES. Pure.
 *
 * The record is scanned in place, in LMDB's map. A value of that size has pages of its own, so it begins 16 bytes after the start of a
 * page. After the record's header and FC_SEGMENT_PAD bytes the codes begin at a multiple of 64. The scales follow, the bounds of the
 * runs (all as in packed.h), the ids and the pids of the faces, and zeros up to a length that LMDB never stores in a page of its tree.
 * Numbers are in the machine's byte order, which must be little-endian.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEGMENT_H
#define FC_GALLERY_SEGMENT_H

#include "base/buffer.h"
#include "gallery/search/scan.h"
#include "gallery/store/record_header.h"

/* A record of FC_DB_SEGMENT: faces that are packed together. */
struct fc_segment {
	uint64_t first, last; /* ids of faces; the first is in the key */
	uint32_t count;       /* faces when the segment was made */
	uint32_t deleted;     /* those that were deleted since */
	uint32_t dimension;
};

enum { FC_SEGMENT_FACES = 4096 };

/* As the functions of rows/record.h. */
void fc_record_put_segment(struct fc_buffer *out, const struct fc_segment *segment);
FC_MUST_USE enum fc_status fc_record_get_segment(struct fc_reader *in, struct fc_segment *out);

enum {
	FC_SEGMENT_PAD = 64 - 16 - FC_RECORD_HEADER_SIZE,
	FC_SEGMENT_LENGTH_MINIMUM = 65536, /* half a page, with pages of up to 64 KiB, and more */
};

/* Bytes of the payload, by the segment's count and dimension. */
size_t fc_segment_length(const struct fc_segment *segment);

/* A payload that is being filled. Room for a record's header is before it, so that the arrays are aligned. */
struct fc_segment_builder {
	uint8_t *memory;
	uint8_t *payload;
	size_t length;
	size_t dimension;
	struct fc_packing packing;
	uint64_t *face_ids;
	struct fc_uuid *pids;
};

/* For segment->count faces. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_segment_builder_init(struct fc_segment_builder *builder,
						   const struct fc_segment *segment,
						   struct fc_error *err);
void fc_segment_builder_release(struct fc_segment_builder *builder);
void fc_segment_builder_put(struct fc_segment_builder *builder, size_t index, uint64_t face_id,
			    const struct fc_uuid *pid, const float *vector);

/* View a payload of fc_segment_length bytes. False if its address is not aligned, so that its numbers cannot be read in place. */
FC_MUST_USE bool fc_segment_view(const struct fc_segment *segment, const uint8_t *payload,
				 struct fc_scan_set *out);

#endif
