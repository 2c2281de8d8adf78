/* Finds faces in photos of any size. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_VISION_FACES_DETECTOR_H
#define FC_VISION_FACES_DETECTOR_H

#include "base/buffer.h"
#include "base/error.h"
#include "vision/faces/detections.h"
#include "vision/image/image.h"
#include "vision/models/models.h"

struct fc_detector;

/* The bytes are parsed and not kept. Errors: FC_MODEL_MISMATCH, FC_INVALID_ARGUMENT (descriptor), FC_NO_MEMORY. */
enum fc_status fc_detector_new(const struct fc_model *model, const struct fc_buffer *bytes,
			       struct fc_detector **out, struct fc_error *err);
/*
 * Run the network once, as for a close-up: OpenCV loads what it needs, and the outputs are checked. Both networks of a detector come from the
 * same file. Errors: as fc_detector_find, and FC_MODEL_MISMATCH.
 */
enum fc_status fc_detector_check(struct fc_detector *detector, struct fc_error *err);

void fc_detector_free(struct fc_detector *detector);

/*
 * Append the faces to `out`, which is empty, best first. A face counts if the centre of its box is in the photo.
 * Errors: FC_MODEL_MISMATCH (outputs of other names or sizes), FC_TOO_LARGE (memory), FC_NO_MEMORY.
 */
enum fc_status fc_detector_find(struct fc_detector *detector, const struct fc_image *image,
				struct fc_detections *out, struct fc_error *err);

/* One run of the network on a whole photo: the photo is shrunk to this size and put at the top left of a canvas. */
struct fc_pass {
	uint32_t width, height;
	uint32_t canvas_width, canvas_height; /* multiples of 64 */
};

enum { FC_PASSES_MAXIMUM = 2 };

/* Choose the passes for a photo of this size, the finest first. Returns the number of passes. */
size_t fc_detector_passes(uint32_t width, uint32_t height,
			  struct fc_pass passes[FC_PASSES_MAXIMUM]);

#endif
