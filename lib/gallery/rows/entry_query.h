/* Reading the log of entries: by person, by origin, by time, through the index that fits. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ENTRY_QUERY_H
#define FC_GALLERY_ENTRY_QUERY_H

#include "gallery/gallery.h"

/* Every part that is given must hold; of a list, one item. All zero: every entry. */
struct fc_entry_query {
	const struct fc_uuid *pids;
	size_t pid_count;
	const char *const *origins; /* names */
	size_t origin_count;
	const uint32_t *spaces;
	size_t space_count;
	bool has_since, has_until;
	int64_t since, until;                       /* [since, until) */
	unsigned results, sexes, moods, livenesses; /* bits 1 << value; 0: any */
	bool has_age_from, has_age_to;
	unsigned age_from, age_to; /* both included; an entry without an age does not pass */
	bool has_photo;
	struct fc_sha256 photo;
	bool oldest_first; /* else the newest come first */
};

/* Return false to stop. */
typedef bool fc_entry_visit(const struct fc_entry *entry, void *context);

/*
 * Entries that pass, by their time and then their id, after passing over the first `offset`. Who asks for persons, origins or
 * times alone pays for what is visited and passed over, not for the log.
 */
FC_MUST_USE enum fc_status fc_entry_each(struct fc_gallery_txn *txn,
					 const struct fc_entry_query *query, uint64_t offset,
					 fc_entry_visit *visit, void *context,
					 struct fc_error *err);

/*
 * How many pass. Of spaces, origins and times alone this is told from counters of whole days; of persons from their index; other
 * parts of a query make every entry be read that the first ones leave.
 */
FC_MUST_USE enum fc_status fc_entry_count(struct fc_gallery_txn *txn,
					  const struct fc_entry_query *query, uint64_t *out,
					  struct fc_error *err);

/* Entries with an id above `after` that pass, in the order they were added. */
FC_MUST_USE enum fc_status fc_entry_each_after(struct fc_gallery_txn *txn,
					       const struct fc_entry_query *query, uint64_t after,
					       fc_entry_visit *visit, void *context,
					       struct fc_error *err);

/* The id of the entry that was added last, deleted or not; 0 when there was none. */
FC_MUST_USE enum fc_status fc_entry_last_id(struct fc_gallery_txn *txn, uint64_t *out,
					    struct fc_error *err);

#endif
