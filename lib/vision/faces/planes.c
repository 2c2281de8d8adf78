/* Convert pixels to a network's input. */
/* SPDX-License-Identifier: MIT */
#include "vision/faces/planes.h"

#include <assert.h>
#include <stdlib.h>

enum { CHANNELS = 3, LEVELS = 256 };

void fc_planes_release(struct fc_planes *planes)
{
	free(planes->values);
	*planes = (struct fc_planes){ 0 };
}

enum fc_status fc_planes_fill(struct fc_planes *planes, uint32_t width, uint32_t height,
			      const struct fc_image *image, const struct fc_model_input *input,
			      bool mirrored, struct fc_error *err)
{
	assert(image->width <= width && image->height <= height);
	size_t needed = (size_t)CHANNELS * width * height;
	if (needed > planes->capacity) {
		fc_planes_release(planes);
		planes->values = malloc(needed * sizeof(*planes->values));
		if (!planes->values) {
			return fc_fail(err, FC_TOO_LARGE,
				       "the memory limit of a worker is reached");
		}
		planes->capacity = needed;
	}
	planes->width = width;
	planes->height = height;

	for (uint32_t channel = 0; channel < CHANNELS; channel++) {
		/* Images are RGB; mean and deviation are in the network's order. */
		uint32_t source =
			input->order == FC_CHANNELS_RGB ? channel : CHANNELS - 1 - channel;
		float *plane = planes->values + (size_t)channel * width * height;
		float levels[LEVELS];

		for (int i = 0; i < LEVELS; i++) {
			levels[i] = ((float)i * input->scale - input->mean[channel]) /
				    input->deviation[channel];
		}
		for (uint32_t y = 0; y < height; y++) {
			float *out = plane + (size_t)y * width;
			uint32_t pixels = y < image->height ? image->width : 0;
			const uint8_t *row = pixels > 0 ? fc_image_row(image, y) + source : NULL;
			for (uint32_t x = 0; x < pixels; x++) {
				uint32_t from = mirrored ? pixels - 1 - x : x;
				out[x] = levels[row[(size_t)CHANNELS * from]];
			}
			for (uint32_t x = pixels; x < width; x++) {
				out[x] = levels[0];
			}
		}
	}
	return FC_OK;
}
