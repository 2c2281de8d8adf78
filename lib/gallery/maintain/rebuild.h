/* Rebuilding what search derives from the faces. Private to maintain/. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_MAINTAIN_REBUILD_H
#define FC_GALLERY_MAINTAIN_REBUILD_H

#include "gallery/gallery.h"

/*
 * Compute the means of a space again from its faces, and create its segments from them. A mean keeps its id; persons without one get the
 * next ids in the order of their first faces.
 */
enum fc_status fc_means_rebuild(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err);

#endif
