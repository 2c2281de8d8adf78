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
	if (has(prefix, 0, "\xff\x0a", 2) || has(prefix, 0, "\0\0\0\x0cJXL \r\n\x87\n", 12)) {
		return FC_IMAGE_JXL;
	}
	if (has(prefix, 0, "GIF87a", 6) || has(prefix, 0, "GIF89a", 6)) {
		return FC_IMAGE_GIF;
	}
	if (has(prefix, 0, "RIFF", 4) && has(prefix, 8, "WEBPVP8", 7)) {
		format = FC_IMAGE_WEBP;
	} else if (has(prefix, 0, "II*\0", 4) || has(prefix, 0, "MM\0*", 4)) {
		format = FC_IMAGE_TIFF;
	} else if (is_bmp(prefix)) {
		format = FC_IMAGE_BMP;
	} else if (has(prefix, 4, "ftyp", 4)) {
		format = has(prefix, 8, "avif", 4)                               ? FC_IMAGE_AVIF
			 : has(prefix, 8, "hei", 3) || has(prefix, 8, "mif1", 4) ? FC_IMAGE_HEIC
										 : FC_IMAGE_UNKNOWN;
	}
	/* Refuse files with these words far from the start, since OpenCV would also try its GDCM and GDAL decoders on them. */
	bool for_other_decoders = has(prefix, 128, "DICM", 4) || has(prefix, 140, "DTED", 4);
	return for_other_decoders ? FC_IMAGE_UNKNOWN : format;
}

/* The brands of ISO base media files (ISO/IEC 14496-12, 4.3): photos of phones, and films. */
static const char *media_of(struct prefix prefix)
{
	static const struct {
		const char *brand, *name;
	} brands[] = {
		{ "hevc", "HEIC sequence" }, { "hevx", "HEIC sequence" },
		{ "msf1", "HEIF sequence" }, { "avis", "AVIF sequence" },
		{ "crx ", "Canon CR3" },     { "qt  ", "QuickTime film" },
	};
	if (!has(prefix, 4, "ftyp", 4) || prefix.length < 12) {
		return NULL;
	}
	for (size_t i = 0; i < sizeof(brands) / sizeof(brands[0]); i++) {
		if (has(prefix, 8, brands[i].brand, 4)) {
			return brands[i].name;
		}
	}
	return "MP4 film";
}

const char *fc_signature_unsupported(const void *data, size_t length)
{
	static const struct {
		const char *magic;
		size_t length;
		const char *name;
	} kinds[] = {
		{ "\0\0\0\x0cjP  \r\n\x87\n", 12, "JPEG 2000" },
		{ "\xff\x4f\xff\x51", 4, "JPEG 2000" },
		{ "8BPS", 4, "Photoshop" },
		{ "%PDF-", 5, "PDF" },
		{ "FUJIFILMCCD-RAW", 15, "Fujifilm RAF" },
		{ "IIRO", 4, "Olympus ORF" },
		{ "IIU\0", 4, "Panasonic RW2" },
		{ "PK\x03\x04", 4, "ZIP" },
		{ "\x1a\x45\xdf\xa3", 4, "Matroska film" },
		{ "II+\0", 4, "BigTIFF" },
		{ "MM\0+", 4, "BigTIFF" },
		{ "<svg", 4, "SVG" },
	};
	const struct prefix prefix = { data, length };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (has(prefix, 0, kinds[i].magic, kinds[i].length)) {
			return kinds[i].name;
		}
	}
	return media_of(prefix);
}

enum fc_status fc_signature_check(const void *data, size_t length, enum fc_image_format *out,
				  struct fc_error *err)
{
	if (length == 0) {
		return fc_fail(err, FC_BAD_IMAGE, "empty image");
	}
	enum fc_image_format format = fc_signature(data, length);
	if (format == FC_IMAGE_UNKNOWN) {
		const char *unsupported = fc_signature_unsupported(data, length);
		return unsupported
			       ? fc_fail(err, FC_BAD_IMAGE,
					 "%s is not supported; convert the file to JPEG, PNG or WebP",
					 unsupported)
			       : fc_fail(err, FC_BAD_IMAGE,
					 "not a JPEG, PNG, WebP, HEIC, AVIF, JPEG XL, GIF, BMP or TIFF image");
	}
	*out = format;
	return FC_OK;
}

bool fc_format_needs_codecs(enum fc_image_format format)
{
	return format != FC_IMAGE_UNKNOWN && format != FC_IMAGE_JPEG && format != FC_IMAGE_PNG &&
	       format != FC_IMAGE_GIF;
}
