/*
 * Records as tables: a row for each field, in the order in which they are packed. What writes a record and what reads it go by the
 * same rows.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_FIELDS_H
#define FC_BASE_FIELDS_H

#include "base/buffer.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/uuid.h"

enum fc_field_kind {
	FC_FIELD_END = 0, /* the last row of a table */
	FC_FIELD_FLAG,    /* bool, as a u8: 0 or 1; any other is taken for 1 */
	FC_FIELD_NUMBER,  /* a whole number of 1, 2, 4 or 8 bytes */
	FC_FIELD_FLOATS,  /* one or more floats */
	FC_FIELD_FIXED,   /* double of 0 to 400000, as a u32 of ten-thousandths */
	FC_FIELD_BYTES,   /* as they are */
	FC_FIELD_CHOICE,  /* an enum from 0 on, as a u8 or u32 */
	FC_FIELD_NAME,    /* char[], as a text without the NUL that it has room for */
	FC_FIELD_TEXT,    /* char *, as a text; NULL as the empty one, and back */
};

struct fc_field {
	enum fc_field_kind kind;
	size_t offset;
	size_t size;  /* in the struct */
	size_t width; /* FC_FIELD_CHOICE: packed */
	size_t limit; /* FC_FIELD_CHOICE: the highest value; FC_FIELD_TEXT: of bytes */
};

/* The kind that a member's type has by itself. */
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

/* A row of a member whose type says all; and of the others. */
#define FC_FIELD(record, member)                                                                   \
	{                                                                                          \
		.kind = FC_FIELD_KIND_OF(FC_FIELD_MEMBER(record, member)),                         \
		FC_FIELD_PLACE(record, member)                                                     \
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

void fc_fields_put(struct fc_buffer *out, const struct fc_field *fields, const void *record);

/*
 * The inverse. Members without a row are left as they are, and texts are not released before they are replaced. Errors: FC_DAMAGED,
 * FC_NO_MEMORY; in has failed then too, and the texts of all rows are NULL.
 */
FC_MUST_USE enum fc_status fc_fields_get(struct fc_reader *in, const struct fc_field *fields,
					 void *record);

#endif
