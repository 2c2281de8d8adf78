/*
 * The store of a gallery: checked records in one LMDB environment. The rest of the gallery sees databases, keys and payloads, never
 * LMDB. Transactions are declared in gallery.h, format and sequence in meta.h.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_H
#define FC_GALLERY_STORE_H

#include "gallery/gallery.h"
#include "gallery/store/record_header.h"

/* fc_gallery_open with an initial map size in bytes; 0 derives it from the size of the file. */
FC_MUST_USE enum fc_status fc_store_open(const struct fc_gallery_options *options,
					 uint64_t first_map, struct fc_gallery **out,
					 struct fc_error *err);

/* Close the environment, so that a child process can open one, and reopen it. No transaction may be open. */
FC_MUST_USE enum fc_status fc_store_suspend(struct fc_gallery *gallery, struct fc_error *err);
FC_MUST_USE enum fc_status fc_store_resume(struct fc_gallery *gallery, struct fc_error *err);

/*
 * Get exclusive access: no other process has the gallery open until it is closed or rewritten. On an error the gallery can only be
 * closed. Errors: FC_BUSY (other processes keep it open longer than the time limit), FC_IO, those of fc_gallery_open.
 */
FC_MUST_USE enum fc_status fc_store_lock_exclusive(struct fc_gallery *gallery,
						   struct fc_error *err);

/*
 * Write a new data file that contains nothing but the records, and replace the old one by it if inspect returns FC_OK. During that call
 * the gallery is the new file, open for reading. Needs exclusive access, which ends with success. On an error the old file stays, and the
 * gallery can only be closed.
 */
typedef enum fc_status fc_store_inspect(struct fc_gallery *gallery, struct fc_error *err);
FC_MUST_USE enum fc_status fc_store_rewrite(struct fc_gallery *gallery, fc_store_inspect *inspect,
					    struct fc_error *err);

/*
 * Write a snapshot of the gallery, without free pages, to an empty file, and sync it. No transaction may be open. place: the file's name
 * in error texts.
 */
FC_MUST_USE enum fc_status fc_store_copy(struct fc_gallery *gallery, int fd, const char *place,
					 struct fc_error *err);

const char *fc_store_path(const struct fc_gallery *gallery);
const char *fc_store_path_of(const struct fc_gallery_txn *txn);

/* Bytes of the data file. */
uint64_t fc_store_bytes(const struct fc_gallery *gallery);

/* LMDB's figures about the environment, and about one database. */
struct fc_store_usage {
	uint64_t page_bytes, pages, free_pages, map_bytes, maximum_bytes;
	uint64_t transaction;     /* the last committed one */
	uint64_t readers;         /* of other processes */
	uint64_t readers_maximum; /* of all */
};

FC_MUST_USE enum fc_status fc_store_usage(struct fc_gallery_txn *txn, struct fc_store_usage *out,
					  struct fc_error *err);
FC_MUST_USE enum fc_status fc_store_database_usage(struct fc_gallery_txn *txn,
						   enum fc_database database, uint64_t *records,
						   uint64_t *bytes, struct fc_error *err);

/* ---- records ---- */

/*
 * Check a record and borrow its payload, which is valid until the transaction ends or next writes.
 * Errors: FC_NOT_FOUND, FC_DAMAGED, FC_INCOMPATIBLE, FC_IO; the text names database and key.
 */
FC_MUST_USE enum fc_status fc_store_get(struct fc_gallery_txn *txn, enum fc_database database,
					const struct fc_key *key, struct fc_reader *payload,
					struct fc_error *err);

/* Whether there is such a record. It is not checked. */
FC_MUST_USE enum fc_status fc_store_has(struct fc_gallery_txn *txn, enum fc_database database,
					const struct fc_key *key, bool *out, struct fc_error *err);

/*
 * Borrow a large record's payload, of a known length, without checking its CRC. Errors: as fc_store_get; FC_DAMAGED when it has another
 * length.
 */
FC_MUST_USE enum fc_status fc_store_peek(struct fc_gallery_txn *txn, enum fc_database database,
					 const struct fc_key *key, size_t length,
					 const uint8_t **payload, struct fc_error *err);

enum fc_store_put_mode {
	FC_STORE_ADD,     /* FC_CONFLICT when the key is there */
	FC_STORE_REPLACE, /* whether it is there or not */
};

/* payload NULL: an empty one. Errors: FC_CONFLICT, FC_INVALID_ARGUMENT (key too long), FC_FULL, FC_DAMAGED, FC_IO, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_store_put(struct fc_gallery_txn *txn, enum fc_database database,
					const struct fc_key *key, const struct fc_buffer *payload,
					enum fc_store_put_mode mode, struct fc_error *err);

/* FC_DAMAGED when there is none: an index and its records disagree. */
FC_MUST_USE enum fc_status fc_store_delete(struct fc_gallery_txn *txn, enum fc_database database,
					   const struct fc_key *key, struct fc_error *err);

/* Delete every record whose key starts with prefix, damaged or not. */
FC_MUST_USE enum fc_status fc_store_delete_all(struct fc_gallery_txn *txn,
					       enum fc_database database,
					       const struct fc_key *prefix, struct fc_error *err);

/* Number of records of a database, as LMDB counts them. */
FC_MUST_USE enum fc_status fc_store_count(struct fc_gallery_txn *txn, enum fc_database database,
					  uint64_t *out, struct fc_error *err);

/*
 * The first record whose key starts with prefix, or is prefix. For loops that delete records, in which a cursor would be on a changing
 * tree. FC_NOT_FOUND when there is none.
 */
FC_MUST_USE enum fc_status fc_store_first(struct fc_gallery_txn *txn, enum fc_database database,
					  const struct fc_key *prefix, struct fc_key *key,
					  struct fc_reader *payload, struct fc_error *err);

/* ---- walks ---- */

struct fc_store_cursor {
	struct fc_gallery_txn *txn;
	void *cursor;
	enum fc_database database;
	struct fc_key prefix, start;
	bool backward;
	bool started, ended;
};

/*
 * Walk the records whose keys start with prefix, from the first key that is not before start (NULL: from the first). The
 * database must not be changed during the walk. Release the cursor before its transaction ends.
 */
FC_MUST_USE enum fc_status fc_store_walk(struct fc_gallery_txn *txn, enum fc_database database,
					 const struct fc_key *prefix, const struct fc_key *start,
					 struct fc_store_cursor *out, struct fc_error *err);

/* As fc_store_walk, backward: the first record is the last one with a key before end (NULL: the last of the prefix). */
FC_MUST_USE enum fc_status fc_store_walk_back(struct fc_gallery_txn *txn, enum fc_database database,
					      const struct fc_key *prefix, const struct fc_key *end,
					      struct fc_store_cursor *out, struct fc_error *err);

/*
 * The next record, its payload borrowed. FC_NOT_FOUND at the end. After FC_DAMAGED the walk can continue after the damaged record, whose
 * *key is set if it is readable; if LMDB cannot continue, the walk ends with the next call.
 */
FC_MUST_USE enum fc_status fc_store_next(struct fc_store_cursor *cursor, struct fc_key *key,
					 struct fc_reader *payload, struct fc_error *err);
void fc_store_cursor_release(struct fc_store_cursor *cursor);

/* Pass on the result of a fc_record_get function, with an error text that names the record. */
FC_MUST_USE enum fc_status fc_store_decoded(const struct fc_gallery_txn *txn,
					    enum fc_database database, const struct fc_key *key,
					    enum fc_status status, struct fc_error *err);

/* FC_DAMAGED: a record is missing or contradicts others. what: such as "its person is missing". */
enum fc_status fc_store_contradiction(const struct fc_gallery_txn *txn, enum fc_database database,
				      const struct fc_key *key, const char *what,
				      struct fc_error *err);

/*
 * Pass on the result of reading something that a record refers to: FC_NOT_FOUND becomes FC_DAMAGED. key: of the referring record; what: as
 * above.
 */
FC_MUST_USE enum fc_status fc_store_followed(const struct fc_gallery_txn *txn,
					     enum fc_database database, const struct fc_key *key,
					     enum fc_status status, const char *what,
					     struct fc_error *err);

#endif
