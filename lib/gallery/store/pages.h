/*
 * Reads the pages of a data file that may be damaged. LMDB trusts them: damage makes it crash or loop for ever. So read transactions use
 * these functions instead of LMDB's, and write transactions use them to check pages before LMDB reads them.
 *
 * The format is that of LMDB 0.9 on 64-bit machines (mdb.c: MDB_meta, MDB_page, MDB_node). All functions return codes of LMDB:
 * MDB_NOTFOUND, MDB_CORRUPTED, ENOMEM.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_PAGES_H
#define FC_GALLERY_STORE_PAGES_H

#include <lmdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The data file in memory, read-only. { .fd = -1 } is empty. */
struct fc_pages {
	int fd;
	const uint8_t *base;
	size_t length; /* of the mapping, which may extend beyond the end of the file */
	size_t page_size;
	/* the pages that the last released snapshot has checked, for the next one of the same transaction; NULL: none */
	uint8_t *checked;
	uint64_t checked_transaction, checked_pages;
};

/* Map `length` bytes of the file open in fd, which the mapping owns also after an error. Returns an errno value. */
int fc_pages_open(int fd, size_t length, size_t page_size, struct fc_pages *out);
/* Map more bytes of the file. No snapshot may be in use. */
int fc_pages_resize(struct fc_pages *pages, size_t length);
void fc_pages_close(struct fc_pages *pages);

/* A B-tree of one transaction. */
struct fc_tree {
	uint64_t root, entries;
	uint64_t pages; /* number of pages, with those of large values */
	uint16_t depth; /* 0: empty */
	bool integer_keys;
};

/* The state of the file after one committed transaction. */
struct fc_snapshot {
	const uint8_t *base;
	uint64_t pages; /* number of pages that can be read */
	uint64_t
		last_page; /* LMDB's; may be beyond the end of the file (see fc_snapshot_check_end) */
	size_t page_size;
	struct fc_tree free_list, main;
	uint8_t *checked; /* a bit for each page */
	uint64_t transaction;
};

/* MDB_BAD_TXN if the file no longer has the metadata of this transaction. Release the snapshot after success. */
int fc_snapshot_take(struct fc_pages *pages, uint64_t transaction, struct fc_snapshot *out);
void fc_snapshot_release(struct fc_pages *pages, struct fc_snapshot *snapshot);

/* Find a named tree. */
int fc_snapshot_tree(const struct fc_snapshot *snapshot, const char *name, struct fc_tree *out);

/* Check the list of free pages, from which a writer takes pages, and the tree of named trees. */
int fc_snapshot_check_lists(const struct fc_snapshot *snapshot);

/* Check the list of free pages and count them. */
int fc_snapshot_count_free(const struct fc_snapshot *snapshot, uint64_t *out);

/*
 * MDB_CORRUPTED if the file ends before a page in use. LMDB counts a page that a transaction allocates and frees again, but never writes it.
 * If such pages are the last ones, the file is shorter than its page count says, without damage (4 of 12,000 random transactions).
 */
int fc_snapshot_check_end(const struct fc_snapshot *snapshot);

/* ---- trees ---- */

enum { FC_TREE_DEPTH = 16 };

struct fc_tree_cursor {
	const struct fc_snapshot *snapshot;
	struct fc_tree tree;
	struct {
		const uint8_t *page;
		unsigned index, count;
		MDB_val low, high; /* limits of the page's keys; mv_data NULL: none */
	} path[FC_TREE_DEPTH];
};

/* Go to the first key that is not before `key`. */
int fc_tree_seek(struct fc_tree_cursor *cursor, const MDB_val *key);
int fc_tree_first(struct fc_tree_cursor *cursor);
int fc_tree_last(struct fc_tree_cursor *cursor);
/* MDB_NOTFOUND at the end; the cursor then stays where it is. */
int fc_tree_next(struct fc_tree_cursor *cursor);
int fc_tree_previous(struct fc_tree_cursor *cursor);
/* The record at the cursor. */
int fc_tree_read(const struct fc_tree_cursor *cursor, MDB_val *key, MDB_val *value);

int fc_tree_get(const struct fc_snapshot *snapshot, const struct fc_tree *tree, const MDB_val *key,
		MDB_val *value);

/* Check every page that LMDB may read when it finds, changes or deletes `key`, or steps from it to the next or previous key. */
int fc_tree_check(const struct fc_snapshot *snapshot, const struct fc_tree *tree,
		  const MDB_val *key);

#endif
