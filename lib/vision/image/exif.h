/* Read the orientation from a photo's EXIF data, the only value that facectl uses. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_IMAGE_EXIF_H
#define FC_VISION_IMAGE_EXIF_H

#include <stddef.h>
#include <stdint.h>

/*
 * Orientation 1 to 8 from an EXIF block, with or without the "Exif\0\0" before it; 1 when there is none or it is invalid.
 * Safe for any bytes.
 */
uint8_t fc_exif_orientation(const uint8_t *data, size_t length);

#endif
