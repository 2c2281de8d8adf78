/* Shrinking a picture gives what OpenCV's INTER_AREA gives. */
/* SPDX-License-Identifier: MIT */
#include <opencv2/imgproc.hpp>

extern "C" {
#include "vision/image/shrink.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
}

namespace
{
/* Elsewhere OpenCV may round a product and a sum at once. */
#ifdef __x86_64__
constexpr double kLargestDifference = 0;
#else
constexpr double kLargestDifference = 1;
#endif

void pixels_are_those_of_opencv(void **)
{
	static const struct {
		int width, height, to_width, to_height;
	} sizes[] = {
		{ 4032, 3024, 1280, 960 },
		{ 1281, 961, 1280, 960 },
		{ 1279, 853, 320, 213 },
		{ 333, 777, 100, 50 },
		{ 97, 61, 96, 61 },
		{ 500, 375, 320, 240 },
		{ 7, 5, 1, 1 },
		{ 3, 2, 2, 1 },
		{ 1000, 1, 333, 1 },
	};
	for (const auto &size : sizes) {
		cv::Mat photo(size.height, size.width, CV_8UC3), expected, found;
		cv::randu(photo, 0, 256);
		cv::resize(photo, expected, cv::Size(size.to_width, size.to_height), 0, 0,
			   cv::INTER_AREA);
		found.create(expected.size(), CV_8UC3);
		const fc_image in = { photo.data, static_cast<uint32_t>(size.width),
				      static_cast<uint32_t>(size.height), photo.step };
		fc_image out = { found.data, static_cast<uint32_t>(size.to_width),
				 static_cast<uint32_t>(size.to_height), found.step };
		fc_error err = {};
		assert_int_equal(fc_image_shrink(&in, &out, &err), FC_OK);
		assert_true(cv::norm(expected, found, cv::NORM_INF) <= kLargestDifference);
	}
}
} // namespace

int main()
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(pixels_are_those_of_opencv) };
	return cmocka_run_group_tests(tests, nullptr, nullptr);
}
