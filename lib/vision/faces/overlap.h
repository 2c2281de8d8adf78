/* Find a face of a photo by a box that was detected before. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_OVERLAP_H
#define FC_VISION_FACES_OVERLAP_H

#include "vision/face.h"

/*
 * The face whose box has the largest intersection over union with the given box (left, top, right, bottom). NULL when none has
 * at least 0.5. The boxes may come from different detectors.
 */
const struct fc_face *fc_face_at(const struct fc_analysis *analysis, const float edges[4]);

#endif
