/* The cast. */
/* SPDX-License-Identifier: MIT */
#include "person.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *name;
	uint64_t identity;
} cast[] = {
	{ "ada", 186 },   { "bruno", 601 }, { "chidi", 974 },
	{ "doris", 330 }, { "emeka", 473 }, { "fatma", 516 },
};

enum { CAST_SIZE = sizeof(cast) / sizeof(cast[0]) };

bool cast_find(const char *name, uint64_t *identity)
{
	for (size_t i = 0; i < CAST_SIZE; i++) {
		if (strcmp(cast[i].name, name) == 0) {
			*identity = cast[i].identity;
			return true;
		}
	}
	return false;
}

const char *cast_name(int index)
{
	return index >= 0 && index < CAST_SIZE ? cast[index].name : NULL;
}
