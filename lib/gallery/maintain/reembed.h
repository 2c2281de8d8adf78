/*
 * Giving a gallery another embedder: every face a template of it, in one change. Ids, persons, names, entries and crops stay as they
 * are; readers see the gallery as it was until all of it is new.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_REEMBED_H
#define FC_GALLERY_REEMBED_H

#include "gallery/gallery.h"

/*
 * The new template of a face, in `out` (the new pin's dimension, L2-normalised); or *has = false, for a face that is to be kept without
 * one. Errors end the change, and nothing of it is stored. May be asked for the same face again.
 */
typedef enum fc_status fc_new_template(void *context, uint32_t space, uint64_t face, float *out,
				       bool *has, struct fc_error *err);

struct fc_reembedding {
	struct fc_embedder_pin from, to; /* equal: only faces without a template are asked for */
	struct fc_sha256 models_from,
		models_to; /* as the ledger of this machine's tasks has them */
	fc_new_template *template_of;
	void *context;
};

struct fc_reembedded {
	uint64_t faces;   /* that got a template */
	uint64_t without; /* that have none now */
};

/*
 * Replace the templates of every face, the pin, and the segments of every space, in one change that needs room for all of them a
 * second time. *out is set anew in each run.
 * Errors: those of fc_gallery_write; FC_CONFLICT (the gallery is not pinned to `from` any more, or has no pin);
 * FC_INVALID_ARGUMENT (a template that is none).
 */
FC_MUST_USE enum fc_status fc_gallery_reembed(struct fc_gallery *gallery,
					      const struct fc_reembedding *reembedding,
					      struct fc_reembedded *out, struct fc_error *err);

#endif
