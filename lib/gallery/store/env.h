/* The open environment, shared by the files of store/. Only they use LMDB. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_ENV_H
#define FC_GALLERY_STORE_ENV_H

#include <lmdb.h>
#include <sys/types.h>

#include "gallery/gallery.h"
#include "gallery/store/databases.h"
#include "gallery/store/directory.h"
#include "gallery/store/guard.h"
#include "gallery/store/write_lock.h"

struct fc_gallery {
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
};

struct fc_gallery_txn {
	struct fc_gallery *gallery;
	MDB_txn *handle;
	bool writes;
	int64_t balance; /* records added minus records removed; if above 0, the size limit applies */
	bool map_full;   /* the change must run again in a larger map */
};

/* ---- env.c ---- */

/* Convert an error code of LMDB, which may be an errno value, to a status and a message. code is not 0. */
enum fc_status fc_lmdb_fail(const struct fc_gallery *gallery, int code, struct fc_error *err);

/*
 * fc_lmdb_is_short: whether the data file is shorter than its number of pages requires. fc_lmdb_lengthen: extend it to that length. env.c
 * explains why it can be shorter.
 */
FC_MUST_USE bool fc_lmdb_is_short(const struct fc_gallery *gallery, uint64_t *size,
				  uint64_t *needed);
FC_MUST_USE bool fc_lmdb_lengthen(const struct fc_gallery *gallery);

/* ---- txn.c ---- */

/* Begin a transaction. Adopts a map that another process has enlarged, and clears readers that died. */
enum fc_status fc_lmdb_begin(struct fc_gallery *gallery, unsigned flags, MDB_txn **out,
			     struct fc_error *err);

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
