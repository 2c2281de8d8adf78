/* Merges rows of several indexes of entries in order of time. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/entry_merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct fc_entry_range {
	struct fc_store_cursor cursor;
	enum fc_database database;
	struct fc_key prefix;
	bool opened, ended;
	int64_t time; /* time of the next row */
	uint64_t id;
};

void fc_entry_merge_release(struct fc_entry_merge *merge)
{
	for (size_t i = 0; i < merge->count; i++) {
		fc_store_cursor_release(&merge->ranges[i].cursor);
	}
	free(merge->ranges);
	merge->ranges = NULL;
	merge->count = merge->capacity = 0;
}

enum fc_status fc_entry_merge_add(struct fc_entry_merge *merge, enum fc_database database,
				  const struct fc_key *prefix, struct fc_error *err)
{
	for (size_t i = 0; i < merge->count; i++) {
		const struct fc_key *known = &merge->ranges[i].prefix;
		if (merge->ranges[i].database == database && known->length == prefix->length &&
		    memcmp(known->bytes, prefix->bytes, prefix->length) == 0) {
			return FC_OK;
		}
	}
	FC_TRY(fc_array_grow(&merge->ranges, sizeof(*merge->ranges), merge->count, &merge->capacity,
			     err));
	merge->ranges[merge->count++] = (struct fc_entry_range){
		.database = database,
		.prefix = *prefix,
	};
	return FC_OK;
}

/* Start at the first row of the range in the merge's order: the oldest or the newest. */
static enum fc_status open_range(const struct fc_entry_merge *merge, struct fc_entry_range *range,
				 struct fc_error *err)
{
	const struct fc_entry_span *span = &merge->span;
	range->opened = true;
	if (merge->oldest_first) {
		struct fc_key start = fc_key_at_time(&range->prefix, span->since);
		return fc_store_walk(merge->txn, range->database, &range->prefix,
				     span->has_since ? &start : NULL, &range->cursor, err);
	}
	struct fc_key end = fc_key_at_time(&range->prefix, span->until);
	return fc_store_walk_back(merge->txn, range->database, &range->prefix,
				  span->has_until ? &end : NULL, &range->cursor, err);
}

static enum fc_status advance(const struct fc_entry_merge *merge, struct fc_entry_range *range,
			      struct fc_error *err)
{
	const struct fc_entry_span *span = &merge->span;
	struct fc_key key;
	struct fc_reader payload;
	if (!range->opened) {
		FC_TRY(open_range(merge, range, err));
	}
	enum fc_status status = fc_store_next(&range->cursor, &key, &payload, err);
	if (status == FC_NOT_FOUND) {
		range->ended = true;
		return FC_OK;
	}
	FC_TRY(status);
	range->time = fc_key_get_time(&key, range->prefix.length);
	range->id = fc_key_get_u64(&key, range->prefix.length + 8);
	range->ended = merge->oldest_first ? span->has_until && range->time >= span->until
					   : span->has_since && range->time < span->since;
	return FC_OK;
}

static bool comes_before(const struct fc_entry_merge *merge, const struct fc_entry_range *a,
			 const struct fc_entry_range *b)
{
	bool older = a->time != b->time ? a->time < b->time : a->id < b->id;
	return older == merge->oldest_first;
}

enum fc_status fc_entry_merge_next(struct fc_entry_merge *merge, uint64_t *id, struct fc_error *err)
{
	struct fc_entry_range *first = NULL;
	for (size_t i = 0; i < merge->count; i++) {
		struct fc_entry_range *range = &merge->ranges[i];
		if (!range->opened) {
			FC_TRY(advance(merge, range, err));
		}
		if (!range->ended && (!first || comes_before(merge, range, first))) {
			first = range;
		}
	}
	if (!first) {
		return FC_NOT_FOUND;
	}
	*id = first->id;
	return advance(merge, first, err);
}
