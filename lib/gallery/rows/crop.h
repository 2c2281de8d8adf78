/* Aligned crops of stored faces, as PNG files. Stored only on request, and removed with their face. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_CROP_H
#define FC_GALLERY_ROWS_CROP_H

#include "base/buffer.h"
#include "gallery/gallery.h"

/* Store or replace the crop of a face. Errors: FC_NOT_FOUND (face), FC_TOO_LARGE. */
enum fc_status fc_crop_put(struct fc_gallery_txn *txn, uint32_t space, uint64_t face,
			   const struct fc_buffer *png, struct fc_error *err);

/* FC_NOT_FOUND if the face has no crop. */
enum fc_status fc_crop_get(struct fc_gallery_txn *txn, uint32_t space, uint64_t face,
			   struct fc_buffer *png_out, struct fc_error *err);

/* Whether the face has a crop. The crop is not read, so it may be damaged. */
enum fc_status fc_crop_is_kept(struct fc_gallery_txn *txn, uint32_t space, uint64_t face, bool *out,
			       struct fc_error *err);

/* FC_OK if the face has no crop. */
enum fc_status fc_crop_delete(struct fc_gallery_txn *txn, uint32_t space, uint64_t face,
			      struct fc_error *err);

#endif
