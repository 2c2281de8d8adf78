/* Choose where the labels of faces are drawn, so that they cover no face and no other label. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_LABEL_LAYOUT_H
#define FC_VISION_FACES_LABEL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "vision/face.h"

struct fc_label_place {
	float width, height; /* of the bar; width 0: no label */
	/* Filled in: */
	struct fc_box bar;
	bool has_leader; /* the bar does not touch its face: a line connects them */
	struct fc_point leader_from, leader_to;
};

struct fc_canvas {
	float width, height; /* of the photo, in pixels */
	float gap;           /* between a label and other faces and labels */
};

/*
 * Place the labels of `count` faces in this order: next to the face if there is room, else further away with a leader line. Labels
 * that fit nowhere on the photo are placed in rows below it. *height: what the picture needs, at least that of the photo.
 * Sizes and boxes must be whole numbers. Bars are at most as wide as the photo. Errors: FC_NO_MEMORY.
 */
enum fc_status fc_place_labels(const struct fc_canvas *canvas, const struct fc_box *faces,
			       struct fc_label_place *labels, size_t count, float *height,
			       struct fc_error *err);

#endif
