/* Rebuilding what search derives from the faces, and rewriting the data file. Private to maintain/. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_MAINTAIN_REBUILD_H
#define FC_GALLERY_MAINTAIN_REBUILD_H

#include "gallery/maintain/maintain.h"

/*
 * Compute the means of a space again from its faces, and create its segments from them. A mean keeps its id; persons without one get the
 * next ids in the order of their first faces.
 */
enum fc_status fc_means_rebuild(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err);

/* Rebuild the segments that contain replaced or removed means. *spaces: the number of spaces with such segments. */
enum fc_status fc_reindex_deleted(struct fc_gallery_txn *txn, uint64_t *spaces,
				  struct fc_error *err);

/* Run change (NULL: none) and fc_gallery_compact as one step: after an error, or if the process is killed, the old file is unchanged. */
enum fc_status fc_gallery_rewrite(struct fc_gallery *gallery, fc_gallery_change *change,
				  void *context, struct fc_compact_report *out,
				  struct fc_error *err);

#endif
