/*
 * Determine whether a face is a living one or a picture of one: the mean of several networks, whose inputs are different parts
 * around the face.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_LIVENESS_H
#define FC_VISION_FACES_LIVENESS_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/image/image.h"
#include "vision/models/models.h"

struct fc_liveness_network;

/*
 * bytes: one buffer for each of the model's files; parsed and not kept. Errors: FC_MODEL_MISMATCH, FC_INVALID_ARGUMENT,
 * FC_NO_MEMORY.
 */
enum fc_status fc_liveness_new(const struct fc_model *model, const struct fc_buffer *bytes,
			       struct fc_liveness_network **out, struct fc_error *err);
void fc_liveness_free(struct fc_liveness_network *liveness);

/*
 * *score: the mean probability of the class that means a living face, in [0, 1].
 * Errors: FC_MODEL_MISMATCH (outputs that are not probabilities), FC_TOO_LARGE (memory).
 */
enum fc_status fc_liveness_run(struct fc_liveness_network *liveness, const struct fc_image *image,
			       const struct fc_box *box, float *score, struct fc_error *err);

#endif
