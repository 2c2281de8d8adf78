/* Encode pixels as a JPEG file with libjpeg-turbo. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/encode.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jerror.h>
#include <jpeglib.h>

struct writer {
	struct jpeg_compress_struct info;
	struct jpeg_error_mgr errors;
	jmp_buf escape;
	unsigned char *bytes;
	unsigned long length;
	enum fc_status status;
	struct fc_error *err;
};

static void refuse(j_common_ptr info)
{
	struct writer *writer = info->client_data;
	char words[JMSG_LENGTH_MAX];
	switch (info->err->msg_code) {
	case JERR_OUT_OF_MEMORY:
		writer->status = fc_fail_memory(writer->err);
		break;
	case JERR_IMAGE_TOO_BIG:
		writer->status = fc_fail(
			writer->err, FC_TOO_LARGE,
			"a side of the image is too long for JPEG (maximum: %ld pixels); use PNG",
			JPEG_MAX_DIMENSION);
		break;
	default:
		info->err->format_message(info, words);
		writer->status =
			fc_fail(writer->err, FC_INTERNAL, "cannot encode the JPEG: %s", words);
		break;
	}
	longjmp(writer->escape, 1);
}

static void stay_silent(j_common_ptr info)
{
	(void)info;
}

static void write_pixels(struct writer *writer, const struct fc_image *image, int quality)
{
	struct jpeg_compress_struct *info = &writer->info;

	jpeg_create_compress(info);
	info->client_data = writer;
	jpeg_mem_dest(info, &writer->bytes, &writer->length);
	info->image_width = image->width;
	info->image_height = image->height;
	info->input_components = 3;
	info->in_color_space = JCS_RGB;
	jpeg_set_defaults(info);
	jpeg_set_quality(info, quality, TRUE);
	jpeg_start_compress(info, TRUE);
	while (info->next_scanline < info->image_height) {
		JSAMPROW row = fc_image_row(image, info->next_scanline);
		(void)jpeg_write_scanlines(info, &row, 1);
	}
	jpeg_finish_compress(info);
}

enum fc_status fc_jpeg_encode(const struct fc_image *image, int quality, struct fc_buffer *out,
			      struct fc_error *err)
{
	struct writer writer = { .err = err };
	struct writer *outlives_the_jump = &writer;

	writer.info.err = jpeg_std_error(&writer.errors);
	writer.errors.error_exit = refuse;
	writer.errors.output_message = stay_silent;
	writer.info.client_data = &writer;

	if (setjmp(writer.escape) == 0) {
		write_pixels(outlives_the_jump, image, quality);
	}
	jpeg_destroy_compress(&writer.info);
	if (writer.status == FC_OK) {
		fc_buffer_append(out, writer.bytes, writer.length);
	}
	free(writer.bytes);
	if (writer.status != FC_OK) {
		return writer.status;
	}
	return fc_buffer_ok(out) ? FC_OK : fc_fail_memory(err);
}
