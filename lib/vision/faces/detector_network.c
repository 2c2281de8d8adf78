/* Run a detector's network on one picture. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/detector_network.h"

#include "vision/faces/planes.h"

enum { STRIDES = 3, KINDS = 4 };

static const uint32_t strides[STRIDES] = { 8, 16, 32 };

static const char *const output_names[STRIDES * KINDS] = {
	"cls_8",   "obj_8",  "bbox_8", "kps_8",  "cls_16",  "obj_16",
	"bbox_16", "kps_16", "cls_32", "obj_32", "bbox_32", "kps_32",
};

enum fc_status fc_detector_network_init(struct fc_detector_network *network,
					const struct fc_model *model, const struct fc_buffer *bytes,
					struct fc_error *err)
{
	*network = (struct fc_detector_network){ .input = model->input };
	return fc_net_load(bytes->data, bytes->length, &network->net, err);
}

void fc_detector_network_release(struct fc_detector_network *network)
{
	fc_net_free(network->net);
	fc_planes_release(&network->planes);
	*network = (struct fc_detector_network){ 0 };
}

enum fc_status fc_detector_network_run(struct fc_detector_network *network,
				       const struct fc_image *picture, uint32_t canvas_width,
				       uint32_t canvas_height, float threshold,
				       struct fc_canvas_scale scale, struct fc_detections *out,
				       struct fc_error *err)
{
	static const size_t widths[KINDS] = { 1, 1, 4, (size_t)2 * FC_LANDMARKS }; /* of a cell */
	struct fc_tensor tensors[STRIDES * KINDS];

	FC_TRY(fc_planes_fill(&network->planes, canvas_width, canvas_height, picture,
			      &network->input, false, err));
	FC_TRY(fc_net_run(network->net, &network->planes, output_names,
			  FC_ARRAY_LENGTH(output_names), tensors, err));
	for (size_t i = 0; i < STRIDES; i++) {
		const struct fc_tensor *kinds = tensors + i * KINDS;
		struct fc_stride_outputs outputs = {
			.cls = kinds[0].values,
			.obj = kinds[1].values,
			.bbox = kinds[2].values,
			.kps = kinds[3].values,
			.stride = strides[i],
			.columns = canvas_width / strides[i],
			.rows = canvas_height / strides[i],
		};
		for (size_t k = 0; k < KINDS; k++) {
			size_t needed = widths[k] * outputs.columns * outputs.rows;
			if (kinds[k].count != needed) {
				return fc_fail(err, FC_MODEL_MISMATCH,
					       "the detector's output '%s' has %zu values, not %zu",
					       output_names[i * KINDS + k], kinds[k].count, needed);
			}
		}
		FC_TRY(fc_detections_decode(out, &outputs, threshold, scale, err));
	}
	return FC_OK;
}
