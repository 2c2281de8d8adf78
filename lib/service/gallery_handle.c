/* A gallery that is opened when it is first needed. */
/* SPDX-License-Identifier: MIT */
#include "service/gallery_handle.h"

enum fc_status fc_gallery_handle_open(struct fc_gallery_handle *handle, enum fc_gallery_mode mode,
				      struct fc_gallery **out, struct fc_error *err)
{
	if (mode > handle->options.mode) {
		fc_gallery_handle_close(handle);
	}
	if (!handle->gallery) {
		handle->options.mode = mode;
		FC_TRY(fc_gallery_open(&handle->options, &handle->gallery, err));
	}
	*out = handle->gallery;
	return FC_OK;
}

void fc_gallery_handle_close(struct fc_gallery_handle *handle)
{
	fc_gallery_closep(&handle->gallery);
}
