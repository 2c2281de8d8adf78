/* facectl-jpeg.so: crops of faces as JPEG. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/jpeg_module.h"

#include <stdlib.h>

#include "vision/image/encode.h"

enum { QUALITY = 78 /* about 3 kB */ };

bool facectl_crop_jpeg(const uint8_t *crop, uint8_t **jpeg, size_t *length)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = { 0 };
	const struct fc_image image = {
		.pixels = (uint8_t *)(uintptr_t)crop,
		.width = FC_CROP_SIDE,
		.height = FC_CROP_SIDE,
		.stride = (size_t)3 * FC_CROP_SIDE,
	};
	if (fc_jpeg_encode(&image, QUALITY, &file, NULL) != FC_OK) {
		return false;
	}
	*length = file.length;
	*jpeg = file.data;
	file = (struct fc_buffer){ 0 };
	return true;
}
