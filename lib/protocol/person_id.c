/* The id of a person at a service of NeuroIO or SERP. */
/* SPDX-License-Identifier: MIT */
#include "protocol/person_id.h"

#include <stdio.h>
#include <string.h>

bool fc_person_id_parse(const char *text, struct fc_person_id *out)
{
	static const struct fc_uuid namespace = { { 0x9a, 0x4d, 0x60, 0x1f, 0x2c, 0x7e, 0x4b, 0x35,
						    0x8f, 0x0a, 0xd3, 0x51, 0xe6, 0x72, 0x1c,
						    0xb8 } };
	static const char digits[] = "0123456789";
	static const char allowed[] =
		"0123456789-_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t length = strlen(text);
	*out = (struct fc_person_id){ 0 };
	if (fc_uuid_parse(text, &out->pid)) {
		return true;
	}
	if (length >= sizeof(out->other) || strspn(text, allowed) != length ||
	    !strpbrk(text, digits)) {
		return false;
	}
	memcpy(out->other, text, length + 1);
	out->pid = fc_uuid_of_name(&namespace, text);
	return true;
}

struct fc_person_id fc_person_id_of(const struct fc_uuid *pid, const char *other)
{
	struct fc_person_id id = { .pid = *pid };
	if (other) {
		snprintf(id.other, sizeof(id.other), "%s", other);
	}
	return id;
}

const char *fc_person_id_text(const struct fc_uuid *pid, const char *other,
			      char storage[FC_UUID_TEXT_SIZE])
{
	if (other && *other != '\0') {
		return other;
	}
	fc_uuid_format(pid, storage);
	return storage;
}
