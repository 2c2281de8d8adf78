/* Values of PostgreSQL in its binary format: parameters of statements, and columns of their results. Pure functions, without a connection. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_POSTGRES_VALUES_H
#define FC_GALLERY_POSTGRES_VALUES_H

#include <libpq-fe.h>

#include "base/buffer.h"
#include "base/uuid.h"
#include "gallery/postgres/tables.h"

enum { FC_PG_PARAMS = 2 * FC_PG_KEYS + FC_PG_COLUMNS + 8 };

/* { 0 } is empty. Release it. */
struct fc_pg_params {
	int count;
	Oid types[FC_PG_PARAMS];
	struct {
		size_t at;
		int length; /* -1: NULL */
	} places[FC_PG_PARAMS];
	struct fc_buffer bytes;
};

void fc_pg_params_release(struct fc_pg_params *params);

/* Types of pg_type.h. */
enum {
	FC_PG_OID_BOOL = 16,
	FC_PG_OID_BYTEA = 17,
	FC_PG_OID_INT8 = 20,
	FC_PG_OID_INT2 = 21,
	FC_PG_OID_INT4 = 23,
	FC_PG_OID_TEXT = 25,
	FC_PG_OID_FLOAT4 = 700,
	FC_PG_OID_FLOAT4_ARRAY = 1021,
	FC_PG_OID_TEXT_ARRAY = 1009,
	FC_PG_OID_INT8_ARRAY = 1016,
	FC_PG_OID_DATE = 1082,
	FC_PG_OID_TIME = 1184,
	FC_PG_OID_UUID = 2950,
	FC_PG_OID_UUID_ARRAY = 2951,
};

/* Append a parameter; bytes NULL: the value NULL. */
void fc_pg_add(struct fc_pg_params *params, Oid type, const void *bytes, size_t length);
void fc_pg_add_int8(struct fc_pg_params *params, int64_t value);
void fc_pg_add_text(struct fc_pg_params *params, const char *text);
void fc_pg_add_uuid(struct fc_pg_params *params, const struct fc_uuid *uuid);
void fc_pg_add_time(struct fc_pg_params *params, int64_t time);

/* Append an array. Each item is appended to *items by fc_pg_array_item; begin with { 0 }, and release it. */
void fc_pg_array_item(struct fc_buffer *items, const void *bytes, size_t length);
void fc_pg_add_array(struct fc_pg_params *params, Oid array_type, Oid item_type,
		     const struct fc_buffer *items, size_t count);

/*
 * Append the parts of a payload as parameters, one for each column. False if the bytes are not what `columns` describes.
 */
FC_MUST_USE bool fc_pg_add_payload(struct fc_pg_params *params, const struct fc_pg_column *columns,
				   const struct fc_buffer *payload);

/*
 * Append the parts of a key that are complete. *rest: the bytes that follow them, an incomplete part, such as the beginning of a UUID.
 * Returns the number of parts.
 */
size_t fc_pg_add_key(struct fc_pg_params *params, const struct fc_pg_column *keys,
		     const struct fc_key *key, struct fc_reader *rest);

/* Append a row's payload to *out: the columns of the result from `first` on. False if a column has an unexpected value. */
FC_MUST_USE bool fc_pg_get_payload(const PGresult *result, int row, int first,
				   const struct fc_pg_column *columns, struct fc_buffer *out);

/* Read a row's key from the columns of the result from `first` on. */
FC_MUST_USE bool fc_pg_get_key(const PGresult *result, int row, int first,
			       const struct fc_pg_column *keys, struct fc_key *out);

/* Columns of a result; 0 if NULL. */
int64_t fc_pg_int(const PGresult *result, int row, int column);
int64_t fc_pg_time(const PGresult *result, int row, int column);
struct fc_uuid fc_pg_uuid(const PGresult *result, int row, int column);

#endif
