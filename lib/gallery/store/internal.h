/* What the store's own files share: the only place, with them, that knows LMDB. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_LMDB_H
#define FC_GALLERY_STORE_LMDB_H

#include <lmdb.h>
#include <sys/types.h>

#include "gallery/store/directory.h"
#include "gallery/store/guard.h"
#include "gallery/store/store.h"
#include "gallery/store/write_lock.h"

struct fc_gallery {
	struct fc_directory directory;
	struct fc_write_lock write_lock;
	enum fc_gallery_mode mode;
	unsigned lock_timeout;
	uint64_t maximum_bytes;
	uint64_t first_map;
	pid_t opener;
	unsigned reads; /* transactions that are open */
	bool writes;

	MDB_env *env;
	MDB_dbi databases[FC_DB_END];
	size_t page_size;
	struct fc_lmdb_guard guard;
};

struct fc_gallery_txn {
	struct fc_gallery *gallery;
	MDB_txn *handle;
	bool writes;
	int64_t balance; /* records added less records removed: above 0 the size limit holds */
	bool map_full;   /* run it again in a larger map */
};

/* The one translation of LMDB's codes and errno values into a status and a text. code is not 0. */
enum fc_status fc_lmdb_fail(const struct fc_gallery *gallery, int code, struct fc_error *err);

/* Begin a transaction, adopting a map that another process has made larger and clearing readers that died. */
FC_MUST_USE enum fc_status fc_lmdb_begin(struct fc_gallery *gallery, unsigned flags, MDB_txn **out,
					 struct fc_error *err);

/*
 * Open the environment in a file of the gallery's directory ("/" and its name; "" for the gallery itself), and its databases, which
 * must be of a format that fits the mode.
 */
FC_MUST_USE enum fc_status fc_lmdb_open(struct fc_gallery *gallery, const char *file,
					unsigned flags, struct fc_error *err);
FC_MUST_USE enum fc_status fc_lmdb_open_databases(struct fc_gallery *gallery, struct fc_error *err);
void fc_lmdb_close(struct fc_gallery *gallery);

/* Make the data file as long as its last page asks for. See store_txn.c for why it may be shorter. */
FC_MUST_USE bool fc_lmdb_is_short(const struct fc_gallery *gallery, uint64_t *size,
				  uint64_t *needed);
FC_MUST_USE bool fc_lmdb_lengthen(const struct fc_gallery *gallery);

#endif
