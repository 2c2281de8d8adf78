/* The open environment, shared by the files of store/. Only they use LMDB. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_ENV_H
#define FC_GALLERY_STORE_ENV_H

#include <lmdb.h>
#include <sys/types.h>

#include "gallery/gallery.h"
#include "gallery/store/databases.h"
#include "gallery/store/directory.h"
#include "gallery/store/engine.h"
#include "gallery/store/guard.h"
#include "gallery/store/keys.h"
#include "gallery/store/pages.h"
#include "gallery/store/record_header.h"
#include "gallery/store/write_lock.h"

/* A large record that was verified: the ids of its first and last parts. */
struct fc_verified {
	uint64_t first, last;
};

struct fc_gallery {
	const struct fc_store_engine *engine; /* first; NULL: the gallery is a directory */
	struct fc_directory directory;
	struct fc_write_lock write_lock;
	enum fc_gallery_mode mode;
	unsigned lock_timeout;
	uint64_t maximum_bytes;
	uint64_t first_map;
	pid_t opener;
	unsigned reads; /* open read transactions */
	bool writes;    /* a write transaction is open */

	MDB_env *env; /* NULL while suspended */
	MDB_dbi databases[FC_DB_END];
	size_t page_size;
	struct fc_lmdb_guard guard;
	struct fc_pages pages;        /* what is read, instead of LMDB's mapping */
	struct fc_verified *verified; /* sorted */
	size_t verified_count, verified_capacity;
};

struct fc_gallery_txn {
	const struct fc_store_engine *engine; /* first, like the next member */
	struct fc_gallery *gallery;
	MDB_txn *handle;
	struct fc_snapshot snapshot; /* what is read; of a write transaction, the state before it */
	struct fc_tree trees[FC_DB_END];
	bool tree_known[FC_DB_END];
	int first_code; /* the first error of LMDB; later ones only say that there was one */
	bool writes;
	int64_t balance; /* records added minus records removed; if above 0, the size limit applies */
	bool map_full;   /* the change must run again in a larger map */
};

/* ---- env.c ---- */

/* Convert an error code of LMDB, which may be an errno value, to a status and a message. code is not 0. */
enum fc_status fc_lmdb_fail(const struct fc_gallery *gallery, int code, struct fc_error *err);

/* The likely cause of a short write to a data file, which LMDB reports as EIO: ENOSPC, EFBIG or EIO. */
int fc_cause_of_eio(int fd);

/* ---- txn.c ---- */

/*
 * Begin a transaction of LMDB (txn->writes: a write transaction) and take its snapshot. Adopts a map that another process has enlarged, and
 * clears readers that died.
 */
enum fc_status fc_lmdb_begin(struct fc_gallery_txn *txn, struct fc_error *err);
/* Abort, also after an error of fc_lmdb_begin or a commit. */
void fc_lmdb_abort(struct fc_gallery_txn *txn);

/* The tree of a database in the snapshot. FC_DAMAGED if it is missing or damaged. */
enum fc_status fc_lmdb_tree(struct fc_gallery_txn *txn, enum fc_database database,
			    const struct fc_tree **out, struct fc_error *err);

/* fc_lmdb_fail for an error inside a transaction. */
enum fc_status fc_lmdb_fail_in(struct fc_gallery_txn *txn, int code, struct fc_error *err);

/* ---- records.c ---- */

static inline MDB_val fc_lmdb_key(const struct fc_key *key)
{
	/* LMDB does not change the key. */
	return (MDB_val){ .mv_size = key->length, .mv_data = (void *)(uintptr_t)key->bytes };
}

/* Check the pages that LMDB reads when it accesses a key inside a change. Returns a code of LMDB. */
int fc_lmdb_check_path(struct fc_gallery_txn *txn, enum fc_database database, const MDB_val *name,
		       struct fc_error *err);

/* Check the CRC of a record and borrow its payload. */
enum fc_status fc_lmdb_open_record(const struct fc_gallery_txn *txn, enum fc_database database,
				   const struct fc_key *key, const MDB_val *value,
				   struct fc_reader *payload, struct fc_error *err);

/* ---- walks.c ---- */

struct fc_store_cursor;

/* Step to the next record of a walk, without checking its CRC or its prefix. Returns a code of LMDB. */
int fc_lmdb_step(struct fc_store_cursor *cursor, MDB_val *name, MDB_val *value);

/* ---- open.c ---- */

/*
 * Open the environment in a file of the gallery's directory ("/" and its name; "" for the gallery itself), then its databases, whose
 * format must fit the mode.
 */
enum fc_status fc_lmdb_open(struct fc_gallery *gallery, const char *file, unsigned flags,
			    struct fc_error *err);
enum fc_status fc_lmdb_open_databases(struct fc_gallery *gallery, struct fc_error *err);
void fc_lmdb_close(struct fc_gallery *gallery);

#endif
