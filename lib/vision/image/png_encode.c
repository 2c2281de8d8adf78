/* Encode pixels as a PNG file with libspng. Also used by the facectl process, for crops. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/encode.h"

#include <spng.h>
#include <stdlib.h>

static void context_free(spng_ctx **context)
{
	spng_ctx_free(*context);
}

/* Returns a code of libspng. */
static int encode(spng_ctx *context, const uint8_t *pixels, uint32_t width, uint32_t height,
		  size_t stride)
{
	struct spng_ihdr header = {
		.width = width,
		.height = height,
		.bit_depth = 8,
		.color_type = SPNG_COLOR_TYPE_TRUECOLOR,
	};
	int code = spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1);
	if (code == 0) {
		code = spng_set_ihdr(context, &header);
	}
	if (code == 0) {
		code = spng_encode_image(context, NULL, 0, SPNG_FMT_PNG,
					 SPNG_ENCODE_PROGRESSIVE | SPNG_ENCODE_FINALIZE);
	}
	for (uint32_t y = 0; code == 0 && y < height; y++) {
		code = spng_encode_row(context, pixels + y * stride, (size_t)3 * width);
	}
	return code == SPNG_EOI ? 0 : code;
}

static enum fc_status encode_png(const uint8_t *pixels, uint32_t width, uint32_t height,
				 size_t stride, struct fc_buffer *out, struct fc_error *err)
{
	FC_CLEANUP(context_free) spng_ctx *context = spng_ctx_new(SPNG_CTX_ENCODER);
	if (!context) {
		return fc_fail_memory(err);
	}
	size_t length = 0;
	int code = encode(context, pixels, width, height, stride);
	uint8_t *png = NULL;
	if (code == 0) {
		png = spng_get_png_buffer(context, &length, &code);
	}
	if (code == SPNG_EMEM || code == SPNG_EZLIB_INIT) {
		return fc_fail_memory(err);
	}
	if (code != 0) {
		return fc_fail(err, FC_INTERNAL, "cannot encode the PNG: %s", spng_strerror(code));
	}
	fc_buffer_append(out, png, length);
	free(png);
	return fc_buffer_ok(out) ? FC_OK : fc_fail_memory(err);
}

enum fc_status fc_png_encode(const struct fc_image *image, struct fc_buffer *out,
			     struct fc_error *err)
{
	return encode_png(image->pixels, image->width, image->height, image->stride, out, err);
}

enum fc_status fc_crop_encode(const uint8_t *crop, struct fc_buffer *png_out, struct fc_error *err)
{
	return encode_png(crop, FC_CROP_SIDE, FC_CROP_SIDE, (size_t)3 * FC_CROP_SIDE, png_out, err);
}
