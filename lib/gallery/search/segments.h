/*
 * The segments of a space: packed copies of its means that make search fast.
 *
 * Segments are derived from the means' records and can be rebuilt at any time. A segment contains the codes of the means with ids from its
 * first to its last. The segments of a space do not overlap, and every mean up to the end of the last segment is in one. Means with higher
 * ids are called the tail; search reads them from their records. When the tail has FC_SEGMENT_MEANS means, the transaction that adds the
 * last of them packs them into a segment.
 *
 * A mean never changes, and its id is never used again. So the codes of a segment need not change when a mean is replaced or removed: the
 * segment's record counts the removed means, and search skips their codes. When means are added, neighbouring segments that have become
 * sparse are merged.
 *
 * A store that searches by itself (store/engine.h) has no segments: what changes them does nothing.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_SEGMENTS_H
#define FC_GALLERY_SEARCH_SEGMENTS_H

#include "gallery/gallery.h"
#include "gallery/rows/mean.h"
#include "gallery/search/segment.h"
#include "gallery/store/store.h"

/*
 * Call this after the mean of a person was added (before: 0) or replaced (before: the id of the previous mean, which was removed). At most
 * one segment is created for each FC_SEGMENT_MEANS calls, apart from merging.
 */
enum fc_status fc_segments_mean_added(struct fc_gallery_txn *txn, uint32_t space, uint64_t mean,
				      uint64_t before, struct fc_error *err);

/* Call this after a mean was removed from its space. */
enum fc_status fc_segments_mean_removed(struct fc_gallery_txn *txn, uint32_t space, uint64_t mean,
					struct fc_error *err);

/* Remove all segments of a space. Afterwards all of its means are in the tail. */
enum fc_status fc_segments_drop(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err);

/* Rebuild all segments of a space, including damaged ones. */
enum fc_status fc_segments_rebuild(struct fc_gallery_txn *txn, uint32_t space,
				   struct fc_error *err);

/* Walk the means of the tail. Release the cursor. */
enum fc_status fc_segments_walk_tail(struct fc_gallery_txn *txn, uint32_t space,
				     struct fc_store_cursor *out, struct fc_error *err);

/*
 * Visit every segment of a space in order, until visit sets *more to false. If visit returns another status than FC_OK, the walk ends
 * with it.
 */
typedef enum fc_status fc_segments_visit(void *context, const struct fc_segment *segment,
					 bool *more, struct fc_error *err);
enum fc_status fc_segments_each(struct fc_gallery_txn *txn, uint32_t space,
				fc_segments_visit *visit, void *context, struct fc_error *err);

/* View a segment's codes in place, without checking their CRC, but with the checksums of the runs. The view is valid as long as a payload from fc_store_get. */
enum fc_status fc_segments_view(struct fc_gallery_txn *txn, uint32_t space,
				const struct fc_segment *segment, struct fc_scan_set *out,
				struct fc_error *err);

#endif
