/* Detect a face again in a close-up: upright, at one size, in the photo's own pixels. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_CLOSE_UP_H
#define FC_VISION_FACES_CLOSE_UP_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/faces/detections.h"
#include "vision/image/image.h"
#include "vision/models/model.h"

struct fc_close_up;

/* The bytes are parsed and not kept. Errors: FC_MODEL_MISMATCH, FC_NO_MEMORY. */
enum fc_status fc_close_up_new(const struct fc_model *model, const struct fc_buffer *bytes,
			       struct fc_close_up **out, struct fc_error *err);
void fc_close_up_free(struct fc_close_up *close_up);

/* Run the network once, on a black picture. Errors: as fc_detector_find, and FC_MODEL_MISMATCH. */
enum fc_status fc_close_up_check(struct fc_close_up *close_up, struct fc_error *err);

/*
 * Replace a detection by what its close-ups show, and its score by the geometric mean of both scores. A face that is upside down or turned
 * by about 90 degrees gets the landmarks of the upright face. If the close-ups show no face there, the score becomes 0.
 * Errors: as fc_detector_find.
 */
enum fc_status fc_close_up_refine(struct fc_close_up *close_up, const struct fc_image *image,
				  struct fc_detection *detection, struct fc_error *err);

#endif
