/* Wrappers of LMDB functions that read pages, which may be damaged, and the handler of SIGSEGV and SIGBUS. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/guard.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/compiler.h"

/* The guard whose wrapper runs in this thread, and the guard of the mapping that it reads. */
static _Thread_local struct fc_lmdb_guard *running, *mapped;

static _Noreturn void jump_back(struct fc_lmdb_guard *guard)
{
	running = NULL;
	guard->broken = true;
	_longjmp(guard->rescue, 1);
}

/*
 * The body of each function below. The macro's only variable is set after setjmp returns for the first time and is not used after the second
 * time, when values in registers are lost.
 */
#define GUARDED(call)                                                                              \
	do {                                                                                       \
		if (guard->broken || _setjmp(guard->rescue) != 0) {                                \
			return MDB_CORRUPTED;                                                      \
		}                                                                                  \
		running = guard;                                                                   \
		int guarded_code_ = (call);                                                        \
		running = NULL;                                                                    \
		return guarded_code_;                                                              \
	} while (0)

static void on_failed_assertion(MDB_env *env, const char *text)
{
	(void)text;
	jump_back(mdb_env_get_userctx(env));
}

/* Put a page of zeros in the place of an unreadable page. */
static bool replace_page(struct fc_lmdb_guard *guard, const void *address)
{
	uintptr_t page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t at = (uintptr_t)address, base = (uintptr_t)guard->base;
	if (at < base || at - base >= guard->length) {
		return false;
	}
	guard->broken = true;
	return mmap((void *)(at & ~(page_size - 1)), page_size, PROT_READ,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

/* si_code is above 0 if an access to memory caused the signal, and not another process. */
static void on_fault(int signal_number, siginfo_t *info, void *context)
{
	(void)context;
	if (running && info->si_code > 0) {
		jump_back(running);
	}
	if (mapped && info->si_code > 0 && replace_page(mapped, info->si_addr)) {
		return;
	}
	/* Any other access is repeated, and ends the process, as does the signal of another process. */
	FC_IGNORE(signal(signal_number, SIG_DFL));
	if (info->si_code <= 0) {
		FC_IGNORE(pthread_kill(pthread_self(), signal_number));
	}
}

void fc_guard_env(MDB_env *env, struct fc_lmdb_guard *guard)
{
	/* Not blocked inside the handler, because it is left by a jump. */
	struct sigaction action = { .sa_flags = SA_SIGINFO | SA_NODEFER };
	action.sa_sigaction = on_fault;
	FC_IGNORE(sigaction(SIGSEGV, &action, NULL));
	FC_IGNORE(sigaction(SIGBUS, &action, NULL));
	mdb_env_set_userctx(env, guard);
	mdb_env_set_assert(env, on_failed_assertion);
}

void fc_guard_mapping(struct fc_lmdb_guard *guard, const void *base, size_t length)
{
	guard->base = base;
	guard->length = length;
	mapped = base ? guard : NULL;
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
