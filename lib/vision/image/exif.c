/* Read the EXIF orientation with libexif. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/exif.h"

#include <libexif/exif-data.h>
#include <string.h>

static const char marker[] = { 'E', 'x', 'i', 'f', 0, 0 };

/* The maximum size of a JPEG's APP1 segment, in bytes. The orientation is in the first directory. */
enum { EXIF_MAXIMUM = 65533 };

static double ratio(double numerator, double denominator)
{
	return denominator != 0 ? numerator / denominator : 0;
}

/* The first value of an entry. The specification has SHORT, but phones and editors also write the other numeric types. 0: none. */
static double first_value(const ExifEntry *entry, ExifByteOrder order)
{
	const unsigned char *data = entry->data;
	if (entry->components < 1 || entry->size < exif_format_get_size(entry->format)) {
		return 0;
	}
	switch (entry->format) {
	case EXIF_FORMAT_BYTE:
		return data[0];
	case EXIF_FORMAT_SBYTE:
		return (signed char)data[0];
	case EXIF_FORMAT_SHORT:
		return exif_get_short(data, order);
	case EXIF_FORMAT_SSHORT:
		return exif_get_sshort(data, order);
	case EXIF_FORMAT_LONG:
		return exif_get_long(data, order);
	case EXIF_FORMAT_SLONG:
		return exif_get_slong(data, order);
	case EXIF_FORMAT_RATIONAL:
		return ratio(exif_get_long(data, order), exif_get_long(data + 4, order));
	case EXIF_FORMAT_SRATIONAL:
		return ratio(exif_get_slong(data, order), exif_get_slong(data + 4, order));
	default:
		return 0;
	}
}

uint8_t fc_exif_orientation(const uint8_t *data, size_t length)
{
	uint8_t block[EXIF_MAXIMUM];
	size_t used = 0;
	uint8_t orientation = 1;

	if (length < sizeof(marker) || memcmp(data, marker, sizeof(marker)) != 0) {
		memcpy(block, marker, sizeof(marker));
		used = sizeof(marker);
	}
	if (length > sizeof(block) - used) {
		length = sizeof(block) - used;
	}
	memcpy(block + used, data, length);

	ExifData *exif = exif_data_new();
	if (exif) {
		/* Without this option libexif does not repair what it reads. */
		exif_data_unset_option(exif, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
		exif_data_load_data(exif, block, (unsigned)(used + length));
		const ExifEntry *entry =
			exif_content_get_entry(exif->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
		double value = entry ? first_value(entry, exif_data_get_byte_order(exif)) : 0;
		if (value >= 1 && value < 9) {
			orientation = (uint8_t)value;
		}
		exif_data_unref(exif);
	}
	return orientation;
}
