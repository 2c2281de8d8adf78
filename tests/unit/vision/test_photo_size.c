/* Sizes out of headers, whole and cut off. */
/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "vision/image/photo_size.h"

static enum fc_status read_size(const void *data, size_t length, struct fc_photo_size *size)
{
	FC_CLEANUP(fc_fd_close) int fd = memfd_create("photo", MFD_CLOEXEC);
	struct fc_error err = { 0 };
	assert_int_equal(write(fd, data, length), length);
	*size = (struct fc_photo_size){ 0 };
	enum fc_status status = fc_photo_size_read(fd, "photo.x", size, &err);
	assert_int_equal(status != FC_OK, strstr(err.text, "'photo.x'") != NULL);
	return status;
}

static void assert_size(const char *data, size_t length, uint32_t width, uint32_t height)
{
	struct fc_photo_size size;
	assert_int_equal(read_size(data, length, &size), FC_OK);
	assert_int_equal(size.width, width);
	assert_int_equal(size.height, height);
}

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x0f\0\0\0\x08\x70\x08\2\0\0\0"

/* An APP0, padding, a DHT (0xc4, which is no frame), then a progressive frame of 300x200. */
#define JPEG                                                                                       \
	"\xff\xd8\xff\xe0\0\4ab\xff\xff\xff\xc4\0\5abc"                                            \
	"\xff\xc2\0\x11\x08\0\xc8\1\x2c\3"

#define TIFF_LITTLE                                                                                \
	"II*\0\x0a\0\0\0..\3\0\xfe\0\4\0\1\0\0\0\0\0\0\0"                                          \
	"\0\1\3\0\1\0\0\0\x2c\1\0\0\1\1\4\0\1\0\0\0\xc8\0\0\0"
#define TIFF_BIG                                                                                   \
	"MM\0*\0\0\0\x08\0\2"                                                                      \
	"\1\0\0\3\0\0\0\1\1\x2c\0\0\1\1\0\4\0\0\0\1\0\0\0\xc8"

static void headers_tell_width_and_height(void **state)
{
	(void)state;
	assert_size(PNG, sizeof(PNG) - 1, 3840, 2160);
	assert_size(JPEG, sizeof(JPEG) - 1, 300, 200);
	assert_size(TIFF_LITTLE, sizeof(TIFF_LITTLE) - 1, 300, 200);
	assert_size(TIFF_BIG, sizeof(TIFF_BIG) - 1, 300, 200);
}

/* An APP1 with EXIF data of one entry, the orientation, in either byte order; then a frame of 300x200. */
#define FRAME "\xff\xc2\0\x11\x08\0\xc8\1\x2c\3"
#define EXIF_BIG(orientation)                                                                      \
	"\xff\xd8\xff\xe1\0\x1e"                                                                   \
	"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0" orientation "\0\0" FRAME
#define EXIF_LITTLE(orientation)                                                                   \
	"\xff\xd8\xff\xe1\0\x1e"                                                                   \
	"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0" orientation "\0\0\0" FRAME

static void orientations_that_turn_the_photo_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *data;
		bool turned;
	} cases[] = {
		{ EXIF_BIG("\1"), false },    { EXIF_BIG("\6"), true },
		{ EXIF_BIG("\x9"), false },   { EXIF_LITTLE("\3"), false },
		{ EXIF_LITTLE("\x8"), true }, { EXIF_LITTLE("\5"), true },
	};
	const size_t length = sizeof(EXIF_BIG("\1")) - 1;
	assert_int_equal(length, sizeof(EXIF_LITTLE("\1")) - 1);
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		struct fc_photo_size size;
		assert_int_equal(read_size(cases[i].data, length, &size), FC_OK);
		assert_int_equal(size.width, 300);
		assert_int_equal(size.height, 200);
		assert_int_equal(size.turned, cases[i].turned);
	}
}

static void a_header_that_is_cut_off_tells_nothing_wrong(void **state)
{
	(void)state;
	static const struct {
		const char *data;
		size_t length, start;
		uint32_t width, height;
	} cases[] = {
		{ PNG, sizeof(PNG) - 1, 8, 3840, 2160 },
		{ JPEG, sizeof(JPEG) - 1, 3, 300, 200 },
		{ TIFF_LITTLE, sizeof(TIFF_LITTLE) - 1, 4, 300, 200 },
		{ TIFF_BIG, sizeof(TIFF_BIG) - 1, 4, 300, 200 },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(cases); i++) {
		for (size_t length = cases[i].start; length < cases[i].length; length++) {
			struct fc_photo_size size;
			assert_int_equal(read_size(cases[i].data, length, &size), FC_OK);
			assert_true(size.width == 0 || size.width == cases[i].width);
			assert_true(size.height == 0 || size.height == cases[i].height);
		}
	}
}

static void a_jpeg_of_nothing_but_segments_ends(void **state)
{
	(void)state;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer data = { 0 };
	fc_buffer_append(&data, "\xff\xd8", 2);
	for (int i = 0; i < 5000; i++) {
		fc_buffer_append(&data, "\xff\xe1\0\2", 4);
	}
	fc_buffer_append(&data, "\xff\xc0\0\x11\x08\0\xc8\1\x2c\3", 10);
	assert_size((const char *)data.data, data.length, 0, 0);
}

static void what_is_no_image_is_refused(void **state)
{
	(void)state;
	struct fc_photo_size size;
	assert_int_equal(read_size("", 0, &size), FC_BAD_IMAGE);
	assert_int_equal(read_size("hello", 5, &size), FC_BAD_IMAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_tell_width_and_height),
		cmocka_unit_test(orientations_that_turn_the_photo_are_read),
		cmocka_unit_test(a_header_that_is_cut_off_tells_nothing_wrong),
		cmocka_unit_test(a_jpeg_of_nothing_but_segments_ends),
		cmocka_unit_test(what_is_no_image_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
