/* Read a model's descriptor, <name>.json, strictly. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_MODELS_DESCRIPTOR_H
#define FC_VISION_MODELS_DESCRIPTOR_H

#include "base/error.h"
#include "vision/models/model.h"

/*
 * Create a model from a descriptor's JSON text. descriptor_path and the paths of the files are NULL. Unknown members are ignored.
 * name is for error texts. Errors: FC_INVALID_ARGUMENT, FC_NO_MEMORY.
 */
enum fc_status fc_model_parse(const char *text, size_t length, const char *name,
			      struct fc_model **out, struct fc_error *err);

enum {
	FC_MODEL_DESCRIPTOR_MAXIMUM = 1 << 20, /* bytes of a descriptor */
	FC_MODEL_BYTES_MAXIMUM = 1 << 30,      /* bytes of a network file */
};

#endif
