/* CMYK photos get the colours of their profile, and those of a simple formula without a usable one. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <lcms2.h>

#include "base/memory.h"
#include "decoding.h"
#include "vision/image/ink.h"

/* Four patches of 16 x 16 pixels beside each other: white, cyan, magenta with yellow, black, as amounts of ink. */
enum { PATCHES = 4, PATCH = 16 };
static const uint8_t inks[PATCHES][4] = {
	{ 0, 0, 0, 0 }, { 255, 0, 0, 0 }, { 0, 255, 255, 0 }, { 0, 0, 0, 255 }
};

/* Unlike what the formula gives, apart from white. */
static const uint8_t profiled[PATCHES][3] = {
	{ 255, 255, 255 }, { 40, 160, 220 }, { 220, 60, 30 }, { 50, 45, 40 }
};

static struct fc_buffer cmyk_jpeg(bool adobe_marker, const struct fc_buffer *profile)
{
	struct jpeg_compress_struct info;
	struct jpeg_error_mgr errors;
	unsigned char *bytes = NULL;
	unsigned long length = 0;
	struct fc_buffer file = { 0 };
	JSAMPLE row[4 * PATCHES * PATCH];

	for (size_t i = 0; i < sizeof(row); i++) {
		row[i] = inks[i / (4 * PATCH)][i % 4] ^ (adobe_marker ? 255 : 0);
	}
	info.err = jpeg_std_error(&errors);
	jpeg_create_compress(&info);
	jpeg_mem_dest(&info, &bytes, &length);
	info.image_width = PATCHES * PATCH;
	info.image_height = PATCH;
	info.input_components = 4;
	info.in_color_space = JCS_CMYK;
	jpeg_set_defaults(&info);
	jpeg_set_quality(&info, 100, TRUE);
	info.write_Adobe_marker = adobe_marker;
	jpeg_start_compress(&info, TRUE);
	if (profile) {
		jpeg_write_icc_profile(&info, profile->data, (unsigned)profile->length);
	}
	for (int y = 0; y < PATCH; y++) {
		JSAMPROW at = row;
		assert_int_equal(jpeg_write_scanlines(&info, &at, 1), 1);
	}
	jpeg_finish_compress(&info);
	jpeg_destroy_compress(&info);
	fc_buffer_append(&file, bytes, length);
	free(bytes);
	return file;
}

/* The colour of inks that are either absent or full. */
static cmsInt32Number colour_of(const cmsUInt16Number ink[], cmsUInt16Number lab[], void *to_lab)
{
	size_t patch = ink[3] ? 3 : ink[1] ? 2 : ink[0] ? 1 : 0;
	cmsDoTransform(to_lab, profiled[patch], lab, 1);
	return TRUE;
}

static struct fc_buffer saved(cmsHPROFILE profile)
{
	struct fc_buffer bytes = { 0 };
	cmsUInt32Number length = 0;
	assert_true(cmsSaveProfileToMem(profile, NULL, &length));
	uint8_t *memory = malloc(length);
	assert_non_null(memory);
	assert_true(cmsSaveProfileToMem(profile, memory, &length));
	fc_buffer_append(&bytes, memory, length);
	free(memory);
	assert_true(cmsCloseProfile(profile));
	return bytes;
}

static struct fc_buffer cmyk_profile(void)
{
	cmsHPROFILE srgb = cmsCreate_sRGBProfile(), lab = cmsCreateLab2Profile(NULL);
	cmsHTRANSFORM to_lab = cmsCreateTransform(srgb, TYPE_RGB_8, lab, TYPE_LabV2_16,
						  INTENT_RELATIVE_COLORIMETRIC, 0);
	cmsHPROFILE profile = cmsCreateProfilePlaceholder(NULL);
	cmsPipeline *pipeline = cmsPipelineAlloc(NULL, 4, 3);
	cmsStage *table = cmsStageAllocCLut16bit(NULL, 2, 4, 3, NULL);
	assert_non_null(to_lab);
	assert_true(cmsStageSampleCLut16bit(table, colour_of, to_lab, 0));
	assert_true(cmsPipelineInsertStage(pipeline, cmsAT_BEGIN, table));
	cmsSetProfileVersion(profile, 2.1);
	cmsSetDeviceClass(profile, cmsSigOutputClass);
	cmsSetColorSpace(profile, cmsSigCmykData);
	cmsSetPCS(profile, cmsSigLabData);
	assert_true(cmsWriteTag(profile, cmsSigAToB0Tag, pipeline));
	cmsPipelineFree(pipeline);
	cmsDeleteTransform(to_lab);
	assert_true(cmsCloseProfile(srgb) && cmsCloseProfile(lab));
	return saved(profile);
}

static void assert_colours(const struct fc_buffer *file, const uint8_t colours[PATCHES][3],
			   float tolerance)
{
	struct fc_error err = { 0 };
	struct fc_image image;
	assert_int_equal(decode(file, &image, &err), FC_OK);
	for (uint32_t i = 0; i < PATCHES; i++) {
		assert_pixel(&image, i * PATCH + PATCH / 2, PATCH / 2, colours[i][0], colours[i][1],
			     colours[i][2], tolerance);
	}
	fc_image_release(&image);
}

static const uint8_t by_formula[PATCHES][3] = {
	{ 255, 255, 255 }, { 0, 255, 255 }, { 255, 0, 0 }, { 0, 0, 0 }
};

static void without_a_profile_inks_absorb_their_colour(void **state)
{
	(void)state;
	for (int adobe = 0; adobe < 2; adobe++) {
		struct fc_buffer file = cmyk_jpeg(adobe, NULL);
		assert_colours(&file, by_formula, 1);
		fc_buffer_release(&file);
	}
}

static void the_profile_of_the_file_gives_the_colours(void **state)
{
	(void)state;
	struct fc_buffer profile = cmyk_profile();
	for (int adobe = 0; adobe < 2; adobe++) {
		struct fc_buffer file = cmyk_jpeg(adobe, &profile);
		assert_colours(&file, profiled, 3);
		fc_buffer_release(&file);
	}
	fc_buffer_release(&profile);
}

/* Damaged, cut, of another colour space, too large: as without a profile. */
static void an_unusable_profile_is_ignored(void **state)
{
	(void)state;
	struct fc_buffer good = cmyk_profile(), bad[4] = { 0 };
	fc_buffer_append(&bad[0], good.data, good.length);
	memset(bad[0].data + 128, 0xff, bad[0].length - 128);
	fc_buffer_append(&bad[1], good.data, good.length / 2);
	bad[2] = saved(cmsCreate_sRGBProfile());
	fc_buffer_append(&bad[3], good.data, good.length);
	while (bad[3].length <= FC_INK_PROFILE_MAXIMUM) {
		fc_buffer_append(&bad[3], bad[0].data + 128, bad[0].length - 128);
	}
	for (size_t i = 0; i < FC_ARRAY_LENGTH(bad); i++) {
		struct fc_buffer file = cmyk_jpeg(true, &bad[i]);
		assert_colours(&file, by_formula, 1);
		fc_buffer_release(&file);
		fc_buffer_release(&bad[i]);
	}
	fc_buffer_release(&good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_profile_inks_absorb_their_colour),
		cmocka_unit_test(the_profile_of_the_file_gives_the_colours),
		cmocka_unit_test(an_unusable_profile_is_ignored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
