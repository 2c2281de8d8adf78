/* Values of PostgreSQL in its binary format. */
/* SPDX-License-Identifier: MIT */
#include "gallery/postgres/values.h"

#include <string.h>

#include "gallery/postgres/numbers.h"

void fc_pg_params_release(struct fc_pg_params *params)
{
	fc_buffer_release(&params->bytes);
	params->count = 0;
}

/* ---- parameters ---- */

/* Begin a parameter; its bytes are appended to params->bytes until end_value. */
static void begin_value(struct fc_pg_params *params, Oid type)
{
	if (params->count == FC_PG_PARAMS) {
		params->bytes.failed = true;
		params->count--;
	}
	params->types[params->count] = type;
	params->places[params->count].at = params->bytes.length;
}

static void end_value(struct fc_pg_params *params, bool is_null)
{
	size_t length = params->bytes.length - params->places[params->count].at;
	params->places[params->count].length = is_null ? -1 : (int)length;
	params->count++;
}

void fc_pg_add(struct fc_pg_params *params, Oid type, const void *bytes, size_t length)
{
	begin_value(params, type);
	if (bytes) {
		fc_buffer_append(&params->bytes, bytes, length);
	}
	end_value(params, !bytes);
}

static void add_number(struct fc_pg_params *params, Oid type, uint64_t value, size_t size)
{
	begin_value(params, type);
	fc_pg_put_number(&params->bytes, value, size);
	end_value(params, false);
}

void fc_pg_add_int8(struct fc_pg_params *params, int64_t value)
{
	add_number(params, FC_PG_OID_INT8, (uint64_t)value, 8);
}

void fc_pg_add_text(struct fc_pg_params *params, const char *text)
{
	fc_pg_add(params, FC_PG_OID_TEXT, text, text ? strlen(text) : 0);
}

void fc_pg_add_uuid(struct fc_pg_params *params, const struct fc_uuid *uuid)
{
	fc_pg_add(params, FC_PG_OID_UUID, uuid->bytes, sizeof(uuid->bytes));
}

void fc_pg_add_time(struct fc_pg_params *params, int64_t time)
{
	add_number(params, FC_PG_OID_TIME, (uint64_t)fc_pg_time_to_server(time), 8);
}

void fc_pg_array_item(struct fc_buffer *items, const void *bytes, size_t length)
{
	fc_pg_put_number(items, length, 4);
	fc_buffer_append(items, bytes, length);
}

static void put_array_header(struct fc_buffer *out, Oid item_type, size_t count)
{
	fc_pg_put_number(out, count > 0 ? 1 : 0, 4); /* dimensions */
	fc_pg_put_number(out, 0, 4);                 /* no NULL */
	fc_pg_put_number(out, item_type, 4);
	if (count > 0) {
		fc_pg_put_number(out, count, 4);
		fc_pg_put_number(out, 1, 4); /* the first index */
	}
}

void fc_pg_add_array(struct fc_pg_params *params, Oid array_type, Oid item_type,
		     const struct fc_buffer *items, size_t count)
{
	begin_value(params, array_type);
	put_array_header(&params->bytes, item_type, count);
	fc_buffer_append(&params->bytes, items->data, items->length);
	params->bytes.failed = params->bytes.failed || items->failed;
	end_value(params, false);
}

/* ---- records to parameters ---- */

static void add_floats(struct fc_pg_params *params, struct fc_reader *in, unsigned count)
{
	begin_value(params, count == 1 ? FC_PG_OID_FLOAT4 : FC_PG_OID_FLOAT4_ARRAY);
	if (count > 1) {
		put_array_header(&params->bytes, FC_PG_OID_FLOAT4, count);
	}
	for (unsigned i = 0; i < count; i++) {
		if (count > 1) {
			fc_pg_put_number(&params->bytes, sizeof(float), 4);
		}
		fc_pg_put_number(&params->bytes, fc_reader_u32(in), 4);
	}
	end_value(params, false);
}

/* Length and bytes, or a count and items of a size. */
static void add_counted(struct fc_pg_params *params, struct fc_reader *in, Oid type,
			size_t item_size, bool empty_is_null)
{
	size_t length = fc_reader_u32(in) * item_size;
	const uint8_t *bytes = fc_reader_borrow(in, length);
	static const uint8_t nothing[1];
	fc_pg_add(params, type, length > 0 ? bytes : empty_is_null ? NULL : nothing, length);
}

static void add_column(struct fc_pg_params *params, const struct fc_pg_column *column,
		       struct fc_reader *in)
{
	switch (column->kind) {
	case FC_PG_U8:
		add_number(params, FC_PG_OID_INT2, fc_reader_u8(in), 2);
		break;
	case FC_PG_U16:
		add_number(params, FC_PG_OID_INT4, fc_reader_u16(in), 4);
		break;
	case FC_PG_U32:
		add_number(params, FC_PG_OID_INT8, fc_reader_u32(in), 8);
		break;
	case FC_PG_U64:
		add_number(params, FC_PG_OID_INT8, fc_reader_u64(in), 8);
		break;
	case FC_PG_TIME:
		fc_pg_add_time(params, (int64_t)fc_reader_u64(in));
		break;
	case FC_PG_FLAG:
		add_number(params, FC_PG_OID_BOOL, fc_reader_u8(in) != 0, 1);
		break;
	case FC_PG_FLOATS:
		add_floats(params, in, column->size);
		break;
	case FC_PG_UUID:
		fc_pg_add(params, FC_PG_OID_UUID, fc_reader_borrow(in, sizeof(struct fc_uuid)),
			  sizeof(struct fc_uuid));
		break;
	case FC_PG_BYTES:
		fc_pg_add(params, FC_PG_OID_BYTEA, fc_reader_borrow(in, column->size),
			  column->size);
		break;
	case FC_PG_TEXT:
	case FC_PG_LABEL:
		add_counted(params, in, FC_PG_OID_TEXT, 1, column->kind == FC_PG_TEXT);
		break;
	case FC_PG_PATH:
		add_counted(params, in, FC_PG_OID_BYTEA, 1, true);
		break;
	case FC_PG_TEMPLATE:
		add_counted(params, in, FC_PG_OID_BYTEA, sizeof(float), true);
		break;
	case FC_PG_SUMS:
		add_counted(params, in, FC_PG_OID_BYTEA, sizeof(uint64_t), true);
		break;
	case FC_PG_REST:
		fc_pg_add(params, FC_PG_OID_BYTEA, in->data ? in->data : (const uint8_t *)"",
			  in->left);
		in->left = 0;
		break;
	default:
		in->failed = true;
		break;
	}
}

bool fc_pg_add_payload(struct fc_pg_params *params, const struct fc_pg_column *columns,
		       const struct fc_buffer *payload)
{
	struct fc_reader in =
		fc_reader_of(payload ? payload->data : NULL, payload ? payload->length : 0);
	unsigned flags = 0;
	for (const struct fc_pg_column *column = columns; column->kind != FC_PG_END; column++) {
		if (column->kind == FC_PG_HAS) {
			flags = fc_reader_u8(&in);
			continue;
		}
		add_column(params, column, &in);
		if (column->bit > 0 && (flags >> (column->bit - 1) & 1) == 0) {
			params->places[params->count - 1].length = -1;
		}
	}
	return fc_reader_done(&in);
}

/* Bytes of a part of a key; SIZE_MAX if it is incomplete. */
static size_t key_part_length(const struct fc_pg_column *column, const struct fc_reader *in)
{
	const uint8_t *end;
	size_t length;
	switch (column->kind) {
	case FC_PG_U16:
		length = 2;
		break;
	case FC_PG_U32:
		length = 4;
		break;
	case FC_PG_UUID:
		length = sizeof(struct fc_uuid);
		break;
	case FC_PG_BYTES:
		length = column->size;
		break;
	case FC_PG_NAME:
		end = in->left > 0 ? memchr(in->data, '\0', in->left) : NULL;
		return end ? (size_t)(end - in->data) + 1 : SIZE_MAX;
	case FC_PG_KEY_TEXT:
		return in->left > 0 ? in->left : SIZE_MAX;
	case FC_PG_LAST_U64:
		return in->left == 0 ? 0 : 8;
	default:
		length = 8;
		break;
	}
	return length <= in->left ? length : SIZE_MAX;
}

static void add_key_part(struct fc_pg_params *params, const struct fc_pg_column *column,
			 const uint8_t *bytes, size_t length)
{
	const uint64_t sign = UINT64_C(1) << 63;
	switch (column->kind) {
	case FC_PG_U16:
		add_number(params, FC_PG_OID_INT4, fc_pg_get_number(bytes, 2), 4);
		break;
	case FC_PG_U32:
		add_number(params, FC_PG_OID_INT8, fc_pg_get_number(bytes, 4), 8);
		break;
	case FC_PG_U64:
		add_number(params, FC_PG_OID_INT8, fc_pg_get_number(bytes, 8), 8);
		break;
	case FC_PG_LAST_U64:
		fc_pg_add_int8(params, length == 0 ? -1 : (int64_t)fc_pg_get_number(bytes, 8));
		break;
	case FC_PG_TIME:
		fc_pg_add_time(params, (int64_t)(fc_pg_get_number(bytes, 8) ^ sign));
		break;
	case FC_PG_DAY: {
		int64_t day = (int64_t)(fc_pg_get_number(bytes, 8) ^ sign) - FC_PG_EPOCH_DAY;
		const int64_t first = -2451545, last = 2145031948; /* of the type date */
		day = day < first ? first : day > last ? last : day;
		add_number(params, FC_PG_OID_DATE, (uint64_t)day, 4);
		break;
	}
	case FC_PG_UUID:
		fc_pg_add(params, FC_PG_OID_UUID, bytes, length);
		break;
	case FC_PG_NAME:
		fc_pg_add(params, FC_PG_OID_TEXT, bytes, length - 1);
		break;
	case FC_PG_KEY_TEXT:
		fc_pg_add(params, FC_PG_OID_TEXT, bytes, length);
		break;
	default:
		fc_pg_add(params, FC_PG_OID_BYTEA, bytes, length);
		break;
	}
}

size_t fc_pg_add_key(struct fc_pg_params *params, const struct fc_pg_column *keys,
		     const struct fc_key *key, struct fc_reader *rest)
{
	struct fc_reader in = fc_reader_of(key->bytes, key->length);
	size_t count = 0;
	for (; keys[count].kind != FC_PG_END; count++) {
		size_t length = key_part_length(&keys[count], &in);
		if (length == SIZE_MAX) {
			break;
		}
		add_key_part(params, &keys[count], in.data, length);
		FC_IGNORE(fc_reader_borrow(&in, length));
	}
	*rest = in;
	return count;
}
