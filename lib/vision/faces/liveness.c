/* Determine whether a face is a living one or a picture of one. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/liveness.h"

#include <math.h>
#include <stdlib.h>

#include "vision/faces/dnn.h"
#include "vision/faces/planes.h"
#include "vision/image/view.h"

struct fc_liveness_network {
	struct fc_net *nets[FC_MODEL_FILES_MAXIMUM];
	float grow[FC_MODEL_FILES_MAXIMUM];
	size_t count;
	struct fc_model_input input;
	size_t live_class;
	struct fc_planes planes;
};

void fc_liveness_free(struct fc_liveness_network *liveness)
{
	if (!liveness) {
		return;
	}
	for (size_t i = 0; i < liveness->count; i++) {
		fc_net_free(liveness->nets[i]);
	}
	fc_planes_release(&liveness->planes);
	free(liveness);
}

enum fc_status fc_liveness_new(const struct fc_model *model, const struct fc_buffer *bytes,
			       struct fc_liveness_network **out, struct fc_error *err)
{
	if (model->role != FC_ROLE_LIVENESS || model->input.width == 0 ||
	    model->input.height == 0 || model->file_count == 0) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is not a liveness model with a fixed input size", model->name);
	}
	struct fc_liveness_network *liveness = calloc(1, sizeof(*liveness));
	if (!liveness) {
		return fc_fail_memory(err);
	}
	liveness->input = model->input;
	liveness->live_class = model->live_class;
	for (size_t i = 0; i < model->file_count; i++) {
		enum fc_status status =
			fc_net_load(bytes[i].data, bytes[i].length, &liveness->nets[i], err);
		if (status != FC_OK) {
			fc_error_prefix(err, "liveness model '%s'", model->name);
			fc_liveness_free(liveness);
			return status;
		}
		liveness->grow[i] = model->files[i].grow;
		liveness->count++;
	}
	*out = liveness;
	return FC_OK;
}

static enum fc_status run_network(struct fc_liveness_network *liveness, size_t index,
				  const struct fc_image *image, const struct fc_box *box,
				  float *score, struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image resized = { 0 };
	struct fc_tensor classes;
	struct fc_box view =
		fc_view_of_box(box, liveness->grow[index], image->width, image->height);
	struct fc_image part = fc_view_part(image, &view);
	uint32_t width = liveness->input.width, height = liveness->input.height;
	FC_TRY(fc_image_init(&resized, width, height, err));
	FC_TRY(fc_image_resize_bilinear(&part, &resized, err));
	FC_TRY(fc_planes_fill(&liveness->planes, width, height, &resized, &liveness->input, false,
			      err));
	FC_TRY(fc_net_run(liveness->nets[index], &liveness->planes, NULL, 1, &classes, err));
	if (classes.count <= liveness->live_class) {
		return fc_fail(err, FC_MODEL_MISMATCH,
			       "the liveness model has %zu classes, but class %zu should mean a "
			       "living face",
			       classes.count, liveness->live_class);
	}
	*score = classes.values[liveness->live_class];
	return *score >= 0 && *score <= 1 + 1e-4F
		       ? FC_OK
		       : fc_fail(err, FC_MODEL_MISMATCH,
				 "the liveness model returned a value that is not a probability");
}

enum fc_status fc_liveness_run(struct fc_liveness_network *liveness, const struct fc_image *image,
			       const struct fc_box *box, float *score, struct fc_error *err)
{
	float sum = 0;
	for (size_t i = 0; i < liveness->count; i++) {
		float one = 0;
		FC_TRY(run_network(liveness, i, image, box, &one, err));
		sum += fminf(one, 1);
	}
	*score = sum / (float)liveness->count;
	return FC_OK;
}
