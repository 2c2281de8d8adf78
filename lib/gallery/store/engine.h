/*
 * Another store than LMDB below the functions of store.h and gallery.h: a table of its operations. A gallery or a transaction whose first
 * member is NULL belongs to LMDB, and the functions of store/ work as they always did. Otherwise they call the table.
 *
 * The rules about records (rows/) are the same for every store. A store keeps each record under its key. It maintains indexes by itself:
 * fc_store_put and fc_store_delete ignore records of an index, but a walk over one finds what LMDB would. What a store does better as a
 * whole than record by record is an operation of its own: search, and queries of the log.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_ENGINE_H
#define FC_GALLERY_STORE_ENGINE_H

#include "gallery/store/store.h"

struct fc_entry_query; /* rows/entry_query.h */
struct fc_search_hit;  /* search/hit.h */

/* What fc_store_open_database gets from fc_gallery_open. */
struct fc_engine_options {
	const char *name;  /* as the user gave it */
	const char *cache; /* folder for copies of templates; NULL: none */
	enum fc_gallery_mode mode;
	unsigned lock_timeout; /* milliseconds */
};

struct fc_search_request {
	const struct fc_space *space; /* as read in this transaction */
	const float *probes;
	size_t probe_count;
	uint32_t dimension; /* that of the pin */
	size_t top;
};

/* Functions as in gallery.h and store.h, for objects of this store. */
struct fc_store_engine {
	void (*close)(struct fc_gallery *gallery);
	/* The gallery's name in messages. */
	const char *(*name)(const struct fc_gallery *gallery);
	enum fc_status (*bytes)(const struct fc_gallery *gallery, uint64_t *out,
				struct fc_error *err);

	enum fc_status (*begin_read)(struct fc_gallery *gallery, struct fc_gallery_txn **out,
				     struct fc_error *err);
	void (*end_read)(struct fc_gallery_txn *txn);
	enum fc_status (*write)(struct fc_gallery *gallery, fc_gallery_change *change,
				void *context, struct fc_error *err);
	enum fc_status (*attempt)(struct fc_gallery_txn *txn, fc_gallery_change *change,
				  void *context, struct fc_error *err);

	enum fc_status (*get)(struct fc_gallery_txn *txn, enum fc_database database,
			      const struct fc_key *key, struct fc_reader *payload,
			      struct fc_error *err);
	enum fc_status (*put)(struct fc_gallery_txn *txn, enum fc_database database,
			      const struct fc_key *key, const struct fc_buffer *payload,
			      enum fc_store_put_mode mode, struct fc_error *err);
	/* FC_NOT_FOUND if there is no such record. */
	enum fc_status (*delete)(struct fc_gallery_txn *txn, enum fc_database database,
				 const struct fc_key *key, struct fc_error *err);
	enum fc_status (*delete_all)(struct fc_gallery_txn *txn, enum fc_database database,
				     const struct fc_key *prefix, struct fc_error *err);
	enum fc_status (*count)(struct fc_gallery_txn *txn, enum fc_database database,
				const struct fc_key *prefix, uint64_t *out, struct fc_error *err);
	/* cursor: as fc_store_walk and fc_store_walk_back describe it; cursor->cursor belongs to the engine. */
	enum fc_status (*next)(struct fc_store_cursor *cursor, struct fc_key *key,
			       struct fc_reader *payload, struct fc_error *err);
	void (*cursor_release)(struct fc_store_cursor *cursor);
	enum fc_status (*next_id)(struct fc_gallery_txn *txn, enum fc_id_kind kind, uint64_t *out,
				  struct fc_error *err);
	/* The id that will follow, without using it. */
	enum fc_status (*peek_id)(struct fc_gallery_txn *txn, enum fc_id_kind kind, uint64_t *out,
				  struct fc_error *err);

	/* As fc_search; the request was checked. */
	enum fc_status (*search)(struct fc_gallery_txn *txn,
				 const struct fc_search_request *request,
				 struct fc_search_hit *hits, size_t *counts, struct fc_error *err);
	/* after: NULL, or as in fc_entry_each_after. */
	enum fc_status (*entry_each)(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
				     uint64_t offset, const uint64_t *after,
				     bool (*visit)(const struct fc_entry *entry, void *context),
				     void *context, struct fc_error *err);
	enum fc_status (*entry_count)(struct fc_gallery_txn *txn,
				      const struct fc_entry_query *query, uint64_t *out,
				      struct fc_error *err);
};

/* The first members of every gallery and every transaction. */
struct fc_engine_gallery {
	const struct fc_store_engine *engine;
};

struct fc_engine_txn {
	const struct fc_store_engine *engine;
	struct fc_gallery *gallery;
};

/* The table of a gallery's or a transaction's store; NULL: LMDB. */
static inline const struct fc_store_engine *fc_engine_of(const struct fc_gallery *gallery)
{
	return ((const struct fc_engine_gallery *)(const void *)gallery)->engine;
}

static inline const struct fc_store_engine *fc_engine_in(const struct fc_gallery_txn *txn)
{
	return ((const struct fc_engine_txn *)(const void *)txn)->engine;
}

/* ---- the module ---- */

#define FC_STORE_MODULE "fc_store_module"

struct fc_store_module {
	const char *version; /* of facectl; must be equal to the caller's */
	enum fc_status (*open)(const struct fc_engine_options *options, struct fc_gallery **out,
			       struct fc_error *err);
};

/* Load the module and open a gallery. Errors: those of fc_gallery_open; FC_IO (no module, or another version). */
enum fc_status fc_engine_open(const struct fc_gallery_options *options, struct fc_gallery **out,
			      struct fc_error *err);

/* FC_UNSUPPORTED for a gallery of another store than LMDB. what: the operation, such as "gallery backup". */
enum fc_status fc_engine_require_lmdb(const struct fc_gallery *gallery, const char *what,
				      struct fc_error *err);

#endif
