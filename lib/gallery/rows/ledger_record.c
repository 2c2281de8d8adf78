/* The bytes of the ledger's keys and records. */
/* SPDX-License-Identifier: MIT */
#include "gallery/rows/ledger_record.h"

#include <stdlib.h>
#include <string.h>

static void append(struct fc_key *key, const void *bytes, size_t length)
{
	memcpy(key->bytes + key->length, bytes, length);
	key->length += length;
}

struct fc_ledger_path_id fc_ledger_path_id_of(const char *path)
{
	struct fc_sha256 digest = fc_sha256_of(path, strlen(path));
	struct fc_ledger_path_id id;
	memcpy(id.bytes, digest.bytes, sizeof(id.bytes));
	return id;
}

struct fc_key fc_ledger_key_target(const struct fc_ledger_target *target)
{
	struct fc_key key = { 0 };
	append(&key, target->bytes, sizeof(target->bytes));
	return key;
}

struct fc_key fc_ledger_key_size(const struct fc_ledger_target *target, uint64_t size)
{
	struct fc_key key = fc_ledger_key_target(target);
	struct fc_key number = fc_key_u64(size);
	append(&key, number.bytes, number.length);
	return key;
}

struct fc_key fc_ledger_key_item(const struct fc_ledger_item *item)
{
	struct fc_key key = fc_ledger_key_size(&item->target, item->size);
	append(&key, item->content.bytes, sizeof(item->content.bytes));
	append(&key, item->person_key.bytes, sizeof(item->person_key.bytes));
	return key;
}

struct fc_key fc_ledger_key_path(const struct fc_ledger_target *target,
				 const struct fc_ledger_path_id *path)
{
	struct fc_key key = fc_ledger_key_target(target);
	append(&key, path->bytes, sizeof(path->bytes));
	return key;
}

struct fc_key fc_ledger_key_item_path(const struct fc_ledger_item *item,
				      const struct fc_ledger_path_id *path)
{
	struct fc_key key = fc_ledger_key_item(item);
	append(&key, path->bytes, sizeof(path->bytes));
	return key;
}

struct fc_key fc_ledger_key_subject(const struct fc_ledger_item *item)
{
	struct fc_key key = fc_key_pid_face(&item->pid, item->face);
	struct fc_key of_item = fc_ledger_key_item(item);
	append(&key, of_item.bytes, of_item.length);
	return key;
}

bool fc_ledger_key_get_item(const struct fc_key *key, size_t offset, size_t trailing,
			    struct fc_ledger_item *out)
{
	if (key->length != offset + FC_LEDGER_ITEM_KEY_SIZE + trailing) {
		return false;
	}
	const uint8_t *bytes = key->bytes + offset;
	memcpy(out->target.bytes, bytes, sizeof(out->target.bytes));
	out->size = fc_key_get_u64(key, offset + sizeof(out->target.bytes));
	bytes += sizeof(out->target.bytes) + 8;
	memcpy(out->content.bytes, bytes, sizeof(out->content.bytes));
	bytes += sizeof(out->content.bytes);
	memcpy(out->person_key.bytes, bytes, sizeof(out->person_key.bytes));
	return true;
}

/* ---- payloads ---- */

const struct fc_field fc_task_fields[] = {
	FC_FIELD_AS(FC_FIELD_NAME, struct fc_ledger_task_record, verb),
	FC_FIELD_AS(FC_FIELD_NAME, struct fc_ledger_task_record, service),
	FC_FIELD_AS(FC_FIELD_NAME, struct fc_ledger_task_record, space),
	FC_FIELD(struct fc_ledger_task_record, models),
	{ 0 },
};

static const struct fc_field item_fields[] = {
	FC_FIELD_OF_CHOICES(struct fc_ledger_item, state, sizeof(uint8_t), FC_LEDGER_FAILED),
	FC_FIELD(struct fc_ledger_item, reason),
	FC_FIELD(struct fc_ledger_item, rules),
	FC_FIELD(struct fc_ledger_item, time),
	FC_FIELD(struct fc_ledger_item, space),
	FC_FIELD(struct fc_ledger_item, pid),
	FC_FIELD(struct fc_ledger_item, face),
	FC_FIELD_OF_TEXT(struct fc_ledger_item, text, FC_LEDGER_TEXT_MAXIMUM),
	{ 0 },
};

void fc_record_put_item(struct fc_buffer *out, const struct fc_ledger_item *item)
{
	fc_fields_put(out, item_fields, item);
}

enum fc_status fc_record_get_item(struct fc_reader *in, struct fc_ledger_item *out)
{
	FC_TRY(fc_fields_get(in, item_fields, out));
	if (out->state < FC_LEDGER_DONE) {
		fc_ledger_item_release(out);
		return FC_DAMAGED;
	}
	return FC_OK;
}

void fc_ledger_item_release(struct fc_ledger_item *item)
{
	free(item->text);
	item->text = NULL;
}

void fc_ledger_path_record_release(struct fc_ledger_path_record *record)
{
	free(record->path);
	record->path = NULL;
}

/* After these fields the record contains the path. */
static const struct fc_field path_fields[] = {
	FC_FIELD(struct fc_ledger_path_record, identity.device),
	FC_FIELD(struct fc_ledger_path_record, identity.inode),
	FC_FIELD(struct fc_ledger_path_record, identity.size),
	FC_FIELD(struct fc_ledger_path_record, identity.modified),
	FC_FIELD(struct fc_ledger_path_record, identity.changed),
	FC_FIELD(struct fc_ledger_path_record, item.size),
	FC_FIELD(struct fc_ledger_path_record, item.content),
	FC_FIELD_AS(FC_FIELD_BYTES, struct fc_ledger_path_record, item.person_key),
	{ 0 },
};

void fc_record_put_path(struct fc_buffer *out, const struct fc_ledger_path_record *record,
			const char *path)
{
	fc_fields_put(out, path_fields, record);
	fc_buffer_put_text(out, path);
}

enum fc_status fc_record_peek_path(struct fc_reader *in, struct fc_ledger_path_record *out,
				   const char **text, size_t *length)
{
	FC_TRY(fc_fields_get(in, path_fields, out));
	*text = fc_reader_borrow_text(in, FC_PATH_TEXT_MAXIMUM, length);
	return *text ? FC_OK : FC_DAMAGED;
}

enum fc_status fc_record_get_path(struct fc_reader *in, struct fc_ledger_path_record *out)
{
	const char *text;
	size_t length;
	FC_TRY(fc_record_peek_path(in, out, &text, &length));
	out->path = strndup(text, length);
	return out->path ? FC_OK : FC_NO_MEMORY;
}
