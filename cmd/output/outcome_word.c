/* The result words of records, and what text and a dry run say instead. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/memory.h"
#include "output/record.h"

const char *record_would(const char *done)
{
	static const struct {
		const char *done, *would;
	} words[] = {
		{ "enrolled", "would enrol" },     { "replaced", "would replace" },
		{ "attached", "would attach" },    { "created", "would create" },
		{ "new", "would create" },         { "reinit", "would add face" },
		{ "deleted", "would delete" },     { "moved", "would move" },
		{ "renamed", "would rename" },     { "removed", "would remove" },
		{ "truncated", "would truncate" }, { "erased", "would erase" },
		{ "added", "would add" },
	};
	for (size_t i = 0; i < FC_ARRAY_LENGTH(words); i++) {
		if (strcmp(words[i].done, done) == 0) {
			return words[i].would;
		}
	}
	return done;
}

const char *record_outcome(const struct out *out, bool dry_run, const char *done)
{
	if (!done || out->format != FORMAT_TEXT) {
		return done;
	}
	return dry_run ? record_would(done) : strcmp(done, "reinit") == 0 ? "face added" : done;
}
