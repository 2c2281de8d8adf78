/* The embedder of records, and of a gallery. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "gallery/transfer/transfer.h"

bool fc_transfer_pin_of(const struct fc_transfer_model *model, struct fc_embedder_pin *out)
{
	if (!model->has_sha256 || !model->has_preprocessing || model->dimension == 0) {
		return false;
	}
	*out = (struct fc_embedder_pin){ .sha256 = model->sha256,
					 .preprocessing = model->preprocessing,
					 .dimension = model->dimension,
					 .mirror = model->mirror };
	snprintf(out->name, sizeof(out->name), "%s", model->name);
	return true;
}

struct fc_transfer_model fc_transfer_model_of(const struct fc_embedder_pin *pin)
{
	struct fc_transfer_model model = {
		.has_sha256 = true,
		.has_preprocessing = true,
		.has_mirror = true,
		.sha256 = pin->sha256,
		.preprocessing = pin->preprocessing,
		.dimension = pin->dimension,
		.mirror = pin->mirror,
	};
	memcpy(model.name, pin->name, sizeof(model.name));
	return model;
}

enum fc_status fc_transfer_check_model(const struct fc_transfer_model *model,
				       const struct fc_embedder_pin *pin, struct fc_error *err)
{
	bool same_name = strcmp(model->name, pin->name) == 0;
	bool same = model->has_sha256 ? fc_sha256_equal(&model->sha256, &pin->sha256) : same_name;
	if (!same) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "its template is of embedder '%s', but those of the gallery are of "
			       "%s'%s', which cannot be compared: extract the photos again with "
			       "--embedder %s, or use another --gallery",
			       model->name, same_name ? "another version of " : "", pin->name,
			       pin->name);
	}
	const char *difference = NULL;
	if (model->has_preprocessing && model->preprocessing != pin->preprocessing) {
		difference = "preprocessing";
	} else if (model->dimension != 0 && model->dimension != pin->dimension) {
		difference = "dimension";
	} else if (model->has_mirror && model->mirror != pin->mirror) {
		difference = "mirror";
	}
	if (difference) {
		return fc_fail(
			err, FC_INCOMPATIBLE,
			"its template is of embedder '%s' with another %s than the "
			"gallery's, which cannot be compared: extract the photos again with the "
			"descriptor that the gallery was made with",
			model->name, difference);
	}
	return FC_OK;
}
