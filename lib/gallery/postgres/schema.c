/* The schema of a gallery. */
/* SPDX-License-Identifier: MIT */
#include "gallery/postgres/schema.h"

#include <string.h>

#include "base/clock.h"
#include "gallery/store/meta.h"

/* schema.sql, which the build converts. */
extern const char fc_pg_schema_text[];

enum { SCHEMA_VERSION = 1 };

static enum fc_status put_gallery(struct fc_pg_connection *connection, struct fc_error *err)
{
	FC_CLEANUP(fc_pg_params_release) struct fc_pg_params params = { 0 };
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	const struct fc_uuid id = fc_uuid_new();
	fc_pg_add_int8(&params, FC_GALLERY_READ_FORMAT);
	fc_pg_add_int8(&params, FC_GALLERY_WRITE_FORMAT);
	fc_pg_add_uuid(&params, &id);
	fc_pg_add_time(&params, fc_clock_now());
	return fc_pg_run(connection,
			 "INSERT INTO gallery (read_format, write_format, id, created) VALUES ($1, "
			 "$2, $3, $4)",
			 &params, &result, err);
}

enum fc_status fc_pg_schema_create(struct fc_pg_connection *connection, struct fc_error *err)
{
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	FC_TRY(fc_pg_command(
		connection,
		"BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('facectl:schema', "
		"0))",
		err));
	enum fc_status status =
		fc_pg_run(connection, "SELECT FROM pg_namespace WHERE nspname = 'facectl'", NULL,
			  &result, err);
	bool exists = status == FC_OK && PQntuples(result) > 0;
	if (status == FC_OK && !exists) {
		status = fc_pg_command(connection, fc_pg_schema_text, err);
		if (status == FC_OK) {
			status = put_gallery(connection, err);
		}
	}
	if (status != FC_OK) {
		FC_IGNORE(fc_pg_command(connection, "ROLLBACK", NULL));
		return status;
	}
	return fc_pg_command(connection, "COMMIT", err);
}

enum fc_status fc_pg_schema_check(struct fc_pg_connection *connection, enum fc_gallery_mode mode,
				  struct fc_uuid *id, struct fc_error *err)
{
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	enum fc_status status = fc_pg_run(
		connection,
		"SELECT schema_version, read_format, write_format, id FROM facectl.gallery", NULL,
		&result, err);
	if (connection->no_schema || (status == FC_OK && PQntuples(result) == 0)) {
		connection->no_schema = false;
		return fc_fail(err, FC_GALLERY_MISSING,
			       "there is no gallery in '%s': 'facectl gallery init' creates it",
			       connection->name);
	}
	FC_TRY(status);
	int64_t version = fc_pg_int(result, 0, 0);
	int64_t write_format = fc_pg_int(result, 0, 2);
	if (version > SCHEMA_VERSION || fc_pg_int(result, 0, 1) > FC_GALLERY_READ_FORMAT ||
	    (mode != FC_GALLERY_READ && write_format > FC_GALLERY_WRITE_FORMAT)) {
		return fc_fail(err, FC_INCOMPATIBLE,
			       "gallery '%s' was created by a newer facectl: use that one",
			       connection->name);
	}
	*id = fc_pg_uuid(result, 0, 3);
	return FC_OK;
}
