/* Any bytes as a photo: the header is read and checked against limits, then the pixels are decoded and turned, without the codecs module. */
/* SPDX-License-Identifier: MIT */
#include "fuzz.h"
#include "vision/image/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fc_image_limits limits = { .bytes = 1 << 20,
						       .pixels = 1 << 16,
						       .side = 1024 };
	FC_CLEANUP(fc_image_release) struct fc_image image = { 0 };
	struct fc_image_header header;
	struct fc_error err = { 0 };
	if (fc_image_probe(data, size, &limits, NULL, &header, &err) != FC_OK) {
		FUZZ_CHECK(err.text[0] != '\0');
		return 0;
	}
	FUZZ_CHECK((uint64_t)header.width * header.height <= limits.pixels);
	FUZZ_CHECK(header.orientation >= 1 && header.orientation <= 8);
	if (fc_image_decode(data, size, &header, NULL, &image, &err) != FC_OK) {
		FUZZ_CHECK(err.text[0] != '\0' && !image.pixels);
		return 0;
	}
	FUZZ_CHECK((uint64_t)image.width * image.height == (uint64_t)header.width * header.height);
	return 0;
}
