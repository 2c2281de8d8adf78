/* Segments: statistics, and rebuilding them. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "gallery/maintain/maintain.h"
#include "gallery/maintain/rebuild.h"
#include "gallery/rows/parts.h"
#include "gallery/search/segments.h"

static enum fc_status count_segment(void *context, const struct fc_segment *segment, bool *more,
				    struct fc_error *err)
{
	struct fc_segment_stats *stats = context;
	(void)more, (void)err;
	stats->segments++;
	stats->packed += segment->count - segment->deleted;
	stats->deleted += segment->deleted;
	stats->bytes += fc_segment_length(segment);
	return FC_OK;
}

/* The tail never grows much larger than a segment. */
static enum fc_status count_tail(struct fc_gallery_txn *txn, uint32_t space, uint64_t *out,
				 struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_key key;
	struct fc_reader payload;
	FC_TRY(fc_segments_walk_tail(txn, space, &cursor, err));
	for (*out = 0;; (*out)++) {
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			return FC_OK;
		}
		FC_TRY(status);
	}
}

enum fc_status fc_space_segments(struct fc_gallery_txn *txn, uint32_t space,
				 struct fc_segment_stats *out, struct fc_error *err)
{
	struct fc_segment_stats stats = { 0 };
	struct fc_space record;
	FC_TRY(fc_space_read(txn, space, &record, err));
	FC_TRY(fc_segments_each(txn, space, count_segment, &stats, err));
	FC_TRY(count_tail(txn, space, &stats.tail, err));
	*out = stats;
	return FC_OK;
}

enum fc_status fc_reindex_deleted(struct fc_gallery_txn *txn, uint64_t *spaces,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space *list = NULL;
	size_t count = 0;
	FC_TRY(fc_space_list(txn, &list, &count, err));
	*spaces = 0;
	for (size_t i = 0; i < count; i++) {
		struct fc_segment_stats stats = { 0 };
		FC_TRY(fc_space_segments(txn, list[i].id, &stats, err));
		if (stats.deleted > 0) {
			FC_TRY(fc_segments_rebuild(txn, list[i].id, err));
			*spaces += 1;
		}
	}
	return FC_OK;
}

static enum fc_status rebuild_space(struct fc_gallery_txn *txn, void *context, struct fc_error *err)
{
	const struct fc_space *space = context;
	struct fc_space record;
	FC_TRY(fc_space_read(txn, space->id, &record, err));
	return fc_means_rebuild(txn, space->id, err);
}

enum fc_status fc_gallery_reindex(struct fc_gallery *gallery, uint64_t *spaces,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	FC_CLEANUP(fc_free) struct fc_space *list = NULL;
	size_t count = 0;
	uint64_t reindexed = 0;
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(fc_space_list(txn, &list, &count, err));
	fc_gallery_end_readp(&txn);
	for (size_t i = 0; i < count; i++) {
		enum fc_status status = fc_gallery_write(gallery, rebuild_space, &list[i], err);
		/* The space may have been deleted meanwhile. */
		if (status != FC_NOT_FOUND) {
			FC_TRY(status);
			reindexed++;
		}
	}
	*spaces = reindexed;
	return FC_OK;
}
