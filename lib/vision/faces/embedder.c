/* Compute the template of an aligned crop. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/embedder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vision/face.h"
#include "vision/faces/dnn.h"
#include "vision/faces/planes.h"

struct fc_embedder {
	struct fc_net *net;
	struct fc_model_input input;
	size_t dimension;
	bool mirror;
	struct fc_planes planes;
};

void fc_embedder_free(struct fc_embedder *embedder)
{
	if (embedder) {
		fc_net_free(embedder->net);
		fc_planes_release(&embedder->planes);
		free(embedder);
	}
}

enum fc_status fc_embedder_new(const struct fc_model *model, const struct fc_buffer *bytes,
			       struct fc_embedder **out, struct fc_error *err)
{
	if (model->role != FC_ROLE_EMBEDDER || model->input.width != FC_CROP_SIDE ||
	    model->input.height != FC_CROP_SIDE || model->dimension == 0 ||
	    model->dimension > FC_TEMPLATE_MAXIMUM) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is not an embedder of %dx%d crops with at most %d values",
			       model->name, FC_CROP_SIDE, FC_CROP_SIDE, FC_TEMPLATE_MAXIMUM);
	}
	struct fc_embedder *embedder = calloc(1, sizeof(*embedder));
	if (!embedder) {
		return fc_fail_memory(err);
	}
	embedder->input = model->input;
	embedder->dimension = model->dimension;
	embedder->mirror = model->mirror;
	enum fc_status status = fc_net_load(bytes->data, bytes->length, &embedder->net, err);
	if (status != FC_OK) {
		fc_error_prefix(err, "embedder '%s'", model->name);
		fc_embedder_free(embedder);
		return status;
	}
	*out = embedder;
	return FC_OK;
}

size_t fc_embedder_dimension(const struct fc_embedder *embedder)
{
	return embedder->dimension;
}

bool fc_normalise(float *values, size_t count)
{
	double square = 0;
	for (size_t i = 0; i < count; i++) {
		square += (double)values[i] * values[i];
	}
	if (!isfinite(square) || square < 1e-12) {
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		values[i] = (float)(values[i] / sqrt(square));
	}
	return true;
}

static enum fc_status wrong_dimension(const struct fc_embedder *embedder, size_t count,
				      struct fc_error *err)
{
	return fc_fail(err, FC_MODEL_MISMATCH,
		       "the embedder returned %zu values, not the %zu of its descriptor", count,
		       embedder->dimension);
}

/* Add one view's embedding to sum. */
static enum fc_status add_view(struct fc_embedder *embedder, const struct fc_image *crop,
			       bool mirrored, float *sum, struct fc_error *err)
{
	struct fc_tensor output;
	FC_TRY(fc_planes_fill(&embedder->planes, FC_CROP_SIDE, FC_CROP_SIDE, crop, &embedder->input,
			      mirrored, err));
	FC_TRY(fc_net_run(embedder->net, &embedder->planes, NULL, 1, &output, err));
	if (output.count != embedder->dimension) {
		return wrong_dimension(embedder, output.count, err);
	}
	for (size_t i = 0; i < embedder->dimension; i++) {
		sum[i] += output.values[i];
	}
	return FC_OK;
}

enum fc_status fc_embedder_run(struct fc_embedder *embedder, const uint8_t *crop, float *out,
			       struct fc_error *err)
{
	const struct fc_image view = { (uint8_t *)(uintptr_t)crop, FC_CROP_SIDE, FC_CROP_SIDE,
				       (size_t)3 * FC_CROP_SIDE };
	float sum[FC_TEMPLATE_MAXIMUM] = { 0 };

	FC_TRY(add_view(embedder, &view, false, sum, err));
	if (embedder->mirror) {
		FC_TRY(add_view(embedder, &view, true, sum, err));
	}
	if (!fc_normalise(sum, embedder->dimension)) {
		return fc_fail(
			err, FC_MODEL_MISMATCH,
			"the embedder returned values that are not a template (not finite or zero)");
	}
	memcpy(out, sum, embedder->dimension * sizeof(*out));
	return FC_OK;
}

enum fc_status fc_embedder_check(struct fc_embedder *embedder, struct fc_error *err)
{
	size_t count = 0;
	FC_TRY(fc_net_output_count(embedder->net, FC_CROP_SIDE, FC_CROP_SIDE, NULL, &count, err));
	return count == embedder->dimension ? FC_OK : wrong_dimension(embedder, count, err);
}
