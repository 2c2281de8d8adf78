/* Run a detector's network on one picture. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_DETECTOR_NETWORK_H
#define FC_VISION_FACES_DETECTOR_NETWORK_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/faces/detections.h"
#include "vision/faces/dnn.h"
#include "vision/models/model.h"

struct fc_detector_network {
	struct fc_net *net;
	struct fc_model_input input;
	struct fc_planes planes;
};

/* The bytes are parsed and not kept. Errors: FC_MODEL_MISMATCH, FC_NO_MEMORY. */
enum fc_status fc_detector_network_init(struct fc_detector_network *network,
					const struct fc_model *model, const struct fc_buffer *bytes,
					struct fc_error *err);
void fc_detector_network_release(struct fc_detector_network *network);

/*
 * Append the detections of at least this score in a picture, which is at the top left of a canvas of the given size (multiples of 32, at
 * least as large as the picture). scale: see fc_detections_decode.
 * Errors: FC_MODEL_MISMATCH (outputs of other names or sizes), FC_TOO_LARGE (memory), FC_NO_MEMORY.
 */
enum fc_status fc_detector_network_run(struct fc_detector_network *network,
				       const struct fc_image *picture, uint32_t canvas_width,
				       uint32_t canvas_height, float threshold,
				       struct fc_canvas_scale scale, struct fc_detections *out,
				       struct fc_error *err);

#endif
