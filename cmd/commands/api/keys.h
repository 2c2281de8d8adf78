/* The keys of `api --cgi`: who may send requests, and to which spaces. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_CMD_COMMANDS_API_KEYS_H
#define FC_CMD_COMMANDS_API_KEYS_H

#include "base/error.h"
#include "base/uuid.h"
#include "protocol/platform_dialect.h"

/* One line of the file. Strings are borrowed from struct api_keys. */
struct api_key {
	const char *key;
	struct fc_uuid subscription;   /* nil: the gallery's own, only of a key for all spaces */
	char **spaces;                 /* sorted, ends with NULL; NULL: all */
	enum fc_platform_kind dialect; /* of a token of NeuroIO or SERP */
};

/* { 0 } is empty. */
struct api_keys {
	char *text;
	size_t length;
	struct api_key *items;
	size_t count;
};

/*
 * Read a file of keys: on each line a key, and after white space any of subscription=UUID, spaces=NAME,NAME and dialect=serp. Lines that start with # are comments.
 * A key with spaces but without a subscription gets one that is derived from its spaces: keys for the same spaces share their snapshots, and no
 * key sees snapshots of other spaces.
 * Errors: FC_PERMISSION (group or others may read the file, or it belongs to another user), FC_UNREADABLE, FC_INVALID_ARGUMENT (the
 * text has the line), FC_TOO_LARGE, FC_NO_MEMORY. Error texts contain no part of a key.
 */
enum fc_status api_keys_read(const char *path, struct api_keys *out, struct fc_error *err);

/* Find a key; NULL if there is none. The time does not depend on how much of a key is right. */
const struct api_key *api_keys_find(const struct api_keys *keys, const char *key);

/* Wipe the keys from memory. */
void api_keys_release(struct api_keys *keys);

#endif
