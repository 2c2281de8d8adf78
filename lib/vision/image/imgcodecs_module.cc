/* facectl-imgcodecs.so: OpenCV's decoders behind one C function that catches every exception. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/imgcodecs_module.h"

#include <new>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>

extern "C" {
#include "vision/image/image.h"
}

namespace
{
/* Convert a picture with 8 bits per channel. */
void to_rgb(const cv::Mat &picture, uint8_t *rgb)
{
	const int channels = picture.channels();
	for (int y = 0; y < picture.rows; y++) {
		const uint8_t *pixel = picture.ptr<uint8_t>(y);
		for (int x = 0; x < picture.cols; x++, pixel += channels, rgb += 3) {
			const uint8_t alpha = channels == 4 ? pixel[3] : 255;
			rgb[0] = fc_over_white(pixel[2], alpha);
			rgb[1] = fc_over_white(pixel[1], alpha);
			rgb[2] = fc_over_white(pixel[0], alpha);
		}
	}
}

/* The alpha channel is read for WebP only, which always has 8 bits per channel. */
int flags_for(const void *data)
{
	const bool webp = *static_cast<const uint8_t *>(data) == 'R';
	return webp ? cv::IMREAD_UNCHANGED : cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION;
}

enum facectl_imgcodecs_result decode(const void *data, size_t length, uint32_t width,
				     uint32_t height, uint8_t *rgb)
{
	cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
	cv::setNumThreads(1);
	const cv::Mat bytes(1, static_cast<int>(length), CV_8UC1, const_cast<void *>(data));
	const cv::Mat picture = cv::imdecode(bytes, flags_for(data));
	if (picture.empty() || picture.depth() != CV_8U || picture.channels() < 3) {
		return FACECTL_IMGCODECS_BROKEN;
	}
	if (picture.cols != static_cast<int>(width) || picture.rows != static_cast<int>(height)) {
		return FACECTL_IMGCODECS_OTHER_SIZE;
	}
	to_rgb(picture, rgb);
	return FACECTL_IMGCODECS_OK;
}
} // namespace

enum facectl_imgcodecs_result facectl_imgcodecs_decode(const void *data, size_t length,
						       uint32_t width, uint32_t height,
						       uint8_t *rgb)
{
	try {
		return decode(data, length, width, height, rgb);
	} catch (const cv::Exception &exception) {
		return exception.code == cv::Error::StsNoMem ? FACECTL_IMGCODECS_NO_MEMORY
							     : FACECTL_IMGCODECS_BROKEN;
	} catch (const std::bad_alloc &) {
		return FACECTL_IMGCODECS_NO_MEMORY;
	} catch (...) {
		return FACECTL_IMGCODECS_BROKEN;
	}
}
