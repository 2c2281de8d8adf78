/*
 * The store under the gallery: transactions and checked records in one LMDB environment. The rest of the gallery sees
 * databases, keys and payloads, never LMDB.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_H
#define FC_GALLERY_STORE_H

#include "gallery/gallery.h"
#include "gallery/rows/record.h"
#include "gallery/store/keys.h"

/* What a gallery made by this facectl needs; see record.h for when they rise. */
enum { FC_GALLERY_READ_FORMAT = 1, FC_GALLERY_WRITE_FORMAT = 1 };

/* fc_gallery_open with a first size of the map in bytes; 0 chooses one by the size of the file. */
FC_MUST_USE enum fc_status fc_store_open(const struct fc_gallery_options *options,
					 uint64_t first_map, struct fc_gallery **out,
					 struct fc_error *err);

/*
 * Give up the environment, so that a child process may open one, and take it back. No transaction may be open.
 */
FC_MUST_USE enum fc_status fc_store_suspend(struct fc_gallery *gallery, struct fc_error *err);
FC_MUST_USE enum fc_status fc_store_resume(struct fc_gallery *gallery, struct fc_error *err);

/*
 * Have the gallery to oneself from now on: no other process has it open until it is closed or rewritten. On an error the gallery
 * can only be closed. Errors: FC_BUSY (others do not leave it within the time limit), FC_IO, those of fc_gallery_open.
 */
FC_MUST_USE enum fc_status fc_store_lock_exclusive(struct fc_gallery *gallery,
						   struct fc_error *err);

/*
 * Write the data file anew, with nothing in it that no record holds, and put it into the old one's place when inspect finds it good
 * (the gallery is the new one, to be read, during the call). The gallery must be secluded, and is shared again afterwards. On an
 * error the old file is still in place, and the gallery can only be closed.
 */
typedef enum fc_status fc_store_inspect(struct fc_gallery *gallery, struct fc_error *err);
FC_MUST_USE enum fc_status fc_store_rewrite(struct fc_gallery *gallery, fc_store_inspect *inspect,
					    struct fc_error *err);

/*
 * Write one moment of the gallery, without free pages, to an empty file, and sync it. No transaction may be open. place: what the file
 * is called in error texts.
 */
FC_MUST_USE enum fc_status fc_store_copy(struct fc_gallery *gallery, int fd, const char *place,
					 struct fc_error *err);

const char *fc_store_path(const struct fc_gallery *gallery);
const char *fc_store_path_of(const struct fc_gallery_txn *txn);

/* Bytes of the data file. */
uint64_t fc_store_bytes(const struct fc_gallery *gallery);

/* What LMDB tells of the environment, and of one database. */
struct fc_store_usage {
	uint64_t page_bytes, pages, free_pages, map_bytes, maximum_bytes;
	uint64_t transaction;     /* the last that was committed */
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
 * Check and borrow a record's payload: valid until the transaction ends or next writes.
 * Errors: FC_NOT_FOUND, FC_DAMAGED, FC_INCOMPATIBLE, FC_IO; the text names database and key.
 */
FC_MUST_USE enum fc_status fc_store_get(struct fc_gallery_txn *txn, enum fc_database database,
					const struct fc_key *key, struct fc_reader *payload,
					struct fc_error *err);

/* Whether there is such a record; it is not looked at. */
FC_MUST_USE enum fc_status fc_store_has(struct fc_gallery_txn *txn, enum fc_database database,
					const struct fc_key *key, bool *out, struct fc_error *err);

/*
 * Borrow a large record's payload of a known length without reading it all: its CRC is looked at by fc_store_get, and by the
 * check, alone. Errors: as fc_store_get; FC_DAMAGED when it has another length.
 */
FC_MUST_USE enum fc_status fc_store_peek(struct fc_gallery_txn *txn, enum fc_database database,
					 const struct fc_key *key, size_t length,
					 const uint8_t **payload, struct fc_error *err);

enum fc_store_put_mode {
	FC_STORE_ADD,     /* FC_CONFLICT when the key is there */
	FC_STORE_REPLACE, /* whether it is there or not */
};

/* payload NULL: an empty one. Errors: FC_CONFLICT, FC_FULL, FC_DAMAGED, FC_IO, FC_NO_MEMORY. */
FC_MUST_USE enum fc_status fc_store_put(struct fc_gallery_txn *txn, enum fc_database database,
					const struct fc_key *key, const struct fc_buffer *payload,
					enum fc_store_put_mode mode, struct fc_error *err);

/* FC_DAMAGED when there is none: indexes and records have come apart. */
FC_MUST_USE enum fc_status fc_store_delete(struct fc_gallery_txn *txn, enum fc_database database,
					   const struct fc_key *key, struct fc_error *err);

/* Delete every record whose key starts with prefix, damaged or not. */
FC_MUST_USE enum fc_status fc_store_delete_all(struct fc_gallery_txn *txn,
					       enum fc_database database,
					       const struct fc_key *prefix, struct fc_error *err);

/* How many records a database has, by LMDB's own count. */
FC_MUST_USE enum fc_status fc_store_count(struct fc_gallery_txn *txn, enum fc_database database,
					  uint64_t *out, struct fc_error *err);

/*
 * The first record whose key starts with prefix (or is it). For walks that delete as they go: a fresh look each time
 * instead of a cursor on a changing tree. FC_NOT_FOUND when there is none.
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
 * database must not be written meanwhile. Release the cursor before its transaction ends.
 */
FC_MUST_USE enum fc_status fc_store_walk(struct fc_gallery_txn *txn, enum fc_database database,
					 const struct fc_key *prefix, const struct fc_key *start,
					 struct fc_store_cursor *out, struct fc_error *err);

/* As fc_store_walk from the end: the first record is the last one with a key before end (NULL: the last of the prefix). */
FC_MUST_USE enum fc_status fc_store_walk_back(struct fc_gallery_txn *txn, enum fc_database database,
					      const struct fc_key *prefix, const struct fc_key *end,
					      struct fc_store_cursor *out, struct fc_error *err);

/*
 * The next record, its payload borrowed. FC_NOT_FOUND at the end. After FC_DAMAGED the walk can go on behind the damaged
 * record, of which *key is set if it could be read; where LMDB knows no way on, the walk then ends.
 */
FC_MUST_USE enum fc_status fc_store_next(struct fc_store_cursor *cursor, struct fc_key *key,
					 struct fc_reader *payload, struct fc_error *err);
void fc_store_cursor_release(struct fc_store_cursor *cursor);

/* Pass the result of a fc_record_get on, with a text that names the record. */
FC_MUST_USE enum fc_status fc_store_decoded(const struct fc_gallery_txn *txn,
					    enum fc_database database, const struct fc_key *key,
					    enum fc_status status, struct fc_error *err);

/* FC_DAMAGED: a record is missing or says what others deny. what: such as "its person is not there". */
enum fc_status fc_store_contradiction(const struct fc_gallery_txn *txn, enum fc_database database,
				      const struct fc_key *key, const char *what,
				      struct fc_error *err);

/*
 * Pass on how it went to look up what a record names: that it is not there is FC_DAMAGED. key: of the record that names it; what: as
 * above.
 */
FC_MUST_USE enum fc_status fc_store_followed(const struct fc_gallery_txn *txn,
					     enum fc_database database, const struct fc_key *key,
					     enum fc_status status, const char *what,
					     struct fc_error *err);

/* ---- meta ---- */

FC_MUST_USE enum fc_status fc_store_format(struct fc_gallery_txn *txn, struct fc_format *out,
					   struct fc_error *err);
FC_MUST_USE enum fc_status fc_store_sequence(struct fc_gallery_txn *txn, struct fc_sequence *out,
					     struct fc_error *err);
FC_MUST_USE enum fc_status fc_store_set_sequence(struct fc_gallery_txn *txn,
						 const struct fc_sequence *sequence,
						 struct fc_error *err);

#endif
