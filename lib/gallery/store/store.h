/*
 * The store of a gallery: checked records in one LMDB environment. The rest of the gallery uses databases, keys and payloads, never LMDB
 * directly. Transactions are declared in gallery.h, format and sequence in meta.h.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_STORE_H
#define FC_GALLERY_STORE_STORE_H

#include "base/fields.h"
#include "gallery/gallery.h"
#include "gallery/store/record_header.h"

/* fc_gallery_open with an initial map size in bytes; 0 derives it from the size of the file. */
enum fc_status fc_store_open(const struct fc_gallery_options *options, uint64_t first_map,
			     struct fc_gallery **out, struct fc_error *err);

/* Close the environment, so that a child process can open one, and reopen it. No transaction may be open. */
enum fc_status fc_store_suspend(struct fc_gallery *gallery, struct fc_error *err);
enum fc_status fc_store_resume(struct fc_gallery *gallery, struct fc_error *err);

/*
 * Get exclusive access: no other process can have the gallery open until it is closed or rewritten. After an error the gallery can only be
 * closed. Errors: FC_BUSY (other processes keep it open longer than the time limit), FC_IO, those of fc_gallery_open.
 */
enum fc_status fc_store_lock_exclusive(struct fc_gallery *gallery, struct fc_error *err);

/* Errors: FC_FULL (the disk has no room for a copy of the gallery; the text contains the missing bytes). */
enum fc_status fc_store_check_space(struct fc_gallery *gallery, struct fc_error *err);

/*
 * Write a new data file that contains only the records after `change`, and replace the old one with it if inspect returns FC_OK. The old
 * file is never changed: a process that is killed leaves either file. While inspect runs, the gallery is the new file, open for
 * reading; it gets the context of the change. Requires exclusive access, which is released on success. After an error the gallery can only be closed.
 */
typedef enum fc_status fc_store_inspect(struct fc_gallery *gallery, void *context,
					struct fc_error *err);
enum fc_status fc_store_rewrite(struct fc_gallery *gallery, fc_gallery_change *change,
				void *context, fc_store_inspect *inspect, struct fc_error *err);

/* Whether there is a new data file that no process is writing. */
bool fc_store_has_new_file(const struct fc_gallery *gallery);

/*
 * Write a snapshot of the gallery, without free pages, to an empty file, and sync it. No transaction may be open. place: the file's name
 * in error texts.
 */
enum fc_status fc_store_copy(struct fc_gallery *gallery, int fd, const char *place,
			     struct fc_error *err);

/* Create the databases that a gallery of an older format lacks. */
enum fc_status fc_store_add_databases(struct fc_gallery_txn *txn, struct fc_error *err);

/* Its open directory; see directory.h. */
const struct fc_directory *fc_store_directory(const struct fc_gallery *gallery);

const char *fc_store_path(const struct fc_gallery *gallery);
const char *fc_store_path_of(const struct fc_gallery_txn *txn);

/* Milliseconds that the gallery waits for locks. */
unsigned fc_store_lock_timeout(const struct fc_gallery *gallery);

/* Size of the data file in bytes. Errors: FC_IO. */
enum fc_status fc_store_bytes(const struct fc_gallery *gallery, uint64_t *out,
			      struct fc_error *err);

/* The SHA-256 of the data file, for a file that no process changes meanwhile. */
enum fc_status fc_store_digest(const struct fc_gallery *gallery, struct fc_sha256 *out,
			       struct fc_error *err);

/* LMDB's statistics of the environment, and of one database. */
struct fc_store_usage {
	uint64_t page_bytes, pages, free_pages, map_bytes, maximum_bytes;
	uint64_t transaction;     /* number of the last committed transaction */
	uint64_t readers;         /* active readers of other processes */
	uint64_t readers_maximum; /* maximum number of readers of all processes */
};

enum fc_status fc_store_usage(struct fc_gallery_txn *txn, struct fc_store_usage *out,
			      struct fc_error *err);
enum fc_status fc_store_database_usage(struct fc_gallery_txn *txn, enum fc_database database,
				       uint64_t *records, uint64_t *bytes, struct fc_error *err);

/* ---- records ---- */

/*
 * Check a record and borrow its payload, which is valid until the transaction ends or next writes.
 * Errors: FC_NOT_FOUND, FC_DAMAGED, FC_INCOMPATIBLE, FC_IO; the text names database and key.
 */
enum fc_status fc_store_get(struct fc_gallery_txn *txn, enum fc_database database,
			    const struct fc_key *key, struct fc_reader *payload,
			    struct fc_error *err);

/* Whether the record exists. Its CRC is not checked. */
enum fc_status fc_store_has(struct fc_gallery_txn *txn, enum fc_database database,
			    const struct fc_key *key, bool *out, struct fc_error *err);

/*
 * Borrow a large record's payload, of a known length, without checking its CRC. Errors: as fc_store_get; FC_DAMAGED also if it has another
 * length.
 */
enum fc_status fc_store_peek(struct fc_gallery_txn *txn, enum fc_database database,
			     const struct fc_key *key, size_t length, const uint8_t **payload,
			     struct fc_error *err);

/*
 * Records that fc_store_peek returned and whose content was verified since the gallery was opened. first and last: ids that no other content
 * has. Without memory, a record is not remembered.
 */
bool fc_store_is_verified(const struct fc_gallery_txn *txn, uint64_t first, uint64_t last);
void fc_store_set_verified(struct fc_gallery_txn *txn, uint64_t first, uint64_t last);

enum fc_store_put_mode {
	FC_STORE_ADD,     /* FC_CONFLICT if the key exists */
	FC_STORE_REPLACE, /* whether the key exists or not */
};

/*
 * Store a record. payload NULL: an empty payload. Errors: FC_CONFLICT, FC_INVALID_ARGUMENT (key too long), FC_FULL, FC_DAMAGED, FC_IO,
 * FC_NO_MEMORY.
 */
enum fc_status fc_store_put(struct fc_gallery_txn *txn, enum fc_database database,
			    const struct fc_key *key, const struct fc_buffer *payload,
			    enum fc_store_put_mode mode, struct fc_error *err);

/* fc_store_get and fc_fields_get: read a record by the table of its fields. Members without a row are not changed. */
enum fc_status fc_store_read(struct fc_gallery_txn *txn, enum fc_database database,
			     const struct fc_key *key, const struct fc_field *fields, void *record,
			     struct fc_error *err);

/* fc_fields_put and fc_store_put. */
enum fc_status fc_store_write(struct fc_gallery_txn *txn, enum fc_database database,
			      const struct fc_key *key, const struct fc_field *fields,
			      const void *record, enum fc_store_put_mode mode,
			      struct fc_error *err);

/* Delete a record. FC_DAMAGED if it does not exist, because then an index and its records disagree. */
enum fc_status fc_store_delete(struct fc_gallery_txn *txn, enum fc_database database,
			       const struct fc_key *key, struct fc_error *err);

/* Delete every record whose key starts with prefix, damaged or not. */
enum fc_status fc_store_delete_all(struct fc_gallery_txn *txn, enum fc_database database,
				   const struct fc_key *prefix, struct fc_error *err);

/* Number of records of a database, as LMDB counts them. */
enum fc_status fc_store_count(struct fc_gallery_txn *txn, enum fc_database database, uint64_t *out,
			      struct fc_error *err);

/* Number of records whose keys start with prefix, counted one by one. Their CRCs are not checked. */
enum fc_status fc_store_count_prefix(struct fc_gallery_txn *txn, enum fc_database database,
				     const struct fc_key *prefix, uint64_t *out,
				     struct fc_error *err);

/*
 * Find the first record whose key starts with prefix or is equal to it. For loops that delete records, where a cursor cannot be used.
 * FC_NOT_FOUND if there is none.
 */
enum fc_status fc_store_first(struct fc_gallery_txn *txn, enum fc_database database,
			      const struct fc_key *prefix, struct fc_key *key,
			      struct fc_reader *payload, struct fc_error *err);

/*
 * Return the status of a lookup for the user: for FC_NOT_FOUND, set an error text that names what is missing instead of the record.
 */
enum fc_status fc_store_found(enum fc_status status, struct fc_error *err, const char *format, ...)
	FC_PRINTF(3, 4);

/* ---- walks ---- */

struct fc_store_cursor {
	struct fc_gallery_txn *txn;
	void *cursor;
	enum fc_database database;
	struct fc_key prefix, start;
	bool backward;
	bool started, ended;
	uint64_t steps; /* records that were found */
};

/*
 * Walk the records whose keys start with prefix, from the first key that is not before start (NULL: from the first). The
 * database must not be changed during the walk. Release the cursor before its transaction ends.
 */
enum fc_status fc_store_walk(struct fc_gallery_txn *txn, enum fc_database database,
			     const struct fc_key *prefix, const struct fc_key *start,
			     struct fc_store_cursor *out, struct fc_error *err);

/* Like fc_store_walk, but backward: the first record is the last one with a key before end (NULL: the last of the prefix). */
enum fc_status fc_store_walk_back(struct fc_gallery_txn *txn, enum fc_database database,
				  const struct fc_key *prefix, const struct fc_key *end,
				  struct fc_store_cursor *out, struct fc_error *err);

/* Count the records of a database one by one. FC_DAMAGED if it counts another number: keys that are not found may be missing. */
enum fc_status fc_store_recount(struct fc_gallery_txn *txn, enum fc_database database,
				struct fc_error *err);

/*
 * Read the next record; its payload is borrowed. FC_NOT_FOUND at the end; FC_DAMAGED if a walk over a whole database found another number of
 * records than the database counts. After FC_DAMAGED the walk can continue with the record after the
 * damaged one, whose *key is set if it is readable. If LMDB cannot continue, the next call returns FC_NOT_FOUND.
 */
enum fc_status fc_store_next(struct fc_store_cursor *cursor, struct fc_key *key,
			     struct fc_reader *payload, struct fc_error *err);
void fc_store_cursor_release(struct fc_store_cursor *cursor);

/* Return the status of a fc_record_get function, and on failure set an error text that names the record. */
enum fc_status fc_store_decoded(const struct fc_gallery_txn *txn, enum fc_database database,
				const struct fc_key *key, enum fc_status status,
				struct fc_error *err);

/* Return FC_DAMAGED, because a record is missing or contradicts others. what: the problem, such as "its person is missing". */
enum fc_status fc_store_contradiction(const struct fc_gallery_txn *txn, enum fc_database database,
				      const struct fc_key *key, const char *what,
				      struct fc_error *err);

/*
 * Return the status of reading a record to which another record refers: FC_NOT_FOUND becomes FC_DAMAGED. key: the key of the record that
 * contains the reference. what: as above.
 */
enum fc_status fc_store_followed(const struct fc_gallery_txn *txn, enum fc_database database,
				 const struct fc_key *key, enum fc_status status, const char *what,
				 struct fc_error *err);

#endif
