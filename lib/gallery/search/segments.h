/*
 * The segments of a space: how they come and go as faces do.
 *
 * Faces are the truth, segments are made from them. A segment holds the codes of the faces with ids from its first to its last;
 * segments of a space do not overlap, and every face up to the last one's last is in one. Faces with higher ids are the tail,
 * which is searched in floats straight from their records. When it has FC_SEGMENT_FACES, they become a segment in the
 * transaction that adds the last of them.
 *
 * A face never changes its template or its person, and its id is never used again. So a segment need not be touched when a face
 * goes: its record counts the deleted, and search passes over codes whose face is not there. As faces are added, neighbours
 * that have become sparse are made into one. So removing a face never needs room for a new segment.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEGMENTS_H
#define FC_GALLERY_SEGMENTS_H

#include "gallery/search/segment.h"
#include "gallery/store/store.h"

/* After a face has been put into its space, and after it has been taken out. */
FC_MUST_USE enum fc_status fc_segments_face_added(struct fc_gallery_txn *txn, uint32_t space,
						  uint64_t face, struct fc_error *err);
FC_MUST_USE enum fc_status fc_segments_face_removed(struct fc_gallery_txn *txn, uint32_t space,
						    uint64_t face, struct fc_error *err);

/* Remove all segments of a space. Its faces are all of the tail then. */
FC_MUST_USE enum fc_status fc_segments_drop(struct fc_gallery_txn *txn, uint32_t space,
					    struct fc_error *err);

/* Make all segments of a space anew; damaged ones do not matter. */
FC_MUST_USE enum fc_status fc_segments_rebuild(struct fc_gallery_txn *txn, uint32_t space,
					       struct fc_error *err);

/* The id that the tail begins with: no face of it has a lower one. */
FC_MUST_USE enum fc_status fc_segments_tail(struct fc_gallery_txn *txn, uint32_t space,
					    uint64_t *first, struct fc_error *err);

/*
 * Look at every segment of a space in order, until visit sets *more to false. A status of visit's other than FC_OK ends the walk
 * too, and is passed on.
 */
typedef enum fc_status fc_segments_visit(void *context, const struct fc_segment *segment,
					 bool *more, struct fc_error *err);
FC_MUST_USE enum fc_status fc_segments_each(struct fc_gallery_txn *txn, uint32_t space,
					    fc_segments_visit *visit, void *context,
					    struct fc_error *err);

/* View a segment's codes in place, without looking at their CRC: valid as long as what fc_store_get borrows. */
FC_MUST_USE enum fc_status fc_segments_view(struct fc_gallery_txn *txn, uint32_t space,
					    const struct fc_segment *segment,
					    struct fc_scan_set *out, struct fc_error *err);

/* A face's id, person and template as they lie in its record. */
struct fc_segments_face {
	uint64_t id;
	struct fc_uuid pid;
	uint32_t dimension;
	float vector[FC_DIMENSION_MAXIMUM];
};

/* The next face with a template of a walk over FC_DB_FACE. FC_NOT_FOUND at the end. */
FC_MUST_USE enum fc_status fc_segments_next_face(struct fc_store_cursor *cursor,
						 struct fc_segments_face *out,
						 struct fc_error *err);

/* One face by its id. FC_NOT_FOUND when it is not there. */
FC_MUST_USE enum fc_status fc_segments_find_face(struct fc_gallery_txn *txn, uint32_t space,
						 uint64_t id, struct fc_segments_face *out,
						 struct fc_error *err);

#endif
