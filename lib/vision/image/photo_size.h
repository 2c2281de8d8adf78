/* Read the format and size of a photo from its header, without decoding it, to check limits. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_PHOTO_SIZE_H
#define FC_VISION_IMAGE_PHOTO_SIZE_H

#include "vision/face.h"

struct fc_photo_size {
	enum fc_image_format format; /* determined by the first bytes */
	/* before EXIF orientation; 0 if the header does not have it, and for formats other than JPEG, PNG, TIFF */
	uint32_t width, height;
	bool turned; /* by the EXIF orientation of a JPEG or TIFF: displayed, the photo is as wide as `height` */
};

/*
 * Read the header of an open file without changing its offset. name: for the error text. Errors: FC_BAD_IMAGE (the file is
 * empty, or not an image of a known format), FC_IO.
 */
enum fc_status fc_photo_size_read(int fd, const char *name, struct fc_photo_size *out,
				  struct fc_error *err);

/* The same for a photo in memory. */
enum fc_status fc_photo_size_of(const void *data, size_t length, struct fc_photo_size *out,
				struct fc_error *err);

#endif
