/* Read quotas. */
/* SPDX-License-Identifier: MIT */
#include "protocol/azure/quotas.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/compiler.h"
#include "base/number.h"

/* Source of the numbers: the descriptions of FaceList_Create and of the operations that create the other kinds. */
static const struct {
	const char *name;
	enum fc_azure_kind kind;
	bool members;
	uint64_t free, s0;
} rows[] = {
	{ "face-lists", FC_AZURE_FACE_LIST, false, 64, 64 },
	{ "face-list-faces", FC_AZURE_FACE_LIST, true, 1000, 1000 },
	{ "large-face-lists", FC_AZURE_LARGE_FACE_LIST, false, 64, 1000000 },
	{ "large-face-list-faces", FC_AZURE_LARGE_FACE_LIST, true, 1000, 1000000 },
	{ "person-groups", FC_AZURE_PERSON_GROUP, false, 1000, 1000000 },
	{ "person-group-persons", FC_AZURE_PERSON_GROUP, true, 1000, 10000 },
	{ "large-person-groups", FC_AZURE_LARGE_PERSON_GROUP, false, 1000, 1000000 },
	{ "large-person-group-persons", FC_AZURE_LARGE_PERSON_GROUP, true, 1000000, 1000000 },
};

static uint64_t *place(struct fc_azure_quotas *quotas, size_t row)
{
	return rows[row].members ? &quotas->of[rows[row].kind].members
				 : &quotas->of[rows[row].kind].containers;
}

static bool read_tier(const char *word, size_t length, struct fc_azure_quotas *out)
{
	static const char *const tiers[] = { "off", "free", "s0" };
	for (size_t tier = 0; tier < FC_ARRAY_LENGTH(tiers); tier++) {
		if (strlen(tiers[tier]) != length || memcmp(tiers[tier], word, length) != 0) {
			continue;
		}
		for (size_t i = 0; i < FC_ARRAY_LENGTH(rows); i++) {
			*place(out, i) = tier == 0 ? 0 : tier == 1 ? rows[i].free : rows[i].s0;
		}
		return true;
	}
	return false;
}

/* NAME=N */
static enum fc_status read_limit(const char *word, size_t length, struct fc_azure_quotas *out,
				 struct fc_error *err)
{
	const char *equals = memchr(word, '=', length);
	char number[24] = "";
	for (size_t i = 0; equals && i < FC_ARRAY_LENGTH(rows); i++) {
		size_t digits = length - (size_t)(equals + 1 - word);
		if (strlen(rows[i].name) == (size_t)(equals - word) &&
		    memcmp(rows[i].name, word, (size_t)(equals - word)) == 0 &&
		    digits < sizeof(number)) {
			memcpy(number, equals + 1, digits);
			return fc_parse_u64(number, 1, INT64_MAX, rows[i].name, place(out, i), err);
		}
	}
	return fc_fail(err, FC_INVALID_ARGUMENT,
		       "expected off, free, s0, or NAME=N with one of the names face-lists, "
		       "face-list-faces, large-face-lists, large-face-list-faces, person-groups, "
		       "person-group-persons, large-person-groups, large-person-group-persons, not "
		       "'%.*s'",
		       (int)length, word);
}

enum fc_status fc_azure_quotas_parse(const char *text, struct fc_azure_quotas *out,
				     struct fc_error *err)
{
	struct fc_azure_quotas quotas = { 0 };
	for (const char *word = text; *word != '\0';) {
		size_t length = strcspn(word, ",");
		if (!read_tier(word, length, &quotas)) {
			FC_TRY(read_limit(word, length, &quotas, err));
		}
		word += length + (word[length] == ',');
	}
	*out = quotas;
	return FC_OK;
}
