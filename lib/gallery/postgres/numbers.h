/* Numbers and times as PostgreSQL sends them: the highest byte first. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_POSTGRES_NUMBERS_H
#define FC_GALLERY_POSTGRES_NUMBERS_H

#include "base/buffer.h"

/* PostgreSQL counts microseconds and days from the beginning of the year 2000. */
#define FC_PG_EPOCH (INT64_C(946684800) * 1000000)
#define FC_PG_EPOCH_DAY INT64_C(10957)

static inline void fc_pg_put_number(struct fc_buffer *out, uint64_t value, size_t size)
{
	uint8_t bytes[8];
	for (size_t i = 0; i < size; i++) {
		bytes[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
	}
	fc_buffer_append(out, bytes, size);
}

static inline uint64_t fc_pg_get_number(const void *from, size_t size)
{
	const uint8_t *bytes = from;
	uint64_t value = 0;
	for (size_t i = 0; i < size; i++) {
		value = value << 8 | bytes[i];
	}
	return value;
}

static inline int64_t fc_pg_time_to_server(int64_t time)
{
	return time == INT64_MAX                ? INT64_MAX     /* infinity */
	       : time < INT64_MIN + FC_PG_EPOCH ? INT64_MIN + 1 /* rejected as out of range */
						: time - FC_PG_EPOCH;
}

static inline int64_t fc_pg_time_from_server(int64_t time)
{
	return time > INT64_MAX - FC_PG_EPOCH ? INT64_MAX : time + FC_PG_EPOCH;
}

#endif
