/*
 * Changing the embedder of a gallery: every face gets a new template, in one change. Ids, persons, names, entries and crops do not
 * change; readers see the old templates until the change is committed.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_MAINTAIN_REEMBED_H
#define FC_GALLERY_MAINTAIN_REEMBED_H

#include "gallery/gallery.h"

/*
 * Return the new template of a face in `out` (dimension of the new pin, L2-normalised), or *has = false to keep the face without one. An
 * error ends the change, and nothing is stored. May be called for the same face again.
 */
typedef enum fc_status fc_new_template(void *context, uint32_t space, uint64_t face, float *out,
				       bool *has, struct fc_error *err);

struct fc_reembedding {
	struct fc_embedder_pin from,
		to; /* if both are equal, only faces without a template are processed */
	struct fc_sha256 models_from, models_to; /* as in the ledger's local tasks */
	fc_new_template *template_of;
	void *context;
};

struct fc_reembedded {
	uint64_t faces;   /* number of faces with a new template */
	uint64_t without; /* number of faces that now have no template */
};

/*
 * Replace the templates of all faces, the pin, and the means and segments of all spaces, in one change. The change needs disk space for a second copy
 * of all of them.
 * Errors: those of fc_gallery_write; FC_CONFLICT (the gallery is no longer pinned to `from`, or has no pin); FC_INVALID_ARGUMENT (a
 * template does not have length 1).
 */
enum fc_status fc_gallery_reembed(struct fc_gallery *gallery,
				  const struct fc_reembedding *reembedding,
				  struct fc_reembedded *out, struct fc_error *err);

#endif
