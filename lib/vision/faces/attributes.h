/* Age, sex, mood, occlusion and other attributes of a face, measured by a model. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_ATTRIBUTES_H
#define FC_VISION_FACES_ATTRIBUTES_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/faces/sample.h"
#include "vision/image/image.h"
#include "vision/models/models.h"

struct fc_attributer;

/* bytes are parsed and not kept. Errors: FC_MODEL_MISMATCH, FC_INVALID_ARGUMENT, FC_NO_MEMORY. */
enum fc_status fc_attributer_new(const struct fc_model *model, const struct fc_buffer *bytes,
				 struct fc_attributer **out, struct fc_error *err);
void fc_attributer_free(struct fc_attributer *attributer);

/* Whether the network has the outputs of the descriptor, without running it. Errors: FC_MODEL_MISMATCH. */
enum fc_status fc_attributer_check(struct fc_attributer *attributer, struct fc_error *err);

/*
 * Measure a face. The network's input is the aligned face, which the similarity maps to, or the photo around the box, as the descriptor
 * defines. Values are clamped to their ranges. The occlusion is estimated only if it is requested. Errors: FC_MODEL_MISMATCH (the outputs differ from the descriptor's, or are not
 * numbers), FC_TOO_LARGE (memory).
 */
enum fc_status fc_attributer_run(struct fc_attributer *attributer, const struct fc_image *image,
				 const struct fc_box *box, const struct fc_similarity *similarity,
				 bool occlusion, struct fc_attributes *out, struct fc_error *err);

#endif
