/*
 * Counters of the entries per day, for a space and for each origin in it, so that long lists need not be counted entry by entry. Days are
 * in UTC.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_ROWS_ENTRY_DAY_H
#define FC_GALLERY_ROWS_ENTRY_DAY_H

#include "gallery/store/store.h"

#define FC_DAY_LENGTH (INT64_C(86400) * 1000000)

/* The day of a time, counted from 1970-01-01. */
int64_t fc_day_of(int64_t time);

/* Add 1 or -1 to the counters of an entry. */
enum fc_status fc_entry_day_add(struct fc_gallery_txn *txn, const struct fc_entry *entry, int by,
				struct fc_error *err);

/* Count the entries on the days [first, end) of a space (origin "") or of an origin in it. */
enum fc_status fc_entry_day_count(struct fc_gallery_txn *txn, uint32_t space, const char *origin,
				  int64_t first, int64_t end, uint64_t *out, struct fc_error *err);

#endif
