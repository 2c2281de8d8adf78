/* A gallery that is opened when it is first needed, and reopened when a mode with more rights is needed. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_GALLERY_HANDLE_H
#define FC_SERVICE_GALLERY_HANDLE_H

#include "gallery/gallery.h"

struct fc_gallery_handle {
	struct fc_gallery_options options; /* mode: the mode that the gallery is open with */
	struct fc_gallery *gallery;        /* NULL until it is opened */
};

/* Open the gallery with at least `mode`; *out belongs to the handle. Errors: those of fc_gallery_open. */
enum fc_status fc_gallery_handle_open(struct fc_gallery_handle *handle, enum fc_gallery_mode mode,
				      struct fc_gallery **out, struct fc_error *err);

void fc_gallery_handle_close(struct fc_gallery_handle *handle);

#endif
