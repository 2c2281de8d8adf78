/* How large a photo says it is, without decoding anything: for the limits that remote services set. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_PHOTO_SIZE_H
#define FC_SERVICE_PHOTO_SIZE_H

#include "vision/face.h"

struct fc_photo_size {
	enum fc_image_format format; /* by its first bytes */
	uint32_t width,
		height; /* as stored; 0 when it is not in the header of a JPEG, PNG or TIFF, and for other kinds */
};

/*
 * Read the header of an open file without moving its position. name is for the error text.
 * Errors: FC_BAD_IMAGE ("empty image", or not an image of a known kind), FC_IO.
 */
FC_MUST_USE enum fc_status fc_photo_size_read(int fd, const char *name, struct fc_photo_size *out,
					      struct fc_error *err);

#endif
