/* Queries of the log of entries. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/entry_query.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "gallery/rows/entry_day.h"
#include "gallery/rows/entry_merge.h"
#include "gallery/rows/parts.h"
#include "gallery/store/engine.h"

/* ---- matching ---- */

static bool has_bit(unsigned bits, unsigned value)
{
	return bits == 0 || (bits >> value & 1) != 0;
}

static bool has_pid(const struct fc_entry_query *query, const struct fc_entry *entry)
{
	bool found = query->pid_count == 0;
	for (size_t i = 0; i < query->pid_count && !found; i++) {
		found = entry->has_pid && fc_uuid_equal(&query->pids[i], &entry->pid);
	}
	return found;
}

static bool has_origin(const struct fc_entry_query *query, const struct fc_entry *entry)
{
	bool found = query->origin_count == 0;
	for (size_t i = 0; i < query->origin_count && !found; i++) {
		found = entry->origin && strcmp(query->origins[i], entry->origin) == 0;
	}
	return found;
}

static bool has_space(const struct fc_entry_query *query, const struct fc_entry *entry)
{
	bool found = query->space_count == 0;
	for (size_t i = 0; i < query->space_count && !found; i++) {
		found = query->spaces[i] == entry->space;
	}
	return found;
}

static bool has_age(const struct fc_entry_query *query, const struct fc_entry *entry)
{
	if (!query->has_age_from && !query->has_age_to) {
		return true;
	}
	return entry->has_age && (!query->has_age_from || entry->age >= query->age_from) &&
	       (!query->has_age_to || entry->age <= query->age_to);
}

static bool matches(const struct fc_entry_query *query, const struct fc_entry *entry)
{
	return has_bit(query->results, entry->result) && has_bit(query->sexes, entry->sex) &&
	       has_bit(query->moods, entry->mood) && has_bit(query->livenesses, entry->liveness) &&
	       has_age(query, entry) && (!query->has_since || entry->created >= query->since) &&
	       (!query->has_until || entry->created < query->until) && has_pid(query, entry) &&
	       has_origin(query, entry) && has_space(query, entry) &&
	       (!query->has_photo || fc_sha256_equal(&query->photo, &entry->photo));
}

/*
 * Whether the rows of the index are exactly the result, so that entries need not be read to match them. The index selects persons, or
 * origins and spaces, and always times.
 */
static bool index_decides(const struct fc_entry_query *query)
{
	bool by_person = query->pid_count > 0;
	return query->results == 0 && query->sexes == 0 && query->moods == 0 &&
	       query->livenesses == 0 && !query->has_age_from && !query->has_age_to &&
	       !query->has_photo &&
	       (!by_person || (query->origin_count == 0 && query->space_count == 0));
}

/* ---- choosing the rows ---- */

/* The spaces of a query without duplicates; all spaces if the query names none. */
struct space_ids {
	uint32_t *items;
	size_t count;
};

static void space_ids_release(struct space_ids *ids)
{
	free(ids->items);
}

static enum fc_status list_space_ids(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
				     struct space_ids *out, struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space *spaces = NULL;
	size_t count = 0;
	FC_TRY(fc_space_list(txn, &spaces, &count, err));
	out->items = calloc(count + 1, sizeof(*out->items));
	if (!out->items) {
		return fc_fail_memory(err);
	}
	for (size_t i = 0; i < count; i++) {
		struct fc_entry any_of = { .space = spaces[i].id };
		if (has_space(query, &any_of)) {
			out->items[out->count++] = spaces[i].id;
		}
	}
	return FC_OK;
}

static enum fc_status add_rows(struct fc_entry_merge *merge, const struct fc_entry_query *query,
			       struct fc_error *err)
{
	FC_CLEANUP(space_ids_release) struct space_ids spaces = { 0 };
	for (size_t i = 0; i < query->pid_count; i++) {
		struct fc_key prefix = fc_key_pid(&query->pids[i]);
		FC_TRY(fc_entry_merge_add(merge, FC_DB_ENTRY_PERSON, &prefix, err));
	}
	if (query->pid_count > 0) {
		return FC_OK;
	}
	FC_TRY(list_space_ids(merge->txn, query, &spaces, err));
	for (size_t i = 0; i < spaces.count; i++) {
		struct fc_key prefix = fc_key_space(spaces.items[i]);
		if (query->origin_count == 0) {
			FC_TRY(fc_entry_merge_add(merge, FC_DB_ENTRY_TIME, &prefix, err));
		}
		for (size_t k = 0; k < query->origin_count; k++) {
			prefix = fc_key_name(spaces.items[i], query->origins[k]);
			FC_TRY(fc_entry_merge_add(merge, FC_DB_ENTRY_ORIGIN, &prefix, err));
		}
	}
	return FC_OK;
}

static struct fc_entry_merge merge_of(struct fc_gallery_txn *txn,
				      const struct fc_entry_query *query)
{
	return (struct fc_entry_merge){
		.txn = txn,
		.span = { query->has_since, query->has_until, query->since, query->until },
		.oldest_first = query->oldest_first,
	};
}

/* ---- visiting ---- */

struct visitor {
	struct fc_gallery_txn *txn;
	const struct fc_entry_query *query;
	uint64_t offset;
	fc_entry_visit *visit;
	void *context;
};

/* Visit an entry if it matches and the offset has been skipped. */
static enum fc_status visit_entry(struct visitor *visitor, uint64_t id, bool *more,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
	if (visitor->offset > 0 && index_decides(visitor->query)) {
		visitor->offset--;
		return FC_OK;
	}
	enum fc_status status = fc_entry_get(visitor->txn, id, &entry, err);
	struct fc_key key = fc_key_u64(id);
	FC_TRY(fc_store_followed(visitor->txn, FC_DB_ENTRY, &key, status,
				 "an index refers to it, but it is missing", err));
	if (!matches(visitor->query, &entry)) {
		return FC_OK;
	}
	if (visitor->offset > 0) {
		visitor->offset--;
		return FC_OK;
	}
	*more = visitor->visit(&entry, visitor->context);
	return FC_OK;
}

enum fc_status fc_entry_each_after(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
				   uint64_t after, fc_entry_visit *visit, void *context,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key everything = { 0 }, key;
	struct fc_key start = fc_key_u64(after + 1);
	struct fc_reader payload;
	if (after == UINT64_MAX) {
		return FC_OK;
	}
	if (fc_engine_in(txn)) {
		return fc_engine_in(txn)->entry_each(txn, query, 0, &after, visit, context, err);
	}
	FC_TRY(fc_store_walk(txn, FC_DB_ENTRY, &everything, &start, &cursor, err));
	for (bool more = true; more;) {
		FC_CLEANUP(fc_entry_release) struct fc_entry entry = { 0 };
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		entry.id = fc_key_get_u64(&key, 0);
		FC_TRY(fc_store_decoded(txn, FC_DB_ENTRY, &key,
					fc_record_get_entry(&payload, &entry), err));
		if (matches(query, &entry)) {
			more = visit(&entry, context);
		}
	}
	return FC_OK;
}

void fc_entry_ids_release(struct fc_entry_ids *ids)
{
	free(ids->items);
}

bool fc_entry_ids_add(const struct fc_entry *entry, void *context)
{
	struct fc_entry_ids *ids = context;
	ids->failed = fc_array_grow(&ids->items, sizeof(*ids->items), ids->count, &ids->capacity,
				    NULL) != FC_OK;
	if (!ids->failed) {
		ids->items[ids->count++] = entry->id;
	}
	return !ids->failed && ids->count < ids->limit;
}

enum fc_status fc_entry_last_id(struct fc_gallery_txn *txn, uint64_t *out, struct fc_error *err)
{
	uint64_t next;
	FC_TRY(fc_store_peek_id(txn, FC_ID_ENTRY, &next, err));
	*out = next - 1;
	return FC_OK;
}

/* ---- counting ---- */

static bool count_one(const struct fc_entry *entry, void *context)
{
	uint64_t *count = context;
	(void)entry;
	(*count)++;
	return true;
}

static enum fc_status count_rows(struct fc_entry_merge *merge, uint64_t *out, struct fc_error *err)
{
	uint64_t count = 0;
	uint64_t id;
	enum fc_status status;
	while ((status = fc_entry_merge_next(merge, &id, err)) == FC_OK) {
		count++;
	}
	*out = count;
	return status == FC_NOT_FOUND ? FC_OK : status;
}

/* A space, or an origin in it. */
struct part {
	struct fc_gallery_txn *txn;
	uint32_t space;
	const char *origin; /* "" for the whole space */
};

/* Count row by row. Used for incomplete days. */
static enum fc_status count_range(const struct part *part, int64_t since, int64_t until,
				  uint64_t *total, struct fc_error *err)
{
	FC_CLEANUP(fc_entry_merge_release)
	struct fc_entry_merge merge = {
		.txn = part->txn,
		.span = { true, true, since, until },
		.oldest_first = true,
	};
	bool whole_space = part->origin[0] == '\0';
	struct fc_key prefix =
		whole_space ? fc_key_space(part->space) : fc_key_name(part->space, part->origin);
	uint64_t count = 0;
	FC_TRY(fc_entry_merge_add(&merge, whole_space ? FC_DB_ENTRY_TIME : FC_DB_ENTRY_ORIGIN,
				  &prefix, err));
	FC_TRY(count_rows(&merge, &count, err));
	*total += count;
	return FC_OK;
}

/* Count whole days by their counters, and the incomplete days at both ends row by row. */
static enum fc_status count_days(const struct part *part, const struct fc_entry_query *query,
				 uint64_t *total, struct fc_error *err)
{
	int64_t first = INT64_MIN / FC_DAY_LENGTH;
	int64_t end = INT64_MAX / FC_DAY_LENGTH;
	if (query->has_since) {
		first = fc_day_of(query->since);
		first += query->since > first * FC_DAY_LENGTH;
	}
	if (query->has_until) {
		end = fc_day_of(query->until);
	}
	if (query->has_since && query->has_until && first > end) {
		return count_range(part, query->since, query->until, total, err);
	}
	if (query->has_since) {
		FC_TRY(count_range(part, query->since, first * FC_DAY_LENGTH, total, err));
	}
	if (query->has_until) {
		FC_TRY(count_range(part, end * FC_DAY_LENGTH, query->until, total, err));
	}
	uint64_t days = 0;
	FC_TRY(fc_entry_day_count(part->txn, part->space, part->origin, first, end, &days, err));
	*total += days;
	return FC_OK;
}

static enum fc_status count_spaces(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
				   uint64_t *out, struct fc_error *err)
{
	static const char *const whole_space[] = { "" };
	FC_CLEANUP(space_ids_release) struct space_ids spaces = { 0 };
	const char *const *origins = query->origin_count > 0 ? query->origins : whole_space;
	size_t origin_count = query->origin_count > 0 ? query->origin_count : 1;
	uint64_t total = 0;
	FC_TRY(list_space_ids(txn, query, &spaces, err));
	for (size_t i = 0; i < spaces.count; i++) {
		for (size_t k = 0; k < origin_count; k++) {
			struct part part = { txn, spaces.items[i], origins[k] };
			bool repeated = false;
			for (size_t j = 0; j < k && !repeated; j++) {
				repeated = strcmp(origins[j], origins[k]) == 0;
			}
			if (!repeated) {
				FC_TRY(count_days(&part, query, &total, err));
			}
		}
	}
	*out = total;
	return FC_OK;
}

enum fc_status fc_entry_count(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
			      uint64_t *out, struct fc_error *err)
{
	uint64_t count = 0;
	if (fc_engine_in(txn)) {
		return fc_engine_in(txn)->entry_count(txn, query, out, err);
	}
	if (!index_decides(query)) {
		FC_TRY(fc_entry_each(txn, query, 0, count_one, &count, err));
	} else if (query->pid_count > 0) {
		FC_CLEANUP(fc_entry_merge_release)
		struct fc_entry_merge merge = merge_of(txn, query);
		FC_TRY(add_rows(&merge, query, err));
		FC_TRY(count_rows(&merge, &count, err));
	} else {
		FC_TRY(count_spaces(txn, query, &count, err));
	}
	*out = count;
	return FC_OK;
}

/* ---- visiting all ---- */

/* Compare the rows of a whole visit with the counters of days, which are in other pages, to find rows that damage has hidden. */
static enum fc_status check_rows(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
				 uint64_t rows, struct fc_error *err)
{
	uint64_t expected;
	FC_TRY(count_spaces(txn, query, &expected, err));
	return rows == expected
		       ? FC_OK
		       : fc_fail(err, FC_DAMAGED,
				 "gallery '%s' is damaged: entries are missing in an index: it has %llu of %llu",
				 fc_store_path_of(txn), (unsigned long long)rows,
				 (unsigned long long)expected);
}

enum fc_status fc_entry_each(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
			     uint64_t offset, fc_entry_visit *visit, void *context,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_entry_merge_release) struct fc_entry_merge merge = merge_of(txn, query);
	struct visitor visitor = { txn, query, offset, visit, context };
	uint64_t rows = 0;
	if (fc_engine_in(txn)) {
		return fc_engine_in(txn)->entry_each(txn, query, offset, NULL, visit, context, err);
	}
	FC_TRY(add_rows(&merge, query, err));
	for (bool more = true; more; rows++) {
		uint64_t id;
		enum fc_status status = fc_entry_merge_next(&merge, &id, err);
		if (status == FC_NOT_FOUND) {
			return query->pid_count > 0 ? FC_OK : check_rows(txn, query, rows, err);
		}
		FC_TRY(status);
		FC_TRY(visit_entry(&visitor, id, &more, err));
	}
	return FC_OK;
}
