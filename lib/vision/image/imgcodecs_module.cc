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
/* Convert a picture with 8 bits per channel. premultiplied: the colours are already multiplied by alpha. */
void to_rgb(const cv::Mat &picture, bool premultiplied, uint8_t *rgb)
{
	const int channels = picture.channels();
	for (int y = 0; y < picture.rows; y++) {
		const uint8_t *pixel = picture.ptr<uint8_t>(y);
		for (int x = 0; x < picture.cols; x++, pixel += channels, rgb += 3) {
			const uint8_t alpha = channels == 4 ? pixel[3] : 255;
			for (int i = 0; i < 3; i++) {
				const uint8_t value = pixel[2 - i];
				rgb[i] = premultiplied
						 ? cv::saturate_cast<uint8_t>(value + 255 - alpha)
						 : fc_over_white(value, alpha);
			}
		}
	}
}

/*
 * Only IMREAD_UNCHANGED keeps an alpha channel, but it leaves palettes and single channels as they are; a TIFF without alpha is therefore
 * decoded again as colour.
 */
cv::Mat decode_any(const cv::Mat &bytes, enum fc_image_format format)
{
	if (format != FC_IMAGE_BMP) {
		cv::Mat picture = cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
		if (format == FC_IMAGE_WEBP || picture.channels() == 4) {
			return picture;
		}
	}
	return cv::imdecode(bytes, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
}

enum fc_image_format format_of(const void *data)
{
	const uint8_t first = *static_cast<const uint8_t *>(data);
	return first == 'R' ? FC_IMAGE_WEBP : first == 'B' ? FC_IMAGE_BMP : FC_IMAGE_TIFF;
}

enum facectl_imgcodecs_result decode(const void *data, size_t length, uint32_t width,
				     uint32_t height, uint8_t *rgb)
{
	cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
	cv::setNumThreads(1);
	const cv::Mat bytes(1, static_cast<int>(length), CV_8UC1, const_cast<void *>(data));
	const enum fc_image_format format = format_of(data);
	cv::Mat picture = decode_any(bytes, format);
	/* libtiff multiplies the colours of 8-bit pictures by alpha; those of 16 bits come as they are. */
	const bool premultiplied = format == FC_IMAGE_TIFF && picture.depth() == CV_8U;
	if (picture.depth() == CV_16U) {
		picture.convertTo(picture, CV_8U, 1 / 257.0);
	}
	if (picture.empty() || picture.depth() != CV_8U || picture.channels() < 3) {
		return FACECTL_IMGCODECS_BROKEN;
	}
	if (picture.cols != static_cast<int>(width) || picture.rows != static_cast<int>(height)) {
		return FACECTL_IMGCODECS_OTHER_SIZE;
	}
	to_rgb(picture, premultiplied, rgb);
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
