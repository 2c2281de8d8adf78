/* JPEG XL: pictures that libjxl encodes here, in each orientation and with each kind of channels, cut off and changed at random. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <jxl/encode.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "decoding.h"
#include "usual_limits.h"
#include "vision/image/codecs.h"

enum { WIDTH = 96, HEIGHT = 64, CHANGED = 1000 };

/* What to encode. */
struct kind {
	uint32_t width, height;
	int orientation;         /* how the file stores the picture */
	uint32_t channels;       /* 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha */
	uint32_t extra_channels; /* of this type, without alpha */
	JxlExtraChannelType extra_type;
	int frames;
	bool lossy, container;
};

static const struct kind plain = {
	.width = WIDTH, .height = HEIGHT, .orientation = 1, .channels = 3, .frames = 1
};

static struct fc_codecs *open_codecs(void)
{
	struct fc_codecs *codecs = NULL;
	assert_int_equal(fc_codecs_open(getenv("FACECTL_TEST_CODECS"), &codecs, NULL), FC_OK);
	return codecs;
}

static void must(JxlEncoderStatus status)
{
	assert_int_equal(status, JXL_ENC_SUCCESS);
}

/* Quarters: red, green / blue, white; as grey 255, 127 / 50, 255. Alpha is 255, in the lower half 0. Later frames are black. */
static void fill(const struct kind *kind, int frame, struct fc_buffer *pixels)
{
	static const uint8_t colours[4][3] = {
		{ 255, 0, 0 }, { 0, 255, 0 }, { 0, 0, 255 }, { 255, 255, 255 }
	};
	static const uint8_t greys[4] = { 255, 127, 50, 255 };
	uint32_t colour_count = kind->channels < 3 ? 1 : 3;
	for (uint32_t y = 0; y < kind->height; y++) {
		for (uint32_t x = 0; x < kind->width; x++) {
			int quarter = 2 * (y >= kind->height / 2) + (x >= kind->width / 2);
			for (uint32_t i = 0; i < colour_count; i++) {
				uint8_t value =
					colour_count == 1 ? greys[quarter] : colours[quarter][i];
				fc_buffer_put_u8(pixels, frame == 0 ? value : 0);
			}
			if (kind->channels > colour_count) {
				fc_buffer_put_u8(pixels, y >= kind->height / 2 ? 0 : 255);
			}
		}
	}
}

static struct fc_buffer encode(const struct kind *kind)
{
	bool alpha = kind->channels == 2 || kind->channels == 4;
	JxlEncoder *encoder = JxlEncoderCreate(NULL);
	JxlBasicInfo info;
	JxlColorEncoding colours;
	struct fc_buffer bytes = { 0 };
	uint8_t chunk[4096];
	JxlEncoderInitBasicInfo(&info);
	info.xsize = kind->width;
	info.ysize = kind->height;
	info.bits_per_sample = 8;
	info.num_color_channels = kind->channels < 3 ? 1 : 3;
	info.alpha_bits = alpha ? 8 : 0;
	info.num_extra_channels = alpha + kind->extra_channels;
	info.orientation = (JxlOrientation)kind->orientation;
	info.uses_original_profile = kind->lossy ? JXL_FALSE : JXL_TRUE;
	info.have_animation = kind->frames > 1;
	info.animation.tps_numerator = info.animation.tps_denominator = 1;
	must(JxlEncoderUseContainer(encoder, kind->container));
	must(JxlEncoderSetBasicInfo(encoder, &info));
	for (uint32_t i = 0; i < kind->extra_channels; i++) {
		JxlExtraChannelInfo channel;
		JxlEncoderInitExtraChannelInfo(kind->extra_type, &channel);
		must(JxlEncoderSetExtraChannelInfo(encoder, alpha + i, &channel));
	}
	JxlColorEncodingSetToSRGB(&colours, info.num_color_channels == 1);
	must(JxlEncoderSetColorEncoding(encoder, &colours));
	JxlEncoderFrameSettings *settings = JxlEncoderFrameSettingsCreate(encoder, NULL);
	must(JxlEncoderFrameSettingsSetOption(settings, JXL_ENC_FRAME_SETTING_EFFORT, 1));
	must(JxlEncoderSetFrameLossless(settings, !kind->lossy));
	const JxlPixelFormat format = { kind->channels, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0 };
	for (int frame = 0; frame < kind->frames; frame++) {
		FC_CLEANUP(fc_buffer_release) struct fc_buffer pixels = { 0 };
		JxlFrameHeader header;
		JxlEncoderInitFrameHeader(&header);
		header.duration = kind->frames > 1;
		must(JxlEncoderSetFrameHeader(settings, &header));
		fill(kind, frame, &pixels);
		must(JxlEncoderAddImageFrame(settings, &format, pixels.data, pixels.length));
		for (uint32_t i = 0; i < kind->extra_channels; i++) {
			const JxlPixelFormat single = { 1, JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0 };
			must(JxlEncoderSetExtraChannelBuffer(settings, &single, pixels.data,
							     (size_t)kind->width * kind->height,
							     alpha + i));
		}
	}
	JxlEncoderCloseInput(encoder);
	JxlEncoderStatus status = JXL_ENC_NEED_MORE_OUTPUT;
	while (status == JXL_ENC_NEED_MORE_OUTPUT) {
		uint8_t *next = chunk;
		size_t left = sizeof(chunk);
		status = JxlEncoderProcessOutput(encoder, &next, &left);
		fc_buffer_append(&bytes, chunk, (size_t)(next - chunk));
	}
	must(status);
	JxlEncoderDestroy(encoder);
	return bytes;
}

static enum fc_status decode_kind(const struct kind *kind, struct fc_image_header *header,
				  struct fc_image *image, struct fc_error *err)
{
	struct fc_codecs *codecs = open_codecs();
	struct fc_buffer file = encode(kind);
	enum fc_status status = decode_with(file.data, file.length, codecs, header, image, err);
	fc_buffer_release(&file);
	fc_codecs_close(codecs);
	return status;
}

static void assert_quarters(const struct fc_image *image, const char *expected)
{
	const char quarters[] = { quarter_colour(image, 0, 0), quarter_colour(image, 1, 0),
				  quarter_colour(image, 0, 1), quarter_colour(image, 1, 1), '\0' };
	assert_string_equal(quarters, expected);
}

static void pictures_are_decoded_as_displayed(void **state)
{
	(void)state;
	/* the stored quarters rg/bw, turned and mirrored as EXIF 1 to 8 says */
	static const char *const displayed[] = { "",     "rgbw", "grwb", "wbgr", "bwrg",
						 "rbgw", "brwg", "wgbr", "gwrb" };
	for (int orientation = 1; orientation <= 8; orientation++) {
		FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
		struct fc_image_header header;
		struct kind kind = plain;
		kind.orientation = orientation;
		kind.lossy = orientation % 2 == 0;
		kind.container = orientation > 4;
		assert_int_equal(decode_kind(&kind, &header, &image, NULL), FC_OK);
		assert_int_equal(header.format, FC_IMAGE_JXL);
		assert_int_equal(header.orientation, 1);
		assert_int_equal(header.notes, 0);
		assert_int_equal(image.width, orientation >= 5 ? HEIGHT : WIDTH);
		assert_int_equal(image.height, orientation >= 5 ? WIDTH : HEIGHT);
		assert_quarters(&image, displayed[orientation]);
	}
}

static void grey_and_transparent_pictures_become_rgb_on_white(void **state)
{
	(void)state;
	for (uint32_t channels = 1; channels <= 4; channels++) {
		FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
		struct fc_image_header header;
		struct kind kind = plain;
		bool alpha = channels == 2 || channels == 4;
		kind.channels = channels;
		assert_int_equal(decode_kind(&kind, &header, &image, NULL), FC_OK);
		if (channels < 3) {
			int low = alpha ? 255 : 50;
			assert_pixel(&image, WIDTH - 1, 0, 127, 127, 127, 0);
			assert_pixel(&image, 0, HEIGHT - 1, low, low, low, 0);
		} else {
			assert_quarters(&image, alpha ? "rgww" : "rgbw");
		}
	}
}

static void the_first_frame_of_an_animation_is_decoded(void **state)
{
	(void)state;
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	struct fc_image_header header;
	struct kind kind = plain;
	kind.frames = 3;
	assert_int_equal(decode_kind(&kind, &header, &image, NULL), FC_OK);
	assert_int_equal(header.notes, FC_IMAGE_FIRST_FRAME);
	assert_quarters(&image, "rgbw");
}

static void pictures_with_black_ink_or_many_channels_are_not_supported(void **state)
{
	(void)state;
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	struct fc_image_header header;
	struct fc_error err = { 0 };
	struct kind kind = plain;
	kind.extra_channels = 1;
	kind.extra_type = JXL_CHANNEL_DEPTH;
	assert_int_equal(decode_kind(&kind, &header, &image, NULL), FC_OK);
	kind.extra_type = JXL_CHANNEL_BLACK;
	assert_int_equal(decode_kind(&kind, &header, &image, &err), FC_BAD_IMAGE);
	assert_string_equal(err.text,
			    "this kind of jxl image is not supported; convert it to JPEG or PNG");
	kind.extra_type = JXL_CHANNEL_DEPTH;
	kind.extra_channels = 5;
	assert_int_equal(decode_kind(&kind, &header, &image, &err), FC_BAD_IMAGE);
}

static void limits_are_checked_before_decoding(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = encode(&plain);
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

/* Bytes of address space in use. */
static rlim_t used_memory(void)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%lu", &pages), 1);
	FC_IGNORE(fclose(file));
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void too_little_memory_is_reported(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	struct kind kind = plain;
	kind.width = 2000;
	kind.height = 1500;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer file = encode(&kind);
	for (int enough = 0; enough < 2 && !FC_ADDRESS_SANITIZER; enough++) {
		FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
		struct fc_image_header header;
		struct rlimit old, limit;
		assert_int_equal(getrlimit(RLIMIT_AS, &old), 0);
		limit = old;
		limit.rlim_cur = used_memory() + ((rlim_t)(enough ? 200 : 50) << 20);
		assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
		enum fc_status status =
			decode_with(file.data, file.length, codecs, &header, &image, NULL);
		assert_int_equal(setrlimit(RLIMIT_AS, &old), 0);
		assert_int_equal(status, enough ? FC_OK : FC_TOO_LARGE);
	}
	fc_codecs_close(codecs);
}

static void files_that_are_cut_or_changed_do_no_damage(void **state)
{
	(void)state;
	struct fc_codecs *codecs = open_codecs();
	for (int lossy = 0; lossy < 2; lossy++) {
		struct kind kind = plain;
		kind.lossy = lossy;
		kind.container = lossy;
		kind.channels = 4;
		FC_CLEANUP(fc_buffer_release) struct fc_buffer file = encode(&kind);
		decode_cut(&file, codecs, 3);
		decode_changed(&file, codecs, CHANGED);
	}
	fc_codecs_close(codecs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_are_decoded_as_displayed),
		cmocka_unit_test(grey_and_transparent_pictures_become_rgb_on_white),
		cmocka_unit_test(the_first_frame_of_an_animation_is_decoded),
		cmocka_unit_test(pictures_with_black_ink_or_many_channels_are_not_supported),
		cmocka_unit_test(limits_are_checked_before_decoding),
		cmocka_unit_test(too_little_memory_is_reported),
		cmocka_unit_test(files_that_are_cut_or_changed_do_no_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
