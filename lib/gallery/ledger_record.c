/* The bytes of the ledger's keys and records. */
/* SPDX-License-Identifier: MIT */
#include "gallery/ledger_record.h"

#include <stdlib.h>
#include <string.h>

static void append(struct fc_key *key, const void *bytes, size_t length)
{
	memcpy(key->bytes + key->length, bytes, length);
	key->length += length;
}

static void append_u64(struct fc_key *key, uint64_t value)
{
	struct fc_key number = fc_key_u64(value);
	append(key, number.bytes, number.length);
}

enum fc_status fc_ledger_path_id_of(const char *path, struct fc_ledger_path_id *out,
				    struct fc_error *err)
{
	struct fc_sha256 digest;
	if (!fc_sha256_of(path, strlen(path), &digest)) {
		return fc_fail(err, FC_INTERNAL, "SHA-256 failed");
	}
	memcpy(out->bytes, digest.bytes, sizeof(out->bytes));
	return FC_OK;
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
	append_u64(&key, size);
	return key;
}

struct fc_key fc_ledger_key_item(const struct fc_ledger_item *item)
{
	struct fc_key key = fc_ledger_key_size(&item->target, item->size);
	append(&key, item->content.bytes, sizeof(item->content.bytes));
	append(&key, item->whom.bytes, sizeof(item->whom.bytes));
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

bool fc_ledger_key_get_item(const struct fc_key *key, size_t offset, size_t behind,
			    struct fc_ledger_item *out)
{
	if (key->length != offset + FC_LEDGER_ITEM_KEY_SIZE + behind) {
		return false;
	}
	const uint8_t *bytes = key->bytes + offset;
	memcpy(out->target.bytes, bytes, sizeof(out->target.bytes));
	out->size = fc_key_get_u64(key, offset + sizeof(out->target.bytes));
	bytes += sizeof(out->target.bytes) + 8;
	memcpy(out->content.bytes, bytes, sizeof(out->content.bytes));
	bytes += sizeof(out->content.bytes);
	memcpy(out->whom.bytes, bytes, sizeof(out->whom.bytes));
	return true;
}

/* ---- payloads ---- */

static bool get_name(struct fc_reader *in, char *out, size_t size)
{
	size_t length = fc_reader_u32(in);
	const uint8_t *text = length < size ? fc_reader_borrow(in, length) : NULL;
	if (!text || memchr(text, '\0', length)) {
		return false;
	}
	memcpy(out, text, length);
	out[length] = '\0';
	return true;
}

void fc_record_put_task(struct fc_buffer *out, const struct fc_ledger_task_record *task)
{
	fc_buffer_put_text(out, task->verb);
	fc_buffer_put_text(out, task->service);
	fc_buffer_put_text(out, task->space);
	fc_buffer_append(out, task->models.bytes, sizeof(task->models.bytes));
}

enum fc_status fc_record_get_task(struct fc_reader *in, struct fc_ledger_task_record *out)
{
	if (!get_name(in, out->verb, sizeof(out->verb)) ||
	    !get_name(in, out->service, sizeof(out->service)) ||
	    !get_name(in, out->space, sizeof(out->space))) {
		return FC_DAMAGED;
	}
	fc_reader_bytes(in, out->models.bytes, sizeof(out->models.bytes));
	return in->failed ? FC_DAMAGED : FC_OK;
}

void fc_record_put_item(struct fc_buffer *out, const struct fc_ledger_item *item)
{
	fc_buffer_put_u8(out, (uint8_t)item->state);
	fc_buffer_put_u8(out, item->reason);
	fc_buffer_put_u64(out, item->rules);
	fc_buffer_put_u64(out, (uint64_t)item->time);
	fc_buffer_put_u32(out, item->space);
	fc_record_put_pid(out, &item->pid);
	fc_buffer_put_u64(out, item->face);
	fc_buffer_put_text(out, item->text);
}

enum fc_status fc_record_get_item(struct fc_reader *in, struct fc_ledger_item *out)
{
	uint8_t state = fc_reader_u8(in);
	out->reason = fc_reader_u8(in);
	out->rules = fc_reader_u64(in);
	out->time = (int64_t)fc_reader_u64(in);
	out->space = fc_reader_u32(in);
	fc_reader_bytes(in, out->pid.bytes, sizeof(out->pid.bytes));
	out->face = fc_reader_u64(in);
	if (in->failed || state < FC_LEDGER_DONE || state > FC_LEDGER_FAILED) {
		return FC_DAMAGED;
	}
	out->state = (enum fc_ledger_state)state;
	char *text = fc_reader_text(in, FC_LEDGER_TEXT_MAXIMUM);
	if (in->failed) {
		return FC_DAMAGED;
	}
	if (text && text[0] == '\0') {
		free(text);
		text = NULL;
	}
	out->text = text;
	return FC_OK;
}

void fc_ledger_item_release(struct fc_ledger_item *item)
{
	free(item->text);
	item->text = NULL;
}

void fc_record_put_path(struct fc_buffer *out, const struct fc_ledger_path_record *path)
{
	const struct fc_file_identity *identity = &path->identity;
	fc_buffer_put_u64(out, identity->device);
	fc_buffer_put_u64(out, identity->inode);
	fc_buffer_put_u64(out, identity->size);
	fc_buffer_put_u64(out, (uint64_t)identity->modified);
	fc_buffer_put_u64(out, (uint64_t)identity->changed);
	fc_buffer_put_u64(out, path->item.size);
	fc_buffer_append(out, path->item.content.bytes, sizeof(path->item.content.bytes));
	fc_buffer_append(out, path->item.whom.bytes, sizeof(path->item.whom.bytes));
	fc_buffer_put_text(out, path->path);
}

enum fc_status fc_record_peek_path(struct fc_reader *in, struct fc_ledger_path_record *out,
				   const char **text, size_t *length)
{
	out->identity.device = fc_reader_u64(in);
	out->identity.inode = fc_reader_u64(in);
	out->identity.size = fc_reader_u64(in);
	out->identity.modified = (int64_t)fc_reader_u64(in);
	out->identity.changed = (int64_t)fc_reader_u64(in);
	out->item.size = fc_reader_u64(in);
	fc_reader_bytes(in, out->item.content.bytes, sizeof(out->item.content.bytes));
	fc_reader_bytes(in, out->item.whom.bytes, sizeof(out->item.whom.bytes));
	*length = fc_reader_u32(in);
	*text = *length <= FC_PATH_TEXT_MAXIMUM ? (const char *)fc_reader_borrow(in, *length)
						: NULL;
	return !*text || in->failed || memchr(*text, '\0', *length) ? FC_DAMAGED : FC_OK;
}

enum fc_status fc_record_get_path(struct fc_reader *in, struct fc_ledger_path_record *out)
{
	const char *text;
	size_t length;
	FC_TRY(fc_record_peek_path(in, out, &text, &length));
	out->path = strndup(text, length);
	return out->path ? FC_OK : FC_NO_MEMORY;
}
