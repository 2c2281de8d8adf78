/* What an operator does with a gallery as a whole: look at its size, make it smaller, back it up. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_MAINTAIN_H
#define FC_GALLERY_MAINTAIN_H

#include "gallery/gallery.h"

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
		write_format; /* the oldest that may read it, and that may change it */
	bool has_pin;
	struct fc_embedder_pin pin;
	uint64_t spaces, persons, faces, entries, crops, origins;
	struct fc_segment_stats segments; /* of all spaces */
	struct fc_gallery_table tables[FC_GALLERY_TABLES];
	size_t table_count;
	uint64_t file_bytes;               /* length of the data file */
	uint64_t page_bytes;               /* of one page */
	uint64_t free_pages;               /* in the file, to be used again */
	uint64_t map_bytes, maximum_bytes; /* how far it can grow now, and at all */
	uint64_t transaction;              /* changes since it was made or compacted */
	uint64_t readers, readers_maximum; /* that read now, in other processes */
};

/* Counts are LMDB's own, so that it takes no longer for a large gallery but for the records of its segments. */
FC_MUST_USE enum fc_status fc_gallery_stats(struct fc_gallery *gallery,
					    struct fc_gallery_stats *out, struct fc_error *err);

/* ---- compact ---- */

struct fc_compact_report {
	uint64_t before, after; /* bytes of the data file */
	uint64_t spaces;        /* whose segments were made anew */
};

/*
 * Write the data file anew, so that nothing of what was deleted is left in it, and no free page. Segments that hold deleted
 * faces are made anew first. No other process may have the gallery open: this waits for that within the gallery's time limit, and
 * others wait for this. The new file is checked before it takes the old one's place, which is one rename. On an error the old file
 * is in its place, and the gallery can only be closed.
 * Errors: those of fc_gallery_write; FC_BUSY (others have it open), FC_DAMAGED (a record is; the text names it).
 */
FC_MUST_USE enum fc_status fc_gallery_compact(struct fc_gallery *gallery,
					      struct fc_compact_report *out, struct fc_error *err);

/* ---- backup ---- */

/* The file that says what a backup holds, beside its data file. */
#define FC_BACKUP_MANIFEST "backup.json"

struct fc_backup_report {
	struct fc_check_report counts; /* of the backup, which has been read whole */
	struct fc_sha256 sha256;       /* of its data file */
};

/*
 * Make a gallery at `directory` that holds what this one holds at one moment, while others go on writing. It comes into being by
 * a rename, after all of it is on the disk and has been read back with every checksum. What is there already is replaced only
 * with `force`, and only if it is a backup or a gallery, and not this one.
 * Errors: FC_CONFLICT (something is there), FC_INVALID_ARGUMENT (it would be this gallery, or inside it), FC_DAMAGED (the gallery is;
 * no backup is made), FC_IO (no space for it, too), FC_PERMISSION, FC_BUSY.
 */
FC_MUST_USE enum fc_status fc_gallery_backup(struct fc_gallery *gallery, const char *directory,
					     bool force, struct fc_backup_report *out,
					     struct fc_error *err);

#endif
