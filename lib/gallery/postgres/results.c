/* Columns of results, as numbers and as parts of records. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gallery/postgres/numbers.h"
#include "gallery/postgres/values.h"

int64_t fc_pg_int(const PGresult *result, int row, int column)
{
	int length = PQgetlength(result, row, column);
	uint64_t value = length > 0 && length <= 8
				 ? fc_pg_get_number(PQgetvalue(result, row, column), (size_t)length)
				 : 0;
	return length == 4   ? (int64_t)(int32_t)(uint32_t)value
	       : length == 2 ? (int64_t)(int16_t)(uint16_t)value
			     : (int64_t)value;
}

int64_t fc_pg_time(const PGresult *result, int row, int column)
{
	return PQgetisnull(result, row, column)
		       ? 0
		       : fc_pg_time_from_server(fc_pg_int(result, row, column));
}

struct fc_uuid fc_pg_uuid(const PGresult *result, int row, int column)
{
	struct fc_uuid uuid = { 0 };
	if (PQgetlength(result, row, column) == sizeof(uuid)) {
		memcpy(uuid.bytes, PQgetvalue(result, row, column), sizeof(uuid));
	}
	return uuid;
}

static bool get_floats(const char *value, size_t length, unsigned count, struct fc_buffer *out)
{
	const char *floats = value;
	size_t step = sizeof(float);
	if (count > 1) {
		/* five numbers before the items, each of which begins with its length */
		step += 4;
		floats += 20 + 4;
		if (length != 20 + count * step) {
			return false;
		}
	} else if (length != sizeof(float)) {
		return false;
	}
	for (unsigned i = 0; i < count; i++) {
		fc_buffer_put_u32(out, (uint32_t)fc_pg_get_number(floats + i * step, 4));
	}
	return true;
}

static void put_zeros(struct fc_buffer *out, size_t count)
{
	while (count-- > 0) {
		fc_buffer_put_u8(out, 0);
	}
}

/* Bytes of the zeros that a column without a value has in a record. */
static size_t packed_length(const struct fc_pg_column *column)
{
	switch (column->kind) {
	case FC_PG_U8:
	case FC_PG_FLAG:
		return 1;
	case FC_PG_U16:
		return 2;
	case FC_PG_FLOATS:
		return column->size * sizeof(float);
	case FC_PG_UUID:
		return sizeof(struct fc_uuid);
	case FC_PG_BYTES:
		return column->size;
	case FC_PG_U64:
	case FC_PG_TIME:
		return 8;
	case FC_PG_REST:
		return 0;
	default:
		return 4; /* also a length or count */
	}
}

static bool get_column(const PGresult *result, int row, int at, const struct fc_pg_column *column,
		       struct fc_buffer *out)
{
	const char *value = PQgetvalue(result, row, at);
	size_t length = (size_t)PQgetlength(result, row, at);
	uint64_t number = (uint64_t)fc_pg_int(result, row, at);
	size_t unit = column->kind == FC_PG_TEMPLATE ? sizeof(float)
		      : column->kind == FC_PG_SUMS   ? sizeof(uint64_t)
						     : 1;
	switch (column->kind) {
	case FC_PG_U8:
	case FC_PG_FLAG:
		fc_buffer_put_u8(out, (uint8_t)number);
		return true;
	case FC_PG_U16:
		fc_buffer_put_u16(out, (uint16_t)number);
		return true;
	case FC_PG_U32:
		fc_buffer_put_u32(out, (uint32_t)number);
		return true;
	case FC_PG_U64:
		fc_buffer_put_u64(out, number);
		return true;
	case FC_PG_TIME:
		fc_buffer_put_u64(out, (uint64_t)fc_pg_time_from_server((int64_t)number));
		return true;
	case FC_PG_FLOATS:
		return get_floats(value, length, column->size, out);
	case FC_PG_UUID:
	case FC_PG_BYTES:
		fc_buffer_append(out, value, length);
		return length == packed_length(column);
	case FC_PG_REST:
		fc_buffer_append(out, value, length);
		return true;
	default:
		fc_buffer_put_u32(out, (uint32_t)(length / unit));
		fc_buffer_append(out, value, length);
		return length % unit == 0;
	}
}

bool fc_pg_get_payload(const PGresult *result, int row, int first,
		       const struct fc_pg_column *columns, struct fc_buffer *out)
{
	size_t flags_at = 0;
	int at = first;
	for (const struct fc_pg_column *column = columns; column->kind != FC_PG_END; column++) {
		if (column->kind == FC_PG_HAS) {
			flags_at = out->length;
			fc_buffer_put_u8(out, 0);
			continue;
		}
		bool is_null = PQgetisnull(result, row, at);
		if (is_null) {
			put_zeros(out, packed_length(column));
		} else if (!get_column(result, row, at, column, out)) {
			return false;
		}
		if (column->bit > 0 && !is_null && fc_buffer_ok(out)) {
			out->data[flags_at] |= (uint8_t)(1u << (column->bit - 1));
		}
		at++;
	}
	return true;
}

bool fc_pg_get_key(const PGresult *result, int row, int first, const struct fc_pg_column *keys,
		   struct fc_key *out)
{
	const uint64_t sign = UINT64_C(1) << 63;
	FC_CLEANUP(fc_buffer_release) struct fc_buffer bytes = { 0 };
	for (int i = 0; keys[i].kind != FC_PG_END; i++) {
		int at = first + i;
		uint64_t number = (uint64_t)fc_pg_int(result, row, at);
		switch (keys[i].kind) {
		case FC_PG_U16:
			fc_pg_put_number(&bytes, number, 2);
			break;
		case FC_PG_U32:
			fc_pg_put_number(&bytes, number, 4);
			break;
		case FC_PG_U64:
			fc_pg_put_number(&bytes, number, 8);
			break;
		case FC_PG_LAST_U64:
			fc_pg_put_number(&bytes, number, number == UINT64_MAX ? 0 : 8);
			break;
		case FC_PG_TIME:
			fc_pg_put_number(&bytes,
					 (uint64_t)fc_pg_time_from_server((int64_t)number) ^ sign,
					 8);
			break;
		case FC_PG_DAY:
			fc_pg_put_number(&bytes, (number + (uint64_t)FC_PG_EPOCH_DAY) ^ sign, 8);
			break;
		default:
			fc_buffer_append(&bytes, PQgetvalue(result, row, at),
					 (size_t)PQgetlength(result, row, at));
			if (keys[i].kind == FC_PG_NAME) {
				fc_buffer_put_u8(&bytes, 0);
			}
			break;
		}
	}
	*out = (struct fc_key){ .length = bytes.length };
	if (!fc_buffer_ok(&bytes) || bytes.length > sizeof(out->bytes)) {
		return false;
	}
	memcpy(out->bytes, bytes.data, bytes.length);
	return true;
}
