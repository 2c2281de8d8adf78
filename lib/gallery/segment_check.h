/* The check of segments: they hold the faces that they should, as those are. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEGMENT_CHECK_H
#define FC_GALLERY_SEGMENT_CHECK_H

#include "gallery/store.h"

/* Where the segment that was checked before ends; { 0 } before the first. */
struct fc_segment_place {
	uint32_t space;
	uint64_t last;
};

/*
 * Compare a segment's record and codes with the faces behind *before, and move that on. problem is called with each thing that
 * is wrong.
 */
void fc_segment_check(struct fc_gallery_txn *txn, const struct fc_key *key,
		      struct fc_reader *payload, struct fc_segment_place *before,
		      fc_check_problem *problem, void *context);

#endif
