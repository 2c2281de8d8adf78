/* Decode image files: chooses the decoder of each format. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/decode.h"

#include <inttypes.h>

#include "vision/image/codecs.h"
#include "vision/image/formats.h"
#include "vision/image/signature.h"

static enum fc_status check_codecs(const struct fc_codecs *codecs, enum fc_image_format format,
				   struct fc_error *err)
{
	return codecs ? FC_OK
		      : fc_fail(err, FC_UNSUPPORTED,
				"a %s image requires the module facectl-imgcodecs.so",
				fc_image_format_name(format));
}

enum fc_status fc_image_probe(const void *data, size_t length, const struct fc_image_limits *limits,
			      const struct fc_codecs *codecs, struct fc_image_header *out,
			      struct fc_error *err)
{
	static enum fc_status (*const probes[])(const void *, size_t, struct fc_image_header *,
						struct fc_error *) = {
		[FC_IMAGE_JPEG] = fc_jpeg_probe, [FC_IMAGE_PNG] = fc_png_probe,
		[FC_IMAGE_WEBP] = fc_webp_probe, [FC_IMAGE_BMP] = fc_bmp_probe,
		[FC_IMAGE_TIFF] = fc_tiff_probe, [FC_IMAGE_GIF] = fc_gif_probe,
		[FC_IMAGE_JXL] = NULL,
	};
	*out = (struct fc_image_header){ .orientation = 1 };
	FC_TRY(fc_signature_check(data, length, &out->format, err));
	if (length > limits->bytes) {
		return fc_fail(err, FC_TOO_LARGE,
			       "image of %zu bytes exceeds the limit of %" PRIu64 " bytes", length,
			       limits->bytes);
	}
	if (probes[out->format]) {
		FC_TRY(probes[out->format](data, length, out, err));
	} else {
		FC_TRY(check_codecs(codecs, out->format, err));
		FC_TRY(fc_codecs_size(codecs, data, length, out, err));
	}
	uint32_t side = out->width > out->height ? out->width : out->height;
	uint64_t pixels = (uint64_t)out->width * out->height;
	if (pixels == 0) {
		return fc_fail(err, FC_BAD_IMAGE, "the image has no pixels");
	}
	if (side > limits->side) {
		return fc_fail(err, FC_TOO_LARGE,
			       "image of %" PRIu32 "x%" PRIu32
			       " pixels exceeds the limit of %" PRIu32 " pixels a side",
			       out->width, out->height, limits->side);
	}
	if (pixels > limits->pixels) {
		return fc_fail(err, FC_TOO_LARGE,
			       "image of %" PRIu32 "x%" PRIu32
			       " pixels exceeds the limit of %" PRIu64 " pixels",
			       out->width, out->height, limits->pixels);
	}
	return FC_OK;
}

enum fc_status fc_image_decode(const void *data, size_t length, struct fc_image_header *header,
			       const struct fc_codecs *codecs, struct fc_image *out,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };

	switch (header->format) {
	case FC_IMAGE_JPEG:
		FC_TRY(fc_jpeg_decode(data, length, header, &image, err));
		break;
	case FC_IMAGE_PNG:
		FC_TRY(fc_png_decode(data, length, header, &image, err));
		break;
	case FC_IMAGE_GIF:
		FC_TRY(fc_gif_decode(data, length, header, &image, err));
		break;
	default:
		FC_TRY(check_codecs(codecs, header->format, err));
		FC_TRY(fc_codecs_decode(codecs, data, length, header, &image, err));
		break;
	}
	if (header->format != FC_IMAGE_TIFF) {
		FC_TRY(fc_image_orient(&image, header->orientation, err));
	}
	*out = FC_STEAL_STRUCT(image);
	return FC_OK;
}
