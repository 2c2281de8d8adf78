/* The query parameters of the platforms that filter entries. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_PROTOCOL_PLATFORM_FILTER_H
#define FC_PROTOCOL_PLATFORM_FILTER_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/error.h"
#include "protocol/person_id.h"
#include "protocol/platform_dialect.h"

/* { 0 } passes all entries. Arrays are borrowed. */
struct fc_platform_filter {
	const struct fc_uuid *pids;
	const char *const *other_ids; /* see struct fc_entry_filter */
	size_t pid_count;
	const uint64_t *origins, *spaces; /* numbers */
	size_t origin_count, space_count;
	unsigned results, sexes, moods, livenesses; /* bits 1 << value; 0: any */
	bool has_age_from, has_age_to;
	unsigned age_from, age_to;
	bool has_since, has_until;
	int64_t since, until; /* microseconds since the epoch */
};

/*
 * Call put for each parameter, in the order of the documents. Lists are one parameter, separated by commas. What the dialect cannot express is
 * left out. Errors: FC_NO_MEMORY, and those of put.
 */
enum fc_status fc_platform_filter_each(const struct fc_platform_filter *filter,
				       const struct fc_platform_dialect *dialect,
				       enum fc_status (*put)(void *context, const char *name,
							     const char *value,
							     struct fc_error *err),
				       void *context, struct fc_error *err);

/* Append "&pid=...&result=new%2Cha", percent-encoded. */
enum fc_status fc_platform_filter_query(const struct fc_platform_filter *filter,
					const struct fc_platform_dialect *dialect,
					struct fc_buffer *out, struct fc_error *err);

#endif
