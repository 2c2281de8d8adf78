/* UUIDs, which identify persons. */
/* SPDX-License-Identifier: MIT */
#ifndef FC_BASE_UUID_H
#define FC_BASE_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

enum { FC_UUID_TEXT_SIZE = 37 };

struct fc_uuid {
	uint8_t bytes[16];
};

/* Create a random UUID (version 4). */
struct fc_uuid fc_uuid_new(void);

/* The UUID of a name within a namespace (version 5): the same name always has the same UUID. */
struct fc_uuid fc_uuid_of_name(const struct fc_uuid *space, const char *name);

bool fc_uuid_equal(const struct fc_uuid *a, const struct fc_uuid *b);

/* Whether the UUID is all zero, which means "no person". */
bool fc_uuid_is_nil(const struct fc_uuid *uuid);

/* "0db7d1b8-1d3c-4e13-9d8d-0d6bd0d2a2a4", lower case. */
void fc_uuid_format(const struct fc_uuid *uuid, char out[FC_UUID_TEXT_SIZE]);

/* Parse the 36-character form, upper or lower case. False for any other text. */
bool fc_uuid_parse(const char *text, struct fc_uuid *out);

/*
 * Parse the beginning of a UUID: 4 or more hexadecimal digits, with the dashes of the form above. The rest of *out is zero. *bytes: number of
 * bytes that the text determines. Returns false for any other text.
 */
FC_MUST_USE bool fc_uuid_parse_prefix(const char *text, struct fc_uuid *out, size_t *bytes);

/* Whether the text is the beginning of the UUID, ignoring case. */
bool fc_uuid_begins_with(const struct fc_uuid *uuid, const char *text);

#endif
