/* Search for the persons of a space that are most similar to a template. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_SEARCH_SEARCH_H
#define FC_GALLERY_SEARCH_SEARCH_H

#include "gallery/gallery.h"
#include "gallery/search/hit.h"

/*
 * For each of probe_count templates (one after the other in probes) find the `top` best persons of a space, each by its best face, sorted
 * by descending score and then by ascending face id. hits has room for probe_count * top; counts[i] is the number found for probe i. The
 * result is exactly that of a full scan in floats.
 * Errors: FC_INCOMPATIBLE (the templates have another dimension), FC_DAMAGED.
 */
enum fc_status fc_search(struct fc_gallery_txn *txn, uint32_t space, const float *probes,
			 size_t probe_count, uint32_t dimension, size_t top,
			 struct fc_search_hit *hits, size_t *counts, struct fc_error *err);

#endif
