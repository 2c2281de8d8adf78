/*
 * The segments of a space: packed copies of its faces that make search fast.
 *
 * Segments are derived from the faces' records and can be rebuilt at any time. A segment contains the codes of the faces with ids from its
 * first to its last. The segments of a space do not overlap, and every face up to the end of the last segment is in one. Faces with higher
 * ids are called the tail; search reads them from their records. When the tail has FC_SEGMENT_FACES faces, the transaction that adds the
 * last of them packs them into a segment.
 *
 * A face never changes its template or its person, and its id is never used again. So the codes of a segment need not change when a face is
 * deleted: the segment's record counts the deleted faces, and search skips the codes of deleted faces. When faces are added, neighbouring
 * segments that have become sparse are merged. Deleting a face never creates a segment, so it needs no space for one.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_SEGMENTS_H
#define FC_GALLERY_SEARCH_SEGMENTS_H

#include "gallery/gallery.h"
#include "gallery/search/segment.h"
#include "gallery/store/store.h"

/* Call these after a face was added to its space, or removed from it. */
enum fc_status fc_segments_face_added(struct fc_gallery_txn *txn, uint32_t space, uint64_t face,
				      struct fc_error *err);
enum fc_status fc_segments_face_removed(struct fc_gallery_txn *txn, uint32_t space, uint64_t face,
					struct fc_error *err);

/* Remove all segments of a space. Afterwards all of its faces are in the tail. */
enum fc_status fc_segments_drop(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err);

/* Rebuild all segments of a space, including damaged ones. */
enum fc_status fc_segments_rebuild(struct fc_gallery_txn *txn, uint32_t space,
				   struct fc_error *err);

/* The lowest id that a face of the tail can have. */
enum fc_status fc_segments_tail(struct fc_gallery_txn *txn, uint32_t space, uint64_t *first,
				struct fc_error *err);

/*
 * Visit every segment of a space in order, until visit sets *more to false. If visit returns another status than FC_OK, the walk ends
 * with it.
 */
typedef enum fc_status fc_segments_visit(void *context, const struct fc_segment *segment,
					 bool *more, struct fc_error *err);
enum fc_status fc_segments_each(struct fc_gallery_txn *txn, uint32_t space,
				fc_segments_visit *visit, void *context, struct fc_error *err);

/* View a segment's codes in place, without checking their CRC. The view is valid as long as a payload from fc_store_get. */
enum fc_status fc_segments_view(struct fc_gallery_txn *txn, uint32_t space,
				const struct fc_segment *segment, struct fc_scan_set *out,
				struct fc_error *err);

/* A face's id, person and template. */
struct fc_segments_face {
	uint64_t id;
	struct fc_uuid pid;
	uint32_t dimension;
	float vector[FC_DIMENSION_MAXIMUM];
};

/* Read the next face with a template in a walk over FC_DB_FACE. FC_NOT_FOUND at the end. */
enum fc_status fc_segments_next_face(struct fc_store_cursor *cursor, struct fc_segments_face *out,
				     struct fc_error *err);

/* Find a face by its id. FC_NOT_FOUND if there is none. */
enum fc_status fc_segments_find_face(struct fc_gallery_txn *txn, uint32_t space, uint64_t id,
				     struct fc_segments_face *out, struct fc_error *err);

#endif
