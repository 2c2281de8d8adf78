/* Copies of a request's photos, which stay valid when the source returns the next one. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PHOTO_COPY_H
#define FC_SERVICE_PHOTO_COPY_H

#include "base/buffer.h"
#include "service/service.h"

/* Copy a photo; its texts are in the buffer, which the caller releases. Errors: FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_photo_copy(const struct fc_photo *photo, struct fc_photo *out,
					 struct fc_buffer *texts, struct fc_error *err);

#endif
