/* UUIDs. */
/* SPDX-License-Identifier: MIT */
#include "base/uuid.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <uuid/uuid.h>

struct fc_uuid fc_uuid_new(void)
{
	struct fc_uuid uuid;
	uuid_generate_random(uuid.bytes);
	return uuid;
}

struct fc_uuid fc_uuid_of_name(const struct fc_uuid *space, const char *name)
{
	struct fc_uuid uuid;
	uuid_generate_sha1(uuid.bytes, space->bytes, name, strlen(name));
	return uuid;
}

bool fc_uuid_equal(const struct fc_uuid *a, const struct fc_uuid *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool fc_uuid_is_nil(const struct fc_uuid *uuid)
{
	const struct fc_uuid nil = { 0 };
	return fc_uuid_equal(uuid, &nil);
}

void fc_uuid_format(const struct fc_uuid *uuid, char out[FC_UUID_TEXT_SIZE])
{
	uuid_unparse_lower(uuid->bytes, out);
}

bool fc_uuid_parse(const char *text, struct fc_uuid *out)
{
	struct fc_uuid uuid;
	if (strlen(text) != FC_UUID_TEXT_SIZE - 1 || uuid_parse(text, uuid.bytes) != 0) {
		return false;
	}
	*out = uuid;
	return true;
}

bool fc_uuid_parse_prefix(const char *text, struct fc_uuid *out, size_t *bytes)
{
	enum { DIGITS_MINIMUM = 4 };
	char filled[FC_UUID_TEXT_SIZE] = "00000000-0000-0000-0000-000000000000";
	size_t length = strlen(text), digits = 0;
	if (length >= sizeof(filled)) {
		return false;
	}
	for (size_t i = 0; i < length; i++) {
		bool dash = filled[i] == '-';
		if (dash ? text[i] != '-' : isxdigit((unsigned char)text[i]) == 0) {
			return false;
		}
		digits += !dash;
		filled[i] = text[i];
	}
	*bytes = digits / 2;
	return digits >= DIGITS_MINIMUM && fc_uuid_parse(filled, out);
}

bool fc_uuid_begins_with(const struct fc_uuid *uuid, const char *text)
{
	char own[FC_UUID_TEXT_SIZE];
	fc_uuid_format(uuid, own);
	return strncasecmp(own, text, strlen(text)) == 0;
}
