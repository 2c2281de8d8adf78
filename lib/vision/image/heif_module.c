/*
 * facectl-heif.so: libheif for HEIC and AVIF. Its own decoders start threads, which the sandbox does not allow; the two decoders here call
 * libde265 and dav1d with a single thread.
 */
/* SPDX-License-Identifier: MIT */
#include "vision/image/heif_module.h"

#include <dav1d/dav1d.h>
#include <errno.h>
#include <libde265/de265.h>
#include <libheif/heif.h>
#include <libheif/heif_plugin.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "vision/image/image.h"

enum { PRIORITY = 1000 /* above that of libheif's own decoders */ };

static const struct heif_error success = { heif_error_Ok, heif_suberror_Unspecified, "" };
static const struct heif_error failure = { heif_error_Decoder_plugin_error,
					   heif_suberror_Unspecified, "cannot decode" };
static const struct heif_error no_memory = { heif_error_Memory_allocation_error,
					     heif_suberror_Unspecified, "out of memory" };

/* ---- planes ---- */

struct plane {
	const uint8_t *data;
	ptrdiff_t stride;
	int width, height;
};

struct planes {
	struct plane items[3];
	int count, bits;
	enum heif_chroma chroma;
	struct heif_color_profile_nclx colours;
};

static struct heif_error make_image(const struct planes *planes, struct heif_image **out)
{
	static const enum heif_channel channels[] = { heif_channel_Y, heif_channel_Cb,
						      heif_channel_Cr };
	struct heif_image *image = NULL;
	enum heif_colorspace space =
		planes->count == 1 ? heif_colorspace_monochrome : heif_colorspace_YCbCr;
	struct heif_error error = heif_image_create(planes->items[0].width, planes->items[0].height,
						    space, planes->chroma, &image);
	for (int i = 0; i < planes->count && error.code == heif_error_Ok; i++) {
		const struct plane *plane = &planes->items[i];
		size_t row_bytes = (size_t)plane->width * (planes->bits > 8 ? 2 : 1);
		int stride = 0;
		error = heif_image_add_plane(image, channels[i], plane->width, plane->height,
					     planes->bits);
		uint8_t *to = error.code == heif_error_Ok
				      ? heif_image_get_plane(image, channels[i], &stride)
				      : NULL;
		if (error.code == heif_error_Ok && !to) {
			error = no_memory;
		}
		for (int row = 0; to && row < plane->height; row++) {
			memcpy(to + (ptrdiff_t)row * stride, plane->data + row * plane->stride,
			       row_bytes);
		}
	}
	if (error.code == heif_error_Ok) {
		error = heif_image_set_nclx_color_profile(image, &planes->colours);
	}
	if (error.code == heif_error_Ok) {
		*out = image;
	} else if (image) {
		heif_image_release(image);
	}
	return error;
}

static struct heif_color_profile_nclx colours_of(int primaries, int transfer, int matrix,
						 bool full_range)
{
	return (struct heif_color_profile_nclx){
		.version = 1,
		.color_primaries = (enum heif_color_primaries)primaries,
		.transfer_characteristics = (enum heif_transfer_characteristics)transfer,
		.matrix_coefficients = (enum heif_matrix_coefficients)matrix,
		.full_range_flag = full_range,
	};
}

/* ---- HEVC ---- */

static const char *hevc_name(void)
{
	return "facectl: libde265, one thread";
}

static int hevc_priority(enum heif_compression_format format)
{
	return format == heif_compression_HEVC ? PRIORITY : 0;
}

static struct heif_error hevc_new(void **decoder)
{
	*decoder = de265_new_decoder();
	return *decoder ? success : no_memory;
}

static void hevc_free(void *decoder)
{
	(void)de265_free_decoder(decoder);
}

/* The data is a sequence of units, each after its length in four bytes. */
static struct heif_error hevc_push(void *decoder, const void *data, size_t size)
{
	const uint8_t *at = data;
	while (size >= 4) {
		size_t length =
			(size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
		at += 4;
		size -= 4;
		if (length > size || length > INT32_MAX) {
			return failure;
		}
		if (de265_push_NAL(decoder, at, (int)length, 0, NULL) != DE265_OK) {
			return failure;
		}
		at += length;
		size -= length;
	}
	return size == 0 ? success : failure;
}

static struct heif_error hevc_image(const struct de265_image *picture, struct heif_image **out)
{
	static const enum heif_chroma chromas[] = {
		[de265_chroma_mono] = heif_chroma_monochrome,
		[de265_chroma_420] = heif_chroma_420,
		[de265_chroma_422] = heif_chroma_422,
		[de265_chroma_444] = heif_chroma_444,
	};
	struct planes planes = {
		.count = de265_get_chroma_format(picture) == de265_chroma_mono ? 1 : 3,
		.bits = de265_get_bits_per_pixel(picture, 0),
		.chroma = chromas[de265_get_chroma_format(picture)],
		.colours = colours_of(de265_get_image_colour_primaries(picture),
				      de265_get_image_transfer_characteristics(picture),
				      de265_get_image_matrix_coefficients(picture),
				      de265_get_image_full_range_flag(picture)),
	};
	for (int i = 0; i < planes.count; i++) {
		int stride = 0;
		planes.items[i].data = de265_get_image_plane(picture, i, &stride);
		planes.items[i].stride = stride;
		planes.items[i].width = de265_get_image_width(picture, i);
		planes.items[i].height = de265_get_image_height(picture, i);
		if (!planes.items[i].data || de265_get_bits_per_pixel(picture, i) != planes.bits) {
			return failure;
		}
	}
	return make_image(&planes, out);
}

static struct heif_error hevc_decode(void *decoder, struct heif_image **out)
{
	int more = 1;
	(void)de265_flush_data(decoder);
	while (more) {
		if (de265_decode(decoder, &more) != DE265_OK) {
			return failure;
		}
		const struct de265_image *picture = de265_get_next_picture(decoder);
		if (picture) {
			return hevc_image(picture, out);
		}
	}
	return failure;
}

/* ---- AV1 ---- */

struct av1 {
	Dav1dContext *context;
	Dav1dData data;
};

static const char *av1_name(void)
{
	return "facectl: dav1d, one thread";
}

static int av1_priority(enum heif_compression_format format)
{
	return format == heif_compression_AV1 ? PRIORITY : 0;
}

static struct heif_error av1_new(void **decoder)
{
	struct av1 *av1 = calloc(1, sizeof(*av1));
	Dav1dSettings settings;
	dav1d_default_settings(&settings);
	settings.n_threads = 1;
	settings.max_frame_delay = 1;
	settings.all_layers = 0;
	settings.logger.callback = NULL;
	if (!av1 || dav1d_open(&av1->context, &settings) != 0) {
		free(av1);
		return no_memory;
	}
	*decoder = av1;
	return success;
}

static void av1_free(void *decoder)
{
	struct av1 *av1 = decoder;
	if (av1->data.sz > 0) {
		dav1d_data_unref(&av1->data);
	}
	dav1d_close(&av1->context);
	free(av1);
}

static struct heif_error av1_push(void *decoder, const void *data, size_t size)
{
	struct av1 *av1 = decoder;
	uint8_t *to = av1->data.sz == 0 && size > 0 ? dav1d_data_create(&av1->data, size) : NULL;
	if (!to) {
		return failure;
	}
	memcpy(to, data, size);
	return success;
}

static struct heif_error av1_image(const Dav1dPicture *picture, struct heif_image **out)
{
	static const enum heif_chroma chromas[] = {
		[DAV1D_PIXEL_LAYOUT_I400] = heif_chroma_monochrome,
		[DAV1D_PIXEL_LAYOUT_I420] = heif_chroma_420,
		[DAV1D_PIXEL_LAYOUT_I422] = heif_chroma_422,
		[DAV1D_PIXEL_LAYOUT_I444] = heif_chroma_444,
	};
	enum Dav1dPixelLayout layout = picture->p.layout;
	int across = layout == DAV1D_PIXEL_LAYOUT_I444 ? 0 : 1;
	int down = layout == DAV1D_PIXEL_LAYOUT_I420 ? 1 : 0;
	struct planes planes = {
		.count = layout == DAV1D_PIXEL_LAYOUT_I400 ? 1 : 3,
		.bits = picture->p.bpc,
		.chroma = chromas[layout],
		.colours = colours_of((int)picture->seq_hdr->pri, (int)picture->seq_hdr->trc,
				      (int)picture->seq_hdr->mtrx, picture->seq_hdr->color_range),
	};
	for (int i = 0; i < planes.count; i++) {
		planes.items[i] = (struct plane){
			.data = picture->data[i],
			.stride = picture->stride[i > 0],
			.width = i == 0 ? picture->p.w : (picture->p.w + across) >> across,
			.height = i == 0 ? picture->p.h : (picture->p.h + down) >> down,
		};
	}
	return make_image(&planes, out);
}

static struct heif_error av1_decode(void *decoder, struct heif_image **out)
{
	struct av1 *av1 = decoder;
	Dav1dPicture picture = { 0 };
	int sent = 0, got = DAV1D_ERR(EAGAIN);
	while (got == DAV1D_ERR(EAGAIN) && (av1->data.sz > 0 || sent == 0)) {
		sent = av1->data.sz > 0 ? dav1d_send_data(av1->context, &av1->data) : -1;
		if (sent < 0 && sent != DAV1D_ERR(EAGAIN) && sent != -1) {
			return failure;
		}
		got = dav1d_get_picture(av1->context, &picture);
	}
	if (got != 0) {
		return failure;
	}
	struct heif_error error = av1_image(&picture, out);
	dav1d_picture_unref(&picture);
	return error;
}

static void set_strict(void *decoder, int strict)
{
	(void)decoder, (void)strict;
}

static const struct heif_decoder_plugin plugins[] = {
	{ 3, hevc_name, NULL, NULL, hevc_priority, hevc_new, hevc_free, hevc_push, hevc_decode,
	  set_strict, "facectl-hevc" },
	{ 3, av1_name, NULL, NULL, av1_priority, av1_new, av1_free, av1_push, av1_decode,
	  set_strict, "facectl-av1" },
};

/* ---- the module ---- */

bool facectl_heif_start(void)
{
	bool fine = heif_init(NULL).code == heif_error_Ok;
	for (size_t i = 0; i < sizeof(plugins) / sizeof(plugins[0]); i++) {
		fine = fine && heif_register_decoder_plugin(&plugins[i]).code == heif_error_Ok;
	}
	return fine;
}

static enum facectl_imgcodecs_result result_of(struct heif_error error)
{
	return error.code == heif_error_Ok                        ? FACECTL_IMGCODECS_OK
	       : error.code == heif_error_Memory_allocation_error ? FACECTL_IMGCODECS_NO_MEMORY
								  : FACECTL_IMGCODECS_BROKEN;
}

/* Release both, also after an error. */
static struct heif_error open_primary(const void *data, size_t length,
				      struct heif_context **context,
				      struct heif_image_handle **handle)
{
	struct heif_error error = success;
	*handle = NULL;
	*context = heif_context_alloc();
	if (!*context) {
		return no_memory;
	}
	heif_context_set_max_decoding_threads(*context, 0);
	error = heif_context_read_from_memory_without_copy(*context, data, length, NULL);
	return error.code == heif_error_Ok ? heif_context_get_primary_image_handle(*context, handle)
					   : error;
}

static void close_primary(struct heif_context *context, struct heif_image_handle *handle)
{
	if (handle) {
		heif_image_handle_release(handle);
	}
	if (context) {
		heif_context_free(context);
	}
}

enum facectl_imgcodecs_result facectl_heif_size(const void *data, size_t length,
						struct facectl_size *out)
{
	struct heif_context *context;
	struct heif_image_handle *handle;
	struct heif_error error = open_primary(data, length, &context, &handle);
	if (error.code == heif_error_Ok) {
		*out = (struct facectl_size){
			.width = (uint32_t)heif_image_handle_get_width(handle),
			.height = (uint32_t)heif_image_handle_get_height(handle),
		};
	}
	close_primary(context, handle);
	return result_of(error);
}

static enum facectl_imgcodecs_result copy_pixels(const struct heif_image *image, bool alpha,
						 uint32_t width, uint32_t height, uint8_t *rgb)
{
	int stride = 0;
	const uint8_t *pixels =
		heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
	if (!pixels) {
		return FACECTL_IMGCODECS_BROKEN;
	}
	if (heif_image_get_width(image, heif_channel_interleaved) != (int)width ||
	    heif_image_get_height(image, heif_channel_interleaved) != (int)height) {
		return FACECTL_IMGCODECS_OTHER_SIZE;
	}
	for (uint32_t y = 0; y < height; y++) {
		const uint8_t *from = pixels + (size_t)y * (size_t)stride;
		for (uint32_t x = 0; x < width; x++, rgb += 3, from += alpha ? 4 : 3) {
			for (int i = 0; i < 3; i++) {
				rgb[i] = alpha ? fc_over_white(from[i], from[3]) : from[i];
			}
		}
	}
	return FACECTL_IMGCODECS_OK;
}

enum facectl_imgcodecs_result facectl_heif_decode(const void *data, size_t length, uint32_t width,
						  uint32_t height, uint8_t *rgb)
{
	struct heif_context *context;
	struct heif_image_handle *handle;
	struct heif_image *image = NULL;
	struct heif_decoding_options *options = heif_decoding_options_alloc();
	struct heif_error error = open_primary(data, length, &context, &handle);
	enum facectl_imgcodecs_result result = FACECTL_IMGCODECS_NO_MEMORY;
	if (options && error.code == heif_error_Ok) {
		bool alpha = heif_image_handle_has_alpha_channel(handle) != 0;
		options->convert_hdr_to_8bit = 1;
		error = heif_decode_image(handle, &image, heif_colorspace_RGB,
					  alpha ? heif_chroma_interleaved_RGBA
						: heif_chroma_interleaved_RGB,
					  options);
		result = error.code == heif_error_Ok ? copy_pixels(image, alpha, width, height, rgb)
						     : result_of(error);
	} else if (error.code != heif_error_Ok) {
		result = result_of(error);
	}
	if (image) {
		heif_image_release(image);
	}
	close_primary(context, handle);
	if (options) {
		heif_decoding_options_free(options);
	}
	return result;
}
