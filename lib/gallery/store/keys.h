/*
 * Keys of the gallery's databases. Numbers are big-endian, so that keys sort by number, and all keys with a common prefix can be walked in
 * order.
 */
/* SPDX-License-Identifier: MIT */
#ifndef FC_GALLERY_STORE_KEYS_H
#define FC_GALLERY_STORE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/uuid.h"

/* The longest are fc_key_entry of an origin, 4 + 255 + 1 + 8 + 8 bytes, and fc_key_name_pid. LMDB allows 511. */
enum { FC_KEY_MAXIMUM = 276 };

struct fc_key {
	/*
	 * The key contains a name of more than FC_LABEL_MAXIMUM bytes. No record has such a key: the store does not find one and rejects a
	 * put.
	 */
	bool too_long;
	size_t length;
	uint8_t bytes[FC_KEY_MAXIMUM];
};

/* A name, without its NUL. */
struct fc_key fc_key_text(const char *text);
struct fc_key fc_key_u64(uint64_t id);
struct fc_key fc_key_space(uint32_t space);
struct fc_key fc_key_pid(const struct fc_uuid *pid);

/* A person's number, or a face's id, within a space. */
struct fc_key fc_key_in_space(uint32_t space, uint64_t number);
struct fc_key fc_key_space_pid(uint32_t space, const struct fc_uuid *pid);
/* A name of a person or an origin in a space, as the prefix of other keys. */
struct fc_key fc_key_name(uint32_t space, const char *name);
struct fc_key fc_key_name_pid(uint32_t space, const char *name, const struct fc_uuid *pid);
struct fc_key fc_key_pid_face(const struct fc_uuid *pid, uint64_t face);
/* A face of a photo in a space, as the prefix of the next one; then the same with the id of the stored face. */
struct fc_key fc_key_photo(const struct fc_sha256 *photo, uint16_t index, uint32_t space);
struct fc_key fc_key_photo_face(const struct fc_sha256 *photo, uint16_t index, uint32_t space,
				uint64_t face);
/* A face's UUID in a space, as the prefix of the next one. */
struct fc_key fc_key_uuid(const struct fc_uuid *uuid, uint32_t space);
struct fc_key fc_key_uuid_face(const struct fc_uuid *uuid, uint32_t space, uint64_t face);

/* An entry in an index that is ordered by time. prefix: fc_key_pid, fc_key_space, or fc_key_name for an origin. */
struct fc_key fc_key_entry(struct fc_key prefix, int64_t time, uint64_t entry);

/* The counter of a day's entries of an origin in a space, or of the whole space (origin ""). */
struct fc_key fc_key_entry_day(uint32_t space, const char *origin, int64_t day);

/* What a snapshot contains: its container (nil pid), a person, a face of a person. The container is first, and faces follow their person. */
struct fc_key fc_key_snapshot_container(const struct fc_uuid *snapshot);
struct fc_key fc_key_snapshot_part(const struct fc_uuid *snapshot, const struct fc_uuid *pid);
struct fc_key fc_key_snapshot_face(const struct fc_uuid *snapshot, const struct fc_uuid *pid,
				   uint64_t face);

/* A UUID in an index that is ordered by time. */
struct fc_key fc_key_time_uuid(int64_t time, const struct fc_uuid *uuid);

/* The first key that is not before this time, for keys in which a time follows the prefix. */
struct fc_key fc_key_at_time(const struct fc_key *prefix, int64_t time);

/* Whether a sorts before b, byte by byte. */
bool fc_key_is_before(const struct fc_key *a, const struct fc_key *b);

/* The numbers inside a key; zero if the key is too short, which only a damaged one is. */
uint32_t fc_key_get_u32(const struct fc_key *key, size_t offset);
uint64_t fc_key_get_u64(const struct fc_key *key, size_t offset);
int64_t fc_key_get_time(const struct fc_key *key, size_t offset);
struct fc_uuid fc_key_get_pid(const struct fc_key *key, size_t offset);

enum { FC_KEY_TEXT_SIZE = 2 * 48 + 4 };

/* Format a key for error texts: as text if it is printable, otherwise in hexadecimal. A long key is shortened and ends in "...". */
void fc_key_format(const struct fc_key *key, char out[FC_KEY_TEXT_SIZE]);

#endif
