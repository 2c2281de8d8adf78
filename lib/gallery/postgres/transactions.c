/*
 * Transactions. A reader has one state of the whole database (REPEATABLE READ). A writer (READ COMMITTED) locks each space before it reads or
 * changes anything in it, and holds the lock to the end, so that in one space writers follow each other, and each sees what the one before
 * it committed. What conflicts nevertheless runs again.
 */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "gallery/postgres/schema.h"
#include "gallery/postgres/server.h"

enum { TRIES = 20 };

enum retry {
	RETRY_NEVER,
	RETRY_LOST,     /* the connection was lost, or there is none */
	RETRY_CONFLICT, /* with a change of another process */
	RETRY_DAMAGED,
};

struct fc_buffer *fc_pg_next_payload(struct fc_pg_txn *txn)
{
	struct fc_buffer *buffer = &txn->payloads[txn->payload_count++ % FC_PG_PAYLOADS];
	fc_buffer_clear(buffer);
	return buffer;
}

static void release_memory(struct fc_pg_txn *txn)
{
	for (size_t i = 0; i < FC_PG_PAYLOADS; i++) {
		fc_buffer_release(&txn->payloads[i]);
	}
	free(txn->locked);
	txn->locked = NULL;
	txn->locked_count = txn->locked_capacity = 0;
	txn->log_locked = false;
	txn->ahead.result = NULL;
}

/* ---- connections ---- */

enum fc_status fc_pg_take(struct fc_pg_gallery *gallery, struct fc_pg_connection *out,
			  struct fc_error *err)
{
	if (gallery->idle_count > 0) {
		*out = gallery->idle[--gallery->idle_count];
		return FC_OK;
	}
	return fc_pg_connect(out, gallery->name, err);
}

void fc_pg_give(struct fc_pg_gallery *gallery, struct fc_pg_connection *connection)
{
	if (connection->lost || PQtransactionStatus(connection->handle) != PQTRANS_IDLE ||
	    gallery->idle_count == FC_PG_CONNECTIONS) {
		fc_pg_disconnect(connection);
	} else {
		connection->again = false;
		gallery->idle[gallery->idle_count++] = *connection;
	}
	*connection = (struct fc_pg_connection){ .name = gallery->name };
}

/* Detect program errors that a directory's gallery detects. */
static enum fc_status check_use(const struct fc_pg_gallery *gallery, bool writes,
				struct fc_error *err)
{
	const char *mistake = NULL;
	if (gallery->opener != getpid()) {
		mistake = "used after fork";
	} else if (gallery->writes) {
		mistake = "a transaction inside a change";
	} else if (writes && gallery->reads > 0) {
		mistake = "a change while a read is open";
	} else if (writes && gallery->mode == FC_GALLERY_READ) {
		mistake = "a change to a gallery opened for reading";
	}
	return mistake ? fc_fail(err, FC_INTERNAL, "gallery '%s': %s", gallery->name, mistake)
		       : FC_OK;
}

/* ---- reading ---- */

/* An idle connection may have been closed by the server meanwhile: try a new one. */
static enum fc_status begin(struct fc_pg_gallery *gallery, const char *statement,
			    struct fc_pg_connection *out, struct fc_error *err)
{
	for (;;) {
		bool was_idle = gallery->idle_count > 0;
		FC_TRY(fc_pg_take(gallery, out, err));
		enum fc_status status = fc_pg_command(out, statement, err);
		if (status == FC_OK) {
			return FC_OK;
		}
		bool stale = was_idle && out->lost;
		fc_pg_give(gallery, out);
		if (!stale) {
			return status;
		}
	}
}

enum fc_status fc_pg_begin_read(struct fc_gallery *base, struct fc_gallery_txn **out,
				struct fc_error *err)
{
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(base);
	FC_TRY(check_use(gallery, false, err));
	FC_CLEANUP(fc_free) struct fc_pg_txn *txn = calloc(1, sizeof(*txn));
	if (!txn) {
		return fc_fail_memory(err);
	}
	txn->base = (struct fc_engine_txn){ gallery->base.engine, base };
	FC_TRY(begin(gallery, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", &txn->connection,
		     err));
	gallery->reads++;
	*out = fc_pg_txn_base(FC_STEAL(txn));
	return FC_OK;
}

void fc_pg_end_read(struct fc_gallery_txn *base)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(txn->base.gallery);
	if (!txn->connection.lost) {
		FC_IGNORE(fc_pg_command(&txn->connection, "COMMIT", NULL));
	}
	fc_pg_give(gallery, &txn->connection);
	release_memory(txn);
	gallery->reads--;
	free(txn);
}

/* ---- writing ---- */

enum fc_status fc_pg_lock_space(struct fc_pg_txn *txn, uint32_t space, struct fc_error *err)
{
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	for (size_t i = 0; i < txn->locked_count; i++) {
		if (txn->locked[i] == space) {
			return FC_OK;
		}
	}
	if (!txn->writes) {
		return FC_OK;
	}
	FC_TRY(fc_array_grow(&txn->locked, sizeof(*txn->locked), txn->locked_count,
			     &txn->locked_capacity, err));
	fc_pg_add_int8(&params, space);
	FC_TRY(fc_pg_run(&txn->connection, "SELECT FROM spaces WHERE id = $1 FOR NO KEY UPDATE",
			 &params, &result, err));
	txn->locked[txn->locked_count] = space;
	txn->locked_count += PQntuples(result) == 1;
	return FC_OK;
}

static enum fc_status begin_write(struct fc_pg_txn *txn, struct fc_error *err)
{
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(txn->base.gallery);
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	char statement[160];
	snprintf(statement, sizeof(statement),
		 "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE; SET LOCAL lock_timeout = %u",
		 gallery->lock_timeout > 0 ? gallery->lock_timeout : 1);
	FC_TRY(begin(gallery, statement, &txn->connection, err));
	FC_TRY(fc_pg_run(&txn->connection, "SELECT pg_current_xact_id()::text::bigint", NULL,
			 &result, err));
	txn->number = (uint64_t)fc_pg_int(result, 0, 0);
	return FC_OK;
}

/*
 * The connection was lost while COMMIT was under way: ask the server what became of the transaction. FC_BUSY: the change was not stored.
 */
static enum fc_status find_out(struct fc_pg_txn *txn, struct fc_error *err)
{
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(txn->base.gallery);
	int64_t deadline = fc_clock_monotonic_ms() + 30000;
	enum fc_status status = FC_BUSY;
	bool answered = false, committed = false;
	while (!answered && fc_clock_monotonic_ms() < deadline) {
		FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
		FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
		struct fc_pg_connection connection;
		char number[24];
		if (fc_pg_connect(&connection, gallery->name, NULL) != FC_OK) {
			FC_IGNORE(usleep(200000));
			continue;
		}
		snprintf(number, sizeof(number), "%llu", (unsigned long long)txn->number);
		fc_pg_add_text(&params, number);
		status = fc_pg_run(&connection, "SELECT pg_xact_status($1::xid8)", &params, &result,
				   NULL);
		const char *state = status == FC_OK ? PQgetvalue(result, 0, 0) : "";
		committed = strcmp(state, "committed") == 0;
		answered = committed || strcmp(state, "aborted") == 0;
		fc_pg_disconnect(&connection);
		if (!answered) {
			FC_IGNORE(usleep(50000));
		}
	}
	if (committed) {
		return FC_OK;
	}
	txn->connection.again = answered;
	return answered
		       ? fc_fail(err, FC_BUSY,
				 "gallery '%s': the connection was lost before the change was "
				 "stored: try again",
				 gallery->name)
		       : fc_fail(err, FC_BUSY,
				 "gallery '%s': the connection was lost while a change was stored, "
				 "and the server does not answer: check whether it was stored",
				 gallery->name);
}

static enum fc_status commit(struct fc_pg_txn *txn, struct fc_error *err)
{
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	enum fc_status status = fc_pg_run(&txn->connection, "COMMIT", NULL, &result, err);
	if (status != FC_OK && txn->connection.lost) {
		return find_out(txn, err);
	}
	/* The server answers COMMIT in a failed transaction with ROLLBACK. */
	return status != FC_OK || strcmp(PQcmdStatus(result), "COMMIT") == 0
		       ? status
		       : fc_fail(err, FC_INTERNAL, "the change failed, but reported success");
}

/* Run the change once. *retry: it was not stored, but may be if it runs again. */
static enum fc_status write_once(struct fc_pg_txn *txn, fc_gallery_change *change, void *context,
				 enum retry *retry, struct fc_error *err)
{
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(txn->base.gallery);
	enum fc_status status = begin_write(txn, err);
	bool is_open = txn->connection.handle != NULL;
	*retry = status == FC_BUSY && !is_open ? RETRY_LOST : RETRY_NEVER;
	if (!is_open) {
		return status;
	}
	if (status == FC_OK) {
		gallery->writes = true;
		status = change(fc_pg_txn_base(txn), context, err);
		gallery->writes = false;
	}
	bool lost = txn->connection.lost; /* before COMMIT: nothing is stored */
	if (status == FC_OK) {
		status = commit(txn, err);
		gallery->month = status == FC_OK && txn->month != 0 ? txn->month : gallery->month;
	} else if (!lost) {
		FC_IGNORE(fc_pg_command(&txn->connection, "ROLLBACK", NULL));
	}
	if (status != FC_OK) {
		/* Damage may be a change between two statements, the first of which ran before its space was locked. */
		*retry = lost                    ? RETRY_LOST
			 : txn->connection.again ? RETRY_CONFLICT
			 : status == FC_DAMAGED  ? RETRY_DAMAGED
						 : RETRY_NEVER;
	}
	fc_pg_give(gallery, &txn->connection);
	release_memory(txn);
	return status;
}

static enum fc_status write_until_stored(struct fc_pg_gallery *gallery, fc_gallery_change *change,
					 void *context, struct fc_error *err)
{
	int64_t deadline = fc_clock_monotonic_ms() + gallery->lock_timeout;
	for (int try = 1;; try++) {
		struct fc_pg_txn txn = { .base = { gallery->base.engine,
						   (struct fc_gallery *)(void *)gallery },
					 .writes = true };
		enum retry retry;
		enum fc_status status = write_once(&txn, change, context, &retry, err);
		bool late = fc_clock_monotonic_ms() >= deadline;
		if (retry == RETRY_NEVER || (retry == RETRY_LOST && late) ||
		    (retry == RETRY_CONFLICT && try >= TRIES && late) ||
		    (retry == RETRY_DAMAGED && try > 2)) {
			return status;
		}
		/* Processes that conflicted should not do so again: the times differ between them. */
		unsigned spread = ((unsigned)getpid() * 7919u + (unsigned)try * 104729u) % 10000u;
		FC_IGNORE(usleep(retry == RETRY_LOST ? 100000 : spread));
	}
}

enum fc_status fc_pg_write(struct fc_gallery *base, fc_gallery_change *change, void *context,
			   struct fc_error *err)
{
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(base);
	sigset_t held, before;
	FC_TRY(check_use(gallery, true, err));
	/* A process that gets a signal to end does so after the commit, so that it can report what is stored. */
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGTSTP);
	FC_IGNORE(pthread_sigmask(SIG_BLOCK, &held, &before));
	enum fc_status status = write_until_stored(gallery, change, context, err);
	FC_IGNORE(pthread_sigmask(SIG_SETMASK, &before, NULL));
	return status;
}

enum fc_status fc_pg_attempt(struct fc_gallery_txn *base, fc_gallery_change *change, void *context,
			     struct fc_error *err)
{
	struct fc_pg_txn *txn = fc_pg_txn_of(base);
	size_t locked_count = txn->locked_count;
	bool log_locked = txn->log_locked;
	FC_TRY(fc_pg_command(&txn->connection, "SAVEPOINT part", err));
	enum fc_status status = change(base, context, err);
	if (status == FC_OK) {
		return fc_pg_command(&txn->connection, "RELEASE part", err);
	}
	if (txn->connection.again || txn->connection.lost) {
		return FC_BUSY; /* the whole change runs again */
	}
	/* Locks that the part took are released with it. */
	txn->locked_count = locked_count;
	txn->log_locked = log_locked;
	FC_TRY(fc_pg_command(&txn->connection, "ROLLBACK TO part; RELEASE part", err));
	return status;
}
