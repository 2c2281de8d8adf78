/* Origins. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/origin.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/nearest.h"
#include "base/number.h"
#include "base/text.h"
#include "gallery/rows/parts.h"

struct fc_origin_settings fc_origin_settings_default(const char *origin)
{
	bool is_cli = origin && strcmp(origin, FC_ORIGIN_CLI) == 0;
	return (struct fc_origin_settings){
		.save_entries = is_cli ? 1u << FC_RESULT_NEW | 1u << FC_RESULT_REINIT
				       : FC_ORIGIN_ALL_RESULTS,
	};
}

static bool is_number(const char *text)
{
	return strspn(text, "0123456789") == strlen(text);
}

bool fc_origin_is_name(const char *name)
{
	return fc_text_is_label(name, FC_LABEL_MAXIMUM) && !is_number(name);
}

const struct fc_field fc_origin_fields[] = {
	FC_FIELD(struct fc_origin, space),
	FC_FIELD(struct fc_origin, created),
	FC_FIELD(struct fc_origin, settings.min_facesize),
	FC_FIELD(struct fc_origin, settings.create_min_facesize),
	FC_FIELD(struct fc_origin, settings.flags),
	FC_FIELD(struct fc_origin, settings.save_entries),
	FC_FIELD(struct fc_origin, settings.entry_storage_days),
	FC_FIELD_AS(FC_FIELD_NAME, struct fc_origin, name),
	{ 0 },
};

static enum fc_status read_origin(struct fc_gallery_txn *txn, uint32_t id, struct fc_origin *out,
				  struct fc_error *err)
{
	struct fc_key key = fc_key_space(id);
	struct fc_origin origin = { .id = id };
	FC_TRY(fc_store_read(txn, FC_DB_ORIGIN, &key, fc_origin_fields, &origin, err));
	*out = origin;
	return FC_OK;
}

static enum fc_status write_origin(struct fc_gallery_txn *txn, const struct fc_origin *origin,
				   enum fc_store_put_mode mode, struct fc_error *err)
{
	struct fc_key key = fc_key_space(origin->id);
	return fc_store_write(txn, FC_DB_ORIGIN, &key, fc_origin_fields, origin, mode, err);
}

enum fc_status fc_origin_add(struct fc_gallery_txn *txn, struct fc_origin *origin,
			     struct fc_error *err)
{
	FC_CLEANUP(fc_buffer_release) struct fc_buffer payload = { 0 };
	struct fc_space space;
	uint64_t id;
	if (!fc_origin_is_name(origin->name)) {
		return fc_fail(
			err, FC_INVALID_ARGUMENT,
			"the name of an origin must be 1 to %d bytes of UTF-8 without control "
			"characters, and not a number",
			FC_LABEL_MAXIMUM);
	}
	if (strcmp(origin->name, FC_ORIGIN_CLI) == 0) {
		return fc_fail(err, FC_CONFLICT, "every space already has the origin '%s'",
			       FC_ORIGIN_CLI);
	}
	FC_TRY(fc_space_read(txn, origin->space, &space, err));
	struct fc_origin added = *origin;
	struct fc_key name = fc_key_text(origin->name);
	FC_TRY(fc_store_next_id(txn, FC_ID_ORIGIN, &id, err));
	added.id = (uint32_t)id;
	if (added.created == 0) {
		added.created = fc_clock_now();
	}
	fc_buffer_put_u32(&payload, added.id);
	enum fc_status status =
		fc_store_put(txn, FC_DB_ORIGIN_NAME, &name, &payload, FC_STORE_ADD, err);
	if (status == FC_CONFLICT) {
		return fc_fail(err, FC_CONFLICT, "origin '%s' already exists", origin->name);
	}
	FC_TRY(status);
	FC_TRY(write_origin(txn, &added, FC_STORE_ADD, err));
	*origin = added;
	return FC_OK;
}

static enum fc_status find_by_name(struct fc_gallery_txn *txn, const char *name,
				   struct fc_origin *out, struct fc_error *err)
{
	struct fc_key key = fc_key_text(name);
	struct fc_reader payload;
	FC_TRY(fc_store_get(txn, FC_DB_ORIGIN_NAME, &key, &payload, err));
	uint32_t id = fc_reader_u32(&payload);
	enum fc_status status = payload.failed ? FC_DAMAGED : FC_OK;
	FC_TRY(fc_store_decoded(txn, FC_DB_ORIGIN_NAME, &key, status, err));
	status = read_origin(txn, id, out, err);
	return fc_store_followed(txn, FC_DB_ORIGIN_NAME, &key, status, "its origin is missing",
				 err);
}

/* Return FC_NOT_FOUND, with the most similar name of an origin. */
static enum fc_status fail_unknown(struct fc_gallery_txn *txn, const char *name,
				   struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_origin *origins = NULL;
	size_t count = 0;
	FC_TRY(fc_origin_list(txn, &origins, &count, err));
	FC_CLEANUP(fc_free) const char **names = calloc(count + 1, sizeof(*names));
	for (size_t i = 0; names && i < count; i++) {
		names[i] = origins[i].name;
	}
	return fc_fail_unknown(err, "origin", name, names);
}

enum fc_status fc_origin_find(struct fc_gallery_txn *txn, const char *name, struct fc_origin *out,
			      struct fc_error *err)
{
	uint64_t id;
	enum fc_status status = FC_NOT_FOUND;
	if (is_number(name)) {
		if (fc_parse_u64(name, 0, UINT32_MAX, "origin", &id, NULL) == FC_OK) {
			status = read_origin(txn, (uint32_t)id, out, err);
		}
	} else if (fc_text_is_label(name, FC_LABEL_MAXIMUM)) {
		status = find_by_name(txn, name, out, err);
	}
	return status == FC_NOT_FOUND && err ? fail_unknown(txn, name, err) : status;
}

enum fc_status fc_origin_list(struct fc_gallery_txn *txn, struct fc_origin **out, size_t *count,
			      struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	FC_CLEANUP(fc_free) struct fc_origin *origins = NULL;
	struct fc_key everything = { 0 }, key;
	struct fc_reader payload;
	size_t listed = 0, capacity = 0;
	enum fc_status status;
	FC_TRY(fc_array_grow(&origins, sizeof(*origins), listed, &capacity, err));
	FC_TRY(fc_store_walk(txn, FC_DB_ORIGIN, &everything, NULL, &cursor, err));
	while ((status = fc_store_next(&cursor, &key, &payload, err)) == FC_OK) {
		FC_TRY(fc_array_grow(&origins, sizeof(*origins), listed, &capacity, err));
		struct fc_origin *origin = &origins[listed];
		*origin = (struct fc_origin){ .id = fc_key_get_u32(&key, 0) };
		FC_TRY(fc_store_decoded(txn, FC_DB_ORIGIN, &key,
					fc_fields_get(&payload, fc_origin_fields, origin), err));
		listed += origin->id != FC_ORIGIN_CLI_ID;
	}
	if (status != FC_NOT_FOUND) {
		return status;
	}
	*out = FC_STEAL(origins);
	*count = listed;
	return FC_OK;
}

enum fc_status fc_origin_update(struct fc_gallery_txn *txn, const struct fc_origin *origin,
				struct fc_error *err)
{
	struct fc_origin stored;
	FC_TRY(read_origin(txn, origin->id, &stored, err));
	stored.settings = origin->settings;
	return write_origin(txn, &stored, FC_STORE_REPLACE, err);
}

enum fc_status fc_origin_cli(struct fc_gallery_txn *txn, struct fc_origin *out,
			     struct fc_error *err)
{
	struct fc_origin origin = { .name = FC_ORIGIN_CLI,
				    .settings = fc_origin_settings_default(FC_ORIGIN_CLI) };
	enum fc_status status = read_origin(txn, FC_ORIGIN_CLI_ID, out, err);
	if (status == FC_NOT_FOUND) {
		*out = origin;
	}
	return status == FC_NOT_FOUND ? FC_OK : status;
}

enum fc_status fc_origin_cli_update(struct fc_gallery_txn *txn,
				    const struct fc_origin_settings *settings, struct fc_error *err)
{
	struct fc_origin origin = { 0 };
	FC_TRY(fc_origin_cli(txn, &origin, err));
	enum fc_store_put_mode mode = origin.created == 0 ? FC_STORE_ADD : FC_STORE_REPLACE;
	origin.created = origin.created == 0 ? fc_clock_now() : origin.created;
	origin.settings = *settings;
	return write_origin(txn, &origin, mode, err);
}

enum fc_status fc_origin_delete(struct fc_gallery_txn *txn, uint32_t id, struct fc_error *err)
{
	struct fc_origin stored;
	FC_TRY(read_origin(txn, id, &stored, err));
	struct fc_key name = fc_key_text(stored.name);
	struct fc_key key = fc_key_space(id);
	FC_TRY(fc_store_delete(txn, FC_DB_ORIGIN_NAME, &name, err));
	return fc_store_delete(txn, FC_DB_ORIGIN, &key, err);
}

enum fc_status fc_origin_remove_all_of(struct fc_gallery_txn *txn, uint32_t space,
				       struct fc_error *err)
{
	FC_CLEANUP(fc_free) struct fc_origin *origins = NULL;
	size_t count;
	FC_TRY(fc_origin_list(txn, &origins, &count, err));
	for (size_t i = 0; i < count; i++) {
		if (origins[i].space == space) {
			FC_TRY(fc_origin_delete(txn, origins[i].id, err));
		}
	}
	return FC_OK;
}
