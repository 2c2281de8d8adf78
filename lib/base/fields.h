/* Packing of structs by a table with one row per member, in packing order. Writer and reader use the same table. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_FIELDS_H
#define FC_BASE_FIELDS_H

#include "base/buffer.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/uuid.h"

enum fc_field_kind {
	FC_FIELD_END = 0, /* the last row of a table */
	FC_FIELD_FLAG,    /* bool, as a u8; any value but 0 is read as 1 */
	FC_FIELD_NUMBER,  /* integer of 1, 2, 4 or 8 bytes */
	FC_FIELD_FLOATS,  /* one or more floats */
	FC_FIELD_FIXED,   /* double of 0 to 400000, as a u32 of ten-thousandths */
	FC_FIELD_BYTES,   /* struct of bytes, copied as it is */
	FC_FIELD_CHOICE,  /* enum with values from 0 on, as a u8 or u32 */
	FC_FIELD_NAME,    /* char[] that ends with a NUL, as a length and bytes */
	FC_FIELD_TEXT,    /* char *, as a length and bytes; NULL is packed as the empty text */
};

struct fc_field {
	enum fc_field_kind kind;
	size_t offset;
	size_t size;   /* bytes of the member */
	size_t width;  /* FC_FIELD_CHOICE: bytes when packed */
	size_t limit;  /* FC_FIELD_CHOICE: highest value; FC_FIELD_TEXT: maximum length in bytes */
	bool appended; /* added to the table later; if the packed bytes end before it, it is zero */
};

/* The kind of field for a member's type. */
#define FC_FIELD_KIND_OF(member)                                                                   \
	_Generic(                                                                                  \
		(member),                                                                          \
		bool: FC_FIELD_FLAG,                                                               \
		uint8_t: FC_FIELD_NUMBER,                                                          \
		uint16_t: FC_FIELD_NUMBER,                                                         \
		uint32_t: FC_FIELD_NUMBER,                                                         \
		int32_t: FC_FIELD_NUMBER,                                                          \
		uint64_t: FC_FIELD_NUMBER,                                                         \
		int64_t: FC_FIELD_NUMBER,                                                          \
		float: FC_FIELD_FLOATS,                                                            \
		float *: FC_FIELD_FLOATS,                                                          \
		double: FC_FIELD_FIXED,                                                          \
		struct fc_sha256: FC_FIELD_BYTES,                                                  \
		struct fc_uuid: FC_FIELD_BYTES)

#define FC_FIELD_MEMBER(record, member) (((record *)0)->member)
#define FC_FIELD_PLACE(record, member)                                                             \
	.offset = offsetof(record, member), .size = sizeof(FC_FIELD_MEMBER(record, member))

/* Rows of a table. FC_FIELD and FC_FIELD_APPENDED derive the kind from the member's type; the other macros set it. */
#define FC_FIELD(record, member)                                                                   \
	{                                                                                          \
		.kind = FC_FIELD_KIND_OF(FC_FIELD_MEMBER(record, member)),                         \
		FC_FIELD_PLACE(record, member)                                                     \
	}
#define FC_FIELD_APPENDED(record, member)                                                          \
	{                                                                                          \
		.kind = FC_FIELD_KIND_OF(FC_FIELD_MEMBER(record, member)),                         \
		FC_FIELD_PLACE(record, member), .appended = true                                   \
	}
#define FC_FIELD_AS(kind_, record, member)                                                         \
	{                                                                                          \
		.kind = (kind_), FC_FIELD_PLACE(record, member)                                    \
	}
#define FC_FIELD_OF_CHOICES(record, member, bytes, highest)                                        \
	{                                                                                          \
		.kind = FC_FIELD_CHOICE, FC_FIELD_PLACE(record, member), .width = (bytes),         \
		.limit = (highest)                                                                 \
	}
#define FC_FIELD_OF_TEXT(record, member, bytes)                                                    \
	{                                                                                          \
		.kind = FC_FIELD_TEXT, FC_FIELD_PLACE(record, member), .limit = (bytes)            \
	}
#define FC_FIELD_OF_TEXT_APPENDED(record, member, bytes)                                           \
	{                                                                                          \
		.kind = FC_FIELD_TEXT, FC_FIELD_PLACE(record, member), .limit = (bytes),           \
		.appended = true                                                                   \
	}

void fc_fields_put(struct fc_buffer *out, const struct fc_field *fields, const void *record);

/*
 * Unpack what fc_fields_put packed. Members without a row are not changed; texts are overwritten without being released. Errors:
 * FC_DAMAGED, FC_NO_MEMORY. On an error in->failed is set, and the texts of all rows are NULL.
 */
enum fc_status fc_fields_get(struct fc_reader *in, const struct fc_field *fields, void *record);

#endif
