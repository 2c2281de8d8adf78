/* A connection to the server, statements on it, and what the server's errors mean. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_POSTGRES_CONNECTION_H
#define FC_GALLERY_POSTGRES_CONNECTION_H

#include "base/error.h"
#include "gallery/postgres/values.h"

enum { FC_PG_STATEMENTS = 96 };

struct fc_pg_connection {
	PGconn *handle;
	const char *name; /* of the gallery, for messages; borrowed */
	/* what the last statement failed with: the change can run again, the connection is gone, the schema is missing */
	bool again, lost, no_schema;
	/* texts of statements that ran before; index + 1 is the number of the prepared statement */
	struct {
		char *text;
		bool prepared;
	} statements[FC_PG_STATEMENTS];
	size_t statement_count;
};

/*
 * Refuse a name that contains a password, because the name is visible in lists of processes and appears in messages. Errors:
 * FC_INVALID_ARGUMENT.
 */
enum fc_status fc_pg_check_name(const char *name, struct fc_error *err);

/*
 * Connect. A server that is not reached by a socket or on loopback must have a verified certificate. The name is borrowed.
 * Errors: FC_INVALID_ARGUMENT (the connection would not be encrypted and verified), FC_GALLERY_MISSING (no such database), FC_PERMISSION,
 * FC_BUSY (the server is not reachable).
 */
enum fc_status fc_pg_connect(struct fc_pg_connection *connection, const char *name,
			     struct fc_error *err);
void fc_pg_disconnect(struct fc_pg_connection *connection);

/*
 * Run a statement; params may be NULL. The caller clears *out. Statements that run a second time are prepared.
 * Errors: FC_BUSY (no connection, or locked by another process for too long), FC_FULL, FC_PERMISSION, FC_INVALID_ARGUMENT (a value is not
 * stored by PostgreSQL), FC_DAMAGED (rows contradict each other), FC_NO_MEMORY, FC_IO.
 */
enum fc_status fc_pg_run(struct fc_pg_connection *connection, const char *text,
			 struct fc_pg_params *params, PGresult **out, struct fc_error *err);

/* Run one or several statements without parameters, and ignore their results. */
enum fc_status fc_pg_command(struct fc_pg_connection *connection, const char *text,
			     struct fc_error *err);

void fc_pg_clear(PGresult **result);

/* Number of rows that the statement changed. */
uint64_t fc_pg_changed(PGresult *result);

#endif
