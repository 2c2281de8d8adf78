/* Load and call the module facectl-imgcodecs.so. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/codecs.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "vision/image/formats.h"
#include "vision/image/heif_module.h"
#include "vision/image/imgcodecs_module.h"
#include "vision/image/signature.h"

struct fc_codecs {
	void *module;
	facectl_imgcodecs_decode_fn *decode;
	void *heif_module;
	facectl_heif_size_fn *heif_size; /* NULL: the module is not installed or does not work */
	facectl_heif_decode_fn *heif_decode;
	struct fc_error heif_failure;
};

void fc_codecs_close(struct fc_codecs *codecs)
{
	if (codecs) {
		if (codecs->heif_module) {
			FC_IGNORE(dlclose(codecs->heif_module));
		}
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

/* Load facectl-heif.so from the folder of the other module. Without it, only HEIC and AVIF cannot be read. */
static enum fc_status open_heif(struct fc_codecs *codecs, const char *path, struct fc_error *err)
{
	static const char *const names[] = { FACECTL_HEIF_START, FACECTL_HEIF_SIZE,
					     FACECTL_HEIF_DECODE };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = { 0 };
	facectl_heif_start_fn *start;
	void *symbols[FC_ARRAY_LENGTH(names)];
	fc_buffer_append(&file, path, (size_t)(fc_path_name(path) - path));
	fc_buffer_append_text(&file, "facectl-heif.so");
	const char *name = fc_buffer_text(&file);
	/* libheif keeps pointers to the decoders that the module registers: it must stay in memory. */
	codecs->heif_module = name ? dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) : NULL;
	if (!codecs->heif_module) {
		return fc_fail(err, FC_IO, "HEIC and AVIF need the module facectl-heif.so: %s",
			       name ? dlerror() : "out of memory");
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		symbols[i] = dlsym(codecs->heif_module, names[i]);
		if (!symbols[i]) {
			return fc_fail(err, FC_IO, "'%s' is not a codecs module of facectl", name);
		}
	}
	memcpy(&start, &symbols[0], sizeof(start));
	if (!start()) {
		return fc_fail(err, FC_IO, "'%s' cannot be used: libheif does not start", name);
	}
	memcpy(&codecs->heif_size, &symbols[1], sizeof(symbols[1]));
	memcpy(&codecs->heif_decode, &symbols[2], sizeof(symbols[2]));
	return FC_OK;
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
	FC_IGNORE(open_heif(codecs, path, &codecs->heif_failure));
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

static void frame_release(struct fc_webp_frame *frame)
{
	fc_buffer_release(&frame->file);
}

/* Decode a frame that is inside the picture, and put it on a white background. */
static enum fc_status decode_frame(const struct fc_codecs *codecs,
				   const struct fc_webp_frame *frame, struct fc_image *picture,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	if (!fc_buffer_ok(&frame->file)) {
		return fc_fail_memory(err);
	}
	FC_TRY(fc_image_init(&image, frame->width, frame->height, err));
	FC_TRY(translate(codecs->decode(frame->file.data, frame->file.length, image.width,
					image.height, image.pixels),
			 "animated webp", err));
	memset(picture->pixels, 255, picture->stride * picture->height);
	for (uint32_t y = 0; y < image.height; y++) {
		memcpy(fc_image_row(picture, frame->top + y) + (size_t)3 * frame->left,
		       fc_image_row(&image, y), (size_t)3 * image.width);
	}
	return FC_OK;
}

enum fc_status fc_codecs_decode(const struct fc_codecs *codecs, const void *data, size_t length,
				const struct fc_image_header *header, struct fc_image *out,
				struct fc_error *err)
{
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	FC_CLEANUP(frame_release) struct fc_webp_frame frame = { 0 };
	bool turned = header->format == FC_IMAGE_TIFF && header->orientation >= 5;
	bool heif = fc_format_is_heif(header->format);
	if (heif && !codecs->heif_decode) {
		return fc_fail(err, FC_BAD_IMAGE, "%s", codecs->heif_failure.text);
	}
	FC_TRY(fc_image_init(&image, turned ? header->height : header->width,
			     turned ? header->width : header->height, err));
	if (header->format == FC_IMAGE_WEBP && fc_webp_first_frame(data, length, &frame)) {
		FC_TRY(decode_frame(codecs, &frame, &image, err));
		*out = FC_STEAL_STRUCT(image);
		return FC_OK;
	}
	facectl_imgcodecs_decode_fn *decode = heif ? codecs->heif_decode : codecs->decode;
	FC_TRY(translate(decode(data, length, image.width, image.height, image.pixels),
			 fc_image_format_name(header->format), err));
	*out = FC_STEAL_STRUCT(image);
	return FC_OK;
}

enum fc_status fc_codecs_heif_size(const struct fc_codecs *codecs, const void *data, size_t length,
				   struct fc_image_header *header, struct fc_error *err)
{
	if (!codecs->heif_size) {
		return fc_fail(err, FC_BAD_IMAGE, "%s", codecs->heif_failure.text);
	}
	return translate(codecs->heif_size(data, length, &header->width, &header->height),
			 fc_image_format_name(header->format), err);
}
