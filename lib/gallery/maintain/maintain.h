/* Maintenance of a gallery as a whole: segments, check, statistics, compaction, upgrade, backup. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_MAINTAIN_MAINTAIN_H
#define FC_GALLERY_MAINTAIN_MAINTAIN_H

#include "gallery/gallery.h"

/* ---- segments ---- */

/*
 * Search reads the means of persons in a packed form. They are packed in segments of thousands of means, which are created while faces are
 * added. The newest means, called the tail, are not packed yet.
 */
struct fc_segment_stats {
	uint64_t segments;
	uint64_t packed;  /* means in segments */
	uint64_t deleted; /* replaced or removed means whose packed form is still in a segment */
	uint64_t tail;    /* means in no segment */
	uint64_t bytes;   /* size of the segments */
};

/* Statistics of the segments of one space. FC_NOT_FOUND if the space does not exist. */
enum fc_status fc_space_segments(struct fc_gallery_txn *txn, uint32_t space,
				 struct fc_segment_stats *out, struct fc_error *err);

/*
 * Rebuild means and segments from the faces, because they are damaged. Each space is a separate change, so that little work
 * is lost if this is interrupted. *spaces is the number of spaces.
 * Errors: those of fc_gallery_write; FC_DAMAGED (a face is damaged).
 */
enum fc_status fc_gallery_reindex(struct fc_gallery *gallery, uint64_t *spaces,
				  struct fc_error *err);

/* ---- check ---- */

struct fc_check_report {
	uint64_t spaces, persons, faces, entries;
	uint64_t problems;
	uint64_t bytes; /* of the data file */
};

/* Called for each problem, with a line of text that names the record. */
typedef void fc_check_problem(const char *text, void *context);

/*
 * Read everything, and check the structure, every record's CRC, and that indexes and records agree. Damage is counted and reported; only a
 * failure that prevents the check from continuing is returned as an error. The check runs in a child process, so that damage cannot crash
 * this one. No transaction may be open.
 */
enum fc_status fc_gallery_check(struct fc_gallery *gallery, fc_check_problem *problem,
				void *context, struct fc_check_report *out, struct fc_error *err);

/* ---- stats ---- */

enum { FC_GALLERY_TABLES = 64 };

struct fc_gallery_table {
	const char *name; /* static string */
	uint64_t records;
	uint64_t bytes; /* size of its pages */
};

struct fc_gallery_stats {
	struct fc_uuid gallery;
	int64_t created;
	uint32_t read_format,
		write_format; /* lowest format number that a facectl must support to read, and to change, the gallery */
	bool has_pin;
	struct fc_embedder_pin pin;
	uint64_t spaces, persons, faces, entries, crops, origins;
	uint64_t detected; /* detected faces that have a faceId; some may have expired */
	struct fc_segment_stats segments; /* sum of all spaces */
	struct fc_gallery_table tables[FC_GALLERY_TABLES];
	size_t table_count;
	uint64_t file_bytes; /* length of the data file */
	uint64_t page_bytes; /* of one page */
	uint64_t free_pages; /* in the file, for reuse */
	uint64_t map_bytes,
		maximum_bytes; /* size to which it can grow without remapping, and in total */
	uint64_t transaction;  /* number of changes since the gallery was created or compacted */
	uint64_t readers, readers_maximum; /* active readers of other processes */
};

/* Uses LMDB's record counts, so that the time does not grow with the gallery. Only the records of the segments are read one by one. */
enum fc_status fc_gallery_stats(struct fc_gallery *gallery, struct fc_gallery_stats *out,
				struct fc_error *err);

/* ---- share ---- */

/*
 * Let the members of a group read and change the gallery: the directory gets the group and mode 2770, its files 0660. Only the owner can do
 * this, as a member of the group. New files, and backups, follow. Errors: FC_PERMISSION, FC_IO.
 */
enum fc_status fc_gallery_share(const struct fc_gallery *gallery, uint32_t group,
				struct fc_error *err);

/*
 * Make a shared gallery private again. Errors: FC_PERMISSION (a file belongs to another member: fc_gallery_compact makes it the caller's),
 * FC_IO.
 */
enum fc_status fc_gallery_unshare(const struct fc_gallery *gallery, struct fc_error *err);

/* Whether the gallery is shared, and with which group. */
bool fc_gallery_is_shared(const struct fc_gallery *gallery, uint32_t *group);

/* Share a backup like the gallery that it was made of. Nothing happens if that is private. */
enum fc_status fc_gallery_share_backup(const struct fc_gallery *gallery, const char *backup,
				       struct fc_error *err);

/* ---- compact ---- */

struct fc_compact_report {
	uint64_t before, after;  /* bytes of the data file */
	uint64_t spaces;         /* number of spaces whose segments were rebuilt */
	struct fc_sha256 sha256; /* of the new data file */
};

/*
 * Rewrite the data file without deleted data and free pages. Segments that contain replaced or removed means are rebuilt. Waits until no
 * other process has the gallery open, up to the gallery's time limit; other processes then wait until the compaction has ended. The new
 * file is checked before it is renamed over the old one. After an error the old file is unchanged, and the gallery can only be closed.
 * Errors: those of fc_gallery_write; FC_BUSY (other processes have it open), FC_DAMAGED (the text names the record).
 */
enum fc_status fc_gallery_compact(struct fc_gallery *gallery, struct fc_compact_report *out,
				  struct fc_error *err);

/* Whether a rewriting that was killed left a file with templates. The next process that opens the gallery for writing deletes it. */
bool fc_gallery_has_leftover(const struct fc_gallery *gallery);

/* ---- erase ---- */

/*
 * What is erased: the persons `pids`; or, with whole_space, a space; or, with has_before, the persons whose last change and last entry are
 * older. Of a deleted person, its entries are erased.
 */
struct fc_erase_request {
	const struct fc_uuid *pids;
	size_t pid_count;
	const char *space; /* name; NULL: all spaces. Not used with pids */
	bool whole_space;  /* erase the space itself, too, with all of its entries and origins */
	bool has_before;
	int64_t before; /* microseconds since the epoch; compared with the newest change, face and entry of a person */
	bool dry_run;
};

struct fc_erase_report {
	/* numbers of removed records; items: those of the ledger of processed photos */
	uint64_t persons, faces, crops, entries, items;
	uint64_t
		shared_photos; /* photos of the erased persons that stay known because they show other persons too */
	struct fc_sha256
		persons_sha256; /* of the UUIDs of the persons: sorted, each followed by a newline */
	struct fc_compact_report file;
	int64_t time;
};

/*
 * Remove persons with their faces, crops, entries and ledger items, also the entries and items of their photos that belong to no person
 * of the gallery, and rewrite the data file like fc_gallery_compact, as one step: if the process is killed, the old file is unchanged.
 * A dry run counts the records and changes nothing; its report has no file.
 * Errors: those of fc_gallery_compact; FC_NOT_FOUND (no such space, or no person to erase).
 */
enum fc_status fc_gallery_erase(struct fc_gallery *gallery, const struct fc_erase_request *request,
				struct fc_erase_report *out, struct fc_error *err);

/* ---- upgrade ---- */

struct fc_upgrade_report {
	uint32_t from, to; /* read formats; equal if there was nothing to do */
};

/*
 * Convert a gallery of an older format to the present one, in one change. It must be open with FC_GALLERY_UPGRADE. Waits until no other
 * process has it open, up to its time limit. After an error the gallery is unchanged and can only be closed.
 * Errors: those of fc_gallery_write; FC_BUSY (other processes have it open), FC_DAMAGED (a face is damaged).
 */
enum fc_status fc_gallery_upgrade(struct fc_gallery *gallery, struct fc_upgrade_report *out,
				  struct fc_error *err);

/* ---- backup ---- */

/* The file that describes a backup, next to its data file. */
#define FC_BACKUP_MANIFEST "backup.json"

struct fc_backup_report {
	struct fc_check_report counts; /* counted in the backup, which was read completely */
	struct fc_sha256 sha256;       /* digest of its data file */
};

/*
 * Create a gallery at `directory` with a snapshot of this one. Other processes can write meanwhile. The copy is synced, read back and
 * checked before it is renamed into place. An existing directory is replaced only with `force`, and only if it is a backup or another
 * gallery.
 * Errors: FC_CONFLICT (the directory exists), FC_INVALID_ARGUMENT (the directory is this gallery, or inside it), FC_DAMAGED (this gallery
 * is damaged; no backup is created), FC_IO (also when the disk is full), FC_PERMISSION, FC_BUSY.
 */
enum fc_status fc_gallery_backup(struct fc_gallery *gallery, const char *directory, bool force,
				 struct fc_backup_report *out, struct fc_error *err);

/*
 * Call visit for each folder in `parent` that a killed backup left: its path contains templates. FC_OK if parent does not exist.
 */
typedef void fc_backup_leftover(const char *path, void *context);
enum fc_status fc_backup_leftovers(const char *parent, fc_backup_leftover *visit, void *context,
				   struct fc_error *err);

#endif
