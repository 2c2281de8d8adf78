/* UUIDs. */
/* SPDX-License-Identifier: MIT */
#include "base/uuid.h"

#include <string.h>
#include <uuid/uuid.h>

struct fc_uuid fc_uuid_new(void)
{
	struct fc_uuid uuid;
	uuid_generate_random(uuid.bytes);
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
