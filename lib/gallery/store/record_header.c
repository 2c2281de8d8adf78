/* The header of every record: checksum, version, database. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/record_header.h"

enum { CRC_SIZE = 4 };

uint8_t fc_record_version(enum fc_database database)
{
	switch (database) {
	case FC_DB_SEGMENT: /* 1: of faces; 2: codes in one plane */
	case FC_DB_CODES:
		return 3;
	case FC_DB_MEAN: /* 1: the vector instead of the sum */
		return 2;
	default:
		return 1;
	}
}

static uint32_t checksum(const struct fc_key *key, const uint8_t *header, const void *payload,
			 size_t length)
{
	uint32_t crc = fc_crc32c(0, key->bytes, key->length);
	crc = fc_crc32c(crc, header + CRC_SIZE, FC_RECORD_HEADER_SIZE - CRC_SIZE);
	return fc_crc32c(crc, payload, length);
}

void fc_record_seal(enum fc_database database, const struct fc_key *key, const void *payload,
		    size_t length, uint8_t header[FC_RECORD_HEADER_SIZE])
{
	header[CRC_SIZE] = fc_record_version(database);
	header[CRC_SIZE + 1] = (uint8_t)database;
	uint32_t crc = checksum(key, header, payload, length);
	for (size_t i = 0; i < CRC_SIZE; i++) {
		header[i] = (uint8_t)(crc >> (8 * i));
	}
}

/* A header that was read, and the payload after it. */
struct parsed {
	uint32_t crc;
	uint8_t version;
	struct fc_reader payload;
};

static bool parse_header(enum fc_database database, const void *record, size_t length,
			 struct parsed *out)
{
	size_t maximum = database == FC_DB_CODES ? FC_CODES_MAXIMUM : FC_RECORD_MAXIMUM;
	if (length < FC_RECORD_HEADER_SIZE || length > maximum) {
		return false;
	}
	out->payload = fc_reader_of(record, length);
	out->crc = fc_reader_u32(&out->payload);
	out->version = fc_reader_u8(&out->payload);
	return fc_reader_u8(&out->payload) == database;
}

enum fc_status fc_record_open(enum fc_database database, const struct fc_key *key,
			      const void *record, size_t length, struct fc_reader *payload)
{
	struct parsed parsed;
	if (!parse_header(database, record, length, &parsed) ||
	    parsed.crc != checksum(key, record, parsed.payload.data, parsed.payload.left)) {
		return FC_DAMAGED;
	}
	if (parsed.version != fc_record_version(database)) {
		return FC_INCOMPATIBLE;
	}
	*payload = parsed.payload;
	return FC_OK;
}

enum fc_status fc_record_peek(enum fc_database database, const void *record, size_t length,
			      struct fc_reader *payload)
{
	struct parsed parsed;
	if (!parse_header(database, record, length, &parsed) ||
	    parsed.version != fc_record_version(database)) {
		return FC_DAMAGED;
	}
	*payload = parsed.payload;
	return FC_OK;
}
