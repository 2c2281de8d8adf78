/* The gallery and the transactions of this store, shared by its files. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_POSTGRES_SERVER_H
#define FC_GALLERY_POSTGRES_SERVER_H

#include <sys/types.h>

#include "gallery/postgres/connection.h"
#include "gallery/store/engine.h"

enum { FC_PG_CONNECTIONS = 4, FC_PG_PAYLOADS = 32 };

struct fc_pg_gallery {
	struct fc_engine_gallery base; /* first, so that both have the same address */
	char *name, *cache_folder;
	enum fc_gallery_mode mode;
	unsigned lock_timeout;
	pid_t opener;
	/* connections that no transaction uses */
	struct fc_pg_connection idle[FC_PG_CONNECTIONS];
	size_t idle_count;
	unsigned reads; /* open read transactions */
	bool writes;    /* a write transaction is open */
	struct fc_uuid id;
	int64_t month; /* the last one that is known to have a partition of the log */
};

struct fc_pg_txn {
	struct fc_engine_txn base;
	struct fc_pg_connection connection;
	bool writes;
	/* A write transaction: the spaces that no other process can change until it ends. */
	uint32_t *locked;
	size_t locked_count, locked_capacity;
	bool refreshed;  /* it has refreshed a copy of means */
	bool log_locked; /* likewise, no other process adds entries */
	uint64_t number; /* of the transaction at the server */
	int64_t month;   /* the last one for which it ensured a partition; 0: none */
	/* payloads that were returned last */
	struct fc_buffer payloads[FC_PG_PAYLOADS];
	size_t payload_count;
	/* A read transaction: the row that a walk over an index returned last, with the record that the index refers to. */
	struct {
		enum fc_database database;
		struct fc_key key;
		PGresult *result; /* borrowed from the cursor; NULL: none */
		int row, first;
	} ahead;
};

static inline struct fc_pg_gallery *fc_pg_gallery_of(struct fc_gallery *gallery)
{
	return (struct fc_pg_gallery *)(void *)gallery;
}

static inline struct fc_pg_txn *fc_pg_txn_of(struct fc_gallery_txn *txn)
{
	return (struct fc_pg_txn *)(void *)txn;
}

static inline struct fc_gallery_txn *fc_pg_txn_base(struct fc_pg_txn *txn)
{
	return (struct fc_gallery_txn *)(void *)txn;
}

/* The buffer for the next payload that is returned. It is valid until FC_PG_PAYLOADS more were returned. */
struct fc_buffer *fc_pg_next_payload(struct fc_pg_txn *txn);

/* Run a statement in a transaction. */
static inline enum fc_status fc_pg_query(struct fc_pg_txn *txn, struct fc_buffer *text,
					 struct fc_pg_params *params, PGresult **out,
					 struct fc_error *err)
{
	const char *statement = fc_buffer_text(text);
	return statement ? fc_pg_run(&txn->connection, statement, params, out, err)
			 : fc_fail_memory(err);
}

/* ---- transactions.c ---- */

/* Take a connection, a new one if none is idle, and return it. A connection that was lost is closed. */
enum fc_status fc_pg_take(struct fc_pg_gallery *gallery, struct fc_pg_connection *out,
			  struct fc_error *err);
void fc_pg_give(struct fc_pg_gallery *gallery, struct fc_pg_connection *connection);

/* In a write transaction: let no other process change this space until the end. Nothing happens in a read transaction. */
enum fc_status fc_pg_lock_space(struct fc_pg_txn *txn, uint32_t space, struct fc_error *err);

enum fc_status fc_pg_begin_read(struct fc_gallery *gallery, struct fc_gallery_txn **out,
				struct fc_error *err);
void fc_pg_end_read(struct fc_gallery_txn *txn);
enum fc_status fc_pg_write(struct fc_gallery *gallery, fc_gallery_change *change, void *context,
			   struct fc_error *err);
enum fc_status fc_pg_attempt(struct fc_gallery_txn *txn, fc_gallery_change *change, void *context,
			     struct fc_error *err);

/* ---- records.c ---- */

/* "a, b, c" for columns, each with a prefix; returns their number. */
int fc_pg_put_names(struct fc_buffer *text, const char *prefix, const struct fc_pg_column *columns);

/* " WHERE ..." for the rows of a table whose keys begin with prefix. *parts: number of columns that are equal. */
enum fc_status fc_pg_put_prefix(struct fc_buffer *text, struct fc_pg_params *params,
				const struct fc_pg_table *table, const struct fc_key *prefix,
				size_t *parts, struct fc_error *err);

enum fc_status fc_pg_get(struct fc_gallery_txn *txn, enum fc_database database,
			 const struct fc_key *key, struct fc_reader *payload, struct fc_error *err);
enum fc_status fc_pg_put(struct fc_gallery_txn *txn, enum fc_database database,
			 const struct fc_key *key, const struct fc_buffer *payload,
			 enum fc_store_put_mode mode, struct fc_error *err);
enum fc_status fc_pg_delete(struct fc_gallery_txn *txn, enum fc_database database,
			    const struct fc_key *key, struct fc_error *err);
enum fc_status fc_pg_delete_all(struct fc_gallery_txn *txn, enum fc_database database,
				const struct fc_key *prefix, struct fc_error *err);
enum fc_status fc_pg_count(struct fc_gallery_txn *txn, enum fc_database database,
			   const struct fc_key *prefix, uint64_t *out, struct fc_error *err);

/* ---- ids.c ---- */

enum fc_status fc_pg_next_id(struct fc_gallery_txn *txn, enum fc_id_kind kind, uint64_t *out,
			     struct fc_error *err);
enum fc_status fc_pg_peek_id(struct fc_gallery_txn *txn, enum fc_id_kind kind, uint64_t *out,
			     struct fc_error *err);

/* Before an entry of this time is stored: its partition exists. */
enum fc_status fc_pg_ensure_month(struct fc_pg_txn *txn, int64_t time, struct fc_error *err);

/* ---- walks.c ---- */

enum fc_status fc_pg_next(struct fc_store_cursor *cursor, struct fc_key *key,
			  struct fc_reader *payload, struct fc_error *err);
void fc_pg_cursor_release(struct fc_store_cursor *cursor);

/* ---- log.c ---- */

enum fc_status fc_pg_entry_each(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
				uint64_t offset, const uint64_t *after,
				bool (*visit)(const struct fc_entry *entry, void *context),
				void *context, struct fc_error *err);
enum fc_status fc_pg_entry_count(struct fc_gallery_txn *txn, const struct fc_entry_query *query,
				 uint64_t *out, struct fc_error *err);

/* ---- search.c ---- */

enum fc_status fc_pg_search(struct fc_gallery_txn *txn, const struct fc_search_request *request,
			    struct fc_search_hit *hits, size_t *counts, struct fc_error *err);

#endif
