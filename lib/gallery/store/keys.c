/* Keys of the gallery's databases. */
/* SPDX-License-Identifier: MIT */
#include "gallery/store/keys.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "gallery/gallery.h"

static void append(struct fc_key *key, const void *bytes, size_t length)
{
	memcpy(key->bytes + key->length, bytes, length);
	key->length += length;
}

/* Append the `size` low bytes of value, highest byte first. */
static void append_number(struct fc_key *key, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		key->bytes[key->length + i] = (uint8_t)(value >> (8 * (size - 1 - i)));
	}
	key->length += size;
}

/* With the sign bit inverted, times before 1970 sort before later ones. */
static uint64_t sortable(int64_t time)
{
	return (uint64_t)time ^ UINT64_C(1) << 63;
}

static void append_text(struct fc_key *key, const char *text)
{
	size_t length = strlen(text);
	if (length > FC_LABEL_MAXIMUM) {
		key->too_long = true;
		return;
	}
	append(key, text, length);
}

struct fc_key fc_key_text(const char *text)
{
	struct fc_key key = { 0 };
	append_text(&key, text);
	return key;
}

struct fc_key fc_key_u64(uint64_t id)
{
	struct fc_key key = { 0 };
	append_number(&key, id, 8);
	return key;
}

struct fc_key fc_key_space(uint32_t space)
{
	struct fc_key key = { 0 };
	append_number(&key, space, 4);
	return key;
}

struct fc_key fc_key_pid(const struct fc_uuid *pid)
{
	struct fc_key key = { 0 };
	append(&key, pid->bytes, sizeof(pid->bytes));
	return key;
}

struct fc_key fc_key_in_space(uint32_t space, uint64_t number)
{
	struct fc_key key = fc_key_space(space);
	append_number(&key, number, 8);
	return key;
}

struct fc_key fc_key_space_pid(uint32_t space, const struct fc_uuid *pid)
{
	struct fc_key key = fc_key_space(space);
	append(&key, pid->bytes, sizeof(pid->bytes));
	return key;
}

struct fc_key fc_key_pid_face(const struct fc_uuid *pid, uint64_t face)
{
	struct fc_key key = fc_key_pid(pid);
	append_number(&key, face, 8);
	return key;
}

struct fc_key fc_key_photo(const struct fc_sha256 *photo, uint16_t index, uint32_t space)
{
	struct fc_key key = { 0 };
	append(&key, photo->bytes, sizeof(photo->bytes));
	append_number(&key, index, 2);
	append_number(&key, space, 4);
	return key;
}

struct fc_key fc_key_photo_face(const struct fc_sha256 *photo, uint16_t index, uint32_t space,
				uint64_t face)
{
	struct fc_key key = fc_key_photo(photo, index, space);
	append_number(&key, face, 8);
	return key;
}

struct fc_key fc_key_uuid(const struct fc_uuid *uuid, uint32_t space)
{
	struct fc_key key = fc_key_pid(uuid);
	append_number(&key, space, 4);
	return key;
}

struct fc_key fc_key_uuid_face(const struct fc_uuid *uuid, uint32_t space, uint64_t face)
{
	struct fc_key key = fc_key_uuid(uuid, space);
	append_number(&key, face, 8);
	return key;
}

/* A zero byte ends the text, so that no key is the prefix of another one. */
struct fc_key fc_key_name(uint32_t space, const char *name)
{
	struct fc_key key = fc_key_space(space);
	append_text(&key, name);
	append_number(&key, 0, 1);
	return key;
}

struct fc_key fc_key_name_pid(uint32_t space, const char *name, const struct fc_uuid *pid)
{
	struct fc_key key = fc_key_name(space, name);
	append(&key, pid->bytes, sizeof(pid->bytes));
	return key;
}

struct fc_key fc_key_entry_day(uint32_t space, const char *origin, int64_t day)
{
	struct fc_key prefix = fc_key_name(space, origin);
	return fc_key_at_time(&prefix, day);
}

struct fc_key fc_key_at_time(const struct fc_key *prefix, int64_t time)
{
	struct fc_key key = *prefix;
	append_number(&key, sortable(time), 8);
	return key;
}

struct fc_key fc_key_entry(struct fc_key prefix, int64_t time, uint64_t entry)
{
	struct fc_key key = fc_key_at_time(&prefix, time);
	append_number(&key, entry, 8);
	return key;
}

struct fc_key fc_key_snapshot_part(const struct fc_uuid *snapshot, const struct fc_uuid *pid)
{
	struct fc_key key = fc_key_pid(snapshot);
	append(&key, pid->bytes, sizeof(pid->bytes));
	return key;
}

struct fc_key fc_key_snapshot_container(const struct fc_uuid *snapshot)
{
	const struct fc_uuid nil = { { 0 } };
	return fc_key_snapshot_part(snapshot, &nil);
}

struct fc_key fc_key_snapshot_face(const struct fc_uuid *snapshot, const struct fc_uuid *pid,
				   uint64_t face)
{
	struct fc_key key = fc_key_snapshot_part(snapshot, pid);
	append_number(&key, face, 8);
	return key;
}

struct fc_key fc_key_time_uuid(int64_t time, const struct fc_uuid *uuid)
{
	const struct fc_key nothing = { 0 };
	struct fc_key key = fc_key_at_time(&nothing, time);
	append(&key, uuid->bytes, sizeof(uuid->bytes));
	return key;
}

static uint64_t get_number(const struct fc_key *key, size_t offset, size_t size)
{
	uint64_t value = 0;
	if (offset > key->length || size > key->length - offset) {
		return 0;
	}
	for (size_t i = 0; i < size; i++) {
		value = value << 8 | key->bytes[offset + i];
	}
	return value;
}

bool fc_key_is_before(const struct fc_key *a, const struct fc_key *b)
{
	size_t common = a->length < b->length ? a->length : b->length;
	int order = memcmp(a->bytes, b->bytes, common);
	return order < 0 || (order == 0 && a->length < b->length);
}

uint32_t fc_key_get_u32(const struct fc_key *key, size_t offset)
{
	return (uint32_t)get_number(key, offset, 4);
}

uint64_t fc_key_get_u64(const struct fc_key *key, size_t offset)
{
	return get_number(key, offset, 8);
}

int64_t fc_key_get_time(const struct fc_key *key, size_t offset)
{
	return (int64_t)sortable((int64_t)get_number(key, offset, 8));
}

struct fc_uuid fc_key_get_pid(const struct fc_key *key, size_t offset)
{
	struct fc_uuid pid = { 0 };
	if (offset <= key->length && sizeof(pid.bytes) <= key->length - offset) {
		memcpy(pid.bytes, key->bytes + offset, sizeof(pid.bytes));
	}
	return pid;
}

void fc_key_format(const struct fc_key *key, char out[FC_KEY_TEXT_SIZE])
{
	enum { SHOWN = 48 };
	size_t shown = key->length < SHOWN ? key->length : SHOWN;
	bool printable = key->length > 0;
	for (size_t i = 0; i < key->length; i++) {
		printable = printable && key->bytes[i] > ' ' && key->bytes[i] <= '~' &&
			    key->bytes[i] != '\'';
	}
	static const char digits[] = "0123456789abcdef";
	char *end = out;
	for (size_t i = 0; i < shown; i++) {
		if (printable) {
			*end++ = (char)key->bytes[i];
		} else {
			*end++ = digits[key->bytes[i] >> 4];
			*end++ = digits[key->bytes[i] & 15];
		}
	}
	memcpy(end, shown < key->length ? "..." : "", shown < key->length ? 4 : 1);
}
