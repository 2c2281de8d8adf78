/* HEIC and AVIF: pictures that libheif encodes here, in each orientation, cut off and changed at random. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <libheif/heif.h>
#include <stdlib.h>
#include <string.h>

#include "decoding.h"
#include "usual_limits.h"
#include "vision/image/codecs.h"

/* The encoder that makes this test's photos keeps memory. Read by LeakSanitizer. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libx265\n";
}

enum { WIDTH = 96, HEIGHT = 64, CHANGED = 1000 };

static const enum heif_compression_format formats[] = { heif_compression_HEVC,
							heif_compression_AV1 };

static struct fc_codecs *open_codecs(void)
{
	struct fc_codecs *codecs = NULL;
	assert_int_equal(fc_codecs_open(getenv("FACECTL_TEST_CODECS"), &codecs, NULL), FC_OK);
	return codecs;
}

static struct heif_error write_bytes(struct heif_context *context, const void *data, size_t size,
				     void *buffer)
{
	(void)context;
	fc_buffer_append(buffer, data, size);
	return (struct heif_error){ heif_error_Ok, heif_suberror_Unspecified, "" };
}

static void must(struct heif_error error)
{
	if (error.code != heif_error_Ok) {
		fail_msg("%s", error.message);
	}
}

/* The picture as displayed: red, green / blue, white. orientation: how the file stores it. */
static struct fc_buffer encode(enum heif_compression_format format, int orientation)
{
	static const uint8_t colours[4][3] = {
		{ 255, 0, 0 }, { 0, 255, 0 }, { 0, 0, 255 }, { 255, 255, 255 }
	};
	struct heif_context *context = heif_context_alloc();
	struct heif_encoder *encoder = NULL;
	struct heif_image *image = NULL;
	struct heif_image_handle *handle = NULL;
	struct fc_buffer bytes = { 0 };
	int stride = 0;
	must(heif_image_create(WIDTH, HEIGHT, heif_colorspace_RGB, heif_chroma_interleaved_RGB,
			       &image));
	must(heif_image_add_plane(image, heif_channel_interleaved, WIDTH, HEIGHT, 8));
	uint8_t *pixels = heif_image_get_plane(image, heif_channel_interleaved, &stride);
	for (int y = 0; y < HEIGHT; y++) {
		for (int x = 0; x < WIDTH; x++) {
			memcpy(pixels + (size_t)(y * stride + 3 * x),
			       colours[2 * (y >= HEIGHT / 2) + (x >= WIDTH / 2)], 3);
		}
	}
	struct heif_encoding_options *options = heif_encoding_options_alloc();
	options->image_orientation = (enum heif_orientation)orientation;
	must(heif_context_get_encoder_for_format(context, format, &encoder));
	must(heif_encoder_set_lossy_quality(encoder, 90));
	must(heif_context_encode_image(context, image, encoder, options, &handle));
	struct heif_writer writer = { .writer_api_version = 1, .write = write_bytes };
	must(heif_context_write(context, &writer, &bytes));
	heif_encoding_options_free(options);
	heif_image_handle_release(handle);
	heif_image_release(image);
	heif_encoder_release(encoder);
	heif_context_free(context);
	return bytes;
}

static void both_formats_are_decoded_as_displayed(void **state)
{
	(void)state;
	/* the quarters of the stored picture rg/bw, turned and mirrored as EXIF 1 to 8 says */
	static const char *const displayed[] = { "",     "rgbw", "grwb", "wbgr", "bwrg",
						 "rbgw", "brwg", "wgbr", "gwrb" };
	struct fc_codecs *codecs = open_codecs();
	for (size_t f = 0; f < 2; f++) {
		for (int orientation = 1; orientation <= 8; orientation++) {
			FC_CLEANUP(fc_buffer_release)
			struct fc_buffer file = encode(formats[f], orientation);
			FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
			struct fc_image_header header;
			struct fc_error err = { 0 };
			assert_int_equal(
				decode_with(file.data, file.length, codecs, &header, &image, &err),
				FC_OK);
			assert_int_equal(header.format, f == 0 ? FC_IMAGE_HEIC : FC_IMAGE_AVIF);
			assert_int_equal(header.orientation, 1);
			assert_int_equal(image.width, orientation >= 5 ? HEIGHT : WIDTH);
			assert_int_equal(image.height, orientation >= 5 ? WIDTH : HEIGHT);
			const char quarters[] = { quarter_colour(&image, 0, 0),
						  quarter_colour(&image, 1, 0),
						  quarter_colour(&image, 0, 1),
						  quarter_colour(&image, 1, 1), '\0' };
			assert_string_equal(quarters, displayed[orientation]);
		}
	}
	fc_codecs_close(codecs);
}

static void limits_are_checked_before_decoding(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = encode(formats[0], 1);
	struct fc_image_limits limits = usual_limits;
	struct fc_image_header header;
	limits.pixels = WIDTH * HEIGHT - 1;
	assert_int_equal(fc_image_probe(file.data, file.length, &limits, codecs, &header, NULL),
			 FC_TOO_LARGE);
	limits = usual_limits;
	limits.side = WIDTH - 1;
	assert_int_equal(fc_image_probe(file.data, file.length, &limits, codecs, &header, NULL),
			 FC_TOO_LARGE);
	assert_int_equal(fc_image_probe(file.data, file.length, &usual_limits, NULL, &header, NULL),
			 FC_UNSUPPORTED);
	fc_codecs_close(codecs);
}

static void files_that_are_cut_or_changed_do_no_damage(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	for (size_t f = 0; f < 2; f++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer file = encode(formats[f], 6);
		decode_cut(&file, codecs, 3);
		decode_changed(&file, codecs, CHANGED);
	}
	fc_codecs_close(codecs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_formats_are_decoded_as_displayed),
		cmocka_unit_test(limits_are_checked_before_decoding),
		cmocka_unit_test(files_that_are_cut_or_changed_do_no_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
