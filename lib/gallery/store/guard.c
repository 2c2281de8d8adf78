/* Wrappers of LMDB functions that read pages, which may be damaged. They turn failed assertions of LMDB into errors. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/guard.h"

#include <stddef.h>

/*
 * The body of each function below, which must have no local variables: setjmp returns a second time, and values in registers are lost
 * then.
 */
#define GUARDED(call)                                                                              \
	do {                                                                                       \
		if (guard->broken || _setjmp(guard->rescue) != 0) {                                \
			return MDB_CORRUPTED;                                                      \
		}                                                                                  \
		return (call);                                                                     \
	} while (0)

static void on_failed_assertion(MDB_env *env, const char *text)
{
	struct fc_lmdb_guard *guard = mdb_env_get_userctx(env);
	(void)text;
	guard->broken = true;
	_longjmp(guard->rescue, 1);
}

void fc_guard_env(MDB_env *env, struct fc_lmdb_guard *guard)
{
	mdb_env_set_userctx(env, guard);
	mdb_env_set_assert(env, on_failed_assertion);
}

int fc_guarded_open(struct fc_lmdb_guard *guard, MDB_env *env, const char *path, unsigned flags)
{
	GUARDED(mdb_env_open(env, path, flags, 0600));
}

int fc_guarded_begin(struct fc_lmdb_guard *guard, MDB_env *env, unsigned flags, MDB_txn **out)
{
	GUARDED(mdb_txn_begin(env, NULL, flags, out));
}

int fc_guarded_begin_nested(struct fc_lmdb_guard *guard, MDB_env *env, MDB_txn *parent,
			    MDB_txn **out)
{
	GUARDED(mdb_txn_begin(env, parent, 0, out));
}

int fc_guarded_commit(struct fc_lmdb_guard *guard, MDB_txn *txn)
{
	GUARDED(mdb_txn_commit(txn));
}

int fc_guarded_copy(struct fc_lmdb_guard *guard, MDB_env *env, int fd, unsigned flags)
{
	GUARDED(mdb_env_copyfd2(env, fd, flags));
}

int fc_guarded_database(struct fc_lmdb_guard *guard, MDB_txn *txn, const char *name, unsigned flags,
			MDB_dbi *out)
{
	GUARDED(mdb_dbi_open(txn, name, flags, out));
}

int fc_guarded_get(struct fc_lmdb_guard *guard, MDB_txn *txn, MDB_dbi database, MDB_val *key,
		   MDB_val *value)
{
	GUARDED(mdb_get(txn, database, key, value));
}

int fc_guarded_put(struct fc_lmdb_guard *guard, MDB_txn *txn, MDB_dbi database, MDB_val *key,
		   MDB_val *value, unsigned flags)
{
	GUARDED(mdb_put(txn, database, key, value, flags));
}

int fc_guarded_delete(struct fc_lmdb_guard *guard, MDB_txn *txn, MDB_dbi database, MDB_val *key)
{
	GUARDED(mdb_del(txn, database, key, NULL));
}

int fc_guarded_stat(struct fc_lmdb_guard *guard, MDB_txn *txn, MDB_dbi database, MDB_stat *out)
{
	GUARDED(mdb_stat(txn, database, out));
}

int fc_guarded_cursor(struct fc_lmdb_guard *guard, MDB_txn *txn, MDB_dbi database, MDB_cursor **out)
{
	GUARDED(mdb_cursor_open(txn, database, out));
}

int fc_guarded_step(struct fc_lmdb_guard *guard, MDB_cursor *cursor, MDB_val *key, MDB_val *value,
		    MDB_cursor_op operation)
{
	GUARDED(mdb_cursor_get(cursor, key, value, operation));
}
