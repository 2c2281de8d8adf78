/* Read the EXIF orientation with libexif. */
/* SPDX-License-Identifier: MIT */
#include "vision/image/exif.h"

#include <libexif/exif-data.h>
#include <string.h>

static const char marker[] = { 'E', 'x', 'i', 'f', 0, 0 };

/* The maximum size of a JPEG's APP1 segment, in bytes. The orientation is in the first directory. */
enum { EXIF_MAXIMUM = 65533 };

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
		if (entry && entry->format == EXIF_FORMAT_SHORT && entry->components >= 1 &&
		    entry->size >= 2) {
			ExifShort value =
				exif_get_short(entry->data, exif_data_get_byte_order(exif));
			orientation = value >= 1 && value <= 8 ? (uint8_t)value : 1;
		}
		exif_data_unref(exif);
	}
	return orientation;
}
