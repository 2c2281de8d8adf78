/* Load and call the module facectl-imgcodecs.so. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/codecs.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "vision/image/formats.h"
#include "vision/image/imgcodecs_module.h"

/* The module of formats whose size only their decoder can read. */
struct reader {
	void *module;
	facectl_module_size_fn *size; /* NULL: the module is not installed or does not work */
	facectl_imgcodecs_decode_fn *decode;
	struct fc_error failure;
};

struct fc_codecs {
	void *module;
	facectl_imgcodecs_decode_fn *decode;
	struct reader heif, jxl;
};

void fc_codecs_close(struct fc_codecs *codecs)
{
	if (codecs) {
		void *const modules[] = { codecs->jxl.module, codecs->heif.module, codecs->module };
		for (size_t i = 0; i < FC_ARRAY_LENGTH(modules); i++) {
			if (modules[i]) {
				FC_IGNORE(dlclose(modules[i]));
			}
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

/* Load facectl-NAME.so from the folder of the module at `path`. Without it, only its formats cannot be read. */
static enum fc_status open_reader(struct reader *reader, const char *path, const char *name,
				  const char *formats, struct fc_error *err)
{
	static const char *const functions[] = { "start", "size", "decode" };
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = { 0 };
	facectl_module_start_fn *start;
	void *symbols[FC_ARRAY_LENGTH(functions)];
	fc_buffer_append(&file, path, (size_t)(fc_path_name(path) - path));
	fc_buffer_printf(&file, "facectl-%s.so", name);
	const char *module = fc_buffer_text(&file);
	/* libheif keeps pointers to the decoders that its module registers: it must stay in memory. */
	reader->module = module ? dlopen(module, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) : NULL;
	if (!reader->module) {
		return fc_fail(err, FC_IO, "%s the module facectl-%s.so: %s", formats, name,
			       module ? dlerror() : "out of memory");
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(functions); i++) {
		char symbol[32];
		snprintf(symbol, sizeof(symbol), "facectl_%s_%s", name, functions[i]);
		symbols[i] = dlsym(reader->module, symbol);
		if (!symbols[i]) {
			return fc_fail(err, FC_IO, "'%s' is not a codecs module of facectl",
				       module);
		}
	}
	memcpy(&start, &symbols[0], sizeof(start));
	if (!start()) {
		return fc_fail(err, FC_IO, "'%s' cannot be used: its library does not start",
			       module);
	}
	memcpy(&reader->size, &symbols[1], sizeof(symbols[1]));
	memcpy(&reader->decode, &symbols[2], sizeof(symbols[2]));
	return FC_OK;
}

static const struct reader *reader_of(const struct fc_codecs *codecs, enum fc_image_format format)
{
	return format == FC_IMAGE_JXL                               ? &codecs->jxl
	       : format == FC_IMAGE_HEIC || format == FC_IMAGE_AVIF ? &codecs->heif
								    : NULL;
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
	FC_IGNORE(open_reader(&codecs->heif, path, "heif", "HEIC and AVIF need",
			      &codecs->heif.failure));
	FC_IGNORE(open_reader(&codecs->jxl, path, "jxl", "JPEG XL needs", &codecs->jxl.failure));
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
	case FACECTL_IMGCODECS_UNSUPPORTED:
		return fc_fail(err, FC_BAD_IMAGE,
			       "this kind of %s image is not supported; convert it to JPEG or PNG",
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
	const struct reader *reader = reader_of(codecs, header->format);
	FC_TRY(fc_image_init(&image, turned ? header->height : header->width,
			     turned ? header->width : header->height, err));
	if (header->format == FC_IMAGE_WEBP && fc_webp_first_frame(data, length, &frame)) {
		FC_TRY(decode_frame(codecs, &frame, &image, err));
		*out = FC_STEAL_STRUCT(image);
		return FC_OK;
	}
	facectl_imgcodecs_decode_fn *decode = reader ? reader->decode : codecs->decode;
	FC_TRY(translate(decode(data, length, image.width, image.height, image.pixels),
			 fc_image_format_name(header->format), err));
	*out = FC_STEAL_STRUCT(image);
	return FC_OK;
}

enum fc_status fc_codecs_size(const struct fc_codecs *codecs, const void *data, size_t length,
			      struct fc_image_header *header, struct fc_error *err)
{
	const struct reader *reader = reader_of(codecs, header->format);
	struct facectl_size size = { 0 };
	if (!reader->size) {
		return fc_fail(err, FC_BAD_IMAGE, "%s", reader->failure.text);
	}
	FC_TRY(translate(reader->size(data, length, &size), fc_image_format_name(header->format),
			 err));
	header->width = size.width;
	header->height = size.height;
	header->notes = size.animated ? FC_IMAGE_FIRST_FRAME : 0;
	return FC_OK;
}
