/*
 * Which table has the records of a database of the gallery, and which column has which part of a key and a payload. A record's bytes (rows/)
 * are taken apart into real columns, and put together again when it is read.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_POSTGRES_TABLES_H
#define FC_GALLERY_POSTGRES_TABLES_H

#include "gallery/store/databases.h"
#include "gallery/store/keys.h"

/* How a part of a payload or a key is packed, and the type of its column. */
enum fc_pg_kind {
	FC_PG_END,
	FC_PG_U8,       /* smallint */
	FC_PG_U16,      /* integer */
	FC_PG_U32,      /* bigint; also a double as ten-thousandths */
	FC_PG_U64,      /* bigint: numbers of 2^63 and more are negative there */
	FC_PG_TIME,     /* microseconds since 1970: timestamptz; the largest one is infinity */
	FC_PG_DAY,      /* days since 1970: date; only in keys */
	FC_PG_FLAG,     /* boolean */
	FC_PG_FLOATS,   /* `size` floats: real if it is 1, otherwise real[] */
	FC_PG_UUID,     /* uuid */
	FC_PG_BYTES,    /* `size` bytes: bytea */
	FC_PG_TEXT,     /* length and bytes: text; NULL if empty */
	FC_PG_LABEL,    /* the same, never NULL */
	FC_PG_PATH,     /* length and bytes that need not be UTF-8: bytea; NULL if empty */
	FC_PG_TEMPLATE, /* a count and as many floats: bytea; NULL if the count is 0 */
	FC_PG_SUMS,     /* a count and as many u64: likewise */
	FC_PG_REST,     /* all remaining bytes: bytea */
	FC_PG_HAS, /* a byte of flags, without a column: bit N - 1 says whether the column with .bit = N has a value */
	FC_PG_NAME,     /* only in keys: bytes up to a NUL: text */
	FC_PG_KEY_TEXT, /* only in keys: all remaining bytes: text */
	FC_PG_LAST_U64, /* only in keys: as U64; -1 if the key ends before it */
};

struct fc_pg_column {
	const char *name;
	enum fc_pg_kind kind;
	unsigned size;
	unsigned bit;
};

enum { FC_PG_KEYS = 6, FC_PG_COLUMNS = 24 };

struct fc_pg_table {
	const char *name;
	const struct fc_pg_column *keys; /* at most FC_PG_KEYS, then FC_PG_END */
	const struct fc_pg_column
		*columns;      /* of the payload: at most FC_PG_COLUMNS, then FC_PG_END */
	const char *condition; /* which rows of the table an index contains; NULL: all */
	enum fc_database of;   /* an index: the database whose table this is; otherwise 0 */
	bool unique;           /* an index whose keys are unique in the gallery */
	bool shared;           /* several processes may store the same record at once */
	bool no_upsert;        /* the key is not unique for PostgreSQL: partitions */
};

/* The table of a record. NULL: the store has none, because it keeps something else instead (segments). key: selects a record of FC_DB_META. */
const struct fc_pg_table *fc_pg_table_of(enum fc_database database, const struct fc_key *key);

/* The number of a column list. */
size_t fc_pg_column_count(const struct fc_pg_column *columns);

#endif
