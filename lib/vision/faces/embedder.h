/* Compute the template of an aligned crop. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_EMBEDDER_H
#define FC_VISION_FACES_EMBEDDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "vision/models/models.h"

struct fc_embedder;

/* The bytes are parsed and not kept. Errors: FC_MODEL_MISMATCH, FC_INVALID_ARGUMENT (descriptor), FC_NO_MEMORY. */
enum fc_status fc_embedder_new(const struct fc_model *model, const struct fc_buffer *bytes,
			       struct fc_embedder **out, struct fc_error *err);
void fc_embedder_free(struct fc_embedder *embedder);

/* Floats in a template. */
size_t fc_embedder_dimension(const struct fc_embedder *embedder);

/*
 * crop: FC_CROP_BYTES of RGB. out: dimension floats, L2-normalised. If the model has `mirror`, the embeddings of the crop
 * and of its mirror image are added first.
 * Errors: FC_MODEL_MISMATCH (another dimension, or values that cannot be normalised: NaN, infinite, all zero), FC_TOO_LARGE (memory).
 */
enum fc_status fc_embedder_run(struct fc_embedder *embedder, const uint8_t *crop, float *out,
			       struct fc_error *err);

/*
 * Check that the network computes templates of the descriptor's dimension. The network is not run, because that would slow down
 * the start of a worker. Errors: FC_MODEL_MISMATCH.
 */
enum fc_status fc_embedder_check(struct fc_embedder *embedder, struct fc_error *err);

/* Scale to length 1. False, with the values unchanged, if their length is zero or not finite. */
FC_MUST_USE bool fc_normalise(float *values, size_t count);

#endif
