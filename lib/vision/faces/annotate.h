/* Boxes and names on a photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_ANNOTATE_H
#define FC_VISION_ANNOTATE_H

#include "base/error.h"
#include "vision/image/image.h"

/*
 * Draw every mark: a frame in the colour of known or unknown, edged in black so that it shows on any background, and its label on a
 * bar of that colour below the box, or above it or inside where the photo ends. Lines and letters grow with the photo. Labels that
 * are wider than the photo are cut.
 */
FC_MUST_USE enum fc_status fc_annotate(struct fc_image *image, const struct fc_mark *marks,
				       size_t count, struct fc_error *err);

/* A label in ASCII, each other character shown as one question mark, at most size - 1 of them. */
void fc_annotate_ascii(const char *label, char *out, size_t size);

#endif
