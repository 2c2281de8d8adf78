/* Counting entries for statistics. Private to the local engine. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_SERVICE_LOCAL_ENTRY_LOG_H
#define FC_SERVICE_LOCAL_ENTRY_LOG_H

#include "gallery/rows/entry_query.h"
#include "service/entries.h"

/* The statistics of all entries of a query. *out is the caller's to release. */
enum fc_status fc_local_count_entries(struct fc_gallery_txn *txn,
				      const struct fc_entry_query *query,
				      struct fc_entry_stats *out, struct fc_error *err);

/* Find the space of a filter: by its name, or by its number in documents if no space has that name. */
enum fc_status fc_local_find_space(struct fc_gallery_txn *txn, const char *text,
				   struct fc_space *out, struct fc_error *err);

/* FC_NOT_FOUND if the origin does not exist and has no entries from before it was deleted. */
enum fc_status fc_local_check_origin(struct fc_gallery_txn *txn, const char *name,
				     struct fc_error *err);

#endif
