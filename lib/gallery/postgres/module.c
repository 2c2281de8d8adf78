/* The module facectl-postgres.so: galleries in a PostgreSQL database. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gallery/postgres/schema.h"
#include "gallery/postgres/server.h"

static const char *name_of(const struct fc_gallery *gallery)
{
	return ((const struct fc_pg_gallery *)(const void *)gallery)->name;
}

static void close_gallery(struct fc_gallery *base)
{
	struct fc_pg_gallery *gallery = fc_pg_gallery_of(base);
	/* After fork() the connections belong to the parent. */
	while (gallery->idle_count > 0 && gallery->opener == getpid()) {
		fc_pg_disconnect(&gallery->idle[--gallery->idle_count]);
	}
	free(gallery->name);
	free(gallery->cache_folder);
	free(gallery);
}

static enum fc_status count_bytes(const struct fc_gallery *base, uint64_t *out,
				  struct fc_error *err)
{
	const struct fc_pg_gallery *gallery = (const struct fc_pg_gallery *)(const void *)base;
	FC_CLEANUP(fc_pg_clear) PGresult *result = NULL;
	struct fc_pg_connection connection;
	FC_TRY(fc_pg_connect(&connection, gallery->name, err));
	enum fc_status status = fc_pg_run(
		&connection,
		"SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c "
		"WHERE relnamespace = 'facectl'::regnamespace AND relkind = 'r'",
		NULL, &result, err);
	if (status == FC_OK) {
		*out = (uint64_t)fc_pg_int(result, 0, 0);
	}
	fc_pg_disconnect(&connection);
	return status;
}

static const struct fc_store_engine engine = {
	.close = close_gallery,
	.name = name_of,
	.bytes = count_bytes,
	.begin_read = fc_pg_begin_read,
	.end_read = fc_pg_end_read,
	.write = fc_pg_write,
	.attempt = fc_pg_attempt,
	.get = fc_pg_get,
	.put = fc_pg_put,
	.delete = fc_pg_delete,
	.delete_all = fc_pg_delete_all,
	.count = fc_pg_count,
	.next = fc_pg_next,
	.cursor_release = fc_pg_cursor_release,
	.next_id = fc_pg_next_id,
	.peek_id = fc_pg_peek_id,
	.search = fc_pg_search,
	.entry_each = fc_pg_entry_each,
	.entry_count = fc_pg_entry_count,
};

static void close_new(struct fc_pg_gallery **gallery)
{
	if (*gallery) {
		close_gallery((struct fc_gallery *)(void *)*gallery);
	}
}

static enum fc_status open_gallery(const struct fc_engine_options *options, struct fc_gallery **out,
				   struct fc_error *err)
{
	FC_TRY(fc_pg_check_name(options->name, err));
	FC_CLEANUP(close_new) struct fc_pg_gallery *gallery = calloc(1, sizeof(*gallery));
	if (!gallery) {
		return fc_fail_memory(err);
	}
	gallery->base.engine = &engine;
	gallery->opener = getpid();
	gallery->mode = options->mode;
	gallery->lock_timeout = options->lock_timeout;
	gallery->name = strdup(options->name);
	gallery->cache_folder = options->cache ? strdup(options->cache) : NULL;
	if (!gallery->name || (options->cache && !gallery->cache_folder)) {
		return fc_fail_memory(err);
	}
	struct fc_pg_connection *connection = &gallery->idle[0];
	FC_TRY(fc_pg_connect(connection, gallery->name, err));
	gallery->idle_count = 1;
	enum fc_status status = fc_pg_schema_check(connection, options->mode, &gallery->id, err);
	if (status == FC_GALLERY_MISSING && options->mode == FC_GALLERY_CREATE) {
		FC_TRY(fc_pg_schema_create(connection, err));
		status = fc_pg_schema_check(connection, options->mode, &gallery->id, err);
	}
	FC_TRY(status);
	*out = (struct fc_gallery *)(void *)FC_STEAL(gallery);
	return FC_OK;
}

__attribute__((visibility("default"))) extern const struct fc_store_module fc_store_module;

const struct fc_store_module fc_store_module = {
	.version = FC_VERSION,
	.open = open_gallery,
};
