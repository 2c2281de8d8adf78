/* Determine the format of an image file by its first bytes. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/signature.h"

#include <stdint.h>
#include <string.h>

struct prefix {
	const uint8_t *data;
	size_t length;
};

static bool has(struct prefix prefix, size_t offset, const char *magic, size_t length)
{
	return prefix.length >= offset + length && memcmp(prefix.data + offset, magic, length) == 0;
}

/* Many text files start with "BM", so the size of the header must be valid too. */
static bool is_bmp(struct prefix prefix)
{
	static const uint8_t sizes[] = { 12, 40, 52, 56, 64, 108, 124 };
	if (!has(prefix, 0, "BM", 2) || !has(prefix, 15, "\0\0\0", 3)) {
		return false;
	}
	return memchr(sizes, prefix.data[14], sizeof(sizes)) != NULL;
}

enum fc_image_format fc_signature(const void *data, size_t length)
{
	struct prefix prefix = { data, length };
	enum fc_image_format format = FC_IMAGE_UNKNOWN;

	if (has(prefix, 0, "\xff\xd8\xff", 3)) {
		return FC_IMAGE_JPEG;
	}
	if (has(prefix, 0, "\x89PNG\r\n\x1a\n", 8)) {
		return FC_IMAGE_PNG;
	}
	if (has(prefix, 0, "RIFF", 4) && has(prefix, 8, "WEBPVP8", 7)) {
		format = FC_IMAGE_WEBP;
	} else if (has(prefix, 0, "II*\0", 4) || has(prefix, 0, "MM\0*", 4)) {
		format = FC_IMAGE_TIFF;
	} else if (is_bmp(prefix)) {
		format = FC_IMAGE_BMP;
	}
	/* Refuse files with these words far from the start, since OpenCV would also try its GDCM and GDAL decoders on them. */
	bool for_other_decoders = has(prefix, 128, "DICM", 4) || has(prefix, 140, "DTED", 4);
	return for_other_decoders ? FC_IMAGE_UNKNOWN : format;
}

enum fc_status fc_signature_check(const void *data, size_t length, enum fc_image_format *out,
				  struct fc_error *err)
{
	if (length == 0) {
		return fc_fail(err, FC_BAD_IMAGE, "empty image");
	}
	enum fc_image_format format = fc_signature(data, length);
	if (format == FC_IMAGE_UNKNOWN) {
		return fc_fail(err, FC_BAD_IMAGE, "not a JPEG, PNG, WebP, BMP or TIFF image");
	}
	*out = format;
	return FC_OK;
}

bool fc_format_needs_codecs(enum fc_image_format format)
{
	return format == FC_IMAGE_WEBP || format == FC_IMAGE_BMP || format == FC_IMAGE_TIFF;
}
