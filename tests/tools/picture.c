/* Writes a canvas as a PNG, JPEG or PPM file. */
/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jpeglib.h>
#include <spng.h>

enum { JPEG_QUALITY = 92 };

/* 8-bit RGB in file order. */
struct bytes {
	int width, height;
	unsigned char *rgb;
};

/* Where the pixel at (x, y) of the file is on a canvas that is shown upright (EXIF 2.3, table 6, tag 0x0112). */
static size_t displayed_at(const struct canvas *canvas, int orientation, int x, int y)
{
	int from_right = canvas->width - 1, from_bottom = canvas->height - 1;
	int column, row;
	switch (orientation) {
	case 2:
		column = from_right - x;
		row = y;
		break;
	case 3:
		column = from_right - x;
		row = from_bottom - y;
		break;
	case 4:
		column = x;
		row = from_bottom - y;
		break;
	case 5:
		column = y;
		row = x;
		break;
	case 6:
		column = from_right - y;
		row = x;
		break;
	case 7:
		column = from_right - y;
		row = from_bottom - x;
		break;
	case 8:
		column = y;
		row = from_bottom - x;
		break;
	default:
		column = x;
		row = y;
		break;
	}
	return (size_t)row * (size_t)canvas->width + (size_t)column;
}

static struct bytes bytes_of(const struct canvas *canvas, int orientation)
{
	bool swapped = orientation >= 5;
	struct bytes bytes = {
		.width = swapped ? canvas->height : canvas->width,
		.height = swapped ? canvas->width : canvas->height,
	};
	bytes.rgb = malloc(3 * (size_t)bytes.width * (size_t)bytes.height);
	unsigned char *out = bytes.rgb;
	for (int y = 0; out && y < bytes.height; y++) {
		for (int x = 0; x < bytes.width; x++) {
			const float *pixel =
				canvas->pixels + 3 * displayed_at(canvas, orientation, x, y);
			for (int channel = 0; channel < 3; channel++) {
				float value = pixel[channel] + 0.5f;
				*out++ = (unsigned char)(value < 0 ? 0 : value > 255 ? 255 : value);
			}
		}
	}
	return bytes;
}

static bool write_png(FILE *file, const struct bytes *bytes, const char **reason)
{
	struct spng_ihdr header = {
		.width = (uint32_t)bytes->width,
		.height = (uint32_t)bytes->height,
		.bit_depth = 8,
		.color_type = SPNG_COLOR_TYPE_TRUECOLOR,
	};
	size_t length = 3 * (size_t)bytes->width * (size_t)bytes->height;
	spng_ctx *png = spng_ctx_new(SPNG_CTX_ENCODER);
	int failure = png ? 0 : SPNG_EMEM;
	failure = failure ? failure : spng_set_option(png, SPNG_IMG_COMPRESSION_LEVEL, 3);
	failure = failure ? failure : spng_set_png_file(png, file);
	failure = failure ? failure : spng_set_ihdr(png, &header);
	failure = failure ? failure
			  : spng_encode_image(png, bytes->rgb, length, SPNG_FMT_PNG,
					      SPNG_ENCODE_FINALIZE);
	spng_ctx_free(png);
	*reason = spng_strerror(failure);
	return failure == 0;
}

/* Uncompressed pixels, for comparisons. */
static bool write_ppm(FILE *file, const struct bytes *bytes)
{
	size_t length = 3 * (size_t)bytes->width * (size_t)bytes->height;
	return fprintf(file, "P6\n%d %d\n255\n", bytes->width, bytes->height) > 0 &&
	       fwrite(bytes->rgb, 1, length, file) == length;
}

/* libjpeg exits with its own message on errors. */
static void write_jpeg(FILE *file, const struct bytes *bytes, int orientation)
{
	unsigned char exif[] = {
		'E',  'x',
		'i',  'f',
		0,    0,
		'M',  'M',
		0,    42,
		0,    0,
		0,    8, /* big-endian TIFF, first directory at 8 */
		0,    1, /* of one entry: */
		0x01, 0x12,
		0,    3,
		0,    0,
		0,    1, /* orientation, one 16-bit number */
		0,    (unsigned char)orientation,
		0,    0,
		0,    0,
		0,    0, /* no further directory */
	};
	struct jpeg_error_mgr errors;
	struct jpeg_compress_struct jpeg = { .err = jpeg_std_error(&errors) };
	jpeg_create_compress(&jpeg);
	jpeg_stdio_dest(&jpeg, file);
	jpeg.image_width = (JDIMENSION)bytes->width;
	jpeg.image_height = (JDIMENSION)bytes->height;
	jpeg.input_components = 3;
	jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, JPEG_QUALITY, TRUE);
	jpeg.write_JFIF_header = orientation == 0;
	jpeg_start_compress(&jpeg, TRUE);
	if (orientation > 0) {
		jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif, sizeof(exif));
	}
	while (jpeg.next_scanline < jpeg.image_height) {
		JSAMPROW row = bytes->rgb + 3 * (size_t)jpeg.next_scanline * (size_t)bytes->width;
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
}

bool picture_write(const char *path, const struct canvas *canvas, int orientation,
		   const char **reason)
{
	const char *dot = strrchr(path, '.');
	const char *ending = dot ? dot : "";
	bool png = strcasecmp(ending, ".png") == 0, ppm = strcasecmp(ending, ".ppm") == 0;
	bool jpeg = strcasecmp(ending, ".jpg") == 0 || strcasecmp(ending, ".jpeg") == 0;
	if (!png && !jpeg && !ppm) {
		*reason = "the name must end in .png, .jpg or .ppm";
		return false;
	}
	if (!jpeg && orientation != 0) {
		*reason = "only a JPEG takes an orientation";
		return false;
	}
	struct bytes bytes = bytes_of(canvas, orientation);
	FILE *file = bytes.rgb ? fopen(path, "wb") : NULL;
	bool done = file != NULL;
	*reason = bytes.rgb ? "the file cannot be written" : "out of memory";
	if (done && png) {
		done = write_png(file, &bytes, reason);
	} else if (done && ppm) {
		done = write_ppm(file, &bytes);
	} else if (done) {
		write_jpeg(file, &bytes, orientation);
	}
	if (file && fclose(file) != 0) {
		*reason = "the file cannot be written";
		done = false;
	}
	free(bytes.rgb);
	return done;
}
