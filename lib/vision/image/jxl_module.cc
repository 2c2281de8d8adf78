/* facectl-jxl.so: libjxl for JPEG XL, in one thread, behind C functions that catch every exception. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/jxl_module.h"

#include <jxl/decode.h>
#include <memory>
#include <new>
#include <sys/mman.h>
#include <vector>

extern "C" {
#include "vision/image/image.h"
}

namespace
{
struct destroy {
	void operator()(JxlDecoder *decoder) const
	{
		JxlDecoderDestroy(decoder);
	}
};

using decoder_handle = std::unique_ptr<JxlDecoder, destroy>;

/* Photos have three colours, and sometimes alpha; libjxl decodes all channels, also those that are not shown, such as depth. */
constexpr uint32_t EXTRA_CHANNELS_MAXIMUM = 4;

/*
 * Bytes for each pixel that libjxl 0.7 needs at most for photos: 31 were measured (lossless and responsive, or a transcoded JPEG; others
 * need 4), and 8 more for each extra channel.
 */
constexpr size_t BYTES_PER_PIXEL = 36;
constexpr size_t BYTES_PER_EXTRA_CHANNEL = 8;

decoder_handle open(const void *data, size_t length, int events)
{
	decoder_handle decoder(JxlDecoderCreate(nullptr));
	if (!decoder) {
		throw std::bad_alloc();
	}
	const bool fine =
		JxlDecoderSubscribeEvents(decoder.get(), events) == JXL_DEC_SUCCESS &&
		JxlDecoderSetUnpremultiplyAlpha(decoder.get(), JXL_TRUE) == JXL_DEC_SUCCESS &&
		JxlDecoderSetInput(decoder.get(), static_cast<const uint8_t *>(data), length) ==
			JXL_DEC_SUCCESS;
	if (!fine) {
		decoder.reset();
	} else {
		JxlDecoderCloseInput(decoder.get());
	}
	return decoder;
}

/* Continue the decoder; false unless it reaches this event. */
bool reaches(JxlDecoder *decoder, JxlDecoderStatus event)
{
	return JxlDecoderProcessInput(decoder) == event;
}

enum facectl_imgcodecs_result read_size(const void *data, size_t length, struct facectl_size *out)
{
	const decoder_handle decoder = open(data, length, JXL_DEC_BASIC_INFO);
	JxlBasicInfo info;
	if (!decoder || !reaches(decoder.get(), JXL_DEC_BASIC_INFO) ||
	    JxlDecoderGetBasicInfo(decoder.get(), &info) != JXL_DEC_SUCCESS) {
		return FACECTL_IMGCODECS_BROKEN;
	}
	for (uint32_t i = 0; i < info.num_extra_channels; i++) {
		JxlExtraChannelInfo channel;
		if (i == EXTRA_CHANNELS_MAXIMUM ||
		    JxlDecoderGetExtraChannelInfo(decoder.get(), i, &channel) != JXL_DEC_SUCCESS ||
		    channel.type == JXL_CHANNEL_BLACK) {
			return FACECTL_IMGCODECS_UNSUPPORTED;
		}
	}
	/* libjxl has already swapped the sides if the orientation does. */
	*out = { info.xsize, info.ysize, info.have_animation == JXL_TRUE };
	return FACECTL_IMGCODECS_OK;
}

/* libjxl aborts when it gets no memory, so try first whether the memory limit of the process leaves enough. */
bool has_memory(const JxlBasicInfo &info)
{
	const size_t size = static_cast<size_t>(info.xsize) * info.ysize *
			    (BYTES_PER_PIXEL + BYTES_PER_EXTRA_CHANNEL * info.num_extra_channels);
	void *trial = mmap(nullptr, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return trial != MAP_FAILED && munmap(trial, size) == 0;
}

/* Pictures with libjxl's own colours are converted to sRGB; of the others, the numbers are used as they are. */
void prefer_srgb(JxlDecoder *decoder, const JxlBasicInfo &info)
{
	JxlColorEncoding colours = {};
	colours.color_space =
		info.num_color_channels == 1 ? JXL_COLOR_SPACE_GRAY : JXL_COLOR_SPACE_RGB;
	colours.white_point = JXL_WHITE_POINT_D65;
	colours.primaries = JXL_PRIMARIES_SRGB;
	colours.transfer_function = JXL_TRANSFER_FUNCTION_SRGB;
	colours.rendering_intent = JXL_RENDERING_INTENT_PERCEPTUAL;
	static_cast<void>(JxlDecoderSetPreferredColorProfile(decoder, &colours));
}

enum facectl_imgcodecs_result decode(const void *data, size_t length, uint32_t width,
				     uint32_t height, uint8_t *rgb)
{
	const decoder_handle decoder = open(
		data, length, JXL_DEC_BASIC_INFO | JXL_DEC_COLOR_ENCODING | JXL_DEC_FULL_IMAGE);
	JxlBasicInfo info;
	if (!decoder || !reaches(decoder.get(), JXL_DEC_BASIC_INFO) ||
	    JxlDecoderGetBasicInfo(decoder.get(), &info) != JXL_DEC_SUCCESS ||
	    !reaches(decoder.get(), JXL_DEC_COLOR_ENCODING)) {
		return FACECTL_IMGCODECS_BROKEN;
	}
	if (info.xsize != width || info.ysize != height) {
		return FACECTL_IMGCODECS_OTHER_SIZE;
	}
	if (!has_memory(info)) {
		return FACECTL_IMGCODECS_NO_MEMORY;
	}
	prefer_srgb(decoder.get(), info);
	const JxlPixelFormat format = { info.alpha_bits > 0 ? 4U : 3U, JXL_TYPE_UINT8,
					JXL_NATIVE_ENDIAN, 0 };
	const size_t size = static_cast<size_t>(width) * height * format.num_channels;
	std::vector<uint8_t> with_alpha(format.num_channels == 4 ? size : 0);
	uint8_t *pixels = format.num_channels == 4 ? with_alpha.data() : rgb;
	if (!reaches(decoder.get(), JXL_DEC_NEED_IMAGE_OUT_BUFFER) ||
	    JxlDecoderSetImageOutBuffer(decoder.get(), &format, pixels, size) != JXL_DEC_SUCCESS ||
	    !reaches(decoder.get(), JXL_DEC_FULL_IMAGE)) {
		return FACECTL_IMGCODECS_BROKEN;
	}
	for (size_t i = 0; i < with_alpha.size(); i += 4, rgb += 3) {
		for (size_t k = 0; k < 3; k++) {
			rgb[k] = fc_over_white(with_alpha[i + k], with_alpha[i + 3]);
		}
	}
	return FACECTL_IMGCODECS_OK;
}

template <typename function> enum facectl_imgcodecs_result guarded(const function &call)
{
	try {
		return call();
	} catch (const std::bad_alloc &) {
		return FACECTL_IMGCODECS_NO_MEMORY;
	} catch (...) {
		return FACECTL_IMGCODECS_BROKEN;
	}
}
} // namespace

bool facectl_jxl_start(void)
{
	return JxlDecoderVersion() > 0;
}

enum facectl_imgcodecs_result facectl_jxl_size(const void *data, size_t length,
					       struct facectl_size *out)
{
	return guarded([&] { return read_size(data, length, out); });
}

enum facectl_imgcodecs_result facectl_jxl_decode(const void *data, size_t length, uint32_t width,
						 uint32_t height, uint8_t *rgb)
{
	return guarded([&] { return decode(data, length, width, height, rgb); });
}
