/*
 * Changing the embedder of a gallery: every face gets a new template, in one change. Ids, persons, names, entries and crops do not
 * change; readers see the old templates until the change is committed.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_REEMBED_H
#define FC_GALLERY_REEMBED_H

#include "gallery/gallery.h"

/*
 * Return the new template of a face in `out` (dimension of the new pin, L2-normalised), or *has = false to keep the face without one.
 * Errors end the change, and nothing is stored. May be called for the same face again.
 */
typedef enum fc_status fc_new_template(void *context, uint32_t space, uint64_t face, float *out,
				       bool *has, struct fc_error *err);

struct fc_reembedding {
	struct fc_embedder_pin from, to;         /* equal: only for faces without a template */
	struct fc_sha256 models_from, models_to; /* as in the ledger's local tasks */
	fc_new_template *template_of;
	void *context;
};

struct fc_reembedded {
	uint64_t faces;   /* with a new template */
	uint64_t without; /* without a template now */
};

/*
 * Replace the templates of all faces, the pin, and the segments of all spaces, in one change, which needs space for all of them a second
 * time.
 * Errors: those of fc_gallery_write; FC_CONFLICT (the gallery is not pinned to `from` any more, or has no pin);
 * FC_INVALID_ARGUMENT (a template that is not of length 1).
 */
FC_MUST_USE enum fc_status fc_gallery_reembed(struct fc_gallery *gallery,
					      const struct fc_reembedding *reembedding,
					      struct fc_reembedded *out, struct fc_error *err);

#endif
