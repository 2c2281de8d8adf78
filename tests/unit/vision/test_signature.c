/* Only five image formats pass, recognised by content. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "vision/image/signature.h"

static enum fc_image_format of(const char *bytes, size_t length)
{
	uint8_t file[200] = { 0 };
	memcpy(file, bytes, length);
	return fc_signature(file, sizeof(file));
}

static void each_allowed_kind_is_told_by_its_first_bytes(void **state)
{
	(void)state;
	assert_int_equal(of("\xff\xd8\xff\xe0", 4), FC_IMAGE_JPEG);
	assert_int_equal(of("\x89PNG\r\n\x1a\n", 8), FC_IMAGE_PNG);
	assert_int_equal(of("RIFF\x10\0\0\0WEBPVP8 ", 16), FC_IMAGE_WEBP);
	assert_int_equal(of("RIFF\x10\0\0\0WEBPVP8X", 16), FC_IMAGE_WEBP);
	assert_int_equal(of("\0\0\0\x18"
			    "ftypheic",
			    12),
			 FC_IMAGE_HEIC);
	assert_int_equal(of("\0\0\0\x18"
			    "ftypmif1",
			    12),
			 FC_IMAGE_HEIC);
	assert_int_equal(of("\0\0\0\x18"
			    "ftypavif",
			    12),
			 FC_IMAGE_AVIF);
	assert_int_equal(of("\xff\x0a", 2), FC_IMAGE_JXL);
	assert_int_equal(of("\0\0\0\x0cJXL \r\n\x87\n", 12), FC_IMAGE_JXL);
	assert_int_equal(of("II*\0", 4), FC_IMAGE_TIFF);
	assert_int_equal(of("MM\0*", 4), FC_IMAGE_TIFF);
	assert_int_equal(of("GIF89a", 6), FC_IMAGE_GIF);
	assert_int_equal(of("BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", 18), FC_IMAGE_BMP);
}

static void other_kinds_and_texts_are_unknown(void **state)
{
	(void)state;
	assert_int_equal(of("NITF02.10", 9), FC_IMAGE_UNKNOWN);
	assert_int_equal(of("P6\n2 2\n255\n", 11), FC_IMAGE_UNKNOWN);
	assert_int_equal(of("#?RADIANCE", 10), FC_IMAGE_UNKNOWN);
	assert_int_equal(of("\0\0\0\x0cjP  \r\n\x87\n", 12), FC_IMAGE_UNKNOWN);
	assert_int_equal(of("BMW is a maker of cars", 22), FC_IMAGE_UNKNOWN);
	assert_int_equal(of("RIFF\x10\0\0\0WAVEfmt ", 16), FC_IMAGE_UNKNOWN);
	assert_int_equal(of("hello", 5), FC_IMAGE_UNKNOWN);
}

static void a_start_that_is_cut_off_is_unknown(void **state)
{
	(void)state;
	assert_int_equal(fc_signature("\xff\xd8", 2), FC_IMAGE_UNKNOWN);
	assert_int_equal(fc_signature("\x89PNG\r\n\x1a", 7), FC_IMAGE_UNKNOWN);
	assert_int_equal(fc_signature("BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0", 17),
			 FC_IMAGE_UNKNOWN);
}

/* 128 zero bytes and DICM end a process that lets OpenCV choose the decoder. */
static void medical_files_are_refused_whatever_they_begin_with(void **state)
{
	(void)state;
	uint8_t file[160] = { 0 };
	memcpy(file + 128, "DICM", 4);
	assert_int_equal(fc_signature(file, 132), FC_IMAGE_UNKNOWN);
	memcpy(file, "RIFF\x98\0\0\0WEBPVP8 ", 16);
	assert_int_equal(fc_signature(file, sizeof(file)), FC_IMAGE_UNKNOWN);
	memcpy(file + 128, "____________DTED", 16);
	assert_int_equal(fc_signature(file, sizeof(file)), FC_IMAGE_UNKNOWN);
}

static void a_refusal_says_what_would_be_allowed(void **state)
{
	(void)state;
	enum fc_image_format format = FC_IMAGE_JPEG;
	struct fc_error err = { 0 };
	assert_int_equal(fc_signature_check("hello", 5, &format, &err), FC_BAD_IMAGE);
	assert_string_equal(err.text,
			    "not a JPEG, PNG, WebP, HEIC, AVIF, JPEG XL, GIF, BMP or TIFF image");
	assert_int_equal(fc_signature_check("", 0, &format, &err), FC_BAD_IMAGE);
	assert_string_equal(err.text, "empty image");
	assert_int_equal(format, FC_IMAGE_JPEG);
}

static void a_known_format_that_is_not_supported_is_named(void **state)
{
	(void)state;
	static const struct {
		const char *start;
		size_t length;
		const char *name;
	} kinds[] = {
		{ "\0\0\0\x18"
		  "ftyphevc\0\0\0\0",
		  16, "HEIC" },
		{ "\0\0\0\x18"
		  "ftypcrx \0\0\0\0",
		  16, "Canon CR3" },
		{ "\0\0\0\x18"
		  "ftypavis\0\0\0\0",
		  16, "AVIF" },
		{ "\0\0\0\x18"
		  "ftypisom\0\0\0\0",
		  16, "MP4 film" },
		{ "\0\0\0\x0cjP  \r\n\x87\n", 12, "JPEG 2000" },
		{ "%PDF-1.7", 8, "PDF" },
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		enum fc_image_format format;
		struct fc_error err = { 0 };
		assert_int_equal(fc_signature_check(kinds[i].start, kinds[i].length, &format, &err),
				 FC_BAD_IMAGE);
		assert_int_equal(strncmp(err.text, kinds[i].name, strlen(kinds[i].name)), 0);
		assert_non_null(strstr(err.text, " is not supported; convert the file to"));
	}
	assert_null(fc_signature_unsupported("\0\0\0\x18"
					     "ftyp",
					     8));
	assert_null(fc_signature_unsupported("hello", 5));
}

static void all_but_two_kinds_need_a_module(void **state)
{
	(void)state;
	assert_false(fc_format_needs_codecs(FC_IMAGE_JPEG));
	assert_false(fc_format_needs_codecs(FC_IMAGE_PNG));
	assert_true(fc_format_needs_codecs(FC_IMAGE_WEBP));
	assert_true(fc_format_needs_codecs(FC_IMAGE_BMP));
	assert_true(fc_format_needs_codecs(FC_IMAGE_TIFF));
	assert_true(fc_format_needs_codecs(FC_IMAGE_HEIC));
	assert_false(fc_format_needs_codecs(FC_IMAGE_UNKNOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_allowed_kind_is_told_by_its_first_bytes),
		cmocka_unit_test(other_kinds_and_texts_are_unknown),
		cmocka_unit_test(a_start_that_is_cut_off_is_unknown),
		cmocka_unit_test(medical_files_are_refused_whatever_they_begin_with),
		cmocka_unit_test(a_refusal_says_what_would_be_allowed),
		cmocka_unit_test(a_known_format_that_is_not_supported_is_named),
		cmocka_unit_test(all_but_two_kinds_need_a_module),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
