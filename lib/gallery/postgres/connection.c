/* A connection to the server. */
/* SPDX-License-Identifier: MIT */
#include "gallery/postgres/connection.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

void fc_pg_clear(PGresult **result)
{
	PQclear(*result);
	*result = NULL;
}

uint64_t fc_pg_changed(PGresult *result)
{
	return strtoull(PQcmdTuples(result), NULL, 10);
}

/* ---- errors ---- */

/* The first line of a message of libpq or the server, which never contains values of parameters. */
static void copy_line(const char *text, char *out, size_t size)
{
	size_t length = strcspn(text, "\n");
	length = length < size - 1 ? length : size - 1;
	memcpy(out, text, length);
	out[length] = '\0';
}

static const struct {
	const char *state; /* SQLSTATE, or its beginning */
	enum fc_status status;
	bool again;
	const char *hint;
} states[] = {
	{ "40001", FC_BUSY, true, "other processes keep changing it" },
	{ "40P01", FC_BUSY, true, "other processes keep changing it" },
	{ "23505", FC_BUSY, true, "other processes keep changing it" },
	{ "55P03", FC_BUSY, false, "another process keeps it locked: try again" },
	{ "57P", FC_BUSY, false, "the server is stopping or starting: try again" },
	{ "53100", FC_FULL, false, "the server's disk is full" },
	{ "53200", FC_NO_MEMORY, false, "the server has not enough memory" },
	{ "53300", FC_BUSY, false, "the server has too many connections: try again" },
	{ "42501", FC_PERMISSION, false, "the role lacks a privilege" },
	{ "28", FC_PERMISSION, false, "check the role, and its password in ~/.pgpass" },
	{ "25006", FC_PERMISSION, false, "the server only reads: it is a replica" },
	{ "3D000", FC_GALLERY_MISSING, false, "create it with createdb" },
	{ "23", FC_DAMAGED, false, "its rows contradict each other" },
	{ "22", FC_INVALID_ARGUMENT, false, "PostgreSQL cannot store this value" },
	{ "08", FC_BUSY, false, "no connection: try again" },
};

static enum fc_status fail_with(const struct fc_pg_connection *connection, const char *state,
				const char *message, bool *again, struct fc_error *err)
{
	char line[256];
	copy_line(message, line, sizeof(line));
	for (size_t i = 0; state && i < FC_ARRAY_LENGTH(states); i++) {
		if (strncmp(state, states[i].state, strlen(states[i].state)) == 0) {
			*again = states[i].again;
			return fc_fail(err, states[i].status, "gallery '%s': %s (%s)",
				       connection->name, states[i].hint, line);
		}
	}
	*again = false;
	return fc_fail(err, FC_IO, "gallery '%s' failed: %s", connection->name, line);
}

static enum fc_status fail(struct fc_pg_connection *connection, const PGresult *result,
			   struct fc_error *err)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	bool gone = PQstatus(connection->handle) != CONNECTION_OK;
	connection->lost = connection->lost || gone;
	connection->no_schema =
		state && (strcmp(state, "42P01") == 0 || strcmp(state, "3F000") == 0);
	if (!message) {
		message = PQerrorMessage(connection->handle);
	}
	bool again;
	enum fc_status status =
		fail_with(connection, state || !gone ? state : "08006", message, &again, err);
	connection->again = connection->again || again;
	return status;
}

/* ---- connecting ---- */

enum fc_status fc_pg_check_name(const char *name, struct fc_error *err)
{
	char *problem = NULL;
	PQconninfoOption *options = PQconninfoParse(name, &problem);
	char line[200] = "out of memory";
	if (!options) {
		copy_line(problem ? problem : line, line, sizeof(line));
		PQfreemem(problem);
		return fc_fail(err, FC_INVALID_ARGUMENT, "invalid address of a gallery: %s", line);
	}
	bool has_password = false;
	for (const PQconninfoOption *option = options; option->keyword; option++) {
		has_password = has_password ||
			       (option->val && (strcmp(option->keyword, "password") == 0 ||
						strcmp(option->keyword, "sslpassword") == 0));
	}
	PQconninfoFree(options);
	return has_password ? fc_fail(err, FC_INVALID_ARGUMENT,
				      "the address of a gallery must not contain a password, which "
				      "other users could see: put it in ~/.pgpass")
			    : FC_OK;
}

static bool is_local_host(const char *host, size_t length)
{
	static const char *const names[] = { "", "localhost", "::1" };
	for (size_t i = 0; i < FC_ARRAY_LENGTH(names); i++) {
		if (strlen(names[i]) == length && strncmp(host, names[i], length) == 0) {
			return true;
		}
	}
	return host[0] == '/' || host[0] == '@' ||
	       (length > 4 && strncmp(host, "127.", 4) == 0 &&
		strspn(host, "0123456789.") >= length);
}

/* Whether every host of a comma-separated list is a socket or on loopback. */
static bool are_local(const char *hosts)
{
	for (const char *host = hosts; host;) {
		size_t length = strcspn(host, ",");
		if (!is_local_host(host, length)) {
			return false;
		}
		host = host[length] ? host + length + 1 : NULL;
	}
	return true;
}

/* Before anything is sent: a remote server must prove who it is. */
static enum fc_status check_security(const struct fc_pg_connection *connection,
				     struct fc_error *err)
{
	PQconninfoOption *options = PQconninfo(connection->handle);
	bool is_verified = false, is_local = true;
	char where[100] = "";
	for (const PQconninfoOption *option = options; options && option->keyword; option++) {
		const char *value = option->val ? option->val : "";
		if (strcmp(option->keyword, "sslmode") == 0) {
			is_verified = strcmp(value, "verify-full") == 0;
		} else if ((strcmp(option->keyword, "host") == 0 ||
			    strcmp(option->keyword, "hostaddr") == 0) &&
			   !are_local(value)) {
			is_local = false;
			copy_line(value, where, sizeof(where));
		}
	}
	PQconninfoFree(options);
	return is_local || is_verified
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "the connection to '%s' would not be encrypted and verified: add "
				 "sslmode=verify-full to the address or the service",
				 where);
}

/* Wait for the server, with a limit for all hosts of the address together. */
static enum fc_status wait_for_server(struct fc_pg_connection *connection, struct fc_error *err)
{
	const int64_t limit = 20000;
	int64_t deadline = fc_clock_monotonic_ms() + limit;
	for (PostgresPollingStatusType next = PGRES_POLLING_WRITING;
	     next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED;
	     next = PQconnectPoll(connection->handle)) {
		struct pollfd wait = { .fd = PQsocket(connection->handle),
				       .events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT };
		int64_t left = deadline - fc_clock_monotonic_ms();
		if (left <= 0 || (poll(&wait, 1, (int)left) < 0 && errno != EINTR)) {
			return fc_fail(err, FC_BUSY,
				       "gallery '%s': the server does not answer: try again",
				       connection->name);
		}
	}
	return FC_OK;
}

/* libpq reports an error while connecting only as text. */
static enum fc_status fail_to_connect(struct fc_pg_connection *connection, struct fc_error *err)
{
	const char *message = PQerrorMessage(connection->handle);
	const char *fatal = strstr(message, "FATAL:");
	bool ignored;
	const char *state =
		strstr(message, "does not exist") && strstr(message, "database")         ? "3D000"
		: strstr(message, "too many") || strstr(message, "remaining connection") ? "53300"
		: strstr(message, "starting up") || strstr(message, "shutting down")     ? "57P"
		: fatal || strstr(message, "password")                                   ? "28"
											 : "08";
	return fail_with(connection, state, message, &ignored, err);
}

enum fc_status fc_pg_connect(struct fc_pg_connection *connection, const char *name,
			     struct fc_error *err)
{
	const char *const keywords[] = { "dbname", "client_encoding", "fallback_application_name",
					 NULL };
	const char *const values[] = { name, "UTF8", "facectl", NULL };
	*connection = (struct fc_pg_connection){ .name = name };
	connection->handle = PQconnectStartParams(keywords, values, 1);
	if (!connection->handle) {
		return fc_fail_memory(err);
	}
	enum fc_status status = PQstatus(connection->handle) == CONNECTION_BAD
					? fail_to_connect(connection, err)
					: check_security(connection, err);
	if (status == FC_OK) {
		status = wait_for_server(connection, err);
	}
	if (status == FC_OK && PQstatus(connection->handle) != CONNECTION_OK) {
		status = fail_to_connect(connection, err);
	}
	if (status == FC_OK) {
		/* Without a schema of that name the first statement fails, not this one. */
		status = fc_pg_command(connection,
				       "SET search_path = facectl, pg_temp; SET "
				       "client_min_messages = error",
				       err);
	}
	if (status != FC_OK) {
		fc_pg_disconnect(connection);
	}
	return status;
}

void fc_pg_disconnect(struct fc_pg_connection *connection)
{
	for (size_t i = 0; i < connection->statement_count; i++) {
		free(connection->statements[i].text);
	}
	PQfinish(connection->handle);
	*connection = (struct fc_pg_connection){ .name = connection->name };
}

/* ---- statements ---- */

/* The number of a statement that ran before, from 1; 0 if this is the first time, or if there are too many. */
static size_t find_statement(struct fc_pg_connection *connection, const char *text)
{
	for (size_t i = 0; i < connection->statement_count; i++) {
		if (strcmp(connection->statements[i].text, text) == 0) {
			return i + 1;
		}
	}
	if (connection->statement_count < FC_PG_STATEMENTS) {
		char *copy = strdup(text);
		if (copy) {
			connection->statements[connection->statement_count].text = copy;
			connection->statements[connection->statement_count++].prepared = false;
		}
	}
	return 0;
}

/* Send the statement and wait for its result. A statement is parsed by the server only once, if it runs more than once. */
static PGresult *run_statement(struct fc_pg_connection *connection, const char *text,
			       const struct fc_pg_params *params, const char *const *values,
			       const int *lengths)
{
	int binary[FC_PG_PARAMS];
	char number[24];
	size_t found = find_statement(connection, text);
	for (int i = 0; i < FC_PG_PARAMS; i++) {
		binary[i] = 1;
	}
	if (found == 0) {
		return PQexecParams(connection->handle, text, params->count, params->types, values,
				    lengths, binary, 1);
	}
	snprintf(number, sizeof(number), "f%zu", found);
	if (!connection->statements[found - 1].prepared) {
		PGresult *result =
			PQprepare(connection->handle, number, text, params->count, params->types);
		if (PQresultStatus(result) != PGRES_COMMAND_OK) {
			return result;
		}
		PQclear(result);
		connection->statements[found - 1].prepared = true;
	}
	return PQexecPrepared(connection->handle, number, params->count, values, lengths, binary,
			      1);
}

enum fc_status fc_pg_run(struct fc_pg_connection *connection, const char *text,
			 struct fc_pg_params *params, PGresult **out, struct fc_error *err)
{
	const struct fc_pg_params nothing = { 0 };
	const char *values[FC_PG_PARAMS] = { NULL };
	int lengths[FC_PG_PARAMS] = { 0 };
	const struct fc_pg_params *given = params ? params : &nothing;
	if (!fc_buffer_ok(&given->bytes)) {
		return fc_fail_memory(err);
	}
	for (int i = 0; i < given->count; i++) {
		bool is_null = given->places[i].length < 0;
		values[i] = is_null ? NULL
			    : given->places[i].length == 0
				    ? ""
				    : (const char *)given->bytes.data + given->places[i].at;
		lengths[i] = is_null ? 0 : given->places[i].length;
	}
	*out = run_statement(connection, text, given, values, lengths);
	ExecStatusType status = PQresultStatus(*out);
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
		return FC_OK;
	}
	enum fc_status failed = fail(connection, *out, err);
	fc_pg_clear(out);
	return failed;
}

enum fc_status fc_pg_command(struct fc_pg_connection *connection, const char *text,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_pg_clear) PGresult *result = PQexec(connection->handle, text);
	ExecStatusType status = PQresultStatus(result);
	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
		       ? FC_OK
		       : fail(connection, result, err);
}
