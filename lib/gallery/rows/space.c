/* Spaces. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/text.h"
#include "gallery/rows/container.h"
#include "gallery/rows/ledger_record.h"
#include "gallery/rows/parts.h"

static bool is_stored_name(const char *name)
{
	const char *id;
	return fc_container_kind_of(name, &id) != FC_CONTAINER_NONE;
}

enum fc_status fc_space_read(struct fc_gallery_txn *txn, uint32_t id, struct fc_space *out,
			     struct fc_error *err)
{
	struct fc_key key = fc_key_space(id);
	struct fc_space space = { .id = id };
	enum fc_status status = fc_store_read(txn, FC_DB_SPACE, &key, fc_space_fields, &space, err);
	FC_TRY(fc_store_found(status, err, "there is no space with id %u", id));
	*out = space;
	return FC_OK;
}

enum fc_status fc_space_write(struct fc_gallery_txn *txn, const struct fc_space *space,
			      struct fc_error *err)
{
	struct fc_key key = fc_key_space(space->id);
	return fc_store_write(txn, FC_DB_SPACE, &key, fc_space_fields, space, FC_STORE_REPLACE,
			      err);
}

/* Read the space that a row of the name index refers to. */
static enum fc_status read_named(struct fc_gallery_txn *txn, const struct fc_key *name,
				 struct fc_reader *payload, struct fc_space *out,
				 struct fc_error *err)
{
	uint32_t id = fc_reader_u32(payload);
	enum fc_status status = payload->failed ? FC_DAMAGED : FC_OK;
	FC_TRY(fc_store_decoded(txn, FC_DB_SPACE_NAME, name, status, err));
	status = fc_space_read(txn, id, out, err);
	return fc_store_followed(txn, FC_DB_SPACE_NAME, name, status, "its space is missing", err);
}

/* Before a name is reported as unknown: whether damage hides names. */
static enum fc_status check_names(struct fc_gallery_txn *txn, struct fc_error *err)
{
	struct fc_key everything = { 0 };
	uint64_t found, counted;
	FC_TRY(fc_store_count_prefix(txn, FC_DB_SPACE_NAME, &everything, &found, err));
	FC_TRY(fc_store_count(txn, FC_DB_SPACE, &counted, err));
	return found == counted ? FC_OK
				: fc_fail(err, FC_DAMAGED,
					  "gallery '%s' is damaged: it has %llu spaces, but %llu "
					  "names of spaces",
					  fc_store_path_of(txn), (unsigned long long)counted,
					  (unsigned long long)found);
}

/* Return FC_NOT_FOUND, with the most similar name of a space. */
static enum fc_status fail_unknown(struct fc_gallery_txn *txn, const char *name,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_space *spaces = NULL;
	size_t count = 0;
	FC_TRY(fc_space_list(txn, &spaces, &count, err));
	FC_CLEANUP(fc_free) const char **names = calloc(count + 1, sizeof(*names));
	for (size_t i = 0; names && i < count; i++) {
		names[i] = spaces[i].name;
	}
	return fc_fail_unknown(err, "space", name, names);
}

enum fc_status fc_space_find(struct fc_gallery_txn *txn, const char *name, struct fc_space *out,
			     struct fc_error *err)
{
	enum fc_status status = FC_NOT_FOUND;
	if (is_stored_name(name)) {
		struct fc_key key = fc_key_text(name);
		struct fc_reader payload;
		status = fc_store_get(txn, FC_DB_SPACE_NAME, &key, &payload, err);
		if (status == FC_OK) {
			return read_named(txn, &key, &payload, out, err);
		}
	}
	if (status == FC_NOT_FOUND) {
		FC_TRY(check_names(txn, err));
		return err ? fail_unknown(txn, name, err) : status;
	}
	return status;
}

static enum fc_status fail_invalid(const char *name, struct fc_error *err)
{
	return fc_fail(err, FC_INVALID_ARGUMENT,
		       "'%s' is not a valid name of a space: use 1 to 64 characters of a-z, 0-9, "
		       "_ and -",
		       name);
}

/* Add a space's name to the index. */
static enum fc_status add_name(struct fc_gallery_txn *txn, const struct fc_space *space,
			       struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_key key = fc_key_text(space->name);
	fc_buffer_put_u32(&payload, space->id);
	return fc_store_put(txn, FC_DB_SPACE_NAME, &key, &payload, FC_STORE_ADD, err);
}

enum fc_status fc_space_add(struct fc_gallery_txn *txn, const char *name, struct fc_space *out,
			    struct fc_error *err)
{
	uint64_t id;
	if (!is_stored_name(name)) {
		return fail_invalid(name, err);
	}
	FC_TRY(fc_store_next_id(txn, FC_ID_SPACE, &id, err));
	struct fc_space space = { .id = (uint32_t)id,
				  .created = fc_clock_now(),
				  .next_number = 1,
				  .bands = fc_bands_default() };
	memcpy(space.name, name, strlen(name) + 1);
	FC_TRY(add_name(txn, &space, err));
	FC_TRY(fc_space_write(txn, &space, err));
	*out = space;
	return FC_OK;
}

enum fc_status fc_space_ensure(struct fc_gallery_txn *txn, const char *name, struct fc_space *out,
			       struct fc_error *err)
{
	if (!fc_text_is_space_name(name)) {
		return fail_invalid(name, err);
	}
	enum fc_status status = fc_space_find(txn, name, out, err);
	return status == FC_NOT_FOUND ? fc_space_add(txn, name, out, err) : status;
}

enum fc_status fc_space_rename(struct fc_gallery_txn *txn, uint32_t space, const char *name,
			       struct fc_error *err)
{
	struct fc_space record, other;
	if (!fc_text_is_space_name(name)) {
		return fail_invalid(name, err);
	}
	enum fc_status status = fc_space_find(txn, name, &other, err);
	if (status == FC_OK) {
		return fc_fail(err, FC_CONFLICT, "there is already a space '%s'", name);
	}
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	FC_TRY(fc_space_read(txn, space, &record, err));
	FC_TRY(fc_ledger_forget_space(txn, FC_LEDGER_LOCAL, record.name, err));
	struct fc_key old_name = fc_key_text(record.name);
	FC_TRY(fc_store_delete(txn, FC_DB_SPACE_NAME, &old_name, err));
	memcpy(record.name, name, strlen(name) + 1);
	FC_TRY(add_name(txn, &record, err));
	return fc_space_write(txn, &record, err);
}

enum fc_status fc_space_list(struct fc_gallery_txn *txn, struct fc_space **out, size_t *count,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	FC_CLEANUP(fc_free) struct fc_space *spaces = NULL;
	struct fc_key everything = { 0 }, key;
	struct fc_reader payload;
	size_t listed = 0, capacity = 0;
	enum fc_status status;
	FC_TRY(fc_array_grow(&spaces, sizeof(*spaces), listed, &capacity, err));
	FC_TRY(fc_store_walk(txn, FC_DB_SPACE_NAME, &everything, NULL, &cursor, err));
	while ((status = fc_store_next(&cursor, &key, &payload, err)) == FC_OK) {
		FC_TRY(fc_array_grow(&spaces, sizeof(*spaces), listed, &capacity, err));
		FC_TRY(read_named(txn, &key, &payload, &spaces[listed], err));
		listed++;
	}
	if (status != FC_NOT_FOUND) {
		return status;
	}
	*out = FC_STEAL(spaces);
	*count = listed;
	return FC_OK;
}

enum fc_status fc_space_set_bands(struct fc_gallery_txn *txn, uint32_t space,
				  const struct fc_bands *bands, struct fc_error *err)
{
	const double values[] = { bands->exact, bands->ha, bands->junk };
	struct fc_space record;
	for (size_t i = 0; i < FC_ARRAY_LENGTH(values); i++) {
		if (!(values[i] >= 0 && values[i] <= 100)) {
			return fc_fail(err, FC_INVALID_ARGUMENT,
				       "a threshold of a space must be 0 to 100, not %g",
				       values[i]);
		}
	}
	FC_TRY(fc_space_read(txn, space, &record, err));
	record.bands = *bands;
	return fc_space_write(txn, &record, err);
}
