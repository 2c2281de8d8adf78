/*
 * The header of every record, in front of its payload: CRC-32C (u32) of the key, the rest of the header and the payload; layout version
 * (u8); database (u8). Numbers are little-endian, texts a u32 length and bytes.
 *
 * How records may change:
 * - A field may be appended to a payload. Readers ignore bytes after the fields that they know, and treat a missing field as empty or
 *   zero. Because an older facectl would lose such a field when it rewrites the record, the gallery's write format is raised with it:
 *   older versions can then read the gallery but not change it.
 * - Any other change raises the record's layout version and the gallery's read format: older versions then refuse to open the gallery.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_RECORD_HEADER_H
#define FC_GALLERY_STORE_RECORD_HEADER_H

#include "base/buffer.h"
#include "base/error.h"
#include "gallery/store/databases.h"
#include "gallery/store/keys.h"

enum {
	FC_RECORD_HEADER_SIZE = 6,
	/* bytes including the header; all records except codes are much smaller */
	FC_RECORD_MAXIMUM = 131072,
	FC_CODES_MAXIMUM = 8 << 20, /* bytes of a record of FC_DB_CODES */
};

/* The layout version of a database's records. */
uint8_t fc_record_version(enum fc_database database);

/* Write the header for this key and payload. */
void fc_record_seal(enum fc_database database, const struct fc_key *key, const void *payload,
		    size_t length, uint8_t header[FC_RECORD_HEADER_SIZE]);

/*
 * Check a record and borrow its payload. FC_DAMAGED: too short, from another database, or with a wrong CRC. FC_INCOMPATIBLE: undamaged, but
 * with a layout version that this facectl does not know.
 */
enum fc_status fc_record_open(enum fc_database database, const struct fc_key *key,
			      const void *record, size_t length, struct fc_reader *payload);

/* Like fc_record_open, but without checking the CRC, for records that are too large to be read completely at every use. */
enum fc_status fc_record_peek(enum fc_database database, const void *record, size_t length,
			      struct fc_reader *payload);

#endif
