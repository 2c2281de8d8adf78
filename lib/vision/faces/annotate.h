/* Draw boxes and names on a photo. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_ANNOTATE_H
#define FC_VISION_FACES_ANNOTATE_H

#include "base/error.h"
#include "vision/image/image.h"

/*
 * Draw all marks: a frame with black edges, which are visible on any background, and the label on a bar (see label_layout.h). If labels
 * do not fit on the photo, the image is extended at its lower edge. Labels wider than the photo are cut.
 */
enum fc_status fc_annotate(struct fc_image *image, const struct fc_mark *marks, size_t count,
			   struct fc_error *err);

/* Copy a label to ASCII, at most size - 1 characters; each other character becomes a question mark. */
void fc_annotate_ascii(const char *label, char *out, size_t size);

#endif
