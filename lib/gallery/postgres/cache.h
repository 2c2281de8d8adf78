/*
 * A copy of the means of one space on this machine, packed for the kernels of search, so that a search reads only what changed since.
 *
 * It is a folder with four files, which only grow: "records" (each mean with its person, in order of ids), "codes" (for every
 * FC_SEGMENT_MEANS records a segment, search/segment.h), "removed" (ids of means that were removed, in order of the change numbers of the
 * space), and "head" (how much of the others is valid; written last). "head" is locked: shared by searches, exclusively by a refresh.
 * The copy can be deleted at any time. Only its owner can read it.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_POSTGRES_CACHE_H
#define FC_GALLERY_POSTGRES_CACHE_H

#include "gallery/rows/mean.h"
#include "gallery/search/scan.h"

/* What is in the copy. */
struct fc_pg_cache_head {
	struct fc_uuid gallery;
	uint32_t space, dimension;
	uint64_t records, removals;
	uint64_t last;   /* id of the last record */
	uint64_t change; /* number of the last removal */
};

struct fc_pg_removal {
	uint64_t mean, change;
};

struct fc_pg_cache {
	struct fc_pg_cache_head head;
	int folder, files[4];
	/* mapped while the lock is held */
	uint8_t *records, *codes;
	size_t records_length, codes_length;
	struct fc_pg_removal *removals; /* sorted by mean */
};

#define FC_PG_CACHE_CLOSED                                                                         \
	{                                                                                          \
		.folder = -1, .files = { -1, -1, -1, -1 }                                          \
	}

/*
 * Open the copy, create it if it is missing, and lock it (exclusive: for changes). A copy of another gallery or dimension, or one that is
 * not intact, becomes empty. Errors: FC_IO, FC_PERMISSION, FC_BUSY, FC_NO_MEMORY.
 */
enum fc_status fc_pg_cache_open(const char *folder, const struct fc_uuid *gallery, uint32_t space,
				uint32_t dimension, bool exclusive, struct fc_pg_cache *out,
				struct fc_error *err);
void fc_pg_cache_close(struct fc_pg_cache *cache);

/* Changes, under the exclusive lock: empty it; append a mean; append a removal; make what was appended valid. */
enum fc_status fc_pg_cache_reset(struct fc_pg_cache *cache, struct fc_error *err);
enum fc_status fc_pg_cache_add(struct fc_pg_cache *cache, const struct fc_mean *mean,
			       struct fc_error *err);
enum fc_status fc_pg_cache_remove(struct fc_pg_cache *cache, uint64_t mean, uint64_t change,
				  struct fc_error *err);
enum fc_status fc_pg_cache_save(struct fc_pg_cache *cache, struct fc_error *err);

/* Map the files for reading. FC_DAMAGED: the copy is not intact. */
enum fc_status fc_pg_cache_map(struct fc_pg_cache *cache, struct fc_error *err);

/* A record: its index from 0, in order of ids. */
struct fc_pg_cached {
	uint64_t id;
	struct fc_scan_mean mean;
};
struct fc_pg_cached fc_pg_cache_record(const struct fc_pg_cache *cache, uint64_t index);

/* The record with this id. False if there is none. */
FC_MUST_USE bool fc_pg_cache_find(const struct fc_pg_cache *cache, uint64_t id,
				  struct fc_pg_cached *out);

/* The number of records with ids up to `last`. */
uint64_t fc_pg_cache_count(const struct fc_pg_cache *cache, uint64_t last);

/* The change number by which a mean was removed; 0: it was not. */
uint64_t fc_pg_cache_removed_by(const struct fc_pg_cache *cache, uint64_t id);

/* View the segment with this index. FC_MUST_USE: false if it is not intact. */
FC_MUST_USE bool fc_pg_cache_segment(const struct fc_pg_cache *cache, uint64_t index,
				     struct fc_scan_set *out);

#endif
