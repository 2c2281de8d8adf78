/* Copies of photos that stay valid after the source returns the next photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_INPUT_PHOTO_COPY_H
#define FC_SERVICE_INPUT_PHOTO_COPY_H

#include "base/buffer.h"
#include "service/service.h"

/* Copy a photo. The strings of the copy are in *texts, which the caller releases. Errors: FC_NO_MEMORY. */
enum fc_status fc_photo_copy(const struct fc_photo *photo, struct fc_photo *out,
			     struct fc_buffer *texts, struct fc_error *err);

#endif
