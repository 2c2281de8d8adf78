/* Reads the log of entries by person, origin and time, with the index that fits the query. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_ENTRY_QUERY_H
#define FC_GALLERY_ROWS_ENTRY_QUERY_H

#include "gallery/gallery.h"

/* An entry must match every given field, and one item of each list. All zero: every entry. */
struct fc_entry_query {
	const struct fc_uuid *pids;
	size_t pid_count;
	const char *const *origins; /* names */
	size_t origin_count;
	const uint32_t *spaces;
	size_t space_count;
	bool has_since, has_until;
	int64_t since, until;                       /* [since, until) */
	unsigned results, sexes, moods, livenesses; /* bits 1 << value; 0 matches any value */
	bool has_age_from, has_age_to;
	unsigned age_from, age_to; /* inclusive; an entry without an age does not match */
	bool has_photo;
	struct fc_sha256 photo;
	bool oldest_first; /* otherwise newest first */
};

/* Return false to stop. */
typedef bool fc_entry_visit(const struct fc_entry *entry, void *context);

/* Ids of visited entries, to be looked up or changed after the visit. { .limit = N } is empty. */
struct fc_entry_ids {
	uint64_t *items;
	size_t count, capacity;
	uint64_t limit; /* how many to collect */
	bool failed;    /* out of memory */
};

void fc_entry_ids_release(struct fc_entry_ids *ids);

/* An fc_entry_visit. context: the ids. */
bool fc_entry_ids_add(const struct fc_entry *entry, void *context);

/*
 * Visit the matching entries, ordered by time and then by id, after skipping the first `offset`. The cost of a query for only persons,
 * origins or times is proportional to the number of entries that are visited and skipped, not to the size of the log. After a visit to the
 * last one, FC_DAMAGED if the counters count another number of them.
 */
enum fc_status fc_entry_each(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
			     uint64_t offset, fc_entry_visit *visit, void *context,
			     struct fc_error *err);

/*
 * Count the matching entries. A query for only spaces, origins and times uses the counters of whole days; a query for only persons uses the
 * index of persons. With any other field the selected entries are read one by one.
 */
enum fc_status fc_entry_count(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
			      uint64_t *out, struct fc_error *err);

/* Visit the matching entries with an id above `after`, in the order in which they were added. */
enum fc_status fc_entry_each_after(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
				   uint64_t after, fc_entry_visit *visit, void *context,
				   struct fc_error *err);

/* The id of the last entry that was added, even if it has been deleted; 0 if no entry was ever added. */
enum fc_status fc_entry_last_id(struct fc_gallery_txn *txn, uint64_t *out, struct fc_error *err);

#endif
