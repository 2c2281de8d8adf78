/*
 * Wrappers of LMDB functions that read pages, which may be damaged. They turn failed assertions of LMDB, and its invalid accesses to memory,
 * into errors.
 *
 * If damage makes an assertion of LMDB fail, LMDB would print a message and abort. Here its assertion handler, or the handler of SIGSEGV and
 * SIGBUS, jumps back into the wrapper, which returns MDB_CORRUPTED. From then on every wrapper returns MDB_CORRUPTED and does not use the
 * environment, so that nothing is committed.
 *
 * Pages of the mapping that is read without LMDB (pages.h) can become unreadable while they are used, because of a disk error or because
 * another program truncates the file. Then the handler replaces the page by zeros, which no checksum fits, and marks the guard as broken.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_GUARD_H
#define FC_GALLERY_STORE_GUARD_H

#include <lmdb.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

struct fc_lmdb_guard {
	bool broken;
	const void *base; /* the mapping that is read without LMDB; NULL: none */
	size_t length;
	jmp_buf rescue;
};

/* Catch the assertions and invalid accesses of env. The guard must live as long as env. */
void fc_guard_env(MDB_env *env, struct fc_lmdb_guard *guard);

/* Replace unreadable pages of a mapping, for this thread, until it is called with NULL. */
void fc_guard_mapping(struct fc_lmdb_guard *guard, const void *base, size_t length);

int fc_guarded_open(struct fc_lmdb_guard *guard, MDB_env *env, const char *path, unsigned flags);
int fc_guarded_begin(struct fc_lmdb_guard *guard, MDB_env *env, unsigned flags, MDB_txn **out);
int fc_guarded_begin_nested(struct fc_lmdb_guard *guard, MDB_env *env, MDB_txn *parent,
			    MDB_txn **out);
int fc_guarded_commit(struct fc_lmdb_guard *guard, MDB_txn *txn);
int fc_guarded_database(struct fc_lmdb_guard *guard, MDB_txn *txn, const char *name, unsigned flags,
			MDB_dbi *out);
int fc_guarded_get(struct fc_lmdb_guard *guard, MDB_txn *txn, MDB_dbi database, MDB_val *key,
		   MDB_val *value);
int fc_guarded_put(struct fc_lmdb_guard *guard, MDB_txn *txn, MDB_dbi database, MDB_val *key,
		   MDB_val *value, unsigned flags);
int fc_guarded_delete(struct fc_lmdb_guard *guard, MDB_txn *txn, MDB_dbi database, MDB_val *key);
int fc_guarded_stat(struct fc_lmdb_guard *guard, MDB_txn *txn, MDB_dbi database, MDB_stat *out);
int fc_guarded_cursor(struct fc_lmdb_guard *guard, MDB_txn *txn, MDB_dbi database,
		      MDB_cursor **out);
int fc_guarded_step(struct fc_lmdb_guard *guard, MDB_cursor *cursor, MDB_val *key, MDB_val *value,
		    MDB_cursor_op operation);

#endif
