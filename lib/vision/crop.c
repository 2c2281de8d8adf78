/* An aligned crop as a PNG file. */
/* SPDX-License-Identifier: MIT */
#include <spng.h>
#include <stdlib.h>

#include "vision/workers.h"

static void release_png(spng_ctx **png)
{
	spng_ctx_free(*png);
}

enum fc_status fc_crop_encode(const uint8_t *crop, struct fc_buffer *png_out, struct fc_error *err)
{
	FC_CLEANUP(release_png) spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
	struct spng_ihdr header = {
		.width = FC_CROP_SIDE,
		.height = FC_CROP_SIDE,
		.bit_depth = 8,
		.color_type = SPNG_COLOR_TYPE_TRUECOLOR,
	};
	size_t length = 0;
	if (!png) {
		return fc_fail_memory(err);
	}
	FC_IGNORE(spng_set_option(png, SPNG_ENCODE_TO_BUFFER, 1));
	FC_IGNORE(spng_set_ihdr(png, &header));
	int failed =
		spng_encode_image(png, crop, FC_CROP_BYTES, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
	uint8_t *bytes = failed ? NULL : spng_get_png_buffer(png, &length, &failed);
	if (bytes) {
		fc_buffer_append(png_out, bytes, length);
	}
	free(bytes);
	if (failed) {
		return fc_fail(err, failed == SPNG_EMEM ? FC_NO_MEMORY : FC_INTERNAL,
			       "cannot make a PNG file: %s", spng_strerror(failed));
	}
	return fc_buffer_ok(png_out) ? FC_OK : fc_fail_memory(err);
}
