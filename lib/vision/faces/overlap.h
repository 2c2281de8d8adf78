/* Finding a face of a photo again by its box. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_OVERLAP_H
#define FC_VISION_OVERLAP_H

#include "vision/face.h"

/*
 * The face whose box covers the given one (left, top, right, bottom) best, whichever detector has found them. NULL when none has an
 * intersection over union of at least 0.5.
 */
const struct fc_face *fc_face_at(const struct fc_analysis *analysis, const float edges[4]);

#endif
