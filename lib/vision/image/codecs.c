/* Load and call the module facectl-imgcodecs.so. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/codecs.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "vision/image/imgcodecs_module.h"

struct fc_codecs {
	void *module;
	facectl_imgcodecs_decode_fn *decode;
};

void fc_codecs_close(struct fc_codecs *codecs)
{
	if (codecs) {
		if (codecs->module) {
			FC_IGNORE(dlclose(codecs->module));
		}
		free(codecs);
	}
}

static bool decodes_a_pixel(const struct fc_codecs *codecs)
{
	static const uint8_t white_bmp[] = {
		'B', 'M', 58, 0, 0, 0, 0, 0, 0,  0, 54, 0, 0, 0, 40,  0,   0,   0, 1, 0,
		0,   0,   1,  0, 0, 0, 1, 0, 24, 0, 0,  0, 0, 0, 4,   0,   0,   0, 0, 0,
		0,   0,   0,  0, 0, 0, 0, 0, 0,  0, 0,  0, 0, 0, 255, 255, 255, 0,
	};
	uint8_t pixel[3] = { 0 };
	return codecs->decode(white_bmp, sizeof(white_bmp), 1, 1, pixel) == FACECTL_IMGCODECS_OK &&
	       pixel[0] == 255;
}

enum fc_status fc_codecs_open(const char *path, struct fc_codecs **out, struct fc_error *err)
{
	FC_CLEANUP(fc_codecs_closep) struct fc_codecs *codecs = calloc(1, sizeof(*codecs));
	if (!codecs) {
		return fc_fail_memory(err);
	}
	codecs->module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!codecs->module) {
		return fc_fail(err, FC_IO, "cannot load '%s': %s", path, dlerror());
	}
	void *symbol = dlsym(codecs->module, FACECTL_IMGCODECS_DECODE);
	if (!symbol) {
		return fc_fail(err, FC_IO, "'%s' is not a codecs module of facectl", path);
	}
	memcpy(&codecs->decode, &symbol, sizeof(symbol));
	if (!decodes_a_pixel(codecs)) {
		return fc_fail(err, FC_IO, "the codecs in '%s' cannot decode a test image", path);
	}
	*out = FC_STEAL(codecs);
	return FC_OK;
}

static enum fc_status translate(enum facectl_imgcodecs_result result, const char *format,
				struct fc_error *err)
{
	switch (result) {
	case FACECTL_IMGCODECS_OK:
		return FC_OK;
	case FACECTL_IMGCODECS_NO_MEMORY:
		return fc_fail(err, FC_TOO_LARGE,
			       "the %s image needs more memory than a worker may use", format);
	case FACECTL_IMGCODECS_OTHER_SIZE:
		return fc_fail(err, FC_BAD_IMAGE,
			       "damaged %s image: its size differs from that in its header",
			       format);
	case FACECTL_IMGCODECS_BROKEN:
		break;
	}
	return fc_fail(err, FC_BAD_IMAGE, "damaged or truncated %s image", format);
}

enum fc_status fc_codecs_decode(const struct fc_codecs *codecs, const void *data, size_t length,
				const struct fc_image_header *header, struct fc_image *out,
				struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	bool turned = header->format == FC_IMAGE_TIFF && header->orientation >= 5;
	FC_TRY(fc_image_init(&image, turned ? header->height : header->width,
			     turned ? header->width : header->height, err));
	FC_TRY(translate(codecs->decode(data, length, image.width, image.height, image.pixels),
			 fc_image_format_name(header->format), err));
	*out = FC_STEAL_STRUCT(image);
	return FC_OK;
}
