/* Maintenance of a gallery as a whole: segments, check, statistics, compaction, backup. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_MAINTAIN_H
#define FC_GALLERY_MAINTAIN_H

#include "gallery/gallery.h"

/* ---- segments ---- */

/*
 * Search reads templates in a packed form, in segments of thousands of faces that are made while faces are added. The newest faces, the
 * tail, are not packed yet.
 */
struct fc_segment_stats {
	uint64_t segments;
	uint64_t packed;  /* faces in segments */
	uint64_t deleted; /* deleted faces whose packed form is still in a segment */
	uint64_t tail;    /* faces in no segment */
	uint64_t bytes;   /* of segments */
};

/* Of one space. FC_NOT_FOUND when there is no such space. */
FC_MUST_USE enum fc_status fc_space_segments(struct fc_gallery_txn *txn, uint32_t space,
					     struct fc_segment_stats *out, struct fc_error *err);

enum fc_reindex {
	FC_REINDEX_DELETED, /* spaces whose segments hold deleted faces */
	FC_REINDEX_ALL,
};

/*
 * Rebuild segments from the faces, because they are damaged or hold deleted faces. Each space is a separate change, so that little work is
 * lost if this is interrupted. *spaces counts the rebuilt ones.
 * Errors: those of fc_gallery_write; FC_DAMAGED when a face is damaged.
 */
FC_MUST_USE enum fc_status fc_gallery_reindex(struct fc_gallery *gallery, enum fc_reindex which,
					      uint64_t *spaces, struct fc_error *err);

/* ---- check ---- */

struct fc_check_report {
	uint64_t spaces, persons, faces, entries;
	uint64_t problems;
	uint64_t bytes; /* of the data file */
};

/* Called for each problem, with a line of text that names the record. */
typedef void fc_check_problem(const char *text, void *context);

/*
 * Read everything, and check the structure, every record's CRC, and that indexes and records agree. Damage is counted and reported; only
 * what prevents the check from continuing is returned as an error. A child process reads, so that damage cannot crash this one. No
 * transaction may be open.
 */
FC_MUST_USE enum fc_status fc_gallery_check(struct fc_gallery *gallery, fc_check_problem *problem,
					    void *context, struct fc_check_report *out,
					    struct fc_error *err);

/* ---- stats ---- */

enum { FC_GALLERY_TABLES = 32 };

struct fc_gallery_table {
	const char *name; /* static */
	uint64_t records;
	uint64_t bytes; /* of its pages */
};

struct fc_gallery_stats {
	struct fc_uuid gallery;
	int64_t created;
	uint32_t read_format,
		write_format; /* lowest format of a facectl that may read it, and that may change it */
	bool has_pin;
	struct fc_embedder_pin pin;
	uint64_t spaces, persons, faces, entries, crops, origins;
	struct fc_segment_stats segments; /* of all spaces */
	struct fc_gallery_table tables[FC_GALLERY_TABLES];
	size_t table_count;
	uint64_t file_bytes; /* length of the data file */
	uint64_t page_bytes; /* of one page */
	uint64_t free_pages; /* in the file, for reuse */
	uint64_t map_bytes,
		maximum_bytes; /* size to which it can grow without remapping, and in total */
	uint64_t transaction;  /* number of changes since it was made or compacted */
	uint64_t readers, readers_maximum; /* active readers of other processes */
};

/* Uses LMDB's counts, so that the time does not grow with the gallery, except for the records of its segments. */
FC_MUST_USE enum fc_status fc_gallery_stats(struct fc_gallery *gallery,
					    struct fc_gallery_stats *out, struct fc_error *err);

/* ---- compact ---- */

struct fc_compact_report {
	uint64_t before, after; /* bytes of the data file */
	uint64_t spaces;        /* whose segments were rebuilt */
};

/*
 * Rewrite the data file without deleted data and free pages. Segments that hold deleted faces are rebuilt first. No other process may have
 * the gallery open: this waits for that within the gallery's time limit, and other processes wait for this. The new file is checked before
 * it replaces the old one by a rename. On an error the old file stays, and the gallery can only be closed.
 * Errors: those of fc_gallery_write; FC_BUSY (other processes have it open), FC_DAMAGED (the text names the record).
 */
FC_MUST_USE enum fc_status fc_gallery_compact(struct fc_gallery *gallery,
					      struct fc_compact_report *out, struct fc_error *err);

/* ---- backup ---- */

/* The file that describes a backup, next to its data file. */
#define FC_BACKUP_MANIFEST "backup.json"

struct fc_backup_report {
	struct fc_check_report counts; /* of the backup, which was read completely */
	struct fc_sha256 sha256;       /* of its data file */
};

/*
 * Make a gallery at `directory` with a snapshot of this one; other processes can write meanwhile. It is renamed into place after it was
 * synced and read back with every checksum. An existing directory is replaced only with `force`, and only if it is a backup or a gallery,
 * and not this one.
 * Errors: FC_CONFLICT (the directory exists), FC_INVALID_ARGUMENT (it would be this gallery, or inside it), FC_DAMAGED (this gallery is
 * damaged; no backup is made), FC_IO (also when the disk is full), FC_PERMISSION, FC_BUSY.
 */
FC_MUST_USE enum fc_status fc_gallery_backup(struct fc_gallery *gallery, const char *directory,
					     bool force, struct fc_backup_report *out,
					     struct fc_error *err);

#endif
