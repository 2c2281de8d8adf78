/* Statistics of a gallery: its content and its size. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/memory.h"
#include "gallery/maintain/maintain.h"
#include "gallery/rows/parts.h"

_Static_assert(FC_DB_END - FC_DB_META <= FC_GALLERY_TABLES, "room for every database");

static uint64_t records_of(const struct fc_gallery_stats *stats, enum fc_database database)
{
	return stats->tables[database - FC_DB_META].records;
}

static enum fc_status read_segments(struct fc_gallery_txn *txn, struct fc_gallery_stats *stats,
				    struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space *spaces = NULL;
	struct fc_segment_stats *sum = &stats->segments;
	size_t count = 0;
	FC_TRY(fc_space_list(txn, &spaces, &count, err));
	for (size_t i = 0; i < count; i++) {
		struct fc_segment_stats one;
		FC_TRY(fc_space_segments(txn, spaces[i].id, &one, err));
		sum->segments += one.segments;
		sum->packed += one.packed;
		sum->deleted += one.deleted;
		sum->tail += one.tail;
		sum->bytes += one.bytes;
	}
	return FC_OK;
}

enum fc_status fc_gallery_stats(struct fc_gallery *gallery, struct fc_gallery_stats *out,
				struct fc_error *err)
{
	FC_CLEANUP(fc_gallery_end_readp) struct fc_gallery_txn *txn = NULL;
	struct fc_format format;
	struct fc_store_usage usage;
	struct fc_gallery_stats stats = { 0 };
	FC_TRY(fc_store_bytes(gallery, &stats.file_bytes, err));
	FC_TRY(fc_gallery_begin_read(gallery, &txn, err));
	FC_TRY(fc_store_format(txn, &format, err));
	stats.gallery = format.gallery;
	stats.created = format.created;
	stats.read_format = format.read;
	stats.write_format = format.write;
	enum fc_status status = fc_gallery_pin(txn, &stats.pin, err);
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	stats.has_pin = status == FC_OK;
	for (int i = FC_DB_META; i < FC_DB_END; i++) {
		struct fc_gallery_table *table = &stats.tables[stats.table_count++];
		table->name = fc_database_name((enum fc_database)i);
		FC_TRY(fc_store_database_usage(txn, (enum fc_database)i, &table->records,
					       &table->bytes, err));
	}
	FC_TRY(read_segments(txn, &stats, err));
	FC_TRY(fc_store_usage(txn, &usage, err));
	stats.page_bytes = usage.page_bytes;
	stats.free_pages = usage.free_pages;
	stats.map_bytes = usage.map_bytes;
	stats.maximum_bytes = usage.maximum_bytes;
	stats.transaction = usage.transaction;
	stats.readers = usage.readers;
	stats.readers_maximum = usage.readers_maximum;
	stats.spaces = records_of(&stats, FC_DB_SPACE);
	stats.persons = records_of(&stats, FC_DB_PERSON);
	stats.faces = records_of(&stats, FC_DB_FACE);
	stats.entries = records_of(&stats, FC_DB_ENTRY);
	stats.crops = records_of(&stats, FC_DB_CROP);
	stats.origins = records_of(&stats, FC_DB_ORIGIN);
	stats.detected = records_of(&stats, FC_DB_DETECTED);
	*out = stats;
	return FC_OK;
}
