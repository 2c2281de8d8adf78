/* Counters of entries per day. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/entry_day.h"

int64_t fc_day_of(int64_t time)
{
	return time / FC_DAY_LENGTH - (time % FC_DAY_LENGTH < 0);
}

static enum fc_status read_count(struct fc_gallery_txn *txn, const struct fc_key *key,
				 struct fc_reader *payload, uint64_t *out, struct fc_error *err)
{
	*out = fc_reader_u64(payload);
	enum fc_status status = payload->failed || *out == 0 ? FC_DAMAGED : FC_OK;
	return fc_store_decoded(txn, FC_DB_ENTRY_DAY, key, status, err);
}

static enum fc_status add_to(struct fc_gallery_txn *txn, const struct fc_key *key, int by,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer body = { 0 };
	struct fc_reader payload;
	uint64_t count = 0;
	enum fc_status status = fc_store_get(txn, FC_DB_ENTRY_DAY, key, &payload, err);
	if (status == FC_OK) {
		FC_TRY(read_count(txn, key, &payload, &count, err));
	} else if (status != FC_NOT_FOUND) {
		return status;
	}
	if (by < 0 && count == 0) {
		return fc_store_contradiction(txn, FC_DB_ENTRY_DAY, key, "it is missing", err);
	}
	count = by < 0 ? count - 1 : count + 1;
	if (count == 0) {
		return fc_store_delete(txn, FC_DB_ENTRY_DAY, key, err);
	}
	fc_buffer_put_u64(&body, count);
	return fc_store_put(txn, FC_DB_ENTRY_DAY, key, &body,
			    status == FC_OK ? FC_STORE_REPLACE : FC_STORE_ADD, err);
}

enum fc_status fc_entry_day_add(struct fc_gallery_txn *txn, const struct fc_entry *entry, int by,
				struct fc_error *err)
{
	int64_t day = fc_day_of(entry->created);
	struct fc_key key = fc_key_entry_day(entry->space, "", day);
	FC_TRY(add_to(txn, &key, by, err));
	if (!entry->origin) {
		return FC_OK;
	}
	key = fc_key_entry_day(entry->space, entry->origin, day);
	return add_to(txn, &key, by, err);
}

enum fc_status fc_entry_day_count(struct fc_gallery_txn *txn, uint32_t space, const char *origin,
				  int64_t first, int64_t end, uint64_t *out, struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key prefix = fc_key_name(space, origin);
	struct fc_key start = fc_key_entry_day(space, origin, first), key;
	struct fc_reader payload;
	uint64_t total = 0;
	FC_TRY(fc_store_walk(txn, FC_DB_ENTRY_DAY, &prefix, &start, &cursor, err));
	for (;;) {
		uint64_t count = 0;
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND ||
		    (status == FC_OK && fc_key_get_time(&key, prefix.length) >= end)) {
			*out = total;
			return FC_OK;
		}
		FC_TRY(status);
		FC_TRY(read_count(txn, &key, &payload, &count, err));
		total += count;
	}
}
