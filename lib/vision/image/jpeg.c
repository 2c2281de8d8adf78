/*
 * Decode JPEG with libjpeg-turbo. It reports errors by longjmp, so all memory that must be released is in struct reader, outside
 * of the functions that longjmp leaves.
 */
/* SPDX-License-Identifier: MIT */
#include "vision/image/formats.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

#include "vision/image/exif.h"
#include "vision/image/ink.h"

/*
 * Cameras and editors write about ten scans. Each one makes the decoder pass over the whole picture, and a small file can contain
 * thousands of them (libjpeg-turbo's "Two Issues with the JPEG Standard").
 */
enum { SCANS_MAXIMUM = 100 };

struct reader {
	struct jpeg_decompress_struct info;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf escape;
	struct fc_image image;
	bool decoding;    /* the header was read */
	bool without_end; /* the file ended while the pixels were decoded */
	JSAMPLE *cmyk;    /* one row, allocated from libjpeg's pool */
	struct fc_ink inks;
	enum fc_status status;
	struct fc_error *err;
};

static struct reader *reader_of(j_common_ptr info)
{
	return info->client_data;
}

static void refuse(j_common_ptr info)
{
	struct reader *reader = reader_of(info);
	char words[JMSG_LENGTH_MAX];

	switch (info->err->msg_code) {
	case JERR_OUT_OF_MEMORY:
		reader->status = fc_fail(reader->err, FC_TOO_LARGE,
					 "the JPEG needs more memory than a worker may use");
		break;
	case JERR_INPUT_EMPTY:
	case JERR_INPUT_EOF:
	case JWRN_JPEG_EOF:
		reader->status =
			fc_fail(reader->err, FC_BAD_IMAGE,
				"truncated JPEG: the file ends before the image is complete");
		break;
	case JERR_SOF_UNSUPPORTED:
	case JERR_BAD_PRECISION:
	case JERR_ARITH_NOTIMPL:
	case JERR_CONVERSION_NOTIMPL:
		info->err->format_message(info, words);
		words[0] = (char)tolower((unsigned char)words[0]);
		reader->status = fc_fail(reader->err, FC_BAD_IMAGE,
					 "this kind of JPEG is not supported (%s)", words);
		break;
	default:
		if (reader->without_end) {
			reader->status = fc_fail(
				reader->err, FC_BAD_IMAGE,
				"truncated JPEG: the file ends before the image is complete");
			break;
		}
		info->err->format_message(info, words);
		words[0] = (char)tolower((unsigned char)words[0]);
		reader->status = fc_fail(reader->err, FC_BAD_IMAGE, "damaged JPEG: %s", words);
		break;
	}
	longjmp(reader->escape, 1);
}

/*
 * libjpeg only warns about missing or wrong data and fills in grey. A damaged photo must not be enrolled, so warnings are
 * errors, except those about unusual but complete files: an unknown marker version, an invalid colour profile, and padding
 * before a marker outside of the picture's data. At the end of the file libjpeg inserts an end marker: if then data are missing, it warns
 * again, of a marker before the end of a segment.
 */
static bool is_harmless(const struct jpeg_error_mgr *errors)
{
	switch (errors->msg_code) {
	case JWRN_ADOBE_XFORM:
	case JWRN_JFIF_MAJOR:
	case JWRN_BOGUS_ICC:
		return true;
	case JWRN_EXTRANEOUS_DATA: {
		int marker = errors->msg_parm.i[1];
		return marker < JPEG_RST0 || marker > JPEG_RST0 + 7;
	}
	default:
		return false;
	}
}

static void on_message(j_common_ptr info, int level)
{
	struct reader *reader = reader_of(info);
	if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF && reader->decoding) {
		reader->without_end = true;
	} else if (level < 0 && !is_harmless(info->err)) {
		refuse(info);
	}
}

static void stay_silent(j_common_ptr info)
{
	(void)info;
}

static void on_progress(j_common_ptr info)
{
	struct reader *reader = reader_of(info);
	if (reader->info.input_scan_number > SCANS_MAXIMUM) {
		reader->status = fc_fail(reader->err, FC_BAD_IMAGE,
					 "the JPEG has more than %d scans", SCANS_MAXIMUM);
		longjmp(reader->escape, 1);
	}
}

static void read_header(struct reader *reader, const void *data, size_t length, bool with_profile)
{
	jpeg_create_decompress(&reader->info);
	reader->info.client_data = reader;
	reader->info.progress = &reader->progress;
	reader->progress.progress_monitor = on_progress;
	jpeg_mem_src(&reader->info, data, length);
	jpeg_save_markers(&reader->info, JPEG_APP0 + 1, 0xffff);
	if (with_profile) {
		jpeg_save_markers(&reader->info, JPEG_APP0 + 2, 0xffff);
	}
	(void)jpeg_read_header(&reader->info, TRUE);
}

static uint8_t orientation_of(const struct reader *reader)
{
	for (jpeg_saved_marker_ptr marker = reader->info.marker_list; marker;
	     marker = marker->next) {
		if (marker->data_length > 6 && memcmp(marker->data, "Exif\0\0", 6) == 0) {
			return fc_exif_orientation(marker->data, marker->data_length);
		}
	}
	return 1;
}

/* Prepare the conversion of CMYK. Files with Adobe's marker (Photoshop) store inverted ink values. */
static void prepare_inks(struct reader *reader)
{
	JOCTET *profile = NULL;
	unsigned length = 0;
	reader->inks.inverted = reader->info.saw_Adobe_marker;
	if (jpeg_read_icc_profile(&reader->info, &profile, &length)) {
		fc_ink_use_profile(&reader->inks, profile, length);
	}
	free(profile);
}

/* Whether a file without an end marker has all scans. libjpeg counts the missing bits of each coefficient only for progressive files. */
static bool has_all_scans(const struct jpeg_decompress_struct *info)
{
	if (!info->progressive_mode) {
		return info->comps_in_scan == info->num_components;
	}
	for (int i = 0; i < info->num_components; i++) {
		for (int k = 0; k < DCTSIZE2; k++) {
			if (info->coef_bits[i][k] != 0) {
				return false;
			}
		}
	}
	return true;
}

static void read_pixels(struct reader *reader)
{
	struct jpeg_decompress_struct *info = &reader->info;
	bool cmyk = info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK;

	if (cmyk) {
		prepare_inks(reader);
	}
	info->out_color_space = cmyk ? JCS_CMYK : JCS_RGB;
	reader->decoding = true;
	(void)jpeg_start_decompress(info);
	reader->status =
		fc_image_init(&reader->image, info->output_width, info->output_height, reader->err);
	if (reader->status != FC_OK) {
		longjmp(reader->escape, 1);
	}
	if (cmyk) {
		reader->cmyk = info->mem->alloc_large((j_common_ptr)info, JPOOL_IMAGE,
						      (size_t)4 * info->output_width);
	}
	while (info->output_scanline < info->output_height) {
		JSAMPROW out = fc_image_row(&reader->image, info->output_scanline);
		JSAMPROW row = cmyk ? reader->cmyk : out;
		(void)jpeg_read_scanlines(info, &row, 1);
		if (cmyk) {
			fc_ink_to_rgb(&reader->inks, row, out, info->output_width);
		}
	}
	/* Read on to the end marker. */
	bool complete = has_all_scans(info);
	(void)jpeg_finish_decompress(info);
	if (reader->without_end && !complete) {
		reader->status =
			fc_fail(reader->err, FC_BAD_IMAGE,
				"truncated JPEG: the file ends before the image is complete");
		longjmp(reader->escape, 1);
	}
}

/* Read the header, and the pixels unless `out` is NULL. */
static enum fc_status read_jpeg(struct reader *reader, const void *data, size_t length,
				struct fc_image_header *header, struct fc_image *out)
{
	reader->info.err = jpeg_std_error(&reader->errors);
	reader->errors.error_exit = refuse;
	reader->errors.emit_message = on_message;
	reader->errors.output_message = stay_silent;
	reader->info.client_data = reader;

	if (setjmp(reader->escape) == 0) {
		read_header(reader, data, length, out != NULL);
		if (!out) {
			header->width = reader->info.image_width;
			header->height = reader->info.image_height;
			header->orientation = orientation_of(reader);
		}
		if (out) {
			read_pixels(reader);
			header->notes |= reader->without_end ? FC_IMAGE_NO_END : 0;
			*out = FC_STEAL_STRUCT(reader->image);
		}
	}
	jpeg_destroy_decompress(&reader->info);
	fc_ink_release(&reader->inks);
	fc_image_release(&reader->image);
	return reader->status;
}

enum fc_status fc_jpeg_probe(const void *data, size_t length, struct fc_image_header *header,
			     struct fc_error *err)
{
	struct reader reader = { .err = err };
	return read_jpeg(&reader, data, length, header, NULL);
}

enum fc_status fc_jpeg_decode(const void *data, size_t length, struct fc_image_header *header,
			      struct fc_image *out, struct fc_error *err)
{
	struct reader reader = { .err = err };
	return read_jpeg(&reader, data, length, header, out);
}
