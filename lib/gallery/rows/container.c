/* Containers of the Azure Face API: the records that complete spaces. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/container.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "gallery/rows/parts.h"

/* By kind: the first letter of the space's name, followed by a slash, which is in no id. 0: none. */
static const char prefixes[FC_CONTAINER_KINDS] = {
	[FC_CONTAINER_FACE_LIST] = 'f',
	[FC_CONTAINER_LARGE_FACE_LIST] = 'l',
	[FC_CONTAINER_PERSON_GROUP] = 'g',
};

const struct fc_field fc_container_fields[] = {
	FC_FIELD(struct fc_container, trained),
	FC_FIELD(struct fc_container, recognition_model),
	FC_FIELD_OF_TEXT(struct fc_container, title, FC_TITLE_MAXIMUM),
	FC_FIELD_OF_TEXT(struct fc_container, user_data, FC_USER_DATA_MAXIMUM),
	{ 0 },
};

void fc_container_release(struct fc_container *container)
{
	free(container->title);
	free(container->user_data);
	container->title = NULL;
	container->user_data = NULL;
}

/* ---- names ---- */

void fc_container_space_name(enum fc_container_kind kind, const char *id,
			     char out[FC_SPACE_NAME_SIZE])
{
	const char prefix[] = { prefixes[kind], prefixes[kind] ? '/' : '\0', '\0' };
	snprintf(out, FC_SPACE_NAME_SIZE, "%s%s", prefix, id);
}

enum fc_container_kind fc_container_kind_of(const char *space_name, const char **id)
{
	*id = space_name;
	if (space_name[0] == '\0' || space_name[1] != '/') {
		return fc_text_is_space_name(space_name) ? FC_CONTAINER_LARGE_PERSON_GROUP
							 : FC_CONTAINER_NONE;
	}
	*id = space_name + 2;
	for (unsigned kind = 1; kind < FC_CONTAINER_KINDS; kind++) {
		if (prefixes[kind] == space_name[0] && fc_text_is_space_name(*id)) {
			return kind;
		}
	}
	return FC_CONTAINER_NONE;
}

/* ---- records ---- */

static enum fc_status check_text(const char *text, size_t maximum, const char *what,
				 struct fc_error *err)
{
	return !text || (strlen(text) <= maximum && fc_text_is_utf8(text, strlen(text)))
		       ? FC_OK
		       : fc_fail(err, FC_INVALID_ARGUMENT,
				 "the %s of a container must be at most %zu bytes of UTF-8", what,
				 maximum);
}

static enum fc_status write_record(struct fc_gallery_txn *txn, const struct fc_container *container,
				   struct fc_error *err)
{
	struct fc_key key = fc_key_space(container->space);
	FC_TRY(check_text(container->title, FC_TITLE_MAXIMUM, "name", err));
	FC_TRY(check_text(container->user_data, FC_USER_DATA_MAXIMUM, "user data", err));
	return fc_store_write(txn, FC_DB_CONTAINER, &key, fc_container_fields, container,
			      FC_STORE_REPLACE, err);
}

static enum fc_status read_record(struct fc_gallery_txn *txn, const struct fc_space *space,
				  enum fc_container_kind kind, const char *id,
				  struct fc_container *out, struct fc_error *err)
{
	struct fc_container container = { .kind = kind,
					  .space = space->id,
					  .created = space->created,
					  .trained = space->created,
					  .recognition_model = 1 };
	struct fc_key key = fc_key_space(space->id);
	snprintf(container.id, sizeof(container.id), "%s", id);
	enum fc_status status =
		fc_store_read(txn, FC_DB_CONTAINER, &key, fc_container_fields, &container, err);
	container.is_stored = status == FC_OK;
	if (status == FC_NOT_FOUND && kind == FC_CONTAINER_LARGE_PERSON_GROUP) {
		container.title = strdup(id);
		status = container.title ? FC_OK : fc_fail_memory(err);
	}
	FC_TRY(fc_store_followed(txn, FC_DB_SPACE, &key, status, "its container is missing", err));
	*out = container;
	return FC_OK;
}

enum fc_status fc_container_add(struct fc_gallery_txn *txn, struct fc_container *container,
				struct fc_error *err)
{
	char name[FC_SPACE_NAME_SIZE];
	struct fc_space space;
	if (!fc_text_is_space_name(container->id)) {
		return fc_fail(err, FC_INVALID_ARGUMENT,
			       "'%s' is not a valid id: use 1 to 64 characters of a-z, 0-9, _ and "
			       "-",
			       container->id);
	}
	fc_container_space_name(container->kind, container->id, name);
	enum fc_status status = fc_space_find(txn, name, &space, err);
	if (status == FC_OK) {
		return fc_fail(err, FC_CONFLICT, "container '%s' already exists", name);
	}
	FC_TRY(status == FC_NOT_FOUND ? FC_OK : status);
	FC_TRY(fc_space_add(txn, name, &space, err));
	container->space = space.id;
	container->created = space.created;
	return write_record(txn, container, err);
}

enum fc_status fc_container_ensure_space(struct fc_gallery_txn *txn, const char *name,
					 struct fc_space *out, struct fc_error *err)
{
	const char *id;
	enum fc_status status = fc_space_find(txn, name, out, err);
	if (status != FC_NOT_FOUND) {
		return status;
	}
	FC_TRY(fc_space_add(txn, name, out, err));
	enum fc_container_kind kind = fc_container_kind_of(name, &id);
	const struct fc_container container = { .space = out->id,
						.recognition_model = 1,
						.title = fc_lend(id) };
	return kind == FC_CONTAINER_LARGE_PERSON_GROUP ? FC_OK : write_record(txn, &container, err);
}

enum fc_status fc_container_find(struct fc_gallery_txn *txn, enum fc_container_kind kind,
				 const char *id, struct fc_container *out, struct fc_error *err)
{
	char name[FC_SPACE_NAME_SIZE];
	struct fc_space space;
	if (!fc_text_is_space_name(id)) {
		return fc_fail(err, FC_NOT_FOUND, "there is no container '%s'", id);
	}
	fc_container_space_name(kind, id, name);
	FC_TRY(fc_space_find(txn, name, &space, err));
	return read_record(txn, &space, kind, id, out, err);
}

enum fc_status fc_container_update(struct fc_gallery_txn *txn, const struct fc_container *container,
				   struct fc_error *err)
{
	struct fc_space space;
	FC_TRY(fc_space_read(txn, container->space, &space, err));
	return write_record(txn, container, err);
}

enum fc_status fc_container_remove(struct fc_gallery_txn *txn, uint32_t space, struct fc_error *err)
{
	struct fc_key key = fc_key_space(space);
	bool exists;
	FC_TRY(fc_store_has(txn, FC_DB_CONTAINER, &key, &exists, err));
	return exists ? fc_store_delete(txn, FC_DB_CONTAINER, &key, err) : FC_OK;
}

/* ---- walks ---- */

/*
 * Visit the containers whose names begin with prefix and are greater than `after`. If containers of another kind follow, *skip is set to a
 * name between them and the next one, where the walk is to continue.
 */
static enum fc_status visit_names(struct fc_gallery_txn *txn, enum fc_container_kind kind,
				  const struct fc_key *prefix, const struct fc_key *after,
				  fc_container_visit *visit, void *context, struct fc_key *skip,
				  struct fc_error *err)
{
	FC_CLEANUP(fc_store_cursor_release) struct fc_store_cursor cursor = { 0 };
	struct fc_reader payload;
	struct fc_key key;
	skip->length = 0;
	FC_TRY(fc_store_walk(txn, FC_DB_SPACE_NAME, prefix, after, &cursor, err));
	for (bool more = true; more;) {
		FC_CLEANUP(fc_container_release) struct fc_container container = { 0 };
		struct fc_space space;
		const char *id;
		enum fc_status status = fc_store_next(&cursor, &key, &payload, err);
		if (status == FC_NOT_FOUND) {
			break;
		}
		FC_TRY(status);
		if (prefix->length == 0 && key.length > 1 && key.bytes[1] == '/') {
			const char next[] = { (char)key.bytes[0], '/', '\x7f', '\0' };
			*skip = fc_key_text(next);
			break;
		}
		if (!fc_key_is_before(after, &key)) {
			continue; /* it is `after` itself */
		}
		status = fc_space_read(txn, fc_reader_u32(&payload), &space, err);
		FC_TRY(fc_store_followed(txn, FC_DB_SPACE_NAME, &key, status,
					 "its space is missing", err));
		fc_container_kind_of(space.name, &id);
		FC_TRY(read_record(txn, &space, kind, id, &container, err));
		more = visit(&container, context);
	}
	return FC_OK;
}

enum fc_status fc_container_each(struct fc_gallery_txn *txn, enum fc_container_kind kind,
				 const char *after, fc_container_visit *visit, void *context,
				 struct fc_error *err)
{
	char name[FC_SPACE_NAME_SIZE];
	fc_container_space_name(kind, "", name);
	struct fc_key prefix = fc_key_text(name), skip;
	fc_container_space_name(kind, after, name);
	struct fc_key start = fc_key_text(name);
	do {
		FC_TRY(visit_names(txn, kind, &prefix, &start, visit, context, &skip, err));
		start = skip;
	} while (skip.length > 0);
	return FC_OK;
}
