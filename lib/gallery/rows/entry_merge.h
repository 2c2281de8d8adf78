/* Rows of several indexes of entries, merged in order of time. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_ENTRY_MERGE_H
#define FC_GALLERY_ROWS_ENTRY_MERGE_H

#include "gallery/store/store.h"

/* A range of times: [since, until). */
struct fc_entry_span {
	bool has_since, has_until;
	int64_t since, until;
};

struct fc_entry_range; /* the rows of one index with one prefix */

struct fc_entry_merge {
	struct fc_gallery_txn *txn;
	struct fc_entry_span span;
	bool oldest_first;
	struct fc_entry_range *ranges;
	size_t count, capacity;
};

/* An empty merge is { 0 } with txn, span and oldest_first set. Release it before its transaction ends. */
void fc_entry_merge_release(struct fc_entry_merge *merge);

/* Add the rows of an index whose keys consist of this prefix, a time and an id. Add each prefix only once. */
enum fc_status fc_entry_merge_add(struct fc_entry_merge *merge, enum fc_database database,
				  const struct fc_key *prefix, struct fc_error *err);

/* Get the id of the next entry. FC_NOT_FOUND at the end. */
enum fc_status fc_entry_merge_next(struct fc_entry_merge *merge, uint64_t *id,
				   struct fc_error *err);

#endif
